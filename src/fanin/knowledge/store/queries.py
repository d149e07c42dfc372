"""What is put into a knowledge base and taken out of it; every function is one transaction, or reads only."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fanin.knowledge.store.database_file import transaction


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or file that was added, under a name; links that lead outside it are followed or refused."""

    id: int
    path: str
    name: str
    follow_links: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A document to keep; each span is a passage: start and stop in its text, and its heading."""

    path: str
    title: str
    published: str
    digest: str
    text: str
    spans: Sequence[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a root holds; `vectors` is how many of its passages can be found by meaning."""

    documents: int
    passages: int
    vectors: int


def add_root(connection: sqlite3.Connection, path: str, *, name: str, follow_links: bool) -> Root:
    """The root at the path, new or under a new name; "" keeps the name it has, or takes the path's last part."""
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
    """Every root, by name and path."""
    rows = connection.execute("SELECT id, path, name, follow_links FROM roots ORDER BY name, path")
    return [Root(number, path, name, bool(follow)) for number, path, name, follow in rows]


def counts(connection: sqlite3.Connection, root: Root | None = None) -> Counts:
    """How much the root holds, or the whole knowledge base."""
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


def put(connection: sqlite3.Connection, root: Root, entries: Iterable[Entry]) -> None:
    """Keep the documents, each in place of what was known at its path."""
    with transaction(connection):
        for entry in entries:
            connection.execute("DELETE FROM documents WHERE path = ?", (entry.path,))
            row = (root.id, entry.path, entry.title, entry.published, entry.digest, entry.text)
            made = connection.execute(
                "INSERT INTO documents (root, path, title, published, digest, text) VALUES (?, ?, ?, ?, ?, ?)", row
            )
            connection.executemany(
                "INSERT INTO passages (document, start, stop, title, heading, text) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (made.lastrowid, start, stop, entry.title, heading, entry.text[start:stop])
                    for start, stop, heading in entry.spans
                ),
            )


def remove(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Forget the documents at the paths."""
    with transaction(connection):
        connection.executemany("DELETE FROM documents WHERE path = ?", ((path,) for path in paths))


def remove_roots(connection: sqlite3.Connection, gone: Iterable[Root]) -> None:
    """Forget the roots with all of their documents."""
    with transaction(connection):
        connection.executemany("DELETE FROM roots WHERE id = ?", ((root.id,) for root in gone))


def without_vectors(connection: sqlite3.Connection, *, after: int, limit: int) -> dict[int, str]:
    """What to embed of passages without a vector, by passage: where it stands, and its text."""
    rows = connection.execute(
        "SELECT p.id, p.title, p.heading, p.text FROM passages p LEFT JOIN vectors v ON v.passage = p.id"
        " WHERE v.id IS NULL AND p.id > ? ORDER BY p.id LIMIT ?",
        (after, limit),
    )
    return {number: f"{_where(title, heading)}\n{text}" for number, title, heading, text in rows}


def _where(title: str, heading: str) -> str:
    """The headings of a passage, with the document's title where they do not say it themselves."""
    return heading if heading and heading.partition(" > ")[0] in title else " > ".join(filter(None, (title, heading)))


def put_vectors(connection: sqlite3.Connection, vectors: Mapping[int, bytes]) -> None:
    """Keep the vectors of those passages that are still there."""
    with transaction(connection):
        connection.executemany(
            "INSERT OR IGNORE INTO vectors (passage, vector) SELECT id, ? FROM passages WHERE id = ?",
            ((vector, passage) for passage, vector in vectors.items()),
        )


def use_model(connection: sqlite3.Connection, name: str) -> None:
    """Forget every vector that another model made."""
    if connection.execute("SELECT 1 FROM facts WHERE name = 'model' AND value = ?", (name,)).fetchone():
        return
    with transaction(connection):
        connection.execute("DELETE FROM vectors")
        connection.execute("INSERT OR REPLACE INTO facts (name, value) VALUES ('model', ?)", (name,))


def model(connection: sqlite3.Connection) -> str:
    """The name of the model that made the vectors, or ""."""
    found = connection.execute("SELECT value FROM facts WHERE name = 'model'").fetchone()
    return found[0] if found else ""
