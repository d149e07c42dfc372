"""The file of a knowledge base: its path, its tables, and its connections."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fanin.errors import KnowledgeError, message_of
from fanin.storage.private_files import data_folder, make_file, restrict_file

VERSION = 1
"""The version of the tables; a file with a higher one was made by a newer fanin."""

APPLICATION = 0x66616E6B
"""SQLite's application id, "fank": a file with another one belongs to another program."""

LOCK_TIMEOUT = 30.0
"""Seconds to wait for another writer."""

_TABLES = """
CREATE TABLE roots (                -- the folders and files that were added, under a name
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  follow_links INTEGER NOT NULL
);
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  root INTEGER NOT NULL REFERENCES roots ON DELETE CASCADE,
  path TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  published TEXT NOT NULL,
  digest TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX documents_of_root ON documents (root);
CREATE TABLE passages (             -- text is the document's text from start to stop, in characters
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  title TEXT NOT NULL,
  heading TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX passages_of_document ON passages (document);
CREATE VIRTUAL TABLE words USING fts5 (
  title, heading, text, content = 'passages', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
  INSERT INTO words (rowid, title, heading, text) VALUES (new.id, new.title, new.heading, new.text);
END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
  INSERT INTO words (words, rowid, title, heading, text)
  VALUES ('delete', old.id, old.title, old.heading, old.text);
END;
CREATE TABLE vectors (              -- half-precision floats, little-endian, at length 1
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  passage INTEGER NOT NULL UNIQUE REFERENCES passages ON DELETE CASCADE,
  vector BLOB NOT NULL
);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def default_path() -> Path:
    """The user's own knowledge base, in the user's data directory (XDG Base Directory Specification)."""
    return data_folder() / "knowledge.sqlite"


@contextmanager
def open_for_reading(path: Path) -> Generator[sqlite3.Connection]:
    """A read-only connection; others may read and write at the same time.

    Raises KnowledgeError if there is no such file, or it is not a knowledge base of this version.
    """
    with translate_errors(path), closing(_connect(path, "rw")) as connection:
        yield connection


@contextmanager
def open_for_writing(path: Path) -> Generator[sqlite3.Connection]:
    """A connection that can write; makes the file if there is none. Raises KnowledgeError if it cannot."""
    with translate_errors(path):
        make_file(path)
        with closing(_connect(path, "rwc")) as connection:
            yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """A transaction: all that is written in it is on the disk when it ends, or nothing of it if it fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    if mode == "rw" and not path.exists():
        raise KnowledgeError(f"There is no knowledge base at {str(path)!r}; {_ADD}")
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=LOCK_TIMEOUT,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _prepare(connection, path, mode)
        restrict_file(path)
    except BaseException:
        connection.close()
        raise
    return connection


_ADD = "fanin found nothing. Add documents with `fanin kb add PATH`."


def _prepare(connection: sqlite3.Connection, path: Path, mode: str) -> None:
    """Check what file it is before anything is changed in it, and set the connection up."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -16384")  # KiB
    empty = not connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    if empty and mode == "rw":
        raise KnowledgeError(f"{str(path)!r} is empty; {_ADD}")
    if not empty:
        _check_version(connection, path)
    if mode == "rw":
        connection.execute("PRAGMA query_only = ON")
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what is committed is on the disk, power cuts included
    if empty:
        _create_tables(connection)


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise KnowledgeError(f"{str(path)!r} is not a knowledge base; fanin left it as it is. Name another file.")
    if version != VERSION:
        raise KnowledgeError(
            f"{str(path)!r} was made by another version of fanin ({version}, here {VERSION}); fanin left it as it is."
            " Update fanin, or make a new one with --kb FILE."
        )


def _create_tables(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty file."""
    with transaction(connection):
        if connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            return  # another process was first
        for statement in _statements(_TABLES):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def translate_errors(path: Path) -> Generator[None]:
    """Turn errors of SQLite and the system into KnowledgeError."""
    try:
        yield
    except sqlite3.Error as error:
        if str(error) == "attempt to write a readonly database" or error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            advice = "Name another file, or make it writable."
        else:
            advice = "Make room or repair the disk, see `fanin kb check`, and call again."
        raise KnowledgeError(
            f"{str(path)!r}: {message_of(error)}; fanin stored what it had reported as added, and nothing after it."
            f" {advice}"
        ) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise KnowledgeError(f"{str(path)!r}: {why}; fanin did not open it. Name another place with --kb.") from error
