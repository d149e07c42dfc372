"""Vectors of tokens and passages behind a small protocol, and the one that needs no model: hashed n-grams."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log, sqrt
from operator import mul
from typing import Protocol
from zlib import crc32

from fanin.text.bounded_cache import cache_texts

DIMENSIONS = 512
"""Of hashed vectors: unrelated words meet by chance with a similarity of about 1/sqrt(512) = 0.04."""

COMPARED = 4096
"""Stems that are remembered beside how alike they are to a question."""

type Sparse = Mapping[int, float]


class Embedder[V](Protocol):
    """Turns tokens and passages into vectors whose similarity says how alike they are: 0 or less not at all, 1 same.

    `floor` is the similarity below which a passage and a question have nothing in common.
    """

    floor: float

    def token(self, stem: str) -> V:
        """The vector of one token."""
        ...

    def passage(self, text: str, stems: Mapping[str, int]) -> V:
        """The vector of a passage, from its text or from its stems and how often each stands in it."""
        ...

    def similarity(self, one: V, other: V) -> float:
        """How alike two vectors are, from -1 to 1."""
        ...


class HashedNgrams:
    """Vectors without a model: a token is its character n-grams, so words with the same root or a slip look alike.

    Character n-grams between boundary marks: Bojanowski et al., Enriching Word Vectors with Subword Information
    (2017). Signed hashing into a few dimensions: Weinberger et al., Feature Hashing for Large Scale Multitask
    Learning (2009). It knows spelling, not meaning.
    """

    floor = 0.25

    def token(self, stem: str) -> Sparse:
        """The unit vector of the token; the commonest are remembered."""
        return _hashed(stem)

    def passage(self, text: str, stems: Mapping[str, int]) -> Sparse:  # noqa: ARG002  a model would read the text
        """The unit vector of the tokens' mean, in which a stem that stands n times counts 1 + ln(n)."""
        total = _summed(_weighed(stems))
        length = _length(total)
        return {index: value / length for index, value in total.items()} if length else total

    def similarity(self, one: Sparse, other: Sparse) -> float:
        """The cosine of two unit vectors."""
        get = other.get
        return sum([value * get(index, 0.0) for index, value in one.items()])


class Likeness:
    """How alike passages are to a question, of which these are the terms, by hashed n-grams.

    The same as `HashedNgrams` gives, but the question is compared with each stem once, and a passage that nothing
    speaks for is not looked at further. Use `likeness_to`, which remembers it for the next text.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._asked = HashedNgrams().passage("", dict.fromkeys(terms, 1))
        self._known: dict[str, float] = {}

    def of(self, stems: Mapping[str, int]) -> float:
        """The likeness of a passage in which each stem stands so often, to six digits; 0 below the floor."""
        weights = _weighed(stems)
        product = sum([weight * self._to_asked(stem) for stem, weight in weights])
        if product <= 0.0:
            return 0.0
        alike = product / _length(_summed(weights))
        return round(alike, 6) if alike >= HashedNgrams.floor else 0.0

    def _to_asked(self, stem: str) -> float:
        known = self._known.get(stem)
        if known is None:
            asked = self._asked
            known = sum([value * asked[index] for index, value in _hashed(stem).items() if index in asked])
            if len(self._known) == COMPARED:
                self._known.clear()
            self._known[stem] = known
        return known


@lru_cache(maxsize=8)
def likeness_to(terms: tuple[str, ...]) -> Likeness:
    """How alike passages are to the question with these terms."""
    return Likeness(terms)


@cache_texts(entries=4096, characters=40_000)
def _hashed(stem: str) -> dict[int, float]:
    """The token's unit vector. Each n-gram adds or takes 1 where its CRC-32 points; the top bit is the sign."""
    marked = f"<{stem}>"
    counts: dict[int, int] = {}
    for size in (3, 4, 5):
        for at in range(len(marked) - size + 1):
            code = crc32(marked[at : at + size].encode(errors="replace"))
            index = code % DIMENSIONS
            counts[index] = counts.get(index, 0) + (1 if code >> 31 else -1)
    length = sqrt(sum([count * count for count in counts.values()])) or 1.0
    scaled = {count: count / length for count in {*counts.values()}}  # shared: thousands of vectors are remembered
    return {index: scaled[count] for index, count in counts.items()}


def _weighed(stems: Mapping[str, int]) -> list[tuple[str, float]]:
    """Each stem with what it counts: 1 + ln(n) when it stands n times."""
    return [(stem, 1.0 if count == 1 else 1.0 + log(count)) for stem, count in stems.items()]


def _summed(weights: Iterable[tuple[str, float]]) -> dict[int, float]:
    """The sum of the stems' vectors by their weights."""
    total: dict[int, float] = {}
    for stem, weight in weights:
        vector = _hashed(stem)
        if weight != 1.0:
            vector = {index: weight * value for index, value in vector.items()}
        both = total.keys() & vector.keys()
        sums = {index: total[index] + vector[index] for index in both}
        total |= vector
        total |= sums
    return total


def _length(vector: Mapping[int, float]) -> float:
    values = vector.values()
    return sqrt(sum(map(mul, values, values, strict=True)))
