"""Invariants of every run, checked on its answer and its events."""

from collections import Counter
from collections.abc import Mapping, Sequence

from fanin.answer.draft import NOT_ANSWERED, UNANSWERED, page_of, side_by_side
from fanin.answer.quoting import on_one_line, without_marks
from fanin.events import (
    Answered,
    AskedAgain,
    Event,
    Fetched,
    Finished,
    Planned,
    Processed,
    Processing,
    Revised,
    Started,
)
from fanin.model import Answer, Document
from fanin.process import clean

FINAL = {"ok", "partial", "empty", "timeout", "error", "rate_limited", "open_circuit", "cancelled", "shed", "skipped"}


def check_answer(answer: Answer, *, planned: Sequence[str], deadline: float, slack: float = 0.0) -> None:
    """Raise AssertionError unless the answer keeps what fanin promises of every answer.

    There is one outcome for each source of `planned`; the answer comes before the deadline; each citation lies in a
    passage of the answer; and the text is made of what is quoted, unless a model wrote it. `deadline` is in seconds,
    `slack` the seconds by which the answer may be later.
    """
    asked_first = sorted(planned, key=lambda name: name in answer.sources and answer.sources[name].status == "skipped")
    require(list(answer.sources) == asked_first, "one outcome for each source, in order, those skipped last")
    for name, outcome in answer.sources.items():
        require(outcome.source == name and outcome.status in FINAL, f"{name} has a known status")
        counted = outcome.kept + outcome.merged + len(outcome.dropped)
        require(outcome.documents == counted, f"{name}: fetched = kept + merged + dropped")
        require(outcome.status in ("ok", "empty") or bool(outcome.message), f"{name}: a failure says why")
        require((outcome.status == "ok") <= (outcome.kept + outcome.merged > 0), f"{name}: ok gave something")
    require(answer.execution_time <= deadline + slack, f"answered at {answer.execution_time}, deadline {deadline}")
    useful = sum(outcome.kept + outcome.merged for outcome in answer.sources.values())
    require(answer.success == (useful > 0), "success says whether anything arrived")
    require(bool(answer.text) == answer.success and bool(answer.citations) == answer.success, "an answer has a text")
    _check_citations(answer)
    _check_faithful(answer)


def _check_faithful(answer: Answer) -> None:
    """What no model wrote is quoted: sentence after sentence, each word for word what its citation quotes."""
    if answer.writing is not None and answer.writing.status == "written":
        return
    quoted = f"{NOT_ANSWERED} " if answer.citations and not answer.answered else ""
    text = " ".join(answer.text.split())
    for each in answer.citations:
        spellings = on_one_line(each.quote), without_marks(each.quote), on_one_line(each.quote).rstrip(":")
        quote = next((form for form in spellings if text.startswith(f"{quoted}{form}")), spellings[0])
        marks = (f" {_dated(text[len(quoted) + len(quote) :], each.published)}[{each.number}] ", ": ", " ")
        quoted += quote + next((mark for mark in marks if f"{text} ".startswith(f"{quoted}{quote}{mark}")), "")
    missing = [line.removeprefix(f"{UNANSWERED} ") for line in answer.text.split("\n") if line.startswith(UNANSWERED)]
    require(all(part in answer.query for part in missing), "what is missing is a part of the question")
    lines = [quoted.rstrip(), *[f"{UNANSWERED} {part}" for part in missing], *map(side_by_side, answer.conflicts)]
    require(text == " ".join(lines), "the answer is what it quotes")
    for side in (side for conflict in answer.conflicts for side in conflict.sides):
        quotes = [each.quote for each in answer.citations if (each.source, each.number) == (side.source, side.number)]
        require(any(side.figure in " ".join(quote.split()) for quote in quotes), f"{side.figure} stands in its quote")


def _dated(text: str, published: str) -> str:
    """The day in brackets before a citation's number, if it is that of its document; else ""."""
    day, _, _ = text.partition(") [")
    return f"{day[1:]}) " if published and day.startswith(f" ({published[:10]}") else ""


def _check_citations(answer: Answer) -> None:
    if answer.final:
        numbers = list(dict.fromkeys(citation.number for citation in answer.citations))
        require(numbers == [*range(1, len(numbers) + 1)], "the citations of a final answer count from 1, in order")
    for citation in answer.citations:
        same_document = [p for p in answer.passages if (p.source, p.document) == (citation.source, citation.document)]
        within = [p for p in same_document if p.start <= citation.start and citation.end <= p.end]
        require(bool(within), f"citation {citation.number} lies in a kept passage")
        quotes = [p.text[citation.start - p.start : citation.end - p.start] for p in within]
        require(citation.quote in quotes, f"the words of citation {citation.number} stand there")
        require(f"[{citation.number}]" in answer.text, f"citation {citation.number} is used")


def check_events(events: Sequence[Event], answer: Answer) -> None:
    """Raise AssertionError unless the events are in a possible order and end in this answer.

    Each source is planned, starts, and ends once, or once more when it is asked again; documents arrive and are
    processed in between; revisions count up, and a citation keeps its number.
    """
    require(isinstance(events[0], Planned), "the plan comes first")
    require(isinstance(events[-1], Answered) and events[-1].answer == answer, "the answer comes last")
    require(sum(isinstance(event, Answered) for event in events) == 1, "there is one answer")
    instants = [event.at for event in events[:-1]]
    require(instants == sorted(instants), "events come in the order of their time")
    _check_counts(events, answer)
    _check_revisions([event.answer for event in events if isinstance(event, Revised)], answer)
    _check_sources_order(events)


def _check_counts(events: Sequence[Event], answer: Answer) -> None:
    finished = Counter(event.source for event in events if isinstance(event, Finished))
    again = Counter(event.source for event in events if isinstance(event, AskedAgain))
    require(all(again[name] <= 1 for name in answer.sources), "a source is asked again once")
    require(all(finished[name] <= 1 + again[name] for name in answer.sources), "a source finishes once a round")
    fetched = Counter(event.source for event in events if isinstance(event, Fetched))
    counts = {name: outcome.documents for name, outcome in answer.sources.items() if outcome.documents}
    require(dict(fetched) == counts, "each document has one event")
    last = {event.source: event for event in events if isinstance(event, Finished)}
    for event in last.values():
        if finished[event.source] > again[event.source]:
            final = answer.sources[event.source]
            same = event.outcome.status == final.status or final.status == "empty"
            require(same, f"the outcome of {event.source} does not change")
            require(event.outcome.documents == final.documents, f"{event.source}: nothing arrives after its end")


def _check_revisions(revisions: Sequence[Answer], answer: Answer) -> None:
    numbers: dict[str, int] = {}
    for each in revisions:
        for citation in each.citations:
            page = page_of(citation)
            require(numbers.setdefault(page, citation.number) == citation.number, f"{page} keeps its number")
    require(len(set(numbers.values())) == len(numbers), "no two pages share a number")
    require([each.revision for each in revisions] == sorted({each.revision for each in revisions}), "revisions rise")
    require(not any(each.final for each in revisions) and answer.final, "only the last answer is final")


def _check_sources_order(events: Sequence[Event]) -> None:
    begun: set[str] = set()
    ended: set[str] = set()
    for event in events:
        match event:
            case Started(source=source):
                begun.add(source)
            case Fetched(source=source) | Processing(source=source) | Processed(source=source):
                require(source in begun - ended, f"{source} speaks between its start and its end")
            case Finished(source=source):
                ended.add(source)
            case AskedAgain(source=source):
                require(source in ended, f"{source} is asked again after its end")
                ended.discard(source)
            case _:
                pass


def check_quotes(answer: Answer, documents: Mapping[str, Document]) -> None:
    """Raise AssertionError unless each quote is at its place in its document; `documents` are by their id."""
    for citation in answer.citations:
        text = clean(documents[f"{citation.source}/{citation.document}"])
        require(text[citation.start : citation.end] == citation.quote, f"citation {citation.number} is verbatim")


def require(holds: bool, rule: str) -> None:
    """Raise AssertionError with the rule unless it holds."""
    if not holds:
        raise AssertionError(f"broken rule: {rule}")
