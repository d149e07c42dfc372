"""The story of a run in the log, told by the logger `fanin`: who, when, and what became of it."""

import logging
from typing import TYPE_CHECKING

from fanin.events import (
    Answered,
    Cached,
    CircuitOpened,
    Event,
    Fetched,
    Finished,
    Hedged,
    Planned,
    Processed,
    Processing,
    Retrying,
    Revised,
    Skipped,
    Started,
    Waiting,
    Wrote,
)
from fanin.model import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger("fanin")
logger.addHandler(logging.NullHandler())

QUIET: Mapping[str, int] = {"ok": logging.INFO, "empty": logging.INFO, "cancelled": logging.INFO}
"""The level of an outcome; any other one is a warning."""


def is_warning(event: Event) -> bool:
    """Whether the log tells it at the level of a warning."""
    if isinstance(event, Finished):
        return event.outcome.status not in QUIET
    if isinstance(event, Processed):
        return event.failure is not None
    return isinstance(event, (Retrying, CircuitOpened))


def log(event: Event, question_id: str) -> None:
    """Say one event, with the question's id and the seconds since it was asked."""
    level, text = _line(event)
    if logger.isEnabledFor(level):
        logger.log(level, "%s +%.3fs %s", question_id, event.at, text)


def _line(event: Event) -> tuple[int, str]:
    match event:
        case Planned(question=question, sources=sources, deadline=deadline, skipped=skipped):
            others = f", not {', '.join(skipped)}," if skipped else ""
            return logging.INFO, f"asking {', '.join(sources)}{others} within {deadline:g} s: {question.text!r}"
        case Skipped(source=source, reason=reason):
            return logging.INFO, f"{source} is not asked: {reason}"
        case Revised(answer=answer):
            return logging.DEBUG, f"revision {answer.revision}: {len(answer.citations)} citations"
        case Wrote(model=model, text=text):
            return logging.DEBUG, f"{model} wrote {len(text)} characters"
        case Answered(answer=answer):
            return logging.INFO, f"answered with {len(answer.citations)} citations, coverage {answer.coverage:.0%}"
        case Processed() | Processing() | Fetched() | Finished():
            return _delivered(event)
        case _:
            return _called(event)


def _called(event: Started | Waiting | Retrying | Hedged | Cached | CircuitOpened) -> tuple[int, str]:
    match event:
        case Started(source=source):
            return logging.INFO, f"fetching {source}"
        case Waiting(source=source, reason=reason, after=after):
            return logging.INFO, f"{source}: waits for its {reason} limit{f', about {after:.2f} s' if after else ''}"
        case Retrying(source=source, attempt=attempt, after=after, message=message):
            return logging.WARNING, f"{source}: attempt {attempt} begins in {after:.2f} s: {message}"
        case Hedged(source=source):
            return logging.INFO, f"{source}: asked a second time, the first call is late"
        case Cached(source=source, age=age, reason=reason):
            return logging.INFO, f"{source}: from the cache, {age:.0f} s old{f', because: {reason}' if reason else ''}"
        case CircuitOpened(source=source, after=after, message=message):
            return logging.WARNING, f"{source}: circuit breaker open for {after:.0f} s: {message}"


def _delivered(event: Fetched | Processing | Processed | Finished) -> tuple[int, str]:
    match event:
        case Fetched(source=source, document=document):
            return logging.DEBUG, f"{source}: document {document.number} of {len(document.text)} characters arrived"
        case Processing(source=source, document=document, worker=worker):
            return logging.DEBUG, f"{source}: {worker} began with document {document}"
        case Processed(source=source, document=document, failure=Failure(message=why)):
            return logging.WARNING, f"{source}: document {document} not processed: {why}"
        case Processed(source=source, document=document):
            return logging.DEBUG, f"{source}: document {document} processed in {event.seconds:.3f} s by {event.worker}"
        case Finished(source=source, outcome=outcome):
            text = f"{source}: {outcome.status}, {outcome.documents} documents {outcome.message}".rstrip()
            return QUIET.get(outcome.status, logging.WARNING), text
