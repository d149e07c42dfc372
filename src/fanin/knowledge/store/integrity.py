"""Checks that the file of a knowledge base, its index, its passages and its vectors are consistent."""

import sqlite3
from collections.abc import Iterator

from fanin.knowledge.store.word_index import index_problems


def find_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each problem. Reads the whole file, which may take long."""
    yield from _file(connection)
    yield from index_problems(connection)
    yield from _passages(connection)
    yield from _vectors(connection)


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for (found,) in connection.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield f"The file is damaged: {found}."
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"Row {row} of {table} belongs to nothing in {parent}."


def _passages(connection: sqlite3.Connection) -> Iterator[str]:
    for number, path, text in connection.execute("SELECT id, path, text FROM documents"):
        spans = connection.execute(
            "SELECT start, stop, text FROM passages WHERE document = ? ORDER BY start", (number,)
        ).fetchall()
        wrong = [start for start, stop, words in spans if text[start:stop] != words]
        if not spans:
            yield f"{path}: it has no passages."
        elif wrong:
            yield f"{path}: {len(wrong)} of its passages differ from its text, the first at {wrong[0]}."


def _vectors(connection: sqlite3.Connection) -> Iterator[str]:
    sizes = connection.execute("SELECT DISTINCT length(vector) FROM vectors").fetchall()
    if len(sizes) > 1:
        yield f"The vectors have different sizes: {sorted(size for (size,) in sizes)} bytes."
