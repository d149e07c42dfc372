"""Builds the answer from what the sources delivered: fuses, extracts, cites, and names what is missing. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

from fanin.answer.draft import Draft, standing
from fanin.answer.extractive import extract
from fanin.answer.related_questions import related_questions, unquoted
from fanin.answer.silence_notes import MAY_NOT_ANSWER, silence_notes
from fanin.fuse import Fused, fuse
from fanin.model import Answer, Document, Outcome, Passage
from fanin.plan.plan import Plan
from fanin.run.source.source_end import SourceResult, outcome_without
from fanin.sources.source import Source
from fanin.timeline import Span, Timeline

COMPLETE = ("ok", "empty")
"""Statuses of sources that delivered all that they have."""


class Content(NamedTuple):
    """What an answer is made of: the passages of all sources in one order, and the sentences chosen from them."""

    fused: Fused
    draft: Draft


def choose_content(
    plan: Plan[Source], results: Sequence[SourceResult], *, numbers: Mapping[str, int] | None = None
) -> Content:
    """The content of an answer from these results.

    `numbers` are citation numbers that pages have already; the final answer has none and counts from 1,
    in order of appearance.
    """
    arrived = arrived_in(results)
    weights = {each.name: each.weight for each in results}
    dated = bool([1 for document, _ in arrived if document.published])
    ranking = _with_correction(plan, results)
    time = plan.question.time if dated else None
    fused = fuse(ranking.question.terms, arrived, weights=weights, window=time.window if time else None)
    draft = extract(ranking.question.text, fused, numbers=dict(numbers or {}), time=time)
    return Content(fused, standing(draft, fused.passages))


def build_answer(
    plan: Plan[Source],
    results: Sequence[SourceResult],
    now: float,
    *,
    content: Content,
    began: float,
    notes: Sequence[str] = (),
    revision: int = 0,
) -> Answer:
    """The answer from these results and their content, which took from the instant `began` until `now`.

    `revision` is 0 for the final answer; others have results of the sources that have ended. Coverage always counts all
    sources, but never those that were skipped: they are outcomes only. `notes` join the errors.
    """
    fused, draft = content
    outcomes = _outcomes(results, merged=fused.merged, empty=fused.empty)
    made = outcomes.values()
    complete = [1 for each in made if each.status in COMPLETE]
    success = bool([1 for each in made if each.kept or each.merged])
    failed = [each for each in made if each.message and each.status != "empty"]
    timeline = _timeline(plan, results, began, now)
    sources = outcomes | {each.source: each for each in plan.skipped} if plan.skipped else outcomes
    answered = draft.answered and success
    remarks = dict.fromkeys([remark for each in results for remark in each.remarks])
    if draft.doubtful or not answered:
        remarks |= dict.fromkeys(_doubts(content, sources))
    return Answer(
        query=plan.given or plan.question.text,
        text=draft.text,
        citations=draft.citations,
        passages=fused.passages,
        sources=sources,
        inferences=tuple([inference for each in results for inference in each.inferences]),
        errors=(*[f"{each.source}: {each.message}" for each in failed], *notes),
        success=success,
        coverage=len(complete) / len(plan.sources),
        execution_time=timeline.total,
        cores_used=max(1, min(plan.cores, len({span.lane for span in timeline.spans if span.kind == "process"}))),
        timeline=timeline,
        question_id=plan.question.id,
        revision=revision,
        final=not revision,
        answered=answered,
        ranking="semantic" if [each for each in fused.passages if each.meaning is not None] else "lexical",
        conflicts=draft.conflicts,
        searched_for=next(iter(_corrected(results)), ""),
        notes=tuple(remarks),
        asked_as=plan.question.text if plan.given else "",
        asked_again=plan.again,
        related=() if revision else _related(plan, content),
    )


def _doubts(content: Content, sources: Mapping[str, Outcome]) -> tuple[str, ...]:
    """The notes on the search of an answer that does not answer, or may not."""
    fused, draft = content
    if draft.doubtful:
        return (MAY_NOT_ANSWER,)
    return silence_notes(fused.passages, sources, draft.citations)


def _related(plan: Plan[Source], content: Content) -> tuple[str, ...]:
    fused, draft = content
    if not (rest := unquoted(draft.citations, fused.passages)):
        return ()
    return related_questions(fused.terms, draft.citations, rest, language=plan.question.language)


def _corrected(results: Sequence[SourceResult]) -> list[str]:
    """The corrected questions that sources searched for."""
    return [each.corrected for each in results if each.corrected]


def _with_correction(plan: Plan[Source], results: Sequence[SourceResult]) -> Plan[Source]:
    """The plan by which passages are ranked: of the corrected question, and where others were asked too, of both."""
    if not (corrected := _corrected(results)):
        return plan
    asked = plan.question
    text = corrected[0] if len(plan.sources) == 1 else f"{asked.text} {corrected[0]}"
    return replace(plan, question=replace(asked, text=text))


def passages_of(plan: Plan[Source], result: SourceResult) -> tuple[Passage, ...]:
    """The passages of one source, best first."""
    return fuse(plan.question.terms, arrived_in([result])).passages


def arrived_in(results: Sequence[SourceResult]) -> list[tuple[Document, Any]]:
    """The documents that may be quoted, each with what processing made of it, or None."""
    return [(document, each.values.get(document.number)) for each in results for document in each.documents]


def _outcomes(
    results: Sequence[SourceResult], *, merged: Mapping[str, str], empty: Sequence[str]
) -> dict[str, Outcome]:
    if not merged and not empty:
        return {each.name: each.outcome for each in results}
    counts = Counter([_source_of(identifier) for identifier in merged])
    unreadable: dict[str, list[int]] = {}
    for identifier in empty:
        unreadable.setdefault(_source_of(identifier), []).append(int(identifier.rpartition("/")[2]))
    return {
        each.name: outcome_without(each, merged=counts[each.name], unreadable=sorted(unreadable.get(each.name, ())))
        for each in results
    }


def _source_of(identifier: str) -> str:
    return identifier.rpartition("/")[0]


def _timeline(plan: Plan[Source], results: Sequence[SourceResult], began: float, now: float) -> Timeline:
    total = now - plan.asked
    spans = [span for each in results for span in each.spans]
    spans.sort(key=attrgetter("start"))
    spans.append(Span("answer", "answer", "", began - plan.asked, total))
    return Timeline(tuple(spans), total, plan.cores)
