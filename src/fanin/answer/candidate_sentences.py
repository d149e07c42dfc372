"""Lines: the sentences that may stand in an answer, and how much each says about the question."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from fanin.model import Passage
from fanin.text.question_terms import QuestionTerms
from fanin.text.relevance import LIKENESS, Measure
from fanin.text.sentences import is_code, is_prose

REACH = 40
"""Passages from which sentences are taken, best first, besides the best one of each source."""

LONG = 400
"""Characters from which a sentence is too long, if there is another."""

FRESH = 0.3
"""What it adds to a sentence to be from right now or from the days that were asked for, when any were."""

RANKED = 0.3
"""What the place of its passage adds to a sentence: less than any match of words."""


class Sentence(Protocol):
    """A sentence of a passage: where it is, what of the question stands in it, how alike they are."""

    @property
    def start(self) -> int:
        """Where it begins in the document's cleaned text."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...

    @property
    def matches(self) -> Mapping[str, float]:
        """How often each term of the question stands in it."""
        ...

    @property
    def similarity(self) -> float:
        """How alike the sentence and the question are, 0 to 1."""
        ...


class RankedPassage(Protocol):
    """What is known of a passage beside its text."""

    @property
    def sentences(self) -> Sequence[Sentence]:
        """Its sentences."""
        ...

    @property
    def fit(self) -> float:
        """How well it fits the question; 0: not at all."""
        ...

    @property
    def matches(self) -> Mapping[str, float]:
        """How often each term of the question stands in it and its title."""
        ...

    @property
    def freshness(self) -> float:
        """How near it is to the days that were asked for, 0 to 1; 0 when none were."""
        ...


class Evidence(Protocol):
    """What an answer is made of: passages, best first, and beside each what is known of it."""

    @property
    def passages(self) -> Sequence[Passage]:
        """The passages of all sources."""
        ...

    @property
    def candidates(self) -> Sequence[RankedPassage]:
        """What is known of each passage."""
        ...

    @property
    def terms(self) -> QuestionTerms:
        """What the question is about."""
        ...

    @property
    def unread(self) -> bool:
        """Whether a document was not read to its end."""
        ...

    @property
    def measure(self) -> Measure:
        """What a match with each term of the question tells."""
        ...


class CandidateSentence:
    """A sentence that may be quoted. `relevance` is how much it says of the question, `worth` orders all sentences.

    A weak sentence (a heading, a menu, a question, code) is quoted only when its source has nothing better.
    """

    __slots__ = ("_words", "end", "passage", "quote", "relevance", "start", "weak", "worth")

    def __init__(
        self, passage: Passage, sentence: Sentence, *, relevance: float, worth: float, question: str = ""
    ) -> None:
        self.passage = passage
        self.start = sentence.start
        self.end = sentence.end
        self.quote = quote = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        self.relevance = relevance
        self.weak = not is_prose(quote) or quote[-1] == "?" or quote == question or is_code(quote)
        self.worth = worth - self.weak - 0.5 * (len(quote) > LONG)

        self._words: frozenset[str] | None = None

    def words(self) -> frozenset[str]:
        """Its words as they are written, in lower case."""
        if self._words is None:
            self._words = frozenset(self.quote.lower().split())
        return self._words

    def order(self) -> tuple[float, str, int, int]:
        """Sorts sentences by falling worth, equal ones by where they stand."""
        return -self.worth, self.passage.source, self.passage.document, self.start


def fitting_sentences(question: str, evidence: Evidence) -> list[CandidateSentence]:
    """The sentences that say something about the question, in no order; none when no passage fits it."""
    sentences: list[CandidateSentence] = []
    covered = evidence.measure.covered
    highest = max([passage.score for passage in evidence.passages], default=0.0) or 1.0
    for at in _within_reach(evidence):
        passage, found = evidence.passages[at], evidence.candidates[at]
        if not found.fit:
            continue
        relevances = [covered(each.matches) + LIKENESS * each.similarity for each in found.sentences]
        speaks = any(relevances)
        worth = RANKED * passage.score / highest + FRESH * found.freshness
        for place, (each, relevance) in enumerate(zip(found.sentences, relevances, strict=True)):
            if relevance or not speaks:  # a passage that fits by its title speaks through its first sentences
                relevance = relevance or found.fit / 2
                total = worth + relevance - place / 1000
                sentences.append(CandidateSentence(passage, each, relevance=relevance, worth=total, question=question))
    return sentences


def leading_sentences(evidence: Evidence) -> list[CandidateSentence]:
    """The first good sentence of each document, in no order: what there is to say when no passage fits the question."""
    first: dict[tuple[str, int], int] = {}
    passages = evidence.passages
    for at in _within_reach(evidence):
        key = passages[at].source, passages[at].document
        known = first.setdefault(key, at)
        if passages[at].start < passages[known].start:
            first[key] = at
    return [_first_good(passages[at], evidence.candidates[at].sentences) for at in first.values()]


def _first_good(passage: Passage, sentences: Sequence[Sentence]) -> CandidateSentence:
    first = CandidateSentence(passage, sentences[0], relevance=1.0, worth=passage.score)
    if not first.weak:
        return first
    others = (CandidateSentence(passage, each, relevance=1.0, worth=passage.score) for each in sentences[1:])
    return next((other for other in others if not other.weak), first)


def _within_reach(evidence: Evidence) -> Iterable[int]:
    """The places of the best passages, and of the best one of each source wherever it is."""
    passages = evidence.passages
    if len(passages) <= REACH:
        return range(len(passages))
    best: dict[str, int] = {}
    for at, passage in enumerate(passages):
        best.setdefault(passage.source, at)
    return sorted({*range(REACH), *best.values()})
