"""The story of a run in the log, told by the logger `fanin`: who, when, and what became of it."""

import logging
from typing import TYPE_CHECKING

from fanin.events import Answered, Event, Fetched, Finished, Planned, Processed, Retrying, Revised, Started

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
        case Planned(question=question, sources=sources, deadline=deadline):
            return logging.INFO, f"asking {', '.join(sources)} within {deadline:g} s: {question.text!r}"
        case Started(source=source):
            return logging.INFO, f"fetching {source}"
        case Retrying(source=source, attempt=attempt, after=after, message=message):
            return logging.WARNING, f"{source}: attempt {attempt} begins in {after:.2f} s: {message}"
        case Fetched(source=source, document=document):
            return logging.DEBUG, f"{source}: document {document.number} of {len(document.text)} characters arrived"
        case Processed(source=source, document=number, failure=None, worker=worker, seconds=seconds):
            return logging.DEBUG, f"{source}: document {number} processed in {seconds:.3f} s by {worker}"
        case Processed(source=source, document=number, failure=failure):
            return logging.WARNING, f"{source}: document {number} not processed: {failure and failure.message}"
        case Finished(source=source, outcome=outcome):
            text = f"{source}: {outcome.status}, {outcome.documents} documents {outcome.message}".rstrip()
            return QUIET.get(outcome.status, logging.WARNING), text
        case Revised(answer=answer):
            return logging.DEBUG, f"revision {answer.revision}: {len(answer.citations)} citations"
        case Answered(answer=answer):
            return logging.INFO, f"answered with {len(answer.citations)} citations, coverage {answer.coverage:.0%}"
