"""What can go wrong, as one small tree. Every message says what happened, what fanin did, and what you can do."""

import re
from collections.abc import Callable
from enum import StrEnum, auto
from typing import cast, override

from fanin.sanitize import line

LONGEST_MESSAGE = 1_000
"""Characters of a message that are kept."""

_USER = r"://[^\s/@]{1,300}@"
"""A user and a password in an address."""


class FaninError(Exception):
    """The base of every error that fanin raises on purpose. Its arguments are its message, so it pickles."""

    kind = "error"


class ConfigError(FaninError):
    """A setting is missing, unknown or out of range; raised before anything is asked."""

    kind = "config"


class UnknownSource(FaninError):
    """A question named a source that the engine does not have."""

    kind = "unknown_source"


class EngineClosed(FaninError):
    """The engine was asked before it was opened or after it was closed."""

    kind = "closed"


class PoolError(FaninError):
    """The chosen pool cannot run the process function."""

    kind = "pool"


class FailureKind(StrEnum):
    """How a source, or the work on a document, failed, in one word; `docs/reference/outcomes.md` says what each means.

    Besides these there is one for each HTTP status, such as `http_404`, and a source may give words of its own.
    """

    ADDRESS = auto()
    CANCELLED = auto()
    CLOSED = auto()
    COLUMNS = auto()
    CONNECTION = auto()
    CRASHED = auto()
    DEADLINE = auto()
    DISCONNECTED = auto()
    EMPTY = auto()
    ENCODING = auto()
    ENOUGH = auto()
    ERROR = auto()
    EXCEPTION = auto()
    EXIT = auto()
    FINISHED = auto()
    FORMAT = auto()
    IMPORT = auto()
    MEMORY = auto()
    NOT_JSON = auto()
    OPEN_CIRCUIT = auto()
    PAGING = auto()
    PRIVATE = auto()
    PROGRAM = auto()
    PROTOCOL = auto()
    PROXY = auto()
    QUERY = auto()
    QUESTION = auto()
    RATE_LIMITED = auto()
    READ_ONLY = auto()
    RECURSION = auto()
    REDIRECTS = auto()
    REFUSED = auto()
    SHED = auto()
    SIMULATED = auto()
    STALE = auto()
    START = auto()
    STUCK = auto()
    TIMEOUT = auto()
    TLS = auto()
    TOO_DEEP = auto()
    TOO_LARGE = auto()
    TOO_MANY = auto()
    TOOL = auto()
    TOPICS = auto()
    TRUNCATED = auto()
    TYPE = auto()
    UNREACHABLE = auto()
    UNSENDABLE = auto()

    __repr__ = str.__repr__


_TRANSIENT = frozenset(
    (
        FailureKind.CONNECTION,
        FailureKind.DISCONNECTED,
        FailureKind.RATE_LIMITED,
        FailureKind.SIMULATED,
        FailureKind.TIMEOUT,
        FailureKind.TRUNCATED,
        FailureKind.UNREACHABLE,
        *(f"http_{status}" for status in range(500, 600)),
    )
)
_REFUSED = frozenset(("http_401", "http_403"))
_BLOCKED = frozenset((FailureKind.OPEN_CIRCUIT, FailureKind.SHED))


class SourceError(FaninError):
    """A source may raise this (or a subclass) to say how it failed: in one word, `kind`, and in what policies act on.

    `transient`: the same request may succeed a moment later, so it is retried. `refused`: the source does not accept
    the key, so the circuit breaker opens at once. `blocked`: fanin did not ask the source, so the circuit breaker
    learns nothing. These follow from the kind unless they are given. `retry_after` is in seconds, None if unknown.
    """

    def __init__(
        self,
        message: str,
        kind: str = "error",
        *,
        transient: bool | None = None,
        refused: bool | None = None,
        blocked: bool | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, str(kind))
        self.kind = str(kind)
        self.transient = kind in _TRANSIENT if transient is None else transient
        self.refused = kind in _REFUSED if refused is None else refused
        self.blocked = kind in _BLOCKED if blocked is None else blocked
        self.retry_after = retry_after

    def __str__(self) -> str:
        return str(self.args[0])

    def with_message(self, message: str) -> SourceError:
        """The same failure in other words, without whatever else this error holds."""
        return SourceError(
            message,
            self.kind,
            transient=self.transient,
            refused=self.refused,
            blocked=self.blocked,
            retry_after=self.retry_after,
        )


class CircuitOpen(SourceError):
    """The source failed too often: its circuit breaker stays open for `retry_after` more seconds."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message, FailureKind.OPEN_CIRCUIT, retry_after=retry_after)
        self.args = (message, retry_after)


class RateLimited(SourceError):
    """The source asked for fewer calls; `retry_after` is in seconds, or None when it did not say.

    It is `blocked` where fanin's own rate, and not the source, left no room for the call.
    """

    def __init__(self, message: str, retry_after: float | None = None, *, blocked: bool = False) -> None:
        super().__init__(message, FailureKind.RATE_LIMITED, blocked=blocked, retry_after=retry_after)
        self.args = (message, retry_after)

    @override
    def with_message(self, message: str) -> RateLimited:
        return RateLimited(message, self.retry_after, blocked=self.blocked)


class KnowledgeError(FaninError):
    """The knowledge base cannot be opened, read or written."""

    kind = "knowledge"


class RunsError(FaninError):
    """The file of kept runs cannot be opened or read, or it does not have the run."""

    kind = "runs"


def is_transient(error: BaseException) -> bool:
    """Whether the same request may succeed a moment later."""
    return error.transient if isinstance(error, SourceError) else isinstance(error, OSError)


def describe(error: BaseException, *, mask: Callable[[str], str] | None = None) -> str:
    """What an exception says, safe to show: one line of at most `LONGEST_MESSAGE` characters, no control characters.

    The message of fanin's own errors, and the class and message of any other; of a group, those of the first. `mask`
    hides secrets before anything is cut, and what no mask knows is hidden if it stands where addresses have a password.
    Never a repr, which also shows the arguments that an exception holds without saying them.
    """
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    text = message_of(error, mask=mask)
    if isinstance(error, FaninError) and text:
        return text
    name = type(error).__name__
    return line(f"{name}: {text}" if text else name, limit=LONGEST_MESSAGE)


def message_of(error: BaseException, *, mask: Callable[[str], str] | None = None) -> str:
    """The same without the class of the exception; "" if it has no message."""
    try:
        text = str(error)
    except Exception as deeper:  # noqa: BLE001 - an error that cannot even say what it is
        text = f"(its message raised {type(deeper).__name__})"
    # Cut far beyond what is kept, so that the masks need not read megabytes, and what is kept ends in no half secret.
    text = text[: 64 * LONGEST_MESSAGE]
    text = re.sub(_USER, "://***@", text if mask is None else mask(text))
    return line(text, limit=LONGEST_MESSAGE)
