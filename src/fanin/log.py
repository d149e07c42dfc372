"""The story of a run in the log, told by the logger `fanin`: who, when, and what became of it."""

import logging
from typing import TYPE_CHECKING

from fanin.events import Answered, Event, Fetched, Finished, Planned, Processed, Retrying, Revised, Started, Wrote

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger("fanin")
logger.addHandler(logging.NullHandler())

QUIET: Mapping[str, int] = {"ok": logging.INFO, "empty": logging.INFO, "cancelled": logging.INFO}
"""The level of an outcome; any other one is a warning."""


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
        case Started(source=source):
            return logging.INFO, f"fetching {source}"
        case Retrying(source=source, attempt=attempt, after=after, message=message):
            return logging.WARNING, f"{source}: attempt {attempt} begins in {after:.2f} s: {message}"
        case Fetched(source=source, document=document):
            return logging.DEBUG, f"{source}: document {document.number} of {len(document.text)} characters arrived"
        case Processed():
            return _processed(event)
        case Finished(source=source, outcome=outcome):
            text = f"{source}: {outcome.status}, {outcome.documents} documents {outcome.message}".rstrip()
            return QUIET.get(outcome.status, logging.WARNING), text
        case Revised(answer=answer):
            return logging.DEBUG, f"revision {answer.revision}: {len(answer.citations)} citations"
        case Wrote(model=model, text=text):
            return logging.DEBUG, f"{model} wrote {len(text)} characters"
        case Answered(answer=answer):
            return logging.INFO, f"answered with {len(answer.citations)} citations, coverage {answer.coverage:.0%}"


def _processed(event: Processed) -> tuple[int, str]:
    if event.failure is None:
        text = f"{event.source}: document {event.document} processed in {event.seconds:.3f} s by {event.worker}"
        return logging.DEBUG, text
    return logging.WARNING, f"{event.source}: document {event.document} not processed: {event.failure.message}"
