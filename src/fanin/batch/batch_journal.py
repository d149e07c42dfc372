"""What became of the rows of a batch, in a SQLite file beside the output: a batch that was killed goes on from it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fanin.bounded_json import without_surrogates
from fanin.errors import ConfigError
from fanin.storage.sqlite_file import run_script, transaction, version_of
from fanin.values import value

APPLICATION = 0x66616E62
"""SQLite's application id, "fanb"."""

VERSION = 1
"""Of the tables, in SQLite's user_version."""

_TABLES = """
CREATE TABLE batch (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rows (
  number INTEGER PRIMARY KEY,       -- the line of the input
  digest BLOB NOT NULL,             -- of its values
  line TEXT NOT NULL,               -- what is written, as a JSON object
  set_aside TEXT NOT NULL           -- the question, if it is to be asked again at the end
);
CREATE TABLE statistics (one INTEGER PRIMARY KEY CHECK (one = 1), value TEXT NOT NULL);  -- of all rows, as JSON
CREATE INDEX rows_set_aside ON rows (number) WHERE set_aside <> '';
"""


@value
class Written:
    """What is written for a row: the line of the input, the digest of its values, and a JSON object as text.

    `set_aside` is its question if it is to be asked again at the end.
    """

    number: int
    digest: bytes
    line: str
    set_aside: str = ""


class BatchJournal:
    """The journal of one batch. `settings` are what has to be the same to go on. Raises ConfigError.

    It is not for the event loop: each call waits for the disk.
    """

    def __init__(self, path: Path, settings: Mapping[str, str], *, resume: bool) -> None:
        self.path = path
        if path.exists() and not resume:
            raise ConfigError(
                f"{path} holds the answers of a batch that did not end; fanin asked nothing. Go on with --resume, or"
                " delete it to begin anew."
            )
        self._failure: sqlite3.Error | None = None
        self._connection = self._open()
        self._check(settings)

    def known(self, numbers: Sequence[int]) -> Mapping[int, bytes]:
        """The digests of those rows that have been answered, of numbers in rising order."""
        found = self._connection.execute(
            "SELECT number, digest FROM rows WHERE number BETWEEN ? AND ?", (numbers[0], numbers[-1])
        )
        return dict(found.fetchall())

    def write(self, rows: Sequence[Written], statistics: str = "") -> None:
        """Keep what became of rows, and the statistics of all; they are there then whatever happens to the process.

        After an error nothing is kept any more: later statistics would count rows that are not there.
        """
        if self._failure is not None:
            raise self._failure
        try:
            with transaction(self._connection):
                self._write(rows, statistics)
        except sqlite3.Error as error:
            self._failure = error
            raise

    def _write(self, rows: Sequence[Written], statistics: str) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)",
            [(each.number, each.digest, each.line, each.set_aside) for each in rows],
        )
        if statistics:
            self._connection.execute("INSERT OR REPLACE INTO statistics VALUES (1, ?)", (statistics,))

    @property
    def statistics(self) -> str:
        """Those that were kept last, "" without any."""
        return "".join(value for (value,) in self._connection.execute("SELECT value FROM statistics"))

    def written(self, *, only_set_aside: bool = False) -> Iterator[Written]:
        """What is kept, in the order of the input; with `only_set_aside`, what is to be asked again."""
        after = -1
        where = "AND set_aside <> ''" if only_set_aside else ""
        query = f"SELECT * FROM rows WHERE number > ? {where} ORDER BY number LIMIT 500"  # noqa: S608 - no foreign text
        while found := self._connection.execute(query, (after,)).fetchall():
            for each in found:
                yield Written(*each)
            after = found[-1][0]

    @property
    def empty(self) -> bool:
        """Whether no row was kept."""
        return self._connection.execute("SELECT 1 FROM rows").fetchone() is None

    def close(self, *, remove: bool = False) -> None:
        """Close the file, and remove it if everything was written elsewhere."""
        self._connection.close()
        if remove:
            for each in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + each).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=0.25, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # two processes would ask the same rows
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            with transaction(connection):
                if not connection.execute("PRAGMA application_id").fetchone()[0]:
                    run_script(connection, _TABLES)
                    connection.execute(f"PRAGMA application_id = {APPLICATION}")
                    connection.execute(f"PRAGMA user_version = {VERSION}")
            _check_version(connection, self.path)
        except sqlite3.Error as error:
            connection.close()
            busy = "locked" in str(error)
            why = "another process works on this batch" if busy else f"it cannot be used ({error})"
            raise ConfigError(
                f"{self.path}: {why}; fanin asked nothing. Wait for it, or name another --output."
            ) from error
        return connection

    def _check(self, settings: Mapping[str, str]) -> None:
        kept: dict[str, Any] = dict(self._connection.execute("SELECT name, value FROM batch").fetchall())
        changed = [name for name, each in kept.items() if settings.get(name) != each]
        if kept and changed:
            self.close()
            raise ConfigError(
                f"{' and '.join(changed)} changed since this batch began; fanin asked nothing. Undo that to go on with"
                f" --resume, or delete {self.path} to begin anew."
            )
        with transaction(self._connection):
            self._connection.executemany("INSERT OR IGNORE INTO batch VALUES (?, ?)", settings.items())


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION or version_of(connection) != VERSION:
        connection.close()
        raise ConfigError(
            f"{path} is no journal of a batch that this version of fanin can go on with; fanin asked nothing. Go on"
            " with the version that began it, or delete the file to begin anew."
        )


def line_of(values: Mapping[str, Any]) -> str:
    """The text of a row that is written."""
    return without_surrogates(json.dumps(values, ensure_ascii=False))
