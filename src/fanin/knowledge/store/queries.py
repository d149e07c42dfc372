"""The queries of a knowledge base; each function is one transaction, or only reads."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fanin.knowledge.store.passage_vectors import put_vectors
from fanin.knowledge.store.word_index import IndexRow, put_index
from fanin.storage.sqlite_file import transaction


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or file that was added, under a name; `follow_links`: also links that lead outside it."""

    id: int
    path: str
    name: str
    follow_links: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A document to store. `published` is ISO 8601: the document's own date, or when its file was last changed.

    Each span is a passage: start and stop in the text, and its heading. `index` and `vectors` have a row for each span
    (`fanin.knowledge.store.word_index` and `.passage_vectors`), and `spellings` are the words in them.
    """

    digest: str
    title: str
    published: str
    text: str
    spans: Sequence[tuple[int, int, str]]
    index: Sequence[IndexRow]
    vectors: Sequence[bytes]
    spellings: Collection[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of documents and passages of a root; `vectors` of them have a vector."""

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


def put_documents(connection: sqlite3.Connection, root: Root, entries: Mapping[str, Entry]) -> None:
    """Store the documents by their paths; each replaces the one at its path."""
    with transaction(connection):
        for path, entry in entries.items():
            connection.execute("DELETE FROM documents WHERE path = ?", (path,))
            row = (root.id, path, entry.title, entry.published, entry.digest, entry.text)
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
            put_vectors(connection, zip(passages, entry.vectors, strict=True))


def remove_documents(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Remove the documents at the paths."""
    with transaction(connection):
        connection.executemany("DELETE FROM documents WHERE path = ?", ((path,) for path in paths))


def remove_roots(connection: sqlite3.Connection, removed: Iterable[Root]) -> None:
    """Remove the roots with all of their documents."""
    with transaction(connection):
        connection.executemany("DELETE FROM roots WHERE id = ?", ((root.id,) for root in removed))


def all_passages(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """The text of each passage, the title and the path of its document, in the order of documents."""
    return connection.execute(
        "SELECT passages.text, documents.title, documents.path FROM passages"
        " JOIN documents ON documents.id = passages.document ORDER BY documents.path, passages.start"
    ).fetchall()
