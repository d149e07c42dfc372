"""The file of a knowledge base: its path, and its connections."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

from fanin.errors import KnowledgeError, message_of
from fanin.knowledge.store.database_tables import APPLICATION, VERSION, prepare_tables
from fanin.knowledge.store.passage_vectors import use_table
from fanin.knowledge.store.word_index import refresh_index
from fanin.storage.private_files import data_folder, make_file, restrict_file
from fanin.storage.sqlite_file import version_of

LOCK_TIMEOUT = 30.0
"""Seconds to wait for another writer."""


def default_path() -> Path:
    """The user's own knowledge base, in the user's data directory (XDG Base Directory Specification)."""
    return data_folder() / "knowledge.sqlite"


@contextmanager
def open_for_reading(path: Path) -> Generator[sqlite3.Connection]:
    """A read-only connection; others may read and write at the same time.

    Raises KnowledgeError if there is no such file, or it is not a knowledge base, or one of a newer version.
    """
    with translate_errors(path), closing(_connect(path, "rw")) as connection:
        yield connection


@contextmanager
def open_for_writing(path: Path, *, stopped: Callable[[], bool] = lambda: False) -> Generator[sqlite3.Connection]:
    """A connection that can write; makes the file if there is none, and brings an older one up to date.

    Raises KnowledgeError if it cannot. Once `stopped` returns true, the index of words may be incomplete.
    """
    with translate_errors(path):
        make_file(path)
        with closing(_connect(path, "rwc")) as connection:
            use_table(connection)
            refresh_index(connection, stopped=stopped)
            yield connection


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
    prepare_tables(connection)


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise KnowledgeError(f"{str(path)!r} is not a knowledge base; fanin left it as it is. Name another file.")
    if (version := version_of(connection)) not in range(1, VERSION + 1):
        raise KnowledgeError(
            f"{str(path)!r} was made by another version of fanin ({version}, here {VERSION}); fanin left it as it is."
            " Update fanin, or make a new one with --kb FILE."
        )


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
