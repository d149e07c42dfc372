"""Proof that a knowledge base is whole: the file, its index, its passages and its vectors agree."""

import sqlite3
from collections.abc import Iterator

from fanin.errors import message_of


def problems(connection: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each thing that is wrong; none when all is well. Reads everything, so it takes its time."""
    yield from _file(connection)
    yield from _index(connection)
    yield from _passages(connection)
    yield from _vectors(connection)


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for (found,) in connection.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield f"The file is damaged: {found}."
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"Row {row} of {table} belongs to nothing in {parent}."


def _index(connection: sqlite3.Connection) -> Iterator[str]:
    """FTS5 compares its index with every passage when it is asked with rank 1 (sqlite.org/fts5.html, 6.4)."""
    try:
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:  # it was not the index that failed
            raise
        yield f"The index of words does not agree with the passages: {message_of(error)}."


def _passages(connection: sqlite3.Connection) -> Iterator[str]:
    for number, path, text in connection.execute("SELECT id, path, text FROM documents"):
        spans = connection.execute(
            "SELECT start, stop, text FROM passages WHERE document = ? ORDER BY start", (number,)
        ).fetchall()
        wrong = [start for start, stop, words in spans if text[start:stop] != words]
        if not spans:
            yield f"{path}: it has no passages."
        elif wrong:
            yield f"{path}: {len(wrong)} of its passages do not stand in its text, the first at {wrong[0]}."


def _vectors(connection: sqlite3.Connection) -> Iterator[str]:
    sizes = connection.execute("SELECT DISTINCT length(vector) FROM vectors").fetchall()
    if len(sizes) > 1:
        yield f"The vectors have different sizes: {sorted(size for (size,) in sizes)} bytes."
