"""Passages by their meaning: every vector is looked at, which is exact, and fast enough without an index."""

import sqlite3
from collections.abc import Collection, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from fanin.knowledge.search.search_values import Stopped, check

if TYPE_CHECKING:
    import numpy as np

    type Floats = np.ndarray[Any, np.dtype[np.float32]]
    type Numbers = np.ndarray[Any, np.dtype[np.int64]]
    type Bytes = np.ndarray[Any, np.dtype[np.int8]]
    type Piece = tuple[Numbers, Bytes, Floats]
    """Passages, their vectors in bytes, and what a byte of each is worth."""

WAIT = 0.05
"""Seconds of waiting for another search that reads the vectors, after which one looks whether to stop."""

_MOST_PIECES = 64
_AT_ONCE = 256
"""Rows that are turned into floats together, so that they stay in the core's cache."""


class Vectors:
    """The vectors of a knowledge base in memory, for many searches: 0.4 KB a passage. Threads may share it.

    They are kept in bytes, which moves a product by less than 0.002. What was written since is read by the next search.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._pieces: Sequence[Piece] = ()
        self._known = (0, 0)

    def nearest(
        self,
        connection: sqlite3.Connection,
        wanted: Floats,
        *,
        limit: int,
        among: Collection[int] | None = None,
        stopped: Stopped = lambda: False,
    ) -> list[int]:
        """The passages whose vectors point most nearly where `wanted` does, best first; only `among`, if given.

        Raises SearchStopped once `stopped` is true.
        """
        import numpy as np

        pieces = self._refreshed(connection, stopped)
        if not pieces:
            return []
        passages = np.concatenate([numbers for numbers, _, _ in pieces])
        likeness = np.concatenate([_products(piece, wanted, stopped) for piece in pieces])
        if among is not None:
            inside = np.isin(passages, np.fromiter(among, np.int64, len(among)))
            passages, likeness = passages[inside], likeness[inside]
        if not len(passages):
            return []
        best = np.argpartition(-likeness, min(limit, len(passages)) - 1)[:limit]
        return passages[best[np.lexsort((passages[best], -likeness[best]))]].tolist()

    def _refreshed(self, connection: sqlite3.Connection, stopped: Stopped) -> Sequence[Piece]:
        """What is in the file; rows that were added are read, and all of them again when some were taken away."""
        while not self._lock.acquire(timeout=WAIT):
            check(stopped)
        try:
            counted, last = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM vectors").fetchone()
            if (counted, last) != self._known:
                known, newest = self._known
                added = connection.execute("SELECT count(*) FROM vectors WHERE id > ?", (newest,)).fetchone()[0]
                if last < newest or counted != known + added or len(self._pieces) >= _MOST_PIECES:
                    self._pieces, self._known, newest, added = (), (0, 0), 0, counted
                if added:
                    piece = _piece(connection, after=newest, count=added, stopped=stopped)
                    self._pieces = (*self._pieces, piece)
                self._known = (counted, last)
            return self._pieces
        finally:
            self._lock.release()


def _piece(connection: sqlite3.Connection, *, after: int, count: int, stopped: Stopped) -> Piece:
    """The vectors of the rows after that one, as one matrix that is filled step by step."""
    import numpy as np

    rows = connection.execute("SELECT passage, vector FROM vectors WHERE id > ? ORDER BY id", (after,))
    numbers, worth = np.empty(count, np.int64), np.empty(count, np.float32)
    matrix: Bytes = np.empty((0, 0), np.int8)
    at = 0
    while some := rows.fetchmany(_AT_ONCE):
        check(stopped)
        block = np.frombuffer(b"".join(vector for _, vector in some), "<f2").astype(np.float32).reshape(len(some), -1)
        if not at:
            matrix = np.empty((count, block.shape[1]), np.int8)
        here = slice(at, at + len(some))
        numbers[here] = [number for number, _ in some]
        worth[here] = np.maximum(np.abs(block).max(axis=1), 1e-6) / 127
        matrix[here] = np.rint(block / worth[here, None])
        at += len(some)
    return numbers, matrix, worth


def _products(piece: Piece, wanted: Floats, stopped: Stopped) -> Floats:
    """How nearly each vector points where `wanted` does, from -1 to 1."""
    import numpy as np

    _, matrix, worth = piece
    found, floats = np.empty(len(matrix), np.float32), np.empty((_AT_ONCE, matrix.shape[1]), np.float32)
    for at in range(0, len(matrix), _AT_ONCE):
        check(stopped)
        rows = matrix[at : at + _AT_ONCE]
        floats[: len(rows)] = rows
        found[at : at + len(rows)] = floats[: len(rows)] @ wanted
    return found * worth
