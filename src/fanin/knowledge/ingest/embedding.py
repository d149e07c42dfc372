"""Vectors for the passages that have none, a batch at a time, so that it may stop anywhere and go on later."""

import asyncio
import os
from collections.abc import Mapping, Sequence

from fanin.knowledge.embedding import Embedder, packed
from fanin.knowledge.ingest.happenings import Embedded, Report
from fanin.knowledge.store import keeping
from fanin.knowledge.store.writer import Writer

AT_ONCE = 64
"""Passages that are embedded and kept together: a second or two of work, which an end at the wrong moment costs."""


async def embed(writer: Writer, embedder: Embedder, *, report: Report) -> None:
    """Give every passage a vector; those that another model made are forgotten first."""
    await writer(keeping.use_model, embedder.name)
    counted = await writer(keeping.counts)
    total, done, last = counted.passages - counted.vectors, 0, 0
    while texts := await writer(keeping.without_vectors, after=last, limit=AT_ONCE):
        await writer(keeping.put_vectors, await _vectors(embedder, texts))
        done, last = done + len(texts), max(texts)
        report(Embedded(done, total))


async def _vectors(embedder: Embedder, texts: Mapping[int, str]) -> dict[int, bytes]:
    """A vector for each passage, made in as many threads as there are cores, each with texts of every length."""
    numbers, cores = sorted(texts, key=lambda number: len(texts[number])), os.process_cpu_count() or 1
    parts = [part for core in range(cores) if (part := numbers[core::cores])]
    made = await asyncio.gather(*(asyncio.to_thread(_packed, embedder, texts, part) for part in parts))
    return {number: vector for part in made for number, vector in part.items()}


def _packed(embedder: Embedder, texts: Mapping[int, str], part: Sequence[int]) -> dict[int, bytes]:
    return dict(zip(part, packed(embedder.embed([texts[number] for number in part])), strict=True))
