"""A question to a knowledge base, answered by words and by meaning at once."""

import sqlite3
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fanin.knowledge.embedding import Embedder, installed
from fanin.knowledge.search.lexical_search import lexical
from fanin.knowledge.search.rank_fusion import Order, fuse, ranked
from fanin.knowledge.search.search_values import Filters, Hit, Stopped, Way, check
from fanin.knowledge.search.vector_search import Vectors
from fanin.knowledge.store.database_file import reading
from fanin.knowledge.store.queries import model

DEPTH = 200
"""Passages of each order that are fused."""

STEPS = 1_000
"""Instructions of SQLite's virtual machine, a fraction of a millisecond, after which it looks whether to stop."""

MEANING = 3.0
"""What the order by meaning counts beside the one by words: in bench/quality it is right far more often."""

_HITS = """
SELECT p.id, d.path, p.title, p.heading, p.text, p.start, p.stop, r.name, d.published
FROM passages p JOIN documents d ON d.id = p.document JOIN roots r ON r.id = d.root WHERE p.id IN ({})
"""
_DOCUMENTS = "SELECT id, document FROM passages WHERE id IN ({})"
_AMONG = """
SELECT p.id FROM passages p JOIN documents d ON d.id = p.document JOIN roots r ON r.id = d.root WHERE {}
"""


class Knowledge:
    """A knowledge base that is searched many times; threads may share it. Each search opens the file for itself.

    `embedder` gives the model for vectors, or None where there is none.
    """

    def __init__(self, path: Path, *, embedder: Callable[[], Embedder | None] = installed) -> None:
        self.path = path
        self._embedder = embedder
        self._vectors = Vectors()

    def is_filled(self) -> bool:
        """Whether there is anything to be found. Raises KnowledgeError for a file that is no knowledge base."""
        if not self.path.exists() or not self.path.stat().st_size:
            return False
        with reading(self.path) as connection:
            return connection.execute("SELECT 1 FROM passages").fetchone() is not None

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        filters: Filters | None = None,
        way: Way = "hybrid",
        stopped: Stopped = lambda: False,
    ) -> list[Hit]:
        """At most `limit` passages, best first. Blocking. Raises KnowledgeError when the file cannot be read.

        Without a model, or without vectors of this model, passages are found by their words alone. Once `stopped` is
        true it raises SearchStopped: within 1,000 steps of SQLite, and between two calls of the model.
        """
        wanted, orders = filters or Filters(), list[Order]()
        with reading(self.path) as connection, _until(stopped, connection):
            connection.execute("BEGIN")  # one state of the file for every step
            if way != "semantic":
                orders.append((1.0, lexical(connection, question, wanted, limit=DEPTH)))
            if way != "lexical":
                orders.append((MEANING, self._semantic(connection, question, wanted, stopped)))
            scores = fuse(orders)
            return _hits(connection, ranked(scores, _documents(connection, scores))[:limit])

    def _semantic(self, connection: sqlite3.Connection, question: str, filters: Filters, stopped: Stopped) -> list[int]:
        made_by = model(connection)
        embedder = self._embedder() if made_by else None
        if embedder is None or embedder.name != made_by:
            return []
        check(stopped)
        (wanted,) = embedder.embed([question])
        check(stopped)
        among = _among(connection, filters)
        return self._vectors.nearest(connection, wanted, limit=DEPTH, among=among, stopped=stopped)


@contextmanager
def _until(stopped: Stopped, connection: sqlite3.Connection) -> Generator[None]:
    """Interrupt what the connection does once `stopped` is true."""
    connection.set_progress_handler(stopped, STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        check(stopped)
        raise


def _documents(connection: sqlite3.Connection, passages: Collection[int]) -> dict[int, int]:
    wanted = ", ".join("?" * len(passages))
    return dict(connection.execute(_DOCUMENTS.format(wanted), tuple(passages)))


def _hits(connection: sqlite3.Connection, found: Sequence[tuple[int, float]]) -> list[Hit]:
    wanted = ", ".join("?" * len(found))
    rows = connection.execute(_HITS.format(wanted), tuple(passage for passage, _ in found))
    told = {row[0]: row[1:] for row in rows}
    return [
        Hit(path, title, heading, text, start, stop, round(score, 4), name=name, published=published)
        for passage, score in found
        for path, title, heading, text, start, stop, name, published in (told[passage],)
    ]


def _among(connection: sqlite3.Connection, filters: Filters) -> Collection[int] | None:
    clause, values = filters.clause()
    return [number for (number,) in connection.execute(_AMONG.format(clause), values)] if clause else None
