"""How alike passages and a question are in meaning, computed in threads while interpreters and sources go on."""

import asyncio
import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fanin.background import DaemonThreads
from fanin.errors import ConfigError
from fanin.semantic.model import Embedder
from fanin.semantic.wordpiece import encode

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

MOST = 16
"""Passages of one source that are embedded, best first: a third of a second on one core."""

REMEMBERED = 20_000
"""Vectors in memory by the hash of their text: 30 MB at most."""

type Found = MutableMapping[str, Any]
"""A passage of an analysis (see `fanin.process.shape`), which gets its "meaning"."""

type Weighable = tuple[int, Found, Sequence[int]]
"""The number of a passage's document, the passage, and its pieces (see `fanin.semantic.wordpiece`)."""


@dataclass(frozen=True, slots=True)
class Worked:
    """The work on one passage: which document's, in which thread, from when to when (time.monotonic), CPU seconds."""

    document: int
    worker: str
    started: float
    ended: float
    cpu: float


def wanted(semantic: bool | None, *, own: bool, pool: object) -> bool | None:
    """Whether to weigh by meaning: True (it must be possible), None (if it is), False.

    When nothing is said, it is done with fanin's own processing (`own`) on workers of its own. Raises ConfigError for
    True with other processing, which gives no passages to weigh.
    """
    if semantic and not own:
        raise ConfigError(
            "semantic=True goes with fanin's own processing only; fanin did not start. Leave out one of semantic and"
            " process."
        )
    if semantic is None and not (own and (pool is None or pool in ("interpreters", "threads", "processes"))):
        return False
    return semantic


class Meaning:
    """Weighs passages with an embedder, in as many threads as there are cores: it lets other threads run meanwhile.

    Vectors of texts that were seen before are remembered by the hash of the text.
    """

    def __init__(self, embedder: Embedder, *, workers: int | None = None) -> None:
        self.name = embedder.name
        self._embedder = embedder
        self._threads = DaemonThreads(workers or os.process_cpu_count() or 1, name="embedding")
        self._vectors: OrderedDict[bytes, Any] = OrderedDict()
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load the model in a thread, so that the first question finds it there."""
        self._threads.submit(self._embedder.embed, ("warm",))

    async def weigh(self, question: str, passages: Sequence[Weighable], *, until: float) -> list[Worked]:
        """Give passages, best first, their likeness to the question as "meaning".

        What is not done by `until` (loop time) has none. The likeness is a cosine, from -1 to 1.
        """
        loop = asyncio.get_running_loop()
        works: list[Worked] = []
        jobs = [
            (passage[1], loop.run_in_executor(self._threads, self._likeness, question, passage))
            for passage in passages[:MOST]
        ]
        try:
            async with asyncio.timeout_at(until):
                for found, job in jobs:
                    found["meaning"], work = await job
                    works += [work] if work else []
        except TimeoutError:
            pass
        finally:
            for _, job in jobs:
                job.cancel()
        return works

    async def close(self) -> None:
        """Drop what waits; what a thread is at, some hundredths of a second of work, it ends by itself."""
        self._threads.shutdown(cancel_futures=True)

    def _likeness(self, question: str, passage: Weighable) -> tuple[float, Worked | None]:
        document, found, pieces = passage
        started, cpu = time.monotonic(), time.thread_time()
        asked, _ = self._vector(question, encode(question))
        said, new = self._vector(str(found["text"]), pieces)
        alike = round(float(asked @ said), 4)
        if not new:
            return alike, None
        worker = threading.current_thread().name.replace("_", " ")
        return alike, Worked(document, worker, started, time.monotonic(), time.thread_time() - cpu)

    def _vector(self, text: str, pieces: Sequence[int]) -> tuple[NDArray[float32], bool]:
        """The text's vector, and whether it had to be computed."""
        key = hashlib.blake2b(text.encode(errors="replace"), digest_size=16).digest()
        with self._lock:
            if key in self._vectors:
                self._vectors.move_to_end(key)
                return self._vectors[key], False
        vector = self._embedder.embed_pieces([pieces])[0]
        with self._lock:
            self._vectors[key] = vector
            if len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)
        return vector, True
