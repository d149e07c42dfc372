"""The queries of a knowledge base; each function is one transaction, or only reads."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fanin.knowledge.store.database_tables import transaction
from fanin.knowledge.store.word_index import IndexRow, put_index


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or file that was added, under a name; `follow_links`: also links that lead outside it."""

    id: int
    path: str
    name: str
    follow_links: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A document to store; each span is a passage: start and stop in its text, and its heading.

    `index` has a row for each span, and `spellings` are the words in them (`fanin.knowledge.store.word_index`).
    """

    path: str
    title: str
    published: str
    digest: str
    text: str
    spans: Sequence[tuple[int, int, str]]
    index: Sequence[IndexRow]
    spellings: Collection[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of documents and passages of a root; `vectors` passages can be found by meaning."""

    documents: int
    passages: int
    vectors: int


def add_root(connection: sqlite3.Connection, path: str, *, name: str, follow_links: bool) -> Root:
    """Add a root, or rename it; "" keeps its name, or names a new one after the path's last part."""
    with transaction(connection):
        known = connection.execute("SELECT name FROM roots WHERE path = ?", (path,)).fetchone()
        name = name or (known[0] if known else path.rpartition("/")[2]) or path
        connection.execute(
            "INSERT INTO roots (path, name, follow_links) VALUES (?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET name = excluded.name, follow_links = excluded.follow_links",
            (path, name, follow_links),
        )
    return next(root for root in roots(connection) if root.path == path)


def roots(connection: sqlite3.Connection) -> list[Root]:
    """All roots, ordered by name and path."""
    rows = connection.execute("SELECT id, path, name, follow_links FROM roots ORDER BY name, path")
    return [Root(number, path, name, bool(follow)) for number, path, name, follow in rows]


def counts(connection: sqlite3.Connection, root: Root | None = None) -> Counts:
    """The counts of the root, or of the whole knowledge base."""
    found = connection.execute(
        "SELECT count(DISTINCT d.id), count(p.id), count(v.id) FROM documents d"
        " LEFT JOIN passages p ON p.document = d.id LEFT JOIN vectors v ON v.passage = p.id"
        " WHERE ?1 IS NULL OR d.root = ?1",
        (root and root.id,),
    )
    return Counts(*found.fetchone())


def digests(connection: sqlite3.Connection, root: Root | None = None) -> dict[str, str]:
    """The digest of each document of the root, or of all, by its path."""
    found = connection.execute("SELECT path, digest FROM documents WHERE ?1 IS NULL OR root = ?1", (root and root.id,))
    return dict(found.fetchall())


def put_documents(connection: sqlite3.Connection, root: Root, entries: Iterable[Entry]) -> None:
    """Store the documents; each replaces the one at its path."""
    with transaction(connection):
        for entry in entries:
            connection.execute("DELETE FROM documents WHERE path = ?", (entry.path,))
            row = (root.id, entry.path, entry.title, entry.published, entry.digest, entry.text)
            inserted = connection.execute(
                "INSERT INTO documents (root, path, title, published, digest, text) VALUES (?, ?, ?, ?, ?, ?)", row
            )
            passages = [
                connection.execute(
                    "INSERT INTO passages (document, start, stop, title, heading, text) VALUES (?, ?, ?, ?, ?, ?)",
                    (inserted.lastrowid, start, stop, entry.title, heading, entry.text[start:stop]),
                ).lastrowid
                or 0
                for start, stop, heading in entry.spans
            ]
            put_index(connection, dict(zip(passages, entry.index, strict=True)), entry.spellings)


def remove_documents(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Remove the documents at the paths."""
    with transaction(connection):
        connection.executemany("DELETE FROM documents WHERE path = ?", ((path,) for path in paths))


def remove_roots(connection: sqlite3.Connection, removed: Iterable[Root]) -> None:
    """Remove the roots with all of their documents."""
    with transaction(connection):
        connection.executemany("DELETE FROM roots WHERE id = ?", ((root.id,) for root in removed))


def texts_without_vectors(connection: sqlite3.Connection, *, after: int, limit: int) -> dict[int, str]:
    """The texts to embed of passages without a vector, by passage: its headings and its text."""
    rows = connection.execute(
        "SELECT p.id, p.title, p.heading, p.text FROM passages p LEFT JOIN vectors v ON v.passage = p.id"
        " WHERE v.id IS NULL AND p.id > ? ORDER BY p.id LIMIT ?",
        (after, limit),
    )
    return {number: f"{_heading_path(title, heading)}\n{text}" for number, title, heading, text in rows}


def _heading_path(title: str, heading: str) -> str:
    """The headings of a passage, after the document's title unless they begin with it."""
    return heading if heading and heading.partition(" > ")[0] in title else " > ".join(filter(None, (title, heading)))


def put_vectors(connection: sqlite3.Connection, vectors: Mapping[int, bytes]) -> None:
    """Store the vectors of the passages that still exist."""
    with transaction(connection):
        connection.executemany(
            "INSERT OR IGNORE INTO vectors (passage, vector) SELECT id, ? FROM passages WHERE id = ?",
            ((vector, passage) for passage, vector in vectors.items()),
        )


def use_model(connection: sqlite3.Connection, name: str) -> None:
    """Remember the model's name, and remove all vectors of another model."""
    if connection.execute("SELECT 1 FROM facts WHERE name = 'model' AND value = ?", (name,)).fetchone():
        return
    with transaction(connection):
        connection.execute("DELETE FROM vectors")
        connection.execute("INSERT OR REPLACE INTO facts (name, value) VALUES ('model', ?)", (name,))


def model_name(connection: sqlite3.Connection) -> str:
    """The name of the model that made the vectors, or ""."""
    found = connection.execute("SELECT value FROM facts WHERE name = 'model'").fetchone()
    return found[0] if found else ""
