"""A store in one SQLite file, which several processes may use at the same time."""

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from fanin.errors import ConfigError, describe
from fanin.limits import LIMITS, Limits
from fanin.storage.private_files import make_file, restrict_file
from fanin.storage.sqlite_file import FileThread, version_of

BUSY_TIMEOUT = 0.25
"""Seconds to wait for another process that writes; then this value is not stored."""

FORMAT_VERSION = 2
"""The version of the keys in the file (SQLite's user_version); values with keys of another version are removed."""

_TABLES = (
    "create table if not exists kept (key text primary key, value blob not null, until real not null) without rowid",
    "create index if not exists kept_until on kept (until)",
)
_COLUMNS = ["key", "value", "until"]

_HEADER = b"SQLite format 3\0"

_PAGES = ("page_count", "freelist_count", "page_size")

_log = logging.getLogger("fanin")


class SQLiteStore:
    """Bytes by key in a file, read and written in a thread of its own, so that the event loop never waits for a disk.

    With a file that cannot be used no question fails: it stores nothing, and logs that once.
    """

    def __init__(self, path: Path, *, wall: Callable[[], float] = time.time, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._path = path
        self._wall = wall
        self._thread = FileThread(self._open, name="fanin store")
        self._broken = False

    def check(self) -> None:
        """Raise ConfigError for a path at which there can be no such file."""
        if why := _reason_unusable(self._path):
            raise ConfigError(
                f"The store {str(self._path)!r} cannot be used: {why}; fanin did not start. Name a file of fanin's own"
                " that can be written, or none."
            )

    async def get(self, key: str) -> bytes | None:
        """The value of the key, from any process; None if it has expired."""
        return await self._do(lambda file: self._read(file, key))

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Store the value for `seconds`."""
        await self._do(lambda file: self._write(file, key, value, self._wall() + seconds))

    async def swap(self, key: str, old: bytes | None, new: bytes, *, seconds: float) -> bool | None:
        """Store `new` for `seconds` if the value is `old`, or if there is none for None; None if the file is broken."""
        return await self._do(lambda file: self._swap(file, key, old, new, self._wall() + seconds))

    async def close(self) -> None:
        """Close the file, after all reads and writes that have begun."""
        await self._thread.close()

    async def _do[T](self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        return None if self._broken else await self._thread.do(partial(self._run, work))

    def _run[T](self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        try:
            with self._thread.connection() as file:
                return work(file)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                self._give_up(error)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
        return None

    def _open(self) -> sqlite3.Connection:
        make_file(self._path)
        file = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT, check_same_thread=False)
        try:
            _prepare(file)
            # A power cut may lose the last values, which are only cached ones, but does not damage the file.
            file.execute("pragma journal_mode = wal")
            file.execute("pragma synchronous = normal")
            restrict_file(self._path)
        except sqlite3.Error:
            file.close()
            raise
        return file

    def _read(self, file: sqlite3.Connection, key: str) -> bytes | None:
        row = file.execute("select value from kept where key = ? and until > ?", (key, self._wall())).fetchone()
        return row[0] if row and isinstance(row[0], bytes) else None

    def _write(self, file: sqlite3.Connection, key: str, value: bytes, until: float) -> None:
        file.execute("insert or replace into kept values (?, ?, ?)", (key, value, until))
        file.execute("delete from kept where until <= ?", (self._wall(),))
        over = file.execute("select count(*) from kept").fetchone()[0] - self._limits.stored_values
        while over > 0 or _bytes_used(file) > self._limits.stored_bytes:
            oldest = "delete from kept where key in (select key from kept order by until limit ?)"
            if not file.execute(oldest, (max(1, over),)).rowcount:
                break
            over = 0

    def _swap(self, file: sqlite3.Connection, key: str, old: bytes | None, new: bytes, until: float) -> bool:
        # Each statement is one step for other processes: none of them can write in between.
        if old is None:
            file.execute("delete from kept where key = ? and until <= ?", (key, self._wall()))
            done = file.execute("insert or ignore into kept values (?, ?, ?)", (key, new, until))
        else:
            done = file.execute(
                "update kept set value = ?, until = ? where key = ? and value = ?", (new, until, key, old)
            )
        return done.rowcount == 1

    def _give_up(self, error: Exception) -> None:
        self._broken = True
        self._thread.disconnect()
        _log.warning(
            "%s cannot be used (%s); fanin stores nothing. Remove it, or name another file.",
            self._path,
            describe(error),
        )


def _reason_unusable(path: Path) -> str:
    """Why there can be no store at this path; "" if there is no known reason."""
    try:
        if path.exists():
            with path.open("r+b") as file:
                return "" if file.read(len(_HEADER)) in (b"", _HEADER) else "it is not a SQLite file"
        folder = next(each for each in path.absolute().parents if each.exists())
    except OSError as error:
        return error.strerror or type(error).__name__
    except ValueError as error:
        return describe(error)
    return "" if folder.is_dir() and os.access(folder, os.W_OK) else f"nothing can be written in {folder}"


def _prepare(file: sqlite3.Connection) -> None:
    """Create the table, and drop the one of an older fanin.

    Raises sqlite3.DatabaseError for the file of another program.
    """
    if version_of(file) == FORMAT_VERSION:
        return
    with file:
        file.execute("begin immediate")
        if version_of(file) == FORMAT_VERSION:
            return  # another process was first
        tables = {name for (name,) in file.execute("select name from sqlite_schema where type = 'table'")}
        columns = [row[1] for row in file.execute("pragma table_info(kept)")]
        if tables - {"kept"} or columns not in ([], _COLUMNS):
            raise sqlite3.DatabaseError("it is the database of another program")
        file.execute("drop table if exists kept")
        for statement in _TABLES:
            file.execute(statement)
        file.execute(f"pragma user_version = {FORMAT_VERSION}")


def _bytes_used(file: sqlite3.Connection) -> int:
    """The bytes of the file that are in use."""
    pages, free, size = (file.execute(f"pragma {name}").fetchone()[0] for name in _PAGES)
    return (pages - free) * size
