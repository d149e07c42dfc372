"""What vectors of passages are made of, and the language model that is installed, if any."""

from hashlib import blake2b
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


def no_model() -> None:
    """No model, where none is to be used."""


def headed_text(title: str, heading: str, text: str) -> str:
    """The text of a passage after its headings, and after its document's title unless they begin with it."""
    begins = heading and heading.partition(" > ")[0] in title
    return f"{heading if begins else ' > '.join(filter(None, (title, heading)))}\n{text}"


def text_key(model: str, text: str) -> bytes:
    """The hash by which the vector that a model made of a text is stored."""
    return blake2b(f"{model}\n{text}".encode(errors="replace"), digest_size=16).digest()
