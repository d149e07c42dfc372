"""The shape of an analysis: JSON-able dicts, so that it crosses any border and may be kept."""

from typing import TypedDict


class ScoredSpan(TypedDict):
    """A span of the cleaned text of `tokens` words: how often each term of the question stands in it, how alike it is.

    `similarity` goes from 0, below which there is nothing in common, to 1.
    """

    start: int
    end: int
    tokens: int
    matches: dict[str, float]
    similarity: float


class ScoredSentence(ScoredSpan):
    """A sentence; `weight` says how central it is to its document."""

    weight: float


class ScoredPassage(ScoredSpan):
    """A passage, word for word, with its sentences; near-duplicates share most numbers of their sketch."""

    text: str
    sketch: list[int]
    sentences: list[ScoredSentence]


class Statistics(TypedDict):
    """How many passages the whole document has, and how many of them hold each term of the question."""

    passages: int
    frequencies: dict[str, int]


class Analysis(TypedDict):
    """What processing makes of a document: `passages` best first, `title` the question's terms in the title."""

    summary: str
    key_phrases: list[str]
    tokens: int
    title: dict[str, float]
    passages: list[ScoredPassage]
    statistics: Statistics
