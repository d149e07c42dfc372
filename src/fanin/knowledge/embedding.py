"""The protocol of an embedding model for the knowledge base, and the installed one, if any."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fanin.embeddings import embedder

if TYPE_CHECKING:
    import numpy as np


class Embedder(Protocol):
    """Turns texts into vectors of length 1, whose dot product is their similarity."""

    @property
    def name(self) -> str:
        """The name of the model; vectors of different models are not compared."""
        ...

    def embed(self, texts: list[str], /) -> np.ndarray[Any, np.dtype[np.float32]]:
        """A row for each text. Blocking; releases the GIL most of the time."""
        ...


def installed_model() -> Embedder | None:
    """The model of the extra `semantic`; None if it is not installed."""
    return embedder()


def pack_vectors(vectors: np.ndarray[Any, np.dtype[np.float32]]) -> Sequence[bytes]:
    """The rows as half-precision floats, little-endian, which changes dot products by less than 0.001."""
    return [row.tobytes() for row in vectors.astype("<f2")]
