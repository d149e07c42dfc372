"""The log of a run, by the logger `fanin`: its question, its sources, and how they ended."""

import logging
from typing import TYPE_CHECKING

from fanin import events
from fanin.model import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger("fanin")
logger.addHandler(logging.NullHandler())

QUIET: Mapping[str, int] = {"ok": logging.INFO, "empty": logging.INFO, "cancelled": logging.INFO}
"""The level of an outcome; any other one is a warning."""


def is_warning(event: events.Event) -> bool:
    """Whether it is logged as a warning."""
    if isinstance(event, events.Finished):
        return event.outcome.status not in QUIET
    if isinstance(event, events.Processed):
        return event.failure is not None
    return isinstance(event, (events.Retrying, events.CircuitOpened))


def log(event: events.Event, question_id: str) -> None:
    """Say one event, with the question's id and the seconds since it was asked."""
    level, text = _line(event)
    if logger.isEnabledFor(level):
        logger.log(level, "%s +%.3fs %s", question_id, event.at, text)


def _line(event: events.Event) -> tuple[int, str]:
    match event:
        case events.Planned(question=question, sources=sources, deadline=deadline, skipped=skipped):
            others = f", not {', '.join(skipped)}," if skipped else ""
            return logging.INFO, f"asking {', '.join(sources)}{others} within {deadline:g} s: {question.text!r}"
        case events.Skipped(source=source, reason=reason):
            return logging.INFO, f"{source} is not asked: {reason}"
        case events.Revised(answer=answer):
            return logging.DEBUG, f"revision {answer.revision}: {len(answer.citations)} citations"
        case events.Wrote(model=model, text=text):
            return logging.DEBUG, f"{model} wrote {len(text)} characters"
        case events.Answered(answer=answer):
            return logging.INFO, f"answered with {len(answer.citations)} citations, coverage {answer.coverage:.0%}"
        case events.Processed() | events.Processing() | events.Fetched() | events.Finished():
            return _delivered(event)
        case _:
            return _call_line(event)


def _call_line(event: events.CallEvent) -> tuple[int, str]:
    match event:
        case events.Started(source=source):
            return logging.INFO, f"fetching {source}"
        case events.AskedAgain(source=source, question=question, reason=reason):
            return logging.INFO, f"{source}: asked again for {question!r}: {reason}"
        case events.Waiting(source=source, reason=reason, after=after):
            return logging.INFO, f"{source}: waits for its {reason} limit{f', about {after:.2f} s' if after else ''}"
        case events.Retrying(source=source, attempt=attempt, after=after, message=message):
            return logging.WARNING, f"{source}: attempt {attempt} begins in {after:.2f} s: {message}"
        case events.Hedged(source=source):
            return logging.INFO, f"{source}: asked a second time, the first call is late"
        case events.Cached(source=source, age=age, reason=reason):
            return logging.INFO, f"{source}: from the cache, {age:.0f} s old{f', because: {reason}' if reason else ''}"
        case events.CircuitOpened(source=source, after=after, message=message):
            return logging.WARNING, f"{source}: circuit breaker open for {after:.0f} s: {message}"


def _delivered(event: events.Fetched | events.Processing | events.Processed | events.Finished) -> tuple[int, str]:
    match event:
        case events.Fetched(source=source, document=document):
            return logging.DEBUG, f"{source}: document {document.number} of {len(document.text)} characters arrived"
        case events.Processing(source=source, document=document, worker=worker):
            return logging.DEBUG, f"{source}: {worker} began with document {document}"
        case events.Processed(source=source, document=document, failure=Failure(message=why)):
            return logging.WARNING, f"{source}: document {document} not processed: {why}"
        case events.Processed(source=source, document=document):
            return logging.DEBUG, f"{source}: document {document} processed in {event.seconds:.3f} s by {event.worker}"
        case events.Finished(source=source, outcome=outcome):
            text = f"{source}: {outcome.status}, {outcome.documents} documents {outcome.message}".rstrip()
            return QUIET.get(outcome.status, logging.WARNING), text
