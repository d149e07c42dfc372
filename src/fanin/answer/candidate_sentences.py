"""Lines: the sentences that may stand in an answer, and how much each says about the question."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from fanin.model import Passage
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


class Said(Protocol):
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


class Found(Protocol):
    """What is known of a passage beside its text."""

    @property
    def sentences(self) -> Sequence[Said]:
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
    def candidates(self) -> Sequence[Found]:
        """What is known of each passage."""
        ...

    @property
    def unread(self) -> bool:
        """Whether a document was not read to its end."""
        ...

    @property
    def measure(self) -> Measure:
        """What a match with each term of the question tells."""
        ...


class Line:
    """A sentence that may be quoted. `said` is how much it says of the question, `worth` orders all lines.

    A weak line (a heading, a menu, a question, code) is quoted only when its source has nothing better.
    """

    __slots__ = ("_words", "end", "passage", "quote", "said", "start", "weak", "worth")

    def __init__(self, passage: Passage, sentence: Said, *, said: float, worth: float, asked: str = "") -> None:
        self.passage = passage
        self.start = sentence.start
        self.end = sentence.end
        self.quote = quote = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        self.said = said
        self.weak = not is_prose(quote) or quote[-1] == "?" or quote == asked or is_code(quote)
        self.worth = worth - self.weak - 0.5 * (len(quote) > LONG)

        self._words: frozenset[str] | None = None

    def words(self) -> frozenset[str]:
        """Its words as they are written, in lower case."""
        if self._words is None:
            self._words = frozenset(self.quote.lower().split())
        return self._words

    def order(self) -> tuple[float, str, int, int]:
        """Sorts lines by falling worth, equal ones by where they stand."""
        return -self.worth, self.passage.source, self.passage.document, self.start


def fitting_lines(question: str, evidence: Evidence) -> list[Line]:
    """The sentences that say something about the question, in no order; none when no passage fits it."""
    lines: list[Line] = []
    covered = evidence.measure.covered
    highest = max([passage.score for passage in evidence.passages], default=0.0) or 1.0
    for at in _within_reach(evidence):
        passage, found = evidence.passages[at], evidence.candidates[at]
        if not found.fit:
            continue
        said = [covered(each.matches) + LIKENESS * each.similarity for each in found.sentences]
        speaks = any(said)
        worth = RANKED * passage.score / highest + FRESH * found.freshness
        for place, (each, much) in enumerate(zip(found.sentences, said, strict=True)):
            if much or not speaks:  # a passage that fits by its title speaks through its first sentences
                much = much or found.fit / 2
                lines.append(Line(passage, each, said=much, worth=worth + much - place / 1000, asked=question))
    return lines


def leading_lines(evidence: Evidence) -> list[Line]:
    """The first good sentence of each document, in no order: what there is to say when no passage fits the question."""
    first: dict[tuple[str, int], int] = {}
    passages = evidence.passages
    for at in _within_reach(evidence):
        key = passages[at].source, passages[at].document
        known = first.setdefault(key, at)
        if passages[at].start < passages[known].start:
            first[key] = at
    return [_first_good(passages[at], evidence.candidates[at].sentences) for at in first.values()]


def _first_good(passage: Passage, sentences: Sequence[Said]) -> Line:
    first = Line(passage, sentences[0], said=1.0, worth=passage.score)
    if not first.weak:
        return first
    lines = (Line(passage, each, said=1.0, worth=passage.score) for each in sentences[1:])
    return next((line for line in lines if not line.weak), first)


def _within_reach(evidence: Evidence) -> Iterable[int]:
    """The places of the best passages, and of the best one of each source wherever it is."""
    passages = evidence.passages
    if len(passages) <= REACH:
        return range(len(passages))
    best: dict[str, int] = {}
    for at, passage in enumerate(passages):
        best.setdefault(passage.source, at)
    return sorted({*range(REACH), *best.values()})
