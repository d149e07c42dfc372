"""What went wrong between fanin and an MCP server, as one SourceError."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from fanin.errors import FailureKind, SourceError, message_of

_heard: ContextVar[list[SourceError] | None] = ContextVar("fanin_mcp_heard", default=None)


@contextmanager
def listening() -> Generator[list[SourceError]]:
    """The failures of HTTP requests made for what is done in this block, as they happen.

    The SDK tells a caller only that there was an error; it sends each request in its caller's context.
    """
    heard: list[SourceError] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def hear(failure: SourceError) -> None:
    """Keep a failure for the caller of the request."""
    if (heard := _heard.get()) is not None:
        heard.append(failure)


def failure(error: BaseException, heard: list[SourceError], *, last_words: str = "") -> SourceError:
    """The one error to tell: the first that HTTP gave, or the first of fanin's own, or what the SDK raised."""
    if heard:
        return heard[-1]
    error = _first(error)
    if isinstance(error, SourceError):
        return error
    if isinstance(error, TimeoutError):
        return SourceError(f"The server did not start in time{_said(last_words)}; fanin ended it.", FailureKind.START)
    if isinstance(error, asyncio.CancelledError):
        return closed(last_words)
    what = message_of(error)[:300] or type(error).__name__
    return SourceError(
        f"The server failed: {what}{_said(last_words)}; fanin took nothing from it.", FailureKind.PROTOCOL
    )


def closed(last_words: str) -> SourceError:
    """The error of a call that was under way when its server ended; another attempt meets a new one."""
    return SourceError(
        f"The server ended while it was asked{_said(last_words)}; fanin starts it again for the next question.",
        FailureKind.CONNECTION,
    )


def _first(error: BaseException) -> BaseException:
    """What is at the bottom of the groups that task groups raise."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error


def _said(words: str) -> str:
    return f", after saying {words[-500:]!r}" if words else ""
