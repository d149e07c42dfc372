"""Renders events and answers as text for all interfaces; the texts of sources are sanitized."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never
from urllib.parse import urlsplit

from fanin import events
from fanin.answer.silence_notes import NOT_ASKED, NOT_TO_THE_END
from fanin.errors import FailureKind
from fanin.model import Answer, Citation, Failure, Outcome, Status, Writing
from fanin.sanitize import block, line

_LABELS: Mapping[Status, str] = {"skipped": "not asked", "empty": "empty", "partial": "in part"}
"""What a source is called that is not wholly in the answer; "missing" if it is not there at all."""

OF_OUTCOMES = (NOT_TO_THE_END, NOT_ASKED)
"""How the notes begin that say the same as `missing`."""


def to_text(event: events.Event) -> str:
    """The event as one line for people, with the seconds since the question was asked in front."""
    return f"{event.at:6.2f} s  {sentence(event)}"


def answer_text(answer: Answer) -> str:
    """The whole answer as plain text: the text, citations, related questions, what is missing and why, time, cores."""
    parts = [text_with_notes(answer, outcomes=False)]
    if answer.citations:
        parts.append("\n".join(citation_lines(citation) for citation in cited_documents(answer)))
    if answer.related:
        parts.append("\n".join(["Related:", *(f"- {each}" for each in related(answer))]))
    if lines := list(missing(answer)):
        parts.append("\n".join(f"{label}: {source}: {why}" for label, source, why in lines))
    return "\n\n".join([*parts, footer(answer)])


def text_with_notes(answer: Answer, *, outcomes: bool = True, below: bool = False) -> str:
    """The text of the answer, with what was asked in the end above it, and the notes on how it was found.

    Notes stand above an answer, and below what is nearest to one; or all of it stands `below`. Those on the outcomes of
    sources are left out where `missing` says the same.
    """
    above = [f'Asked as "{answer.asked_as}".'] * bool(answer.asked_as)
    above += [f'Searched for "{answer.searched_for}".'] * bool(answer.searched_for)
    above += answer.notes if answer.answered else ()
    notes = () if answer.answered else [each for each in answer.notes if outcomes or not each.startswith(OF_OUTCOMES)]
    text = block(answer.text).strip() or "No answer."
    parts = (text, _lines([*above, *notes])) if below else (_lines(above), text, _lines(notes))
    return "\n\n".join([part for part in parts if part])


def _lines(notes: Iterable[str]) -> str:
    return "\n".join([line(each, limit=500) for each in notes])


def related(answer: Answer) -> Sequence[str]:
    """The related questions, each in one line."""
    return [line(each, limit=200) for each in answer.related]


def cited_documents(answer: Answer) -> Sequence[Citation]:
    """One citation for each number, in their order: several quotes of one document share its number."""
    return sorted({citation.number: citation for citation in answer.citations}.values(), key=lambda each: each.number)


def citation_lines(citation: Citation) -> str:
    """The citation's number, title, source and date, and on the next line its address if it has one."""
    address = f"\n    {line(citation.url)}" if citation.url else ""
    return f"[{citation.number}] {citation_title(citation)} ({citation_origin(citation)}){address}"


def citation_origin(citation: Citation) -> str:
    """The source of the citation and the day on which its document was published, as "news, 2026-11-20"."""
    day = line(citation.published[:10])
    return f"{line(citation.source)}, {day}" if day else line(citation.source)


def web_address(citation: Citation) -> str:
    """The citation's address if a browser may be led there: of http or https, without anything to break out with."""
    url = citation.url.strip()
    if not re.fullmatch(r"(?i:https?)://[^\s<>\"'\\`]{1,4000}", url) or not url.isprintable():
        return ""
    try:
        parts = urlsplit(url)
        named = parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return ""
    return url if named else ""


def citation_title(citation: Citation) -> str:
    """What to call the cited document: its title, or else its place among what its source gave."""
    return line(citation.title, limit=200) or f"document {citation.document}"


def missing(answer: Answer) -> Iterator[tuple[str, str, str]]:
    """Each source that is not wholly in the answer: a label, its name, and the reason in a sentence."""
    for name, outcome in answer.sources.items():
        if outcome.status not in ("ok", "empty") or (outcome.status == "empty" and outcome.message):
            yield (
                _LABELS.get(outcome.status, "missing"),
                line(name),
                line(outcome.message, limit=500) or outcome_words(outcome),
            )


def outcome_words(outcome: Outcome) -> str:
    """The outcome of a source in a few words."""
    words = outcome.status.replace("_", " ")
    says_more = outcome.kind and outcome.kind not in (outcome.status, FailureKind.ERROR)
    return f"{words} ({line(outcome.kind, limit=40)})" if says_more else words


def footer(answer: Answer) -> str:
    """How many sources answered, how long it took, how many cores worked, and how it was ranked and written."""
    asked = [outcome.status for outcome in answer.sources.values() if outcome.status != "skipped"]
    answered = sum(status in ("ok", "partial") for status in asked)
    empty = f", {asked.count('empty')} had nothing to say" if "empty" in asked else ""
    sources = f"{answered} of {_count(len(asked), 'source')} answered{empty}"
    took = f"{sources}{',' if empty else ''} in {answer.execution_time:.2f} s on {_count(answer.cores_used, 'core')}"
    took += "; ranked by words and meaning" if answer.ranking == "semantic" else ""
    return f"{took}; {written_by(answer.writing)}" if answer.writing else took


def written_by(writing: Writing) -> str:
    """Which model wrote the answer and what it took, or why it did not."""
    if writing.status != "written":
        return f"not written by {line(writing.model)}: {line(writing.message, limit=500)}"
    cost = "" if writing.cost is None else f", {writing.cost:.4f} US dollars"
    tokens = f"{writing.input_tokens} tokens in, {writing.output_tokens} out{cost}"
    return f"written by {line(writing.model)} in {writing.seconds:.2f} s ({tokens})"


def sentence(event: events.Event) -> str:
    """The event in a few words, on one line."""
    match event:
        case events.Planned():
            asked = ", ".join(line(name) for name in event.sources)
            asked += f", not {', '.join(line(name) for name in event.skipped)}" if event.skipped else ""
            return (
                f"asking {asked} (deadline in {round(event.deadline, 1):g} s): {line(event.question.text, limit=200)}"
            )
        case events.Skipped():
            return f"{line(event.source)}: not asked: {line(event.reason, limit=500)}"
        case events.Revised() | events.Answered():
            return f"{'answer' if event.answer.final else 'first answer'}: {footer(event.answer)}"
        case events.Wrote():
            return f"{line(event.model, limit=100)} writes: {line(event.text, limit=200)}"
        case _:
            return f"{line(event.source)}: {_source_sentence(event)}"


def _source_sentence(event: events.SourceEvent) -> str:
    match event:
        case events.Fetched():
            return f"document {event.document.number}: {_document_name(event)}"
        case events.Processing():
            return f"document {event.document} is being processed by {line(event.worker)}"
        case events.Processed(failure=Failure(message=why)):
            return f"document {event.document} not processed: {line(why, limit=500)}"
        case events.Processed():
            return f"document {event.document} processed in {event.seconds:.3f} s by {line(event.worker)}"
        case events.Finished():
            return f"{outcome_words(event.outcome)}, {_count(event.outcome.documents, 'document')}"
        case _:
            return _call_sentence(event)


def _call_sentence(event: events.CallEvent) -> str:
    match event:
        case events.Started():
            return "fetching"
        case events.AskedAgain():
            return f"asked again for: {line(event.question, limit=200)} ({line(event.reason, limit=200)})"
        case events.Waiting():
            return f"waiting for its {event.reason} limit{f', about {event.after:.1f} s' if event.after else ''}"
        case events.Retrying():
            return f"attempt {event.attempt - 1} failed, the next one begins in {event.after:.2f} s"
        case events.Hedged():
            return "asked a second time, because the first call is late"
        case events.Cached():
            return f"from the cache, {event.age:.0f} s old"
        case events.CircuitOpened():
            return f"circuit breaker open for {event.after:.0f} s"
        case _:
            assert_never(event)


def _document_name(event: events.Fetched) -> str:
    return line(event.document.title, limit=100) or f"{len(event.document.text)} characters"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
