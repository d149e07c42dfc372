"""How well words fit a question: BM25, joined with how alike they look, and what both have to know."""

from collections.abc import Collection, Mapping
from math import log
from typing import Self

from fanin.text.words import stem, words
from fanin.values import value

# Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.5: values of k1
# between 1.2 and 2 and of b between 0.5 and 0.8 are reasonably good in many circumstances.
K1 = 1.2
B = 0.75

LIKENESS = 0.5
"""What perfect similarity is worth beside a perfect match of words: alike characters hint, the same word tells."""


@value
class Measure:
    """Scores passages against one question, by what is known of all passages that they compete with.

    `rarity` says for each term of the question how much a match tells, `whole` is all of it together; `average` is
    the number of words of the mean passage.
    """

    rarity: Mapping[str, float]
    whole: float
    average: float

    @classmethod
    def over(cls, frequencies: Mapping[str, int], *, passages: int, words: int) -> Self:
        """A measure from how many of the passages hold each term, and how many words they have together.

        Rarity is the Robertson and Spärck Jones weight, with 1 added inside the logarithm, so that a term that is in
        nearly every passage tells little instead of less than nothing. The pieces of a technical token tell nothing
        where a passage has it whole.
        """
        if not "".join(frequencies).isalnum():
            frequencies = _without_pieces(frequencies)
        total = max(passages, 1)
        rarity = {term: log(1.0 + max(total - count + 0.5, 0.5) / (count + 0.5)) for term, count in frequencies.items()}
        return cls(rarity, sum(rarity.values()), words / total or 1.0)

    def bm25(self, matches: Mapping[str, float], length: int) -> float:
        """The BM25 score of a passage of `length` words, in which each term stands as often as `matches` says."""
        if not matches:
            return 0.0
        rarity, norm, score = self.rarity, K1 * (1.0 - B + B * length / self.average), 0.0
        for term, count in matches.items():
            score += rarity.get(term, 0.0) * count / (count + norm)
        return score * (K1 + 1.0)

    def joined(self, score: float, *, similarity: float) -> float:
        """A BM25 score, as a share of what no passage can reach, and a similarity as one number from 0 to 1.5."""
        return (score / (self.whole * (K1 + 1.0)) if score else 0.0) + LIKENESS * similarity

    def fit(self, matches: Mapping[str, float], length: int, *, similarity: float) -> float:
        """How well a passage fits the question: from 0, nothing in common, to 1.5."""
        return self.joined(self.bm25(matches, length), similarity=similarity)

    def covered(self, matches: Mapping[str, float]) -> float:
        """The share of the question, weighed by rarity, that these matches speak of: 0 to 1."""
        rarity, known = self.rarity, 0.0
        for term in matches:
            known += rarity.get(term, 0.0)
        return known / self.whole if known else 0.0

    def only(self, terms: Collection[str]) -> Measure:
        """The measure for a part of the question that has these terms."""
        rarity = {term: weight for term, weight in self.rarity.items() if term in terms}
        return Measure(rarity, sum(rarity.values()) or 1.0, self.average)

    def lessened(self, terms: Collection[str], factor: float) -> Measure:
        """The measure by which these terms count less."""
        rarity = {term: weight * (factor if term in terms else 1.0) for term, weight in self.rarity.items()}
        return Measure(rarity, sum(rarity.values()) or 1.0, self.average) if terms else self

    def weighed(self, weights: Mapping[str, float]) -> float:
        """As `covered`, where each term counts by its weight, 0 to 1."""
        if not weights:
            return 0.0
        return sum([self.rarity.get(term, 0.0) * weight for term, weight in weights.items()]) / self.whole


def _without_pieces(frequencies: Mapping[str, int]) -> Mapping[str, int]:
    tokens = [term for term, count in frequencies.items() if count and not term.isalnum()]
    pieces = {stem(piece) for token in tokens for piece in words(token) if piece != token}
    return {term: count for term, count in frequencies.items() if term not in pieces}
