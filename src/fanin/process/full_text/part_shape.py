"""What workers read in a part of a text: JSON-able, so that it crosses any border. Offsets count in the whole text."""

from typing import NotRequired, TypedDict

from fanin.process.analysis_shape import Analysis, ScoredSpan


class Token(TypedDict):
    """A word or a piece of one: `number` in the vocabulary, or else its `stem`, "" for a stop word, None for a mark.

    `norm` is the length of its vector, `similarity` how alike it and the question are, from -1 to 1.
    `vector` is there only when vectors were asked for.
    """

    start: int
    end: int
    number: int | None
    stem: str | None
    norm: float
    similarity: float
    vector: NotRequired[list[float]]


class ReadPassage(ScoredSpan):
    """A passage with its sentences and all of its tokens, in the order of the text."""

    sentences: list[ScoredSpan]
    pieces: list[Token]


class Part(TypedDict):
    """A part of the text: cleaned, analysed, and read token by token."""

    text: str
    analysis: Analysis
    passages: list[ReadPassage]
