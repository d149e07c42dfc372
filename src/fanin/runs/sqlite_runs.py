"""Keeps runs in one SQLite file, in a thread of its own, so that no answer waits for a disk."""

import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from fanin.errors import RunsError, describe
from fanin.runs import run_rows, run_shares
from fanin.runs.run_file import open_run_file, translate_errors
from fanin.runs.run_record import EndedRun, KeptRun, RunSummary
from fanin.runs.source_history import AskedSources
from fanin.storage.sqlite_file import FileThread

_log = logging.getLogger("fanin")


class SQLiteRuns:
    """A `RunStore` in a file, which several processes may use; runs older than `seconds` are removed."""

    def __init__(self, path: Path, *, seconds: float, wall: Callable[[], float] = time.time) -> None:
        self._path = path
        self._seconds = seconds
        self._wall = wall
        self._thread = FileThread(lambda: open_run_file(path), name="fanin runs")
        self._failing = False

    async def keep(self, run: EndedRun) -> bool:
        """Keep the run; whether it did. An error, which is logged, costs the record."""
        try:
            await self._do(partial(self._keep, run))
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer was given
            if not self._failing:
                _log.warning("A run was not kept: %s", describe(error))
            self._failing = True
        else:
            self._failing = False
        return not self._failing

    async def repeated(self, key: str, *, since: float) -> tuple[str, str] | None:
        """The id and the digest of the body of the newest run whose request had this key. Raises RunsError."""
        return await self._read(lambda connection: run_rows.repeated(connection, key, since=since), None)

    async def find(self, run: str, *, user: str | None) -> KeptRun | None:
        """The run of this id; None if there is none of this user. Raises RunsError."""
        return await self._read(lambda connection: run_rows.find(connection, run, user=user), None)

    async def summaries(
        self, *, user: str | None, words: str = "", before: str = "", most: int = 50
    ) -> Sequence[RunSummary]:
        """The newest first; only those with all these `words`, only those older than a run. Raises RunsError."""
        read = partial(run_rows.summaries, user=user, words=words, before=before, most=most)
        return await self._read(read, ())

    async def kept(self, runs: Collection[str]) -> set[str]:
        """Those of these ids that are ids of kept runs. Raises RunsError."""
        return await self._read(lambda connection: run_rows.kept(connection, runs), set[str]())

    async def delete(self, run: str, *, user: str | None) -> bool:
        """Remove the run; false if there is none of this user. Raises RunsError."""
        return await self._read(lambda connection: run_rows.delete(connection, run, user=user), False)

    async def share(self, run: str, *, user: str | None) -> str | None:
        """The name of the link to a run, which is made if there is none. Raises RunsError."""
        return await self._read(lambda connection: run_shares.share(connection, run, user=user), None)

    async def shared_as(self, run: str, *, user: str | None) -> str | None:
        """The name of the link to a run; None if it has none. Raises RunsError."""
        return await self._read(lambda connection: run_shares.shared_as(connection, run, user=user), None)

    async def unshare(self, run: str, *, user: str | None) -> bool:
        """Take the link to a run back; false if it had none. Raises RunsError."""
        return await self._read(lambda connection: run_shares.unshare(connection, run, user=user), False)

    async def find_shared(self, name: str) -> KeptRun | None:
        """The run to which the link of this name leads; None if there is no such link. Raises RunsError."""
        return await self._read(lambda connection: run_shares.find_shared(connection, name), None)

    async def asked_sources(self, *, user: str | None, most: int = 300) -> Sequence[AskedSources]:
        """The outcomes of the newest runs that have an answer, the newest first. Raises RunsError."""
        return await self._read(partial(run_shares.asked_sources, user=user, most=most), ())

    async def close(self) -> None:
        """Close the file, after all that was begun."""
        await self._thread.close()

    async def _read[T](self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """What the work gives, or nothing where there is no file yet."""
        return await self._do(lambda: work(self._thread.connection()) if self._path.exists() else nothing)

    async def _do[T](self, work: Callable[[], T]) -> T:
        return await self._thread.do(partial(self._run, work))

    def _run[T](self, work: Callable[[], T]) -> T:
        with translate_errors(self._path):
            try:
                return work()
            except sqlite3.Error, OSError, RunsError:
                self._thread.disconnect()  # the next call opens it anew: the disk may have room again
                raise

    def _keep(self, run: EndedRun) -> None:
        connection = self._thread.connection()
        run_rows.insert(connection, run)
        run_rows.delete_older(connection, self._wall() - self._seconds)
