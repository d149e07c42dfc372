"""Finds passages by their meaning: compares all vectors, which is exact, and fast enough without an index."""

import sqlite3
from collections.abc import Collection, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from fanin.knowledge.search.search_values import IsStopped, raise_if_stopped

if TYPE_CHECKING:
    import numpy as np

    type Floats = np.ndarray[Any, np.dtype[np.float32]]
    type Numbers = np.ndarray[Any, np.dtype[np.int64]]
    type Bytes = np.ndarray[Any, np.dtype[np.int8]]
    type VectorBlock = tuple[Numbers, Bytes, Floats]
    """Passages, their vectors as bytes, and the scale of each vector's bytes."""

WAIT = 0.05
"""Seconds between checks whether to stop, while another search reads the vectors."""

_MOST_BLOCKS = 64
_AT_ONCE = 256
"""Rows that are converted to floats together, so that they stay in the cache of the core."""


class Vectors:
    """The vectors of a knowledge base in memory, for many searches: 0.4 KB a passage. Threads may share it.

    They are stored as bytes, which changes a dot product by less than 0.002. Each search reads the newest ones first.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._blocks: Sequence[VectorBlock] = ()
        self._known = (0, 0)

    def nearest(
        self,
        connection: sqlite3.Connection,
        vector: Floats,
        *,
        limit: int,
        allowed: Collection[int] | None = None,
        stopped: IsStopped = lambda: False,
    ) -> list[int]:
        """The passages whose vectors are most similar to `vector`, best first; only those in `allowed`, if given.

        Raises SearchStopped once `stopped` returns true.
        """
        import numpy as np

        blocks = self._refresh(connection, stopped)
        if not blocks:
            return []
        passages = np.concatenate([numbers for numbers, _, _ in blocks])
        similarity = np.concatenate([_products(piece, vector, stopped) for piece in blocks])
        if allowed is not None:
            inside = np.isin(passages, np.fromiter(allowed, np.int64, len(allowed)))
            passages, similarity = passages[inside], similarity[inside]
        if not len(passages):
            return []
        best = np.argpartition(-similarity, min(limit, len(passages)) - 1)[:limit]
        return passages[best[np.lexsort((passages[best], -similarity[best]))]].tolist()

    def _refresh(self, connection: sqlite3.Connection, stopped: IsStopped) -> Sequence[VectorBlock]:
        """All vectors of the file: reads the rows that were added, or all of them if some were removed."""
        while not self._lock.acquire(timeout=WAIT):
            raise_if_stopped(stopped)
        try:
            counted, last = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM vectors").fetchone()
            if (counted, last) != self._known:
                known, newest = self._known
                added = connection.execute("SELECT count(*) FROM vectors WHERE id > ?", (newest,)).fetchone()[0]
                if last < newest or counted != known + added or len(self._blocks) >= _MOST_BLOCKS:
                    self._blocks, self._known, newest, added = (), (0, 0), 0, counted
                if added:
                    piece = _read_block(connection, after=newest, count=added, stopped=stopped)
                    self._blocks = (*self._blocks, piece)
                self._known = (counted, last)
            return self._blocks
        finally:
            self._lock.release()


def _read_block(connection: sqlite3.Connection, *, after: int, count: int, stopped: IsStopped) -> VectorBlock:
    """The vectors of the rows after `after`, as one matrix that is filled in steps."""
    import numpy as np

    rows = connection.execute("SELECT passage, vector FROM vectors WHERE id > ? ORDER BY id", (after,))
    numbers, scales = np.empty(count, np.int64), np.empty(count, np.float32)
    matrix: Bytes = np.empty((0, 0), np.int8)
    at = 0
    while batch := rows.fetchmany(_AT_ONCE):
        raise_if_stopped(stopped)
        floats = (
            np.frombuffer(b"".join(vector for _, vector in batch), "<f2").astype(np.float32).reshape(len(batch), -1)
        )
        if not at:
            matrix = np.empty((count, floats.shape[1]), np.int8)
        here = slice(at, at + len(batch))
        numbers[here] = [number for number, _ in batch]
        scales[here] = np.maximum(np.abs(floats).max(axis=1), 1e-6) / 127
        matrix[here] = np.rint(floats / scales[here, None])
        at += len(batch)
    return numbers, matrix, scales


def _products(block: VectorBlock, vector: Floats, stopped: IsStopped) -> Floats:
    """The similarity of each vector with `vector`, from -1 to 1."""
    import numpy as np

    _, matrix, scales = block
    found, floats = np.empty(len(matrix), np.float32), np.empty((_AT_ONCE, matrix.shape[1]), np.float32)
    for at in range(0, len(matrix), _AT_ONCE):
        raise_if_stopped(stopped)
        rows = matrix[at : at + _AT_ONCE]
        floats[: len(rows)] = rows
        found[at : at + len(rows)] = floats[: len(rows)] @ vector
    return found * scales
