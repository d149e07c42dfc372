"""From what has landed to an answer: fused, extracted, cited, and honest about what is missing."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from operator import attrgetter
from typing import Any

from fanin.answer.draft import standing
from fanin.answer.extractive import extract
from fanin.fuse import fuse
from fanin.model import Answer, Document, Outcome, Passage, Question
from fanin.plan.dates import dates_in, wants_recent
from fanin.run.source_run import Landing
from fanin.timeline import Span, Timeline

NOTHING: Counter[str] = Counter()

COMPLETE = ("ok", "empty")
"""A source that ended so has said all it had to say."""


def compose(
    question: Question,
    landings: Sequence[Landing],
    *,
    skipped: Sequence[Outcome] = (),
    clock: Callable[[], float],
    cores: int,
    numbers: dict[str, int],
    now: datetime,
    notes: Sequence[str] = (),
    revision: int = 0,
) -> Answer:
    """The answer from what these sources have delivered; `clock` reads loop time, `revision` is 0 for the final answer.

    `numbers` maps documents to citation numbers and is extended, so that a citation keeps its number. `now` is the
    time of day with its zone, for questions that ask for what is new. `notes` join
    the errors. A revision tells of the sources that have ended; coverage always counts all of them,
    but never those that were skipped: they are outcomes only.
    """
    begun = clock()
    told = [landing for landing in landings if landing.ended] if revision else landings
    arrived = _arrived(told)
    weights = {each.source.name: each.source.weight for each in told}
    dated = [document for document, _ in arrived if document.published]
    window = asked_window(question.text, now=now) if dated else None
    fused = fuse(question.text, arrived, weights=weights, window=window)
    draft = standing(extract(question.text, fused, numbers=numbers), fused.passages)
    if fused.empty:
        empty = frozenset(fused.empty)
        for each in told:
            each.leave_out(empty)
    merged = Counter([identifier.rpartition("/")[0] for identifier in fused.merged]) if fused.merged else NOTHING
    outcomes = {each.source.name: each.outcome(merged=merged[each.source.name]) for each in told}
    complete = [outcome for outcome in outcomes.values() if outcome.status in COMPLETE]
    timeline = _timeline(told, begun=begun, ended=clock(), cores=cores)
    return Answer(
        query=question.text,
        text=draft.text,
        citations=draft.citations,
        passages=fused.passages,
        sources=outcomes | {each.source: each for each in skipped} if skipped else outcomes,
        inferences=tuple([inference for each in told for inference in each.inferences()]),
        errors=(*[f"{each.source}: {each.message}" for each in outcomes.values() if each.message], *notes),
        success=bool([outcome for outcome in outcomes.values() if outcome.kept or outcome.merged]),
        coverage=len(complete) / len(landings),
        execution_time=timeline.total,
        cores_used=max(1, min(cores, len({span.lane for span in timeline.spans if span.kind == "process"}))),
        timeline=timeline,
        question_id=question.id,
        revision=revision,
        final=not revision,
        answered=draft.answered,
        ranking="semantic" if [each for each in fused.passages if each.meaning is not None] else "lexical",
        conflicts=draft.conflicts,
    )


def passages_of(question: Question, landing: Landing) -> tuple[Passage, ...]:
    """The passages of one source, best first."""
    return fuse(question.text, _arrived([landing])).passages


def asked_window(question: str, *, now: datetime) -> tuple[datetime, datetime] | None:
    """When what is asked for should have been published: in the days that the question names, or as of now; or None."""
    period, today = dates_in(question, today=now.date()), now.date()
    if wants_recent(question) and (period is None or period.first <= today <= period.last):
        return now, datetime.max.replace(tzinfo=UTC)
    if period is None:
        return None
    return datetime.combine(period.first, time.min, UTC), datetime.combine(period.last, time.max, UTC)


def _arrived(landings: Sequence[Landing]) -> list[tuple[Document, Any]]:
    """The documents that may be quoted, each with what processing made of it, or None."""
    arrived: list[tuple[Document, Any]] = []
    for landing in landings:
        kept, result = landing.documents, landing.results.get
        if landing.dropped:
            left_out = {failure.document for failure in landing.dropped}
            kept = [document for document in kept if document.number not in left_out]
        arrived += [(document, result(document.number)) for document in kept]
    return arrived


def _timeline(landings: Sequence[Landing], *, begun: float, ended: float, cores: int) -> Timeline:
    asked = landings[0].asked if landings else begun
    spans = [span for landing in landings for span in landing.spans]
    spans.sort(key=attrgetter("start"))
    spans.append(Span("answer", "answer", "", begun - asked, ended - asked))
    return Timeline(tuple(spans), ended - asked, cores)
