"""Computes the similarity of texts and a question in threads, while workers and sources go on."""

import asyncio
import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from fanin.background import DaemonThreads
from fanin.embeddings.minilm import Embedder
from fanin.embeddings.model_loading import Loading
from fanin.errors import ConfigError, describe
from fanin.log import logger

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    type Vector = NDArray[float32]

REMEMBERED = 20_000
"""Vectors in memory by the hash of their text: 30 MB at most."""


@dataclass(frozen=True, slots=True)
class Work:
    """The work on one text: in which thread, from when to when (time.monotonic), CPU seconds."""

    worker: str
    started: float
    ended: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """The cosine similarity of a text and the question, -1 to 1; `work` is None if their vectors were cached."""

    meaning: float
    work: Work | None = None


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
    """Compares texts with a question, in as many threads as there are cores: it lets other threads run meanwhile.

    The model is loaded when the first text comes. Vectors of texts that were seen before are remembered.
    """

    def __init__(self, loading: Loading, *, workers: int | None = None) -> None:
        self._loading = loading
        self._threads = DaemonThreads(workers or os.process_cpu_count() or 1, name="embedding")
        self._vectors: OrderedDict[bytes, Any] = OrderedDict()
        self._lock = threading.Lock()

    async def compare(self, question: str, texts: Sequence[str], *, until: float) -> list[Likeness | None]:
        """How alike each text is, the first ones first; None for what is not done by `until` (loop time)."""
        found: list[Likeness | None] = [None] * len(texts)
        embedder = await self._model(until)
        asked = None if embedder is None else await self._asked(embedder, question, until)
        if embedder is None or asked is None:
            return found
        jobs: dict[int, asyncio.Future[Likeness | None]] = {}
        for at, text in enumerate(texts):
            if (known := self._known(text)) is not None:
                found[at] = Likeness(_cosine(asked, known))
            else:
                jobs[at] = self._in_thread(partial(self._computed, embedder, asked, text))
        try:
            async with asyncio.timeout_at(until):
                for at, job in jobs.items():
                    found[at] = await job
        except TimeoutError:
            pass
        finally:
            for job in jobs.values():
                job.cancel()
        return found

    def close(self) -> None:
        """Drop what waits; what a thread is at, some hundredths of a second of work, it ends by itself."""
        self._threads.shutdown(cancel_futures=True)

    async def _model(self, until: float) -> Embedder | None:
        """The model; None when there is none, or when it would come too late: then it is there for a later question."""
        if self._loading.done:
            return self._loading.model
        loop = asyncio.get_running_loop()
        loaded: asyncio.Future[None] = loop.create_future()
        self._loading.begin(partial(_tell, loop, loaded))
        if loop.time() + self._loading.left() > until:
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await loaded
        return self._loading.model

    async def _asked(self, embedder: Embedder, question: str, until: float) -> Vector | None:
        """The question's vector, made before any other; None if that takes too long."""
        if (known := self._known(question)) is not None:
            return known
        try:
            async with asyncio.timeout_at(until):
                return await self._in_thread(partial(self._vector, embedder, question))
        except TimeoutError:
            return None

    def _in_thread[T](self, call: Callable[[], T]) -> asyncio.Future[T | None]:
        """What the call gives; None if it fails, or if this is closed."""
        loop = asyncio.get_running_loop()
        try:
            return loop.run_in_executor(self._threads, _or_none, call)
        except RuntimeError:
            closed: asyncio.Future[T | None] = loop.create_future()
            closed.set_result(None)
            return closed

    def _computed(self, embedder: Embedder, asked: Vector, text: str) -> Likeness:
        started, cpu = time.monotonic(), time.thread_time()
        alike = _cosine(asked, self._vector(embedder, text))
        name = threading.current_thread().name
        return Likeness(alike, Work(name, started, time.monotonic(), time.thread_time() - cpu))

    def _vector(self, embedder: Embedder, text: str) -> Vector:
        known = self._known(text)
        if known is None:
            known = embedder.embed([text])[0]
            with self._lock:
                self._vectors[_key(text)] = known
                if len(self._vectors) > REMEMBERED:
                    self._vectors.popitem(last=False)
        return known

    def _known(self, text: str) -> Vector | None:
        key = _key(text)
        with self._lock:
            if key in self._vectors:
                self._vectors.move_to_end(key)
            return self._vectors.get(key)


def _or_none[T](call: Callable[[], T]) -> T | None:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - a model that fails costs a passage its vector, and nothing else
        logger.warning("no vector of a passage: %s; fanin ranks it by words.", describe(error))
        return None


def _tell(loop: asyncio.AbstractEventLoop, loaded: asyncio.Future[None]) -> None:
    with suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(_settle, loaded)


def _settle(loaded: asyncio.Future[None]) -> None:
    if not loaded.done():
        loaded.set_result(None)


def _cosine(one: Vector, other: Vector) -> float:
    return round(float(one @ other), 4)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=16).digest()
