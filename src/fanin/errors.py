"""What can go wrong, as one small tree. Every message says what happened, what fanin did, and what you can do."""

import re
from collections.abc import Callable
from typing import cast

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


class SourceError(FaninError):
    """A source may raise this (or a subclass) to say in one word, `kind`, how it failed."""

    def __init__(self, message: str, kind: str = "error") -> None:
        super().__init__(message, kind)
        self.kind = kind

    def __str__(self) -> str:
        return str(self.args[0])


class CircuitOpen(SourceError):
    """The source failed too often and is left in peace for `retry_after` more seconds."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message, "open_circuit")
        self.args = (message, retry_after)
        self.retry_after = retry_after


class RateLimited(SourceError):
    """The source asked for fewer calls; `retry_after` is in seconds, or None when it did not say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, "rate_limited")
        self.args = (message, retry_after)
        self.retry_after = retry_after


class KnowledgeError(FaninError):
    """The knowledge base cannot be opened, read or written."""

    kind = "knowledge"


def describe(error: BaseException, *, mask: Callable[[str], str] | None = None) -> str:
    """What an exception says, safe to show: one line of at most `LONGEST_MESSAGE` characters, no control characters.

    fanin's own errors say their message, any other its class and its message; of a group, the first one speaks. `mask`
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
    """The same without the class of the exception; empty when it says nothing."""
    try:
        text = str(error)
    except Exception as deeper:  # noqa: BLE001 - an error that cannot even say what it is
        text = f"(its message raised {type(deeper).__name__})"
    # Cut far beyond what is kept, so that the masks need not read megabytes, and what is kept ends in no half secret.
    text = text[: 64 * LONGEST_MESSAGE]
    text = re.sub(_USER, "://***@", text if mask is None else mask(text))
    return line(text, limit=LONGEST_MESSAGE)
