"""The index of words: the terms of every passage, and how words are spelled."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from fanin.errors import message_of
from fanin.storage.sqlite_file import transaction, version_of
from fanin.text.index_terms import index_terms, rule

AT_ONCE = 500
"""Passages that are indexed in one transaction, some 50 ms of work, when an index is made anew."""

WITH_TERMS = 2
"""The version of the tables from which on the index holds fanin's own terms."""

type IndexRow = tuple[str, str, str]
"""The terms of a passage: of its title, its heading and its text."""


def index_rows(passages: Iterable[tuple[str, str, str]]) -> tuple[Sequence[IndexRow], Collection[str]]:
    """The rows of passages, of which the title, the heading and the text are given, and the words that they spell."""
    rows, spellings, known = list[IndexRow](), set[str](), dict[str, str]()
    for title, heading, text in passages:
        for each in {title, heading} - known.keys():
            known[each], spelled = index_terms(each)
            spellings |= spelled
        terms, spelled = index_terms(text)
        spellings |= spelled
        rows.append((known[title], known[heading], terms))
    return rows, spellings


def put_index(connection: sqlite3.Connection, rows: Mapping[int, IndexRow], spellings: Collection[str]) -> None:
    """Store the rows of passages; inside the caller's transaction."""
    connection.executemany(
        "INSERT INTO words (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
        ((passage, *row) for passage, row in rows.items()),
    )
    connection.executemany("INSERT OR IGNORE INTO spellings VALUES (?, ?)", ((word, word[::-1]) for word in spellings))


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the index is complete and was made as this version of fanin makes it."""
    return version_of(connection) >= WITH_TERMS and _state(connection) == (rule(), None)


def refresh_index(connection: sqlite3.Connection, *, stopped: Callable[[], bool] = lambda: False) -> None:
    """Make the index anew from the stored passages if it was made in another way, until it is done or `stopped`.

    A later call goes on where this one stopped.
    """
    while not is_current(connection) and not stopped():
        with transaction(connection):
            _refresh_some(connection)


def _refresh_some(connection: sqlite3.Connection) -> None:
    made_by, last = _state(connection)
    if made_by != rule():
        connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
        connection.execute("DELETE FROM spellings")
        last = 0
    found = connection.execute(
        "SELECT id, title, heading, text FROM passages WHERE id > ? ORDER BY id LIMIT ?", (last, AT_ONCE)
    ).fetchall()
    rows, spellings = index_rows(row[1:] for row in found)
    put_index(connection, dict(zip((row[0] for row in found), rows, strict=True)), spellings)
    connection.execute("INSERT OR REPLACE INTO facts VALUES ('index', ?)", (rule(),))
    if len(found) == AT_ONCE:
        connection.execute("INSERT OR REPLACE INTO facts VALUES ('indexed', ?)", (str(found[-1][0]),))
    else:
        connection.execute("DELETE FROM facts WHERE name = 'indexed'")


def _state(connection: sqlite3.Connection) -> tuple[str, int | None]:
    """The rule by which the index was made, and the last passage in it while it is not complete."""
    facts = dict(connection.execute("SELECT name, value FROM facts WHERE name IN ('index', 'indexed')"))
    return facts.get("index", ""), int(facts["indexed"]) if "indexed" in facts else None


def index_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """A sentence if the index does not hold what the passages say: counts every term in both."""
    try:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        connection.execute("CREATE VIRTUAL TABLE temp.counted USING fts5vocab (main, words, row)")
        held = Counter(dict(connection.execute("SELECT term, cnt FROM temp.counted")))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:  # another error than one of the index
            raise
        yield f"The index of words does not agree with the passages: {message_of(error)}."
        return
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.counted")
    if held != _counted(connection):
        yield "The index of words does not agree with the passages."


def _counted(connection: sqlite3.Connection) -> Counter[str]:
    counts = Counter[str]()
    for row in connection.execute("SELECT title, heading, text FROM passages"):
        counts.update(" ".join(index_terms(each).terms for each in row).split(" "))
    del counts[""]
    return counts
