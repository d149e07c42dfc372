"""Meaning: texts as vectors of a small language model, made in threads while other sources still fetch."""

from fanin.embeddings.minilm import embedder

__all__ = ["embedder"]
