"""A session with one MCP server: opened at the first question, kept open, and opened again when it is lost.

The SDK's contexts must be entered and left in the same task, so each session has a task of its own; calls come from
the tasks of the questions.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from fanin.errors import FailureKind, SourceError
from fanin.limits import LIMITS, Limits
from fanin.log import logger
from fanin.sanitize import line
from fanin.sources.mcp.mcp_errors import collect_failures, server_ended, to_source_error
from fanin.sources.mcp.mcp_messages import limit_exceeded

if TYPE_CHECKING:
    from mcp.client import Client
    from mcp_types import CallToolResult

START_TIMEOUT = 60.0
"""Seconds for a server to start, longer than a question takes: a first start may have to download the program."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds before a server that failed to start is started again; doubled with each failure."""

MAX_UNANSWERED = 2
"""Calls in a row that time out before the server is considered stuck and started again."""

CLOSE_TIMEOUT = 0.8
"""Seconds to close a session before its task is cancelled; killing a server that does not exit takes 0.4 s."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open session: the SDK's client, and the last lines of the server's stderr."""

    client: Client
    stderr_tail: Callable[[], str] = str


_TOOLS_SHOWN = 20
"""Tools that the error names if the wanted one is missing."""

type OnLost = Callable[[SourceError | None], None]
type Connect = Callable[[OnLost], AbstractAsyncContextManager[Connection]]
"""Opens a session. Its argument is called when the session is lost, with the reason if it is known."""


@dataclass(eq=False)
class _OpenSession:
    """One session: `connection` is done once it is open; `ending` is set when it is lost or is to be closed.

    `failure` is why it was lost, if known.
    """

    connection: asyncio.Future[Connection]
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    failure: SourceError | None = None
    tools: set[str] = field(default_factory=set[str])
    calls: int = 0
    unanswered: int = 0
    retired: bool = False


class Session:
    """Calls tools of one server. A call cancelled after `unanswered_after` seconds counts as not answered."""

    def __init__(self, connect: Connect, *, name: str, unanswered_after: float, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._connect = connect
        self._name = name
        self._unanswered_after = unanswered_after
        self._current: _OpenSession | None = None
        self._tasks: dict[asyncio.Task[None], _OpenSession] = {}
        self._failures = 0
        self._failure: SourceError | None = None
        self._retry_at = 0.0

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """The result of a tool. Raises SourceError; of kind "connection" if the server ended during the call."""
        session = self._current_or_new()
        session.calls += 1
        try:
            await asyncio.wait((session.connection,))
            result = await self._call_tool(session, session.connection.result(), tool, arguments)
            session.unanswered = 0
            return result
        finally:
            session.calls -= 1
            if session.retired and not session.calls:
                session.ending.set()

    async def close(self) -> None:
        """Close every session and end its server; the next call opens a new one."""
        self._current, self._failure = None, None
        for task, session in self._tasks.items():
            session.ending.set()
            if not session.connection.done():
                task.cancel()
        if self._tasks:
            _, late = await asyncio.wait(tuple(self._tasks), timeout=CLOSE_TIMEOUT)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=CLOSE_TIMEOUT)

    async def _call_tool(
        self, session: _OpenSession, connection: Connection, tool: str, arguments: Mapping[str, Any]
    ) -> CallToolResult:
        started_at = asyncio.get_running_loop().time()
        with collect_failures() as failures:
            try:
                await _require_tool(tool, session, connection.client, self._limits)
                return await connection.client.call_tool(tool, dict(arguments))
            except asyncio.CancelledError:
                session.unanswered += asyncio.get_running_loop().time() - started_at >= self._unanswered_after
                if session.unanswered >= MAX_UNANSWERED:
                    self._retire(session)
                raise
            except SourceError:
                raise
            except Exception as error:
                if failures:
                    self._retire(session)
                elif session.ending.is_set():
                    raise session.failure or server_ended(connection.stderr_tail()) from error
                raise to_source_error(error, failures) from error

    def _current_or_new(self) -> _OpenSession:
        """The session that is open or being opened, or a new one."""
        if self._current is None:
            loop = asyncio.get_running_loop()
            self._refuse_during_backoff(loop.time())
            self._current = _OpenSession(loop.create_future())
            task = loop.create_task(self._run_session(self._current))
            self._tasks[task] = self._current
            task.add_done_callback(self._task_done)
        return self._current

    def _task_done(self, task: asyncio.Task[None]) -> None:
        session = self._tasks.pop(task)
        if not session.connection.done():
            self._failed(session, server_ended(""))  # it was cancelled before its first step

    def _refuse_during_backoff(self, now: float) -> None:
        if self._failure is not None and now < self._retry_at:
            after = self._retry_at - now
            raise SourceError(
                f"{self._failure} It is started again in {after:.1f} s at the earliest.", FailureKind.START
            )

    async def _run_session(self, session: _OpenSession) -> None:
        """Open a session, keep it open, and close it, all in this task."""
        with collect_failures() as failures:
            try:
                async with (
                    asyncio.timeout(START_TIMEOUT) as limit,
                    self._connect(partial(self._connection_lost, session)) as connection,
                ):
                    limit.reschedule(None)
                    self._failures, self._failure = 0, None
                    session.connection.set_result(connection)
                    await session.ending.wait()
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - it ends in the calls that wait
                self._failed(session, session.failure or to_source_error(error, failures))
            finally:
                self._connection_lost(session, None)

    def _failed(self, session: _OpenSession, error: SourceError) -> None:
        logger.debug("%s: its session failed (%s)", self._name, error.kind)
        if session.connection.done():
            return
        self._failure = error
        self._retry_at = asyncio.get_running_loop().time() + min(LONGEST_WAIT, FIRST_WAIT * 2**self._failures)
        self._failures += 1
        session.connection.set_exception(error)
        session.connection.exception()  # marks it as retrieved, in case no call waits for it

    def _retire(self, session: _OpenSession) -> None:
        """Open another session for the next call, and close this one after its last running call."""
        logger.info("%s: its session is begun again", self._name)
        session.retired = True
        if self._current is session:
            self._current = None

    def _connection_lost(self, session: _OpenSession, failure: SourceError | None) -> None:
        """Close a session now: it was lost, or its task has ended."""
        session.failure = session.failure or failure
        session.ending.set()
        if self._current is session:
            self._current = None


async def _require_tool(tool: str, session: _OpenSession, client: Client, limits: Limits) -> None:
    """Raise SourceError unless the server has the tool; its list is read page by page until the tool is found."""
    cursor: str | None = None
    pages = 0
    while tool not in session.tools:
        page = await client.list_tools(cursor=cursor)
        session.tools |= {each.name for each in page.tools}
        cursor, pages = page.next_cursor, pages + 1
        if tool in session.tools:
            return
        if len(session.tools) > limits.mcp_tools:
            raise limit_exceeded(f"{limits.mcp_tools:,} tools")
        if cursor is None:
            raise _missing_tool(tool, session.tools)
        if pages == limits.mcp_tool_pages:
            raise limit_exceeded(f"{limits.mcp_tool_pages} pages of tools")


def _missing_tool(tool: str, tools: set[str]) -> SourceError:
    known = line(", ".join(sorted(tools)[:_TOOLS_SHOWN]), limit=300) or "none"
    more = f" and {len(tools) - _TOOLS_SHOWN} more" if len(tools) > _TOOLS_SHOWN else ""
    return SourceError(
        f"The server has no tool {tool!r}; fanin asked nothing. It has: {known}{more}.", FailureKind.TOOL
    )
