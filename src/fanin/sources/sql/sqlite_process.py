"""Reads SQLite files in processes that can be killed, since SQLite cannot interrupt every statement."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, Self, cast

from fanin.errors import FailureKind, SourceError
from fanin.limits import LIMITS, Limits
from fanin.sources.programs.child_process import Child
from fanin.sources.sql import sqlite_child
from fanin.sources.sql.query_parameters import Values
from fanin.sources.sql.sql_errors import sqlite_error

IDLE = 2
"""Idle processes that are kept for the next questions."""

BYTES_PER_TURN = 262_144
"""Bytes that are read between two pauses for the event loop."""

_COMMAND = (sys.executable, "-I", "-S", str(Path(sqlite_child.__file__)))
"""Without site packages and the variables of the environment, which would only cost time."""


class SQLite:
    """A SQLite file that is only read, with one query. A relative path starts in the working directory."""

    def __init__(self, path: Path, query: str, *, label: str, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._label = label
        self._request = {
            "path": str(path.expanduser().absolute()),
            "query": query,
            "characters": limits.row_characters,
            "memory": limits.sqlite_bytes,
        }
        self._idle: list[_Reader] = []
        self._slots = asyncio.Semaphore(self._limits.statements)

    async def rows(
        self,
        values: Values,
        *,
        most: int,
        seconds: float,  # noqa: ARG002  to stop, the caller closes the generator, which kills the process
    ) -> AsyncGenerator[Sequence[Any]]:
        """The names of the columns, then at most `most` rows, as they arrive. Raises SourceError."""
        async with self._slots:
            reader = self._idle.pop() if self._idle else await _Reader.start(self._label)
            try:
                async with aclosing(reader.rows({**self._request, "values": values, "rows": most})) as rows:
                    async for row in rows:
                        yield row
            finally:
                await self._release(reader)

    async def close(self) -> None:
        """End every idle process."""
        idle, self._idle, self._slots = self._idle, [], asyncio.Semaphore(self._limits.statements)
        await asyncio.gather(*(reader.end() for reader in idle))

    async def _release(self, reader: _Reader) -> None:
        if reader.is_ready and len(self._idle) < IDLE:
            self._idle.append(reader)
        else:
            await reader.end()


class _Reader:
    """One process: `is_ready` for a request until it gets one, and again when it has answered that one completely."""

    def __init__(self, child: Child, label: str) -> None:
        self.is_ready = True
        self._child = child
        self._label = label
        self._lines = child.lines()

    @classmethod
    async def start(cls, label: str) -> Self:
        return cls(await Child.start(_COMMAND, name="sqlite", folder="/"), label)

    async def rows(self, request: Mapping[str, Any]) -> AsyncGenerator[Sequence[Any]]:
        self.is_ready = False
        self._child.send(json.dumps(request).encode() + b"\n")
        columns, cells = 0, RowAssembler()
        async for line in self._messages():
            match line:
                case {"error": str(message)}:
                    self.is_ready = True
                    if message:
                        raise sqlite_error(message, self._label, most=request["characters"])
                    return
                case {"columns": names}:
                    columns = len(names)
                    yield names
                case _:
                    cells.add(line)
                    if len(cells.complete) == columns:
                        yield cells.take_row()

    async def end(self) -> None:
        await self._child.end()
        await self._lines.aclose()

    async def _messages(self) -> AsyncGenerator[Any]:
        read = 0
        async for line in self._lines:
            if (read := read + len(line)) > BYTES_PER_TURN:
                read = 0
                await asyncio.sleep(0)
            yield json.loads(line)
        raise SourceError(
            f"The process that reads {self._label} ended ({await self._child.status()}); fanin starts another one for"
            " the next question. Check how much memory there is.",
            FailureKind.EXIT,
        )


class RowAssembler:
    """Assembles the cells of a row from the lines that the process writes (see `sqlite_child`)."""

    def __init__(self) -> None:
        self.complete: list[Any] = []
        self._pieces: list[str] = []

    def add(self, line: Sequence[Any]) -> None:
        """Add the cells of a line."""
        for cell in line:
            if isinstance(cell, list):
                self._pieces.extend(cast("list[str]", cell))
            elif self._pieces:
                self.complete.append("".join((*self._pieces, cell)))
                self._pieces.clear()
            else:
                self.complete.append(cell)

    def take_row(self) -> Sequence[Any]:
        """The complete cells, which are removed."""
        row, self.complete = self.complete, []
        return row
