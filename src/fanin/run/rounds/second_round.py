"""Whether a question is asked a second time, of whom, and with which words (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from fanin.plan.plan import Plan
from fanin.plan.planned_question import PlannedQuestion
from fanin.run.build_answer import Content
from fanin.run.rounds.coverage import coverage_gap
from fanin.run.source_end import SourceResult
from fanin.sources.source import Source

PATIENCE, LEAST = 2.0, 0.25
"""How many times as long as its sources usually take a second round may take, and seconds that it may in any case."""

type Percentile = Callable[[str], float | None]
"""Gives the 95th percentile of a source's latencies in seconds by its name, or None where nobody knows it."""


class SecondRound(NamedTuple):
    """The question that is asked again, the sources that are asked, what the first round lacked, and for how long."""

    question: PlannedQuestion
    sources: frozenset[str]
    reason: str
    seconds: float


def second_round(
    plan: Plan[Source],
    content: Content,
    results: Sequence[SourceResult],
    *,
    left: float,
    p95: Percentile,
) -> SecondRound | None:
    """The second round that fills a gap of this content; None when there is no gap, no time or nobody to ask.

    Asked are the sources that search and worked, that do not have what is lacking, and whose 95th percentile, or the
    time that they took now if that is longer, is less than the seconds that are `left`.
    """
    searching = {source.name for source in plan.sources if source.searches}
    able = [each for each in results if each.name in searching and each.outcome.status in ("ok", "empty")]
    usual = {each.name: max(p95(each.name) or 0.0, each.outcome.fetching) for each in able}
    timely = [name for name, seconds in usual.items() if seconds < left]
    if not timely or (gap := coverage_gap(plan.question, content.fused, content.draft)) is None:
        return None
    if not (asked := frozenset(timely) - gap.known):
        return None
    seconds = max(LEAST, PATIENCE * max(usual[name] for name in asked))
    return SecondRound(again(plan.question, gap.text), asked, gap.reason, seconds)


def again(question: PlannedQuestion, text: str) -> PlannedQuestion:
    """The question with another text, and with the place, the days and the language of the first one if it has none."""
    asked = replace(question, text=text)
    kept = {name: getattr(question, name) for name in ("place", "period", "language") if not getattr(asked, name)}
    vars(asked).update(kept)
    return asked
