"""The stored vectors: one of the table of tokens for each passage, and those that a language model made of texts."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from fanin.embeddings import token_table
from fanin.knowledge.embedding import headed_text
from fanin.storage.sqlite_file import transaction

AT_ONCE = 500
"""Passages that get their vectors in one transaction, some 100 ms of work."""

SPREAD = 4
"""Passages, spread over a document, that stand for it."""

MODEL_VECTORS = 100_000
"""Vectors of the language model that are kept, those that were made last: 80 MB."""

_WITHOUT = """
SELECT p.id, p.title, p.heading, p.text FROM passages p LEFT JOIN vectors v ON v.passage = p.id
WHERE v.id IS NULL AND p.id > ? ORDER BY p.id LIMIT ?
"""
_TEXTS = "SELECT id, title, heading, text FROM passages WHERE id IN ({})"
_OF_DOCUMENTS = "SELECT id, document FROM passages WHERE document IN ({}) ORDER BY id"
_STORED = "SELECT passage, vector FROM vectors WHERE passage IN ({})"
_MADE = "SELECT text, vector FROM model_vectors WHERE text IN ({})"


def packed_vector(title: str, heading: str, text: str) -> bytes:
    """The vector of a passage as it is stored."""
    return token_table.vector(headed_text(title, heading, text)).packed()


def put_vectors(connection: sqlite3.Connection, vectors: Iterable[tuple[int, bytes]]) -> None:
    """Store vectors of passages; inside the caller's transaction."""
    connection.executemany("INSERT INTO vectors (passage, vector) VALUES (?, ?)", vectors)


def use_table(connection: sqlite3.Connection) -> None:
    """Remember the name of the table of tokens, and remove the vectors of another one."""
    if not is_of_table(connection):
        with transaction(connection):
            connection.execute("DELETE FROM vectors")
            connection.execute("INSERT OR REPLACE INTO facts (name, value) VALUES ('table', ?)", (token_table.NAME,))


def is_of_table(connection: sqlite3.Connection) -> bool:
    """Whether the stored vectors were made by the table of this version; of others none is used."""
    found = connection.execute("SELECT value FROM facts WHERE name = 'table'").fetchone()
    return found == (token_table.NAME,)


def add_missing_vectors(connection: sqlite3.Connection, *, after: int) -> int | None:
    """Make the vectors of some passages after this one that have none, because an older version stored them.

    Gives the last of them, after which to go on; None if there are no more.
    """
    rows = connection.execute(_WITHOUT, (after, AT_ONCE)).fetchall()
    with transaction(connection):
        put_vectors(connection, [(row[0], packed_vector(*row[1:])) for row in rows])
    return rows[-1][0] if rows else None


def similarities(
    connection: sqlite3.Connection, question: token_table.Vector, passages: Sequence[int]
) -> dict[int, float]:
    """How similar these passages are to the question, -1 to 1."""
    known = _vectors(connection, passages)
    return {passage: token_table.unpacked(known[passage]).similarity(question) for passage in passages}


def document_similarities(
    connection: sqlite3.Connection, question: token_table.Vector, documents: Collection[int]
) -> dict[int, float]:
    """How similar these documents are to the question, -1 to 1, by passages that are spread over each."""
    passages: dict[int, list[int]] = {}
    for passage, document in connection.execute(_OF_DOCUMENTS.format(placeholders(documents)), tuple(documents)):
        passages.setdefault(document, []).append(passage)
    spread = {document: found[:: -(-len(found) // SPREAD)] for document, found in passages.items()}
    known = _vectors(connection, [passage for each in spread.values() for passage in each])
    added = {document: token_table.added(known[each] for each in found) for document, found in spread.items()}
    return {document: each.similarity(question) for document, each in added.items()}


def _vectors(connection: sqlite3.Connection, passages: Sequence[int]) -> dict[int, bytes]:
    """The vectors of these passages; one that is not stored yet is made."""
    known = _stored(connection, passages)
    missing = [passage for passage in passages if passage not in known]
    return known | {passage: token_table.vector(text).packed() for passage, text in texts(connection, missing).items()}


def _stored(connection: sqlite3.Connection, passages: Sequence[int]) -> dict[int, bytes]:
    if not is_of_table(connection):
        return {}
    return dict(connection.execute(_STORED.format(placeholders(passages)), passages).fetchall())


def texts(connection: sqlite3.Connection, passages: Sequence[int]) -> dict[int, str]:
    """The texts of these passages of which vectors are made."""
    rows = connection.execute(_TEXTS.format(placeholders(passages)), passages)
    return {number: headed_text(title, heading, text) for number, title, heading, text in rows}


def model_vectors(connection: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """The vectors that a language model made of texts before, by `fanin.knowledge.embedding.text_key`."""
    if not is_of_table(connection):
        return {}  # a file of an older version, which has no such table
    return dict(connection.execute(_MADE.format(placeholders(keys)), keys).fetchall())


def keep_model_vectors(connection: sqlite3.Connection, vectors: Mapping[bytes, bytes]) -> None:
    """Keep vectors of a language model for later searches, unless another process writes or the file cannot be."""
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA query_only = OFF")
    with suppress(sqlite3.OperationalError), transaction(connection):
        connection.executemany("INSERT OR IGNORE INTO model_vectors (text, vector) VALUES (?, ?)", vectors.items())
        connection.execute(
            "DELETE FROM model_vectors WHERE id <= (SELECT max(id) FROM model_vectors) - ?", (MODEL_VECTORS,)
        )


def placeholders(values: Collection[object]) -> str:
    """A question mark for each value, for a query of SQLite."""
    return ", ".join("?" * len(values))
