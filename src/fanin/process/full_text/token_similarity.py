"""What the model makes of passages: a vector for each piece in its context, and from those everything larger.

A sentence's vector is the mean of its pieces', read within their passage (the idea of late chunking: Günther et al.,
Late Chunking: Contextual Chunk Embeddings Using Long-Context Embedding Models, 2024), so each piece is computed once.
"""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any, Protocol

from fanin.embeddings.wordpiece import END, LENGTH, START, placed
from fanin.process.full_text.part_shape import ReadPassage, Token

if TYPE_CHECKING:
    from fanin.embeddings.minilm import Vectors

WINDOW = LENGTH - 2
"""Pieces that the model reads at a time, besides [CLS] and [SEP]; a longer passage is read in several windows."""


class Contextual(Protocol):
    """A model that gives each piece of a text a vector. It blocks, and any thread may call it."""

    @property
    def name(self) -> str:
        """What made the vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        ...

    def states(self, pieces: Sequence[int]) -> Vectors:
        """The vector of each piece, [CLS] and [SEP] included."""
        ...


def question_vector(model: Contextual, question: str) -> Any:
    """The question's vector, of length 1."""
    return _unit(_read(model, [number for *_, number in placed(question)])[1])


def weigh(model: Contextual, about: Any, passages: Sequence[ReadPassage], *, vectors: bool) -> None:
    """Give these passages, their sentences and their pieces how alike they and the question's vector are."""
    import numpy

    for passage in passages:
        tokens = passage["pieces"]
        rows, mean = _read(model, [token["number"] or 0 for token in tokens])
        passage["similarity"] = float(_unit(mean) @ about)
        norms: list[float] = numpy.sqrt((rows * rows).sum(1)).tolist()
        products: list[float] = (rows @ about).tolist()
        for token, row, norm, product in zip(tokens, rows, norms, products, strict=True):
            token["norm"] = norm
            token["similarity"] = product / (norm or 1.0)
            if vectors:
                token["vector"] = [round(number, 5) for number in row.tolist()]
        for sentence, (first, last) in zip(passage["sentences"], _within(passage), strict=True):
            inside = rows[first:last]
            sentence["similarity"] = float(_unit(inside.mean(0)) @ about) if len(inside) else 0.0


def _read(model: Contextual, numbers: Sequence[int]) -> tuple[Any, Any]:
    """The vector of each piece, and the mean of them all, [CLS] and [SEP] included, as the model was trained."""
    import numpy

    windows = [model.states([START, *window, END]) for window in batched(numbers, WINDOW, strict=False)]
    windows = windows or [model.states([START, END])]
    return numpy.concatenate([rows[1:-1] for rows in windows]), numpy.concatenate(windows).mean(0)


def _within(passage: ReadPassage) -> Iterator[tuple[int, int]]:
    """For each sentence the first of its pieces and the first that is no longer its own."""
    tokens: list[Token] = passage["pieces"]
    last = 0
    for sentence in passage["sentences"]:
        first = last
        while last < len(tokens) and tokens[last]["start"] < sentence["end"]:
            last += 1
        yield first, last


def _unit(vector: Any) -> Any:
    """The vector at length 1; one without length stays as it is."""
    import numpy

    return vector / max(float(numpy.sqrt(vector @ vector)), 1e-12)
