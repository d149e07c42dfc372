"""Embeddings: vectors of texts from a small language model, computed in threads while sources still fetch."""

from fanin.embeddings.minilm import embedder

__all__ = ["embedder"]
