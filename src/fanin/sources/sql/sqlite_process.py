"""SQLite files: each statement runs in a process that can be killed, for SQLite cannot interrupt every one of them."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, Self, cast

from fanin.errors import FailureKind, SourceError
from fanin.sources.programs.child_process import Child
from fanin.sources.sql import sqlite_child
from fanin.sources.sql.query_parameters import Values
from fanin.sources.sql.sql_errors import AT_ONCE, MOST, sqlite_error

IDLE = 2
"""Processes that are kept for the next questions."""

UNBROKEN = 262_144
"""Bytes that are read until the event loop gets its turn."""

_COMMAND = (sys.executable, "-I", "-S", str(Path(sqlite_child.__file__)))
"""Without site packages and variables of the environment, which would only cost time."""


class SQLite:
    """A SQLite file that is only read, with one query. A relative path starts in the working directory."""

    def __init__(self, path: Path, query: str, *, called: str) -> None:
        self.called = called
        self._request = {"path": str(path.expanduser().absolute()), "query": query, "characters": MOST}
        self._idle: list[_Reader] = []
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def rows(
        self,
        values: Values,
        *,
        most: int,
        seconds: float,  # noqa: ARG002  who waits no longer closes the generator, which kills the process
    ) -> AsyncGenerator[Sequence[Any]]:
        """The names of the columns, then at most so many rows, as they come. Raises SourceError."""
        async with self._turns:
            reader = self._idle.pop() if self._idle else await _Reader.start(self.called)
            try:
                async with aclosing(reader.rows({**self._request, "values": values, "rows": most})) as rows:
                    async for row in rows:
                        yield row
            finally:
                await self._leave(reader)

    async def close(self) -> None:
        """End every process that waits for a question."""
        idle, self._idle, self._turns = self._idle, [], asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(reader.end() for reader in idle))

    async def _leave(self, reader: _Reader) -> None:
        if reader.is_ready and len(self._idle) < IDLE:
            self._idle.append(reader)
        else:
            await reader.end()


class _Reader:
    """One process: `is_ready` for a request until it gets one, and again when it has answered that to its end."""

    def __init__(self, child: Child, called: str) -> None:
        self.is_ready = True
        self._child = child
        self._called = called
        self._lines = child.lines()

    @classmethod
    async def start(cls, called: str) -> Self:
        return cls(await Child.start(_COMMAND, name="sqlite", folder="/"), called)

    async def rows(self, request: Mapping[str, Any]) -> AsyncGenerator[Sequence[Any]]:
        self.is_ready = False
        self._child.send(json.dumps(request).encode() + b"\n")
        columns, cells = 0, Cells()
        async for line in self._messages():
            match line:
                case {"error": str(said)}:
                    self.is_ready = True
                    if said:
                        raise sqlite_error(said, self._called)
                    return
                case {"columns": names}:
                    columns = len(names)
                    yield names
                case _:
                    cells.add(line)
                    if len(cells.whole) == columns:
                        yield cells.taken()

    async def end(self) -> None:
        await self._child.end()
        await self._lines.aclose()

    async def _messages(self) -> AsyncGenerator[Any]:
        read = 0
        async for line in self._lines:
            if (read := read + len(line)) > UNBROKEN:
                read = 0
                await asyncio.sleep(0)
            yield json.loads(line)
        raise SourceError(
            f"The process that reads {self._called} ended ({await self._child.status()}); fanin starts another one for"
            " the next question. Check how much memory there is.",
            FailureKind.EXIT,
        )


class Cells:
    """The cells of a row, put together from what the process writes (see `sqlite_child`)."""

    def __init__(self) -> None:
        self.whole: list[Any] = []
        self._pieces: list[str] = []

    def add(self, line: Sequence[Any]) -> None:
        """Take a line of what it writes."""
        for cell in line:
            if isinstance(cell, list):
                self._pieces.extend(cast("list[str]", cell))
            elif self._pieces:
                self.whole.append("".join((*self._pieces, cell)))
                self._pieces.clear()
            else:
                self.whole.append(cell)

    def taken(self) -> Sequence[Any]:
        """The cells that are whole, which are then forgotten."""
        row, self.whole = self.whole, []
        return row
