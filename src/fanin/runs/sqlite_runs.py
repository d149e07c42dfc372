"""Keeps runs in one SQLite file, in a thread of its own, so that no answer waits for a disk."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from fanin.background import DaemonThreads
from fanin.errors import RunsError, describe
from fanin.runs import run_rows
from fanin.runs.run_file import open_run_file, translate_errors
from fanin.runs.run_record import EndedRun, KeptRun, RunSummary

_log = logging.getLogger("fanin")


class SQLiteRuns:
    """A `RunStore` in a file, which several processes may use; runs older than `seconds` are removed."""

    def __init__(self, path: Path, *, seconds: float, wall: Callable[[], float] = time.time) -> None:
        self._path = path
        self._seconds = seconds
        self._wall = wall
        self._thread: DaemonThreads | None = None
        self._connection: sqlite3.Connection | None = None
        self._failing = False

    async def keep(self, run: EndedRun) -> None:
        """Keep the run; an error, which is logged, costs the record."""
        try:
            await self._do(partial(self._keep, run))
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer was given
            if not self._failing:
                _log.warning("A run was not kept: %s", describe(error))
            self._failing = True
        else:
            self._failing = False

    async def find(self, run: str, *, user: str | None) -> KeptRun | None:
        """The run of this id; None if there is none of this user. Raises RunsError."""
        return await self._read(lambda connection: run_rows.find(connection, run, user=user), None)

    async def summaries(
        self, *, user: str | None, words: str = "", before: str = "", most: int = 50
    ) -> Sequence[RunSummary]:
        """The newest first; only those with all these `words`, only those older than a run. Raises RunsError."""
        read = partial(run_rows.summaries, user=user, words=words, before=before, most=most)
        return await self._read(read, ())

    async def delete(self, run: str, *, user: str | None) -> bool:
        """Remove the run; false if there is none of this user. Raises RunsError."""
        return await self._read(lambda connection: run_rows.delete(connection, run, user=user), False)

    async def close(self) -> None:
        """Close the file, after all that was begun."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._close)
            thread.shutdown(wait=True)

    async def _read[T](self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """What the work gives, or nothing where there is no file yet."""
        return await self._do(lambda connection: work(connection()) if self._path.exists() else nothing)

    async def _do[T](self, work: Callable[[Callable[[], sqlite3.Connection]], T]) -> T:
        if self._thread is None:
            self._thread = DaemonThreads(1, name="fanin runs")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run[T](self, work: Callable[[Callable[[], sqlite3.Connection]], T]) -> T:
        with translate_errors(self._path):
            try:
                return work(self._opened)
            except sqlite3.Error, OSError, RunsError:
                self._close()  # the next call opens it anew: the disk may have room again
                raise

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_run_file(self._path)
        return self._connection

    def _keep(self, run: EndedRun, connection: Callable[[], sqlite3.Connection]) -> None:
        opened = connection()
        run_rows.insert(opened, run)
        run_rows.delete_older(opened, self._wall() - self._seconds)

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
