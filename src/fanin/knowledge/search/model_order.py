"""Orders the best passages by what a language model says of their meaning."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fanin.background import DaemonThreads
from fanin.embeddings.minilm import Embedder
from fanin.knowledge.embedding import text_key
from fanin.knowledge.search.search_values import IsStopped, raise_if_stopped
from fanin.knowledge.store.passage_vectors import model_vectors, texts

READ, OF_DOCUMENT = 16, 2
"""Passages that the model reads for one question, some 0.25 s on two cores, and how many of one document at most."""


def to_be_read(ranked: Iterable[int], documents: Mapping[int, int]) -> list[int]:
    """The best passages that the model is to read, of many documents, since further ones of a document add little."""
    seen, chosen = Counter[int](), list[int]()
    for passage in ranked:
        seen[documents[passage]] += 1
        if seen[documents[passage]] <= OF_DOCUMENT:
            chosen.append(passage)
    return chosen[:READ]


def order_by_model(
    connection: sqlite3.Connection, model: Embedder, question: str, passages: Sequence[int], stopped: IsStopped
) -> tuple[Sequence[int], Mapping[bytes, bytes]]:
    """These passages, those first that are most similar to the question, and the vectors that were made for it.

    A vector that was stored is not made again.
    """
    found = texts(connection, passages)
    keys = {passage: text_key(model.name, text) for passage, text in found.items()}
    stored = model_vectors(connection, [*keys.values()])
    wanted = {key: found[passage] for passage, key in keys.items() if key not in stored}
    asked, *vectors = _embedded(model, [question, *wanted.values()], stopped)
    made = {key: vector.astype("<f2").tobytes() for key, vector in zip(wanted, vectors, strict=True)}
    similar = {passage: _product(asked, (stored | made)[key]) for passage, key in keys.items()}
    return sorted(passages, key=lambda passage: -similar[passage]), made


def _embedded(model: Embedder, texts: Sequence[str], stopped: IsStopped) -> Sequence[Any]:
    """The vector of each text, made one by one in as many threads as there are cores."""

    def embedded(text: str) -> Any:
        raise_if_stopped(stopped)
        return model.embed([text])[0]

    threads = DaemonThreads(os.process_cpu_count() or 1, name="fanin embedding")
    try:
        return [*threads.map(embedded, texts)]
    finally:
        threads.shutdown(cancel_futures=True)


def _product(asked: Any, packed: bytes) -> float:
    import numpy as np

    return float(asked @ np.frombuffer(packed, "<f2").astype(np.float32))
