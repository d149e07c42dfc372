"""Vectors for the passages that have none, a batch at a time, so that it may stop anywhere and go on later."""

import asyncio

from fanin.knowledge.embedding import Embedder, packed
from fanin.knowledge.ingest.happenings import Embedded, Report
from fanin.knowledge.store import keeping
from fanin.knowledge.store.writer import Writer

AT_ONCE = 64
"""Passages that are embedded and kept together: about 1.5 s of work on two cores."""


async def embed(writer: Writer, embedder: Embedder, *, report: Report) -> None:
    """Give every passage a vector; those that another model made are forgotten first."""
    await writer(keeping.use_model, embedder.name)
    counted = await writer(keeping.counts)
    total, done, last = counted.passages - counted.vectors, 0, 0
    while texts := await writer(keeping.without_vectors, after=last, limit=AT_ONCE):
        vectors = await asyncio.to_thread(_packed, embedder, list(texts.values()))
        await writer(keeping.put_vectors, dict(zip(texts, vectors, strict=True)))
        done, last = done + len(texts), max(texts)
        report(Embedded(done, total))


def _packed(embedder: Embedder, texts: list[str]) -> list[bytes]:
    return list(packed(embedder.embed(texts)))
