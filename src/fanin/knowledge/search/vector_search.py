"""Finds passages by the vectors of the table of tokens: compares all of them, which is exact and fast enough."""

import sqlite3
from collections.abc import Collection
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from fanin.embeddings.token_table import DIMENSIONS, Vector
from fanin.knowledge.search.search_values import IsStopped, raise_if_stopped
from fanin.knowledge.store.passage_vectors import is_of_table

if TYPE_CHECKING:
    import numpy as np

    type Floats = np.ndarray[Any, np.dtype[np.float32]]
    type Numbers = np.ndarray[Any, np.dtype[np.int64]]
    type Bytes = np.ndarray[Any, np.dtype[np.int8]]
    type AllVectors = tuple[Numbers, Bytes, Floats]
    """Passages, their vectors, and the lengths of these."""

WAIT = 0.05
"""Seconds between checks whether to stop, while another search reads the vectors."""

_AT_ONCE = 512
"""Rows that are read or compared together: less than a millisecond of work, too little for numpy to start threads."""


@cache
def can_search_all() -> bool:
    """Whether numpy is there, without which comparing all vectors takes too long."""
    return find_spec("numpy") is not None


class Vectors:
    """The vectors of a knowledge base in memory, for many searches: 140 bytes for a passage. Threads may share it.

    A search reads them anew when some were added or removed. It needs numpy.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: tuple[int, int] | None = None
        self._all: AllVectors | None = None

    def nearest(
        self,
        connection: sqlite3.Connection,
        question: Vector,
        *,
        limit: int,
        allowed: Collection[int] | None = None,
        stopped: IsStopped = lambda: False,
    ) -> dict[int, float]:
        """The most similar passages with their similarity; only those in `allowed`, if given.

        Raises SearchStopped once `stopped` returns true.
        """
        import numpy as np

        passages, matrix, lengths = self._current(connection, stopped)
        similarity = _products(matrix, question, stopped) / (lengths * question.length)
        if allowed is not None:
            inside = np.isin(passages, np.fromiter(allowed, np.int64, len(allowed)))
            passages, similarity = passages[inside], similarity[inside]
        if len(passages) > limit:
            near = np.argpartition(-similarity, limit - 1)[:limit]
            passages, similarity = passages[near], similarity[near]
        best = np.lexsort((passages, -similarity))
        return dict(zip(passages[best].tolist(), similarity[best].tolist(), strict=True))

    def _current(self, connection: sqlite3.Connection, stopped: IsStopped) -> AllVectors:
        while not self._lock.acquire(timeout=WAIT):
            raise_if_stopped(stopped)
        try:
            state = _state(connection)
            if self._all is None or self._state != state:
                self._all = _read(connection, stopped)
                self._state = state
            return self._all
        finally:
            self._lock.release()


def _state(connection: sqlite3.Connection) -> tuple[int, int]:
    """The number of vectors and the last one's id, which is never given again; nothing of an older version counts."""
    if not is_of_table(connection):
        return 0, 0
    return connection.execute("SELECT count(*), coalesce(max(id), 0) FROM vectors").fetchone()


def _read(connection: sqlite3.Connection, stopped: IsStopped) -> AllVectors:
    import numpy as np

    passages, vectors, squares = list[int](), bytearray(), [np.empty(0, np.float32)]
    rows = connection.execute("SELECT passage, vector FROM vectors WHERE ?", (is_of_table(connection),))
    while batch := rows.fetchmany(_AT_ONCE):
        raise_if_stopped(stopped)
        passages += [passage for passage, _ in batch]
        joined = b"".join([vector for _, vector in batch])
        vectors += joined
        floats = np.frombuffer(joined, np.int8).reshape(-1, DIMENSIONS).astype(np.float32)
        squares.append(np.einsum("ij,ij->i", floats, floats))
    lengths = np.maximum(np.sqrt(np.concatenate(squares)), 1.0)
    return np.array(passages, np.int64), np.frombuffer(vectors, np.int8).reshape(-1, DIMENSIONS), lengths


def _products(matrix: Bytes, question: Vector, stopped: IsStopped) -> Floats:
    import numpy as np

    asked, found = np.array(question.numbers, np.float32), np.empty(len(matrix), np.float32)
    for at in range(0, len(matrix), _AT_ONCE):
        raise_if_stopped(stopped)
        rows = matrix[at : at + _AT_ONCE]
        found[at : at + len(rows)] = rows.astype(np.float32) @ asked
    return found
