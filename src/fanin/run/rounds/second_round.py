"""Whether a question is asked a second time, which sources, and with which words (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from fanin.events import AskedAgain
from fanin.plan.plan import Plan
from fanin.plan.planned_question import PlannedQuestion
from fanin.run.build_answer import Content
from fanin.run.rounds.coverage import coverage_gap, same_words
from fanin.run.source.source_end import SourceResult
from fanin.sources.source import Source

if TYPE_CHECKING:
    from fanin.writing.planning import ModelPlan

TIMES_USUAL, LEAST = 2.0, 0.25
"""How many times as long as its sources usually take a second round may take, and seconds that it may in any case."""

TO_CONFIRM = 0.5
"""Seconds that a source usually takes at most which is asked to confirm what another one says: nobody waits long for
a second source when the question is answered."""

PLANNED = "A model planned it"

type Percentile = Callable[[str], float | None]
"""Gives the 95th percentile of a source's latencies in seconds by its name, or None where it is not known."""


class SecondRound(NamedTuple):
    """What each source is asked again, by name, why, and for how many seconds; `meant` is what a follow-up means."""

    asked: Mapping[str, Sequence[PlannedQuestion]]
    reason: str
    seconds: float
    meant: PlannedQuestion | None = None

    @property
    def text(self) -> str:
        """Its questions in one line."""
        return "; ".join(dict.fromkeys([each.text for asked in self.asked.values() for each in asked]))

    def applied_to(self, plan: Plan[Source]) -> Plan[Source]:
        """The plan with which the question goes on."""
        if self.meant is None:
            return replace(plan, again=self.text)
        return replace(plan, again=self.text, question=self.meant, given=plan.given or plan.question.text)

    def events(self, at: float) -> list[AskedAgain]:
        """What is asked of each source."""
        texts = {name: "; ".join([each.text for each in asked]) for name, asked in self.asked.items()}
        return [AskedAgain(at, name, text, self.reason) for name, text in texts.items()]


def second_round(
    plan: Plan[Source],
    content: Content | None,
    results: Sequence[SourceResult],
    model_plan: ModelPlan | None = None,
    *,
    left: float,
    p95: Percentile,
) -> SecondRound | None:
    """The second round that a model planned, or that fills a gap of this content; None for none.

    Asked are the sources that search and worked, that do not have what is lacking, and whose 95th percentile, or the
    time that they took now if that is longer, is less than the seconds that are `left`. What a follow-up means is asked
    of every source that worked.
    """
    able = [each for each in results if each.outcome.status in ("ok", "empty")]
    usual = {each.name: max(p95(each.name) or 0.0, each.outcome.fetching) for each in able}
    timely = {name: seconds for name, seconds in usual.items() if seconds < left}
    searching = [source.name for source in plan.sources if source.searches and source.name in timely]
    found = None if model_plan is None else _planned(plan.question, model_plan, timely, searching)
    return found or (_for_gap(plan.question, content, timely, searching) if content is not None and searching else None)


def _planned(
    question: PlannedQuestion, model_plan: ModelPlan, usual: Mapping[str, float], searching: Sequence[str]
) -> SecondRound | None:
    """The questions of a model, for the sources that it names."""
    meant = None
    if model_plan.standalone and not same_words(model_plan.standalone, question.text):
        meant = question = replace(question, text=model_plan.standalone)
    asked: dict[str, list[PlannedQuestion]] = {name: [meant] for name in usual} if meant is not None else {}
    for text, names in model_plan.questions:
        for name in [each for each in searching if each in names]:
            asked.setdefault(name, []).append(again(question, text))
    return _within(usual, asked, PLANNED, meant)


def _for_gap(
    question: PlannedQuestion, content: Content, usual: Mapping[str, float], searching: Sequence[str]
) -> SecondRound | None:
    if (gap := coverage_gap(question, content.fused, content.draft)) is None:
        return None
    asked, names = again(question, gap.text), searching
    if gap.known:
        names = [name for name in searching if name not in gap.known and usual[name] <= TO_CONFIRM]
    return _within(usual, {name: [asked] for name in names}, gap.reason)


def _within(
    usual: Mapping[str, float],
    asked: Mapping[str, Sequence[PlannedQuestion]],
    reason: str,
    meant: PlannedQuestion | None = None,
) -> SecondRound | None:
    """The round with the time that its sources need; None without sources."""
    if not asked:
        return None
    seconds = max(TIMES_USUAL * usual[name] * len(questions) for name, questions in asked.items())
    return SecondRound(asked, reason, max(LEAST, seconds), meant)


def again(question: PlannedQuestion, text: str) -> PlannedQuestion:
    """The question with another text, and with the place, the days and the language of the first one if it has none."""
    asked = replace(question, text=text)
    kept = {name: getattr(question, name) for name in ("place", "period", "language") if not getattr(asked, name)}
    vars(asked).update(kept)
    return asked
