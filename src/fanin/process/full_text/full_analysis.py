"""A whole text analysed: its parts are read in worker interpreters and given meaning in threads, both at once."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import batched
from typing import Any

from fanin.background import DaemonThreads
from fanin.embeddings import token_table
from fanin.errors import ConfigError, PoolError
from fanin.model import Document
from fanin.pools.pool import Done, Pool
from fanin.pools.pool_choice import choose
from fanin.process import split
from fanin.process.full_text.part_reading import read_pieces, read_words
from fanin.process.full_text.part_shape import Part, ReadPassage
from fanin.process.full_text.text_ranking import ranked
from fanin.process.full_text.token_similarity import Contextual, question_vector, weigh

PATIENCE = 600.0
"""Seconds after which a worker is stopped: far more than reading any part takes, for all of it is linear."""

BATCH = 4
"""Passages that a thread takes at a time: about a tenth of a second of work, after which Ctrl-C is heard."""


async def analysis_of(
    text: str | Document,
    question: str,
    *,
    model: Contextual | None = None,
    workers: int | None = None,
    vectors: bool = False,
) -> dict[str, Any]:
    """What the text is made of, token by token, and what of it fits the question: JSON-ready values.

    With a model (see `fanin.embeddings.embedder`) tokens are its pieces, each with a vector in its context; without one
    they are words, with vectors of the table (see `fanin.embeddings.token_table`). Offsets count in the cleaned text,
    which for plain text has the text's own length. `workers` interpreters and as many threads work, one for each core
    if it is not said. Vectors themselves are in it only if they are asked for. Raises ConfigError for an empty
    question, PoolError when a part could not be read.
    """
    if not question.strip():
        raise ConfigError("The question is empty; fanin analysed nothing. Say what to look for.")
    started = time.monotonic()
    async with _opened(model, workers) as work:
        parts = await work.through(Document(text) if isinstance(text, str) else text, question, vectors=vectors)
    return {
        "question": question,
        "embedding": model.name if model else token_table.NAME,
        "dimensions": model.dimensions if model else token_table.DIMENSIONS,
        **ranked(parts, vectors=vectors),
        "work": {**work.statistics(), "seconds": round(time.monotonic() - started, 4)},
    }


@asynccontextmanager
async def _opened(model: Contextual | None, workers: int | None) -> AsyncGenerator[_Work]:
    count = workers or os.process_cpu_count() or 1
    pool = choose(None, workers=count, work=read_pieces if model else read_words)
    threads = DaemonThreads(count, name="embedding")
    try:
        yield _Work(pool, threads, model)
    finally:
        threads.shutdown(cancel_futures=True)
        await pool.close()


class _Work:
    """The work on one text, and what it took."""

    def __init__(self, pool: Pool, threads: DaemonThreads, model: Contextual | None) -> None:
        self._pool = pool
        self._threads = threads
        self._model = model
        self._read: list[Done] = []
        self._embedded: list[float] = []

    async def through(self, document: Document, question: str, *, vectors: bool) -> list[Part]:
        """Every part of the text, read and, with a model, weighed."""
        loop = asyncio.get_running_loop()
        about = loop.run_in_executor(self._threads, question_vector, self._model, question) if self._model else None
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._part(part, question, about, vectors=vectors)) for part in split(document)]
        return [task.result() for task in tasks]

    def statistics(self) -> dict[str, Any]:
        """How many workers read and for how many seconds of CPU time, and the same of threads that embed."""
        return {
            "parts": len(self._read),
            "readers": len({done.worker for done in self._read}),
            "reading_seconds": round(sum(done.cpu for done in self._read), 4),
            "embedding_seconds": round(sum(self._embedded), 4),
        }

    async def _part(
        self, document: Document, question: str, about: asyncio.Future[Any] | None, *, vectors: bool
    ) -> Part:
        loop = asyncio.get_running_loop()
        work = read_pieces if self._model else read_words
        done = await self._pool.submit(work, question, document, deadline=loop.time() + PATIENCE)
        if done.failure is not None:
            raise PoolError(f"A part of the text was not read: {done.failure.message} fanin gives no analysis.")
        self._read.append(done)
        part: Part = done.value
        if about is not None and self._model is not None:
            found = await about
            jobs = (
                loop.run_in_executor(self._threads, self._weigh, self._model, found, batch, vectors)
                for batch in batched(part["passages"], BATCH, strict=False)
            )
            self._embedded += await asyncio.gather(*jobs)
        return part

    def _weigh(self, model: Contextual, about: Any, passages: tuple[ReadPassage, ...], vectors: bool) -> float:
        """Weigh the passages; gives the seconds of CPU time."""
        started = time.thread_time()
        weigh(model, about, passages, vectors=vectors)
        return time.thread_time() - started
