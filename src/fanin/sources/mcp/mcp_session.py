"""A session with one MCP server: begun at the first question, kept, begun again when it was lost, and ended for good.

The SDK's contexts must be entered and left in one task, so each session has a task that owns it; calls come from the
tasks of their questions.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from fanin.errors import FailureKind, SourceError
from fanin.log import logger
from fanin.sanitize import line
from fanin.sources.mcp.mcp_errors import closed, failure, listening
from fanin.sources.mcp.mcp_messages import MOST_PAGES, MOST_TOOLS, too_much

if TYPE_CHECKING:
    from mcp.client import Client
    from mcp_types import CallToolResult

START = 60.0
"""Seconds for a server to start, longer than a question lasts: a first start may have to fetch the program."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds in which a server that failed to start is not started again, doubling with each failure."""

UNANSWERED = 2
"""Calls in a row that may run out of time before the server is taken for stuck and started again."""

LEAVING = 0.8
"""Seconds that the end of a session may take before its task is cancelled; a stubborn server takes 0.4 of them."""


@dataclass(frozen=True, slots=True)
class Link:
    """An open session: the SDK's client, and what its server said last."""

    client: Client
    last_words: Callable[[], str] = str


_NAMED = 20
"""Tools of a server that are named where the one that is wanted is missing."""

type Lost = Callable[[SourceError | None], None]
type Connect = Callable[[Lost], AbstractAsyncContextManager[Link]]
"""Opens a session, given what to call when it is lost, with the reason if it is known."""


@dataclass(eq=False)
class _Held:
    """One session while it lasts: `link` comes when it is open; `ending` is set when it is lost or shall end.

    `failure` is why it was lost, if that is known.
    """

    link: asyncio.Future[Link]
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    failure: SourceError | None = None
    tools: set[str] = field(default_factory=set[str])
    calls: int = 0
    unanswered: int = 0
    retired: bool = False


class Session:
    """Calls tools of one server. `patience` is seconds after which a cancelled call counts as not answered."""

    def __init__(self, connect: Connect, *, name: str, patience: float) -> None:
        self._connect = connect
        self._name = name
        self._patience = patience
        self._held: _Held | None = None
        self._owned: dict[asyncio.Task[None], _Held] = {}
        self._failures = 0
        self._failure: SourceError | None = None
        self._rests_until = 0.0

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        """What a tool answers. Raises SourceError; kind "connection" when the server ended while it was asked."""
        held = self._begin()
        held.calls += 1
        try:
            await asyncio.wait((held.link,))
            result = await self._asked(held, held.link.result(), tool, arguments)
            held.unanswered = 0
            return result
        finally:
            held.calls -= 1
            if held.retired and not held.calls:
                held.ending.set()

    async def close(self) -> None:
        """End every session and its server; the next call begins a new one."""
        self._held, self._failure = None, None
        for owner, held in self._owned.items():
            held.ending.set()
            if not held.link.done():
                owner.cancel()
        if self._owned:
            _, late = await asyncio.wait(tuple(self._owned), timeout=LEAVING)
            for owner in late:
                owner.cancel()
            if late:
                await asyncio.wait(late, timeout=LEAVING)

    async def _asked(self, held: _Held, link: Link, tool: str, arguments: Mapping[str, Any]) -> CallToolResult:
        begun = asyncio.get_running_loop().time()
        with listening() as heard:
            try:
                await _require(tool, held, link.client)
                return await link.client.call_tool(tool, dict(arguments))
            except asyncio.CancelledError:
                held.unanswered += asyncio.get_running_loop().time() - begun >= self._patience
                if held.unanswered >= UNANSWERED:
                    self._retire(held)
                raise
            except SourceError:
                raise
            except Exception as error:
                if heard:
                    self._retire(held)
                elif held.ending.is_set():
                    raise held.failure or closed(link.last_words()) from error
                raise failure(error, heard) from error

    def _begin(self) -> _Held:
        """The session that is open or opening, or a new one."""
        if self._held is None:
            loop = asyncio.get_running_loop()
            self._refuse_soon(loop.time())
            self._held = _Held(loop.create_future())
            owner = loop.create_task(self._own(self._held))
            self._owned[owner] = self._held
            owner.add_done_callback(self._over)
        return self._held

    def _over(self, owner: asyncio.Task[None]) -> None:
        held = self._owned.pop(owner)
        if not held.link.done():
            self._failed(held, closed(""))  # it was cancelled before its first step

    def _refuse_soon(self, now: float) -> None:
        if self._failure is not None and now < self._rests_until:
            after = self._rests_until - now
            raise SourceError(
                f"{self._failure} It is started again in {after:.1f} s at the earliest.", FailureKind.START
            )

    async def _own(self, held: _Held) -> None:
        """Open a session, keep it, and close it, all in this task."""
        with listening() as heard:
            try:
                async with asyncio.timeout(START) as limit, self._connect(partial(self._lose, held)) as link:
                    limit.reschedule(None)
                    self._failures, self._failure = 0, None
                    held.link.set_result(link)
                    await held.ending.wait()
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - it ends in the calls that wait
                self._failed(held, held.failure or failure(error, heard))
            finally:
                self._lose(held, None)

    def _failed(self, held: _Held, error: SourceError) -> None:
        logger.debug("%s: its session failed (%s)", self._name, error.kind)
        if held.link.done():
            return
        self._failure = error
        self._rests_until = asyncio.get_running_loop().time() + min(LONGEST_WAIT, FIRST_WAIT * 2**self._failures)
        self._failures += 1
        held.link.set_exception(error)
        held.link.exception()  # whoever waits for it raises it; nobody may wait any more

    def _retire(self, held: _Held) -> None:
        """Begin another session for the next call, and end this one after the last call that is under way."""
        logger.info("%s: its session is begun again", self._name)
        held.retired = True
        if self._held is held:
            self._held = None

    def _lose(self, held: _Held, failure: SourceError | None) -> None:
        """End a session now: it is lost, or its task is over."""
        held.failure = held.failure or failure
        held.ending.set()
        if self._held is held:
            self._held = None


async def _require(tool: str, held: _Held, client: Client) -> None:
    """Raise SourceError unless the server has the tool; it is asked which it has until it has named this one."""
    cursor: str | None = None
    pages = 0
    while tool not in held.tools:
        page = await client.list_tools(cursor=cursor)
        held.tools |= {each.name for each in page.tools}
        cursor, pages = page.next_cursor, pages + 1
        if tool in held.tools:
            return
        if len(held.tools) > MOST_TOOLS:
            raise too_much(f"{MOST_TOOLS:,} tools")
        if cursor is None:
            raise _missing(tool, held.tools)
        if pages == MOST_PAGES:
            raise too_much(f"{MOST_PAGES} pages of tools")


def _missing(tool: str, tools: set[str]) -> SourceError:
    known = line(", ".join(sorted(tools)[:_NAMED]), limit=300) or "none"
    more = f" and {len(tools) - _NAMED} more" if len(tools) > _NAMED else ""
    return SourceError(
        f"The server has no tool {tool!r}; fanin asked nothing. It has: {known}{more}.", FailureKind.TOOL
    )
