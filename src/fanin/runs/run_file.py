"""The file of kept runs: its tables, and its connection."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from fanin.errors import RunsError, message_of
from fanin.storage.private_files import make_file, restrict_file
from fanin.storage.sqlite_file import run_script, transaction, version_of

APPLICATION = 0x66616E72
"""SQLite's application id, "fanr": a file with another one belongs to another program."""

BUSY_TIMEOUT = 0.25
"""Seconds to wait for another process that writes; then this run is not kept."""

_RUNS = """
CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  user TEXT NOT NULL,
  asked_at REAL NOT NULL,           -- seconds since 1970
  status TEXT NOT NULL,
  seconds REAL NOT NULL,
  answered INTEGER NOT NULL,
  success INTEGER NOT NULL,
  question TEXT NOT NULL,
  text TEXT NOT NULL,               -- the text of the answer
  events BLOB NOT NULL              -- a JSON list, in which long texts are references, compressed by zlib
);
CREATE INDEX runs_of_user ON runs (user, number);
CREATE INDEX runs_by_time ON runs (asked_at);
CREATE TABLE texts (                -- each long text once, compressed by zlib, by its SHA-256
  digest BLOB PRIMARY KEY,
  text BLOB NOT NULL
);
CREATE TABLE run_texts (            -- the long texts of a run, by the number that its events have for them
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  place INTEGER NOT NULL,
  digest BLOB NOT NULL REFERENCES texts,
  PRIMARY KEY (run, place)
) WITHOUT ROWID;
CREATE INDEX run_texts_by_digest ON run_texts (digest);
CREATE TRIGGER run_text_removed AFTER DELETE ON run_texts BEGIN
  DELETE FROM texts WHERE digest = old.digest AND NOT EXISTS (SELECT 1 FROM run_texts WHERE digest = old.digest);
END;
"""

_WORDS = """
CREATE VIRTUAL TABLE words USING fts5(question, text, content = '', contentless_delete = 1);
INSERT INTO words (rowid, question, text) SELECT number, question, text FROM runs;
CREATE TRIGGER run_kept AFTER INSERT ON runs BEGIN
  INSERT INTO words (rowid, question, text) VALUES (new.number, new.question, new.text);
END;
CREATE TRIGGER run_removed AFTER DELETE ON runs BEGIN
  DELETE FROM words WHERE rowid = old.number;
END;
"""

_SHARES = """
CREATE TABLE shares (               -- links by which others read a run, by their names
  name TEXT PRIMARY KEY,
  run INTEGER NOT NULL UNIQUE REFERENCES runs (number) ON DELETE CASCADE
) WITHOUT ROWID;
"""

_REQUESTS = """
ALTER TABLE runs ADD COLUMN request TEXT NOT NULL DEFAULT '{}';  -- what the request said besides its question
ALTER TABLE runs ADD COLUMN key TEXT;                            -- by which it is known when it is sent again
CREATE INDEX runs_by_key ON runs (key) WHERE key IS NOT NULL;
"""

_FIGURES = """
ALTER TABLE runs ADD COLUMN figure TEXT NOT NULL DEFAULT '[0, []]';  -- the deadline, and each source with its times
"""

STEPS = (_RUNS, _WORDS, _SHARES, _REQUESTS, _FIGURES)
"""What makes a file of each version one of the next; the first one begins with an empty file."""

VERSION = len(STEPS)
"""The version of the tables (SQLite's user_version); a file with a higher one was made by a newer fanin."""


def open_run_file(path: Path) -> sqlite3.Connection:
    """A connection to the file, which is made if there is none, and brought up to date. Raises RunsError."""
    with translate_errors(path):
        make_file(path)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
            restrict_file(path)
        except BaseException:
            connection.close()
            raise
        return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Check what file it is before anything is changed in it, and set the connection up."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
    if connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
        _check_version(connection, path)
    if version_of(connection) < VERSION:
        _update(connection)
    # A power cut may lose the last runs, but does not damage the file.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise RunsError(f"{str(path)!r} holds no runs of fanin; fanin left it as it is. Name another file.")
    if (version := version_of(connection)) not in range(1, VERSION + 1):
        raise RunsError(
            f"{str(path)!r} was made by another version of fanin ({version}, here {VERSION}); fanin left it as it is."
            " Update fanin, or name another file."
        )


def _update(connection: sqlite3.Connection) -> None:
    """Make the tables, or give those of an older version the form of today, wholly or not at all."""
    with transaction(connection):
        for step in STEPS[version_of(connection) :]:  # another process may have been first
            run_script(connection, step)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def translate_errors(path: Path) -> Generator[None]:
    """Turn errors of SQLite and the system into RunsError."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        why = message_of(error) if isinstance(error, sqlite3.Error) else error.strerror or type(error).__name__
        raise RunsError(
            f"The runs in {str(path)!r} cannot be used: {why}; fanin kept and gave nothing of them. Make room, make the"
            " file writable, or name another one in [runs] of fanin.toml."
        ) from error
