"""Errors of MCP sessions as SourceError."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from fanin.errors import FailureKind, SourceError, message_of

_failures: ContextVar[list[SourceError] | None] = ContextVar("fanin_mcp_heard", default=None)


@contextmanager
def collect_failures() -> Generator[list[SourceError]]:
    """A list that collects the failures of all HTTP requests made in this block.

    The SDK hides them from its caller; a context variable reaches them, since it sends each request in the caller's
    context.
    """
    failures: list[SourceError] = []
    token = _failures.set(failures)
    try:
        yield failures
    finally:
        _failures.reset(token)


def report_failure(failure: SourceError) -> None:
    """Add a failure to the list of the enclosing `collect_failures`."""
    if (failures := _failures.get()) is not None:
        failures.append(failure)


def to_source_error(error: BaseException, failures: list[SourceError], *, stderr_tail: str = "") -> SourceError:
    """The error to report: the last failure of HTTP, or the first SourceError, or what the SDK raised."""
    if failures:
        return failures[-1]
    error = _root_error(error)
    if isinstance(error, SourceError):
        return error
    if isinstance(error, TimeoutError):
        return SourceError(
            f"The server did not start in time{_quote_stderr(stderr_tail)}; fanin ended it.", FailureKind.START
        )
    if isinstance(error, asyncio.CancelledError):
        return server_ended(stderr_tail)
    what = message_of(error)[:300] or type(error).__name__
    return SourceError(
        f"The server failed: {what}{_quote_stderr(stderr_tail)}; fanin took nothing from it.", FailureKind.PROTOCOL
    )


def server_ended(stderr_tail: str) -> SourceError:
    """The error of a call during which the server ended; another attempt starts a new server."""
    return SourceError(
        f"The server ended during a call{_quote_stderr(stderr_tail)}; fanin starts it again for the next question.",
        FailureKind.CONNECTION,
    )


def _root_error(error: BaseException) -> BaseException:
    """The first error that is not a group, within nested groups."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error


def _quote_stderr(stderr_tail: str) -> str:
    return f", after saying {stderr_tail[-500:]!r}" if stderr_tail else ""
