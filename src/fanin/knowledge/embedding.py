"""What the knowledge base wants of a model that turns texts into vectors, and the one that is installed, if any."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fanin.embeddings import embedder

if TYPE_CHECKING:
    import numpy as np


class Embedder(Protocol):
    """Turns texts into vectors at length 1, whose product says how near they are in meaning."""

    @property
    def name(self) -> str:
        """Which model it is; vectors of different models are not compared."""
        ...

    def embed(self, texts: list[str], /) -> np.ndarray[Any, np.dtype[np.float32]]:
        """A row for each text. Blocking; releases the interpreter's lock most of the time."""
        ...


def installed() -> Embedder | None:
    """The model of the extra `semantic`, or None when it is not installed."""
    return embedder()


def packed(vectors: np.ndarray[Any, np.dtype[np.float32]]) -> Sequence[bytes]:
    """The rows as half-precision floats, little-endian: their products are off by less than 0.001."""
    return [row.tobytes() for row in vectors.astype("<f2")]
