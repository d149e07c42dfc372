"""How a source ends: finished, failed, or stopped, and what that makes of its outcome. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from fanin.errors import FailureKind, FaninError, SourceError, describe, message_of
from fanin.model import Document, Failure, Inference, Outcome, Status
from fanin.sources.source import Source
from fanin.timeline import Span
from fanin.values import value


class End(NamedTuple):
    """How a source ended: its status, one word for the kind of failure, and a sentence."""

    status: Status
    kind: str = ""
    message: str = ""


OK = End("ok")

type Reason = Literal["deadline", "enough", "finished", "cancelled"]

STOPPED: Mapping[Reason | None, End] = {
    "deadline": End(
        "timeout", FailureKind.DEADLINE, "Not finished when the question's deadline came; fanin answered without it."
    ),
    "enough": End("cancelled", FailureKind.ENOUGH, "Not finished when enough had arrived; fanin answered without it."),
    "finished": End(
        "cancelled", FailureKind.FINISHED, "Not finished when the answer was asked for; fanin answered without it."
    ),
    "cancelled": End("cancelled", FailureKind.CANCELLED, "The question was withdrawn."),
    None: End("cancelled", FailureKind.CANCELLED, "The source cancelled itself; fanin went on without it."),
}
"""How a source ends that is stopped, by the reason why its question ended; None when the question goes on."""

STUCK = End("timeout", FailureKind.STUCK, "It did not stop when told to; fanin left it behind and answered without it.")

SHED = End("shed", FailureKind.STUCK, "Not asked: too many earlier calls of it are still stuck and cannot be stopped.")


@value
class SourceResult:
    """What a source has delivered: its documents with a text, and what processing made of them by number.

    `outcome` counts each of these documents as kept; see `outcome_without`. `spans` count from the question.
    `corrected` is the question that it searched for, if it corrected misspelt words; `remarks` tell how it found its
    documents.
    """

    name: str
    weight: float
    ended: bool
    documents: Sequence[Document]
    values: Mapping[int, Any]
    inferences: tuple[Inference, ...]
    spans: Sequence[Span]
    outcome: Outcome
    end: End = OK
    nothing: str = ""
    corrected: str = ""
    remarks: tuple[str, ...] = ()


def end_of(end: End, usable: int, failures: Sequence[Failure], *, nothing: str = "", stale: str = "") -> End:
    """How a source ended with so many usable documents, and these failures to process some."""
    if end.status != "ok":
        return _partial(end, usable) if usable else end
    if not usable:
        return End("empty", "", nothing)
    if failures:
        message = f"{len(failures)} of {usable} documents not processed: {failures[0].message}"
        return End("partial", failures[0].kind, message)
    return End("ok", FailureKind.STALE, stale) if stale else OK


def _partial(end: End, usable: int) -> End:
    """The end of a source that gave documents before it failed; its message may have been made without knowing them."""
    came = f"{usable} document{'s came' if usable > 1 else ' came'} before this"
    message = re.sub("took nothing (?:more )?from it", "read no further", end.message)
    return End("partial", end.kind, f"{came}: {message.replace('without it', 'without the rest')}")


def outcome_without(result: SourceResult, *, merged: int, unreadable: Sequence[int]) -> Outcome:
    """The outcome with so many documents merged as near-duplicates, and those of the given numbers dropped as empty."""
    outcome = result.outcome
    if not merged and not unreadable:
        return outcome
    dropped = [
        Failure(FailureKind.EMPTY, f"Document {number} has no readable text; fanin left it out.", number)
        for number in unreadable
    ]
    usable = outcome.kept - len(dropped)
    stale = outcome.message if outcome.kind == FailureKind.STALE else ""
    status, kind, message = end_of(result.end, usable, outcome.failures, nothing=result.nothing, stale=stale)
    return replace(
        outcome,
        status=status,
        kind=kind,
        message=message,
        kept=usable - merged,
        merged=merged,
        dropped=(*outcome.dropped, *dropped),
    )


def failed(error: BaseException, source: Source) -> End:
    """How a source ended that raised this error."""
    match error:
        case SourceError(kind=FailureKind.RATE_LIMITED):
            return End("rate_limited", error.kind, describe(error))
        case SourceError(kind=FailureKind.OPEN_CIRCUIT):
            return End("open_circuit", error.kind, describe(error))
        case SourceError(kind=FailureKind.SHED):
            return End("shed", error.kind, describe(error))
        case FaninError():
            return End("error", error.kind, describe(error))
        case TimeoutError():
            what = message_of(error) or f"No answer within {source.timeout:g} s"
            return End("timeout", FailureKind.TIMEOUT, f"{what}; fanin went on without it.")
        case BaseExceptionGroup():
            return failed(error.exceptions[0], source)
        case OSError():
            return End("error", FailureKind.CONNECTION, describe(error))
        case _:
            return End("error", FailureKind.EXCEPTION, describe(error))
