"""The sentences that may be in an answer, and how relevant each is to the question."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from fanin.answer.asked_value import FIGURES, HINTS, WAYS, AskedValue, asked_value, asking_terms, holds
from fanin.answer.sentence_context import MAX_RUN, STOPS, Context, Listing
from fanin.answer.table_rows import without_outdone_rows
from fanin.model import Passage
from fanin.text.languages.default_words import is_of_default
from fanin.text.question_terms import QuestionTerms
from fanin.text.relevance import LIKENESS, Measure
from fanin.text.sentences import is_code, is_fenced, is_prose
from fanin.text.word_overlap import denies

MAX_PASSAGES = 40
"""Passages from which sentences are taken, best first, besides the best one of each source."""

LONG_SENTENCE = 400
"""Characters from which a sentence is too long, if there is another."""

FRESH_BONUS = 0.3
"""Added to the score of a sentence that was published now, or in the days that were asked for, if any were."""

HEADING_SHARE = 0.9
"""The share of a heading's relevance that the sentence below it has at least; a heading may be a question."""

ASKED_ABOVE = 0.9
"""What a heading gives to the sentence below it from which on it asks the question, which that sentence answers."""

NAMED_ABOVE = (AskedValue.TIME, AskedValue.VERSION, AskedValue.DEFAULT)
"""Values that a heading may tell, as "Version 2.1 (May 2026)" and "linger (default: 5)"."""

LONGEST_HEADING = 200
"""Characters of a line that may be a heading."""

OWN_SHARE = 0.25
"""The share of its own relevance that is added to that of a sentence in its context."""

REST_BONUS = 0.8
"""Added to the relevance of a sentence that has all terms of the question which its context does not have."""

ABOUT_BONUS = 0.6
"""Added to the relevance of a sentence below a heading that names what is asked about."""

ENTITLED_BONUS = 1.8
"""Added to the relevance of sentences whose title and heading have all terms of the question."""

NAMELESS = 0.5
"""A factor for a sentence that is about none of the names in the question."""

VALUE_BONUS, VALUELESS = 0.3, 0.4
"""Added to the relevance of a sentence that holds a value of the kind that is asked for, and a factor for one that does
not."""

HINTED = 0.9
"""The factor for kinds that are known by hints only: a place or a way may be described in any words."""

POSITIVE = 0.6
"""A factor for a sentence that denies nothing, when the question asks what is not."""

RANK_BONUS = 0.3
"""Added to the score of a sentence of the best-ranked passage, less for others; a match of words counts more."""


_UNFINISHED = """and are as because but by call contain contains enter execute for from if in include includes is like
of or run than that to type unless use using via when where which while who with"""
UNFINISHED = frozenset(_UNFINISHED.split())
"""The last words of a line that goes on with what is below it, and is no heading."""


class Sentence(Protocol):
    """A sentence of a passage: where it is, what of the question stands in it, and how similar they are."""

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
        """The similarity of the sentence and the question, 0 to 1."""
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
    def similarity(self) -> float | None:
        """The similarity of the passage and the question, 0 to 1; None where nobody compared them."""
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
        """The weight of a match with each term of the question."""
        ...


class CandidateSentence:
    """A sentence that may be quoted. `relevance` is how much it says of the question in its context, `own` without
    it, and `score` orders all sentences.

    A weak sentence (a heading, a menu, a question, code) is quoted only when its source has nothing better. `first` and
    `last` are where the text begins and ends that is quoted with it, because it is not understood alone. `has_value`:
    it holds a value of the kind that is asked for. `follower` is the next sentence if that refers to this one,
    `heading` the one that names what it is about, `listing` the list of which it is an item or to which it leads, and
    `led_end` where code ends that it leads to; `goes_on`, if there is one of the three. `known` are the terms of the
    question that it or its context has.
    """

    has_value = False
    score = 0.0
    led_end = 0
    is_item = goes_on = False
    listing: Listing | None = None
    follower: CandidateSentence | None = None
    heading: CandidateSentence | None = None
    known: Mapping[str, float] | None = None
    _words: frozenset[str] | None = None

    def __init__(self, passage: Passage, sentence: Sentence, *, relevance: float, question: str = "") -> None:
        start, end, offset = sentence.start, sentence.end, passage.start
        self.passage = passage
        self.start = self.first = start
        self.end = self.last = end
        self.matches = sentence.matches
        self.quote = quote = passage.text[start - offset : end - offset]
        self.relevance = self.own = relevance
        self.weak = (
            not is_prose(quote)
            or quote[-1] == "?"
            or quote == question
            or is_code(quote)
            or (passage.title != "" and quote in passage.title)
        )

    def weigh(self, score: float) -> None:
        """Set its score, which is less for a weak or a long sentence."""
        self.score = score - self.weak - 0.5 * (len(self.quote) > LONG_SENTENCE)

    def lead_to_list(self) -> None:
        """Know that it leads to a list, with which it says something, however short it is."""
        self.goes_on = True
        if self.weak:
            self.weak = False
            self.score += 1.0

    def explain(self, value: AskedValue | None, *, first: bool) -> None:
        """Quote with it what completes it: code or a list that it leads to, or the next sentence if that refers to it.

        An item brings its whole list where it says no more of the question than what stands above the list. The `first`
        sentence of an answer also brings what is below a sentence that is understood alone.
        """
        listing, follower = self.listing, self.follower
        if listing is not None and self._brings(listing, value):
            self.first, self.last, self.heading = listing.start, listing.end, None
        elif self.led_end:
            if value in WAYS or self.quote[-1] not in STOPS:
                self.last = self.led_end
        elif listing is not None and not self.is_item:
            self.last = max(self.last, listing.end)
        elif follower is None or not first:
            return
        elif follower.listing or follower.led_end:
            follower.explain(value, first=False)
            self.last = max(self.last, follower.last)
        elif not self.has_value and follower.end - self.first <= MAX_RUN:
            self.last = follower.end

    def _brings(self, listing: Listing, value: AskedValue | None) -> bool:
        """Whether it is an item that does not answer without the others of its list."""
        if not self.is_item or listing.is_in_part:
            return False
        whole = value not in FIGURES and self.end <= listing.end and self.matches.keys() <= listing.given
        listing.is_in_part = not whole
        return whole

    @property
    def is_code(self) -> bool:
        """Whether it is a block of code."""
        return is_fenced(self.quote)

    @property
    def is_heading(self) -> bool:
        """Whether it is a short line by itself, as a question is above its answer, with an empty line below it."""
        if self.quote[-1] in ":`" or len(self.quote) > LONGEST_HEADING or "\n" in self.quote or is_code(self.quote):
            return False
        if self.quote.rpartition(" ")[2] in UNFINISHED:
            return False
        text, start = self.passage.text, self.start - self.passage.start
        return text.startswith("\n\n", self.end - self.passage.start) and (start == 0 or text[start - 1] == "\n")

    def words(self) -> frozenset[str]:
        """Its words as they are written, in lower case."""
        if self._words is None:
            self._words = frozenset(self.quote.lower().split())
        return self._words

    def order(self) -> tuple[float, str, int, int]:
        """Sorts sentences by falling score, equal ones by where they stand."""
        return -self.score, self.passage.source, self.passage.document, self.start


def fitting_sentences(question: str, evidence: Evidence) -> list[CandidateSentence]:
    """The sentences that say something about the question, in no order; none when no passage fits it."""
    sentences: list[CandidateSentence] = []
    passages, candidates = evidence.passages, evidence.candidates
    highest = max([passage.score for passage in passages], default=0.0) or 1.0
    value, terms = asked_value(question), evidence.terms
    needed = terms.names.union(terms.tokens)
    if value is AskedValue.DEFAULT and not needed:
        needed = frozenset([term for term in terms.stems if not is_of_default(term)])
    asked = _Asked(question, value, needed, value is not AskedValue.REASON and denies(question))
    measure = evidence.measure
    if value is not None and not (asking := asking_terms(question)).isdisjoint(measure.rarity):
        measure = measure.only([term for term in measure.rarity if term not in asking])
    for at in _within_reach(evidence):
        passage, found = passages[at], candidates[at]
        if found.fit:
            score = RANK_BONUS * passage.score / highest + FRESH_BONUS * found.freshness
            sentences += _sentences_of(passage, found, asked, score, measure)
    return without_outdone_rows(sentences)


class _Asked(NamedTuple):
    """What a question asks for: a kind of value, what has the names that are `needed`, what is not (`denied`)."""

    question: str
    value: AskedValue | None
    needed: frozenset[str]
    denied: bool

    def judge_weak(self, sentence: CandidateSentence, *, is_heading: bool) -> None:
        """Know a heading, code or a short line that holds what is asked for no weak sentence: "Default: 5000"."""
        if is_heading:
            tells = self.value in NAMED_ABOVE and self.needed <= sentence.matches.keys()
            sentence.weak = not (sentence.has_value and tells)
        elif (sentence.has_value or self.value in WAYS) and sentence.is_code:
            sentence.has_value = self.value in WAYS
            sentence.weak = not sentence.has_value
        elif self.value is AskedValue.DEFAULT or (self.value in FIGURES and ": " in sentence.quote):
            sentence.weak = not sentence.has_value

    def judged(self, sentence: CandidateSentence, relevance: float) -> float:
        """The relevance of the sentence, by what it holds."""
        if not relevance:
            return relevance
        if self.value is not None:
            if sentence.has_value:
                relevance += VALUE_BONUS
            else:
                relevance *= HINTED if self.value in HINTS or sentence.quote[-1] == ":" else VALUELESS
        return relevance * POSITIVE if self.denied and not denies(sentence.quote) else relevance


def _sentences_of(
    passage: Passage, found: RankedPassage, asked: _Asked, score: float, measure: Measure
) -> list[CandidateSentence]:
    """The sentences of a passage that say something about the question; `score` is what each has beside that.

    A sentence is judged together with the title, the heading above it and the sentence that it refers to. A passage
    that fits by its title speaks through its first sentences.
    """
    relevances = [measure.covered(each.matches) + LIKENESS * each.similarity for each in found.sentences]
    by_entries = asked.value is AskedValue.DEFAULT
    context = Context(passage, found, by_entries=by_entries) if len(relevances) > 1 or passage.title else None
    speaks, judges = any(relevances), asked.value is not None or asked.denied
    sentences: list[CandidateSentence] = []
    for place, (each, own) in enumerate(zip(found.sentences, relevances, strict=True)):
        sentence = CandidateSentence(passage, each, relevance=own, question=asked.question)
        if asked.value is not None:
            sentence.has_value = holds(asked.value, sentence.quote, asked.question)
        relevance = own if context is None else _in_context(sentence, context, asked, measure)
        if relevance or not speaks:
            sentence.relevance = relevance or found.fit / 2
            if judges:
                sentence.relevance = asked.judged(sentence, sentence.relevance)
                sentence.own = asked.judged(sentence, sentence.own)
            sentence.weigh(score + sentence.relevance - place / 1000)
            sentences.append(sentence)
    return sentences if context is None else [each for each in sentences if each.goes_on or each.quote[-1] != ":"]


def _in_context(sentence: CandidateSentence, context: Context, asked: _Asked, measure: Measure) -> float:
    """The relevance of the next sentence of a passage, with what its title, heading and antecedent say."""
    known, headed = context.take(sentence, asked.needed), context.headed
    own = relevance = sentence.own
    sentence.known, context.headed = known, 0.0
    if sentence.weak:
        if context.heading is sentence:
            context.headed = HEADING_SHARE * own
        asked.judge_weak(sentence, is_heading=context.heading is sentence)
    if headed > ASKED_ABOVE and context.asked and asked.value is not None:
        sentence.has_value = True
    if own or sentence.has_value or not context.refers:
        relevance = max(own, headed, measure.weighed(known) + OWN_SHARE * own)
        if sentence.has_value or asked.value is None or asked.value in HINTS:
            relevance += REST_BONUS * context.share_of_rest(sentence, measure.rarity.keys())
    relevance += ABOUT_BONUS * context.about
    if (sentence.has_value or asked.value is None or asked.value in HINTS) and context.is_entitled(
        measure.rarity.keys()
    ):
        relevance += ENTITLED_BONUS
    if asked.needed:
        if asked.value is AskedValue.DEFAULT:
            return relevance * context.share_of_name(sentence, asked.needed)
        if asked.needed.isdisjoint(context.scope):
            relevance, sentence.own = relevance * NAMELESS, 0.0
    return relevance


def is_within(sentence: CandidateSentence, others: Sequence[CandidateSentence], *, whole: bool = True) -> bool:
    """Whether another one brings this sentence with it; with `whole`, also when both bring the same text."""
    for other in others:
        longer = (other.last - other.first) - (sentence.last - sentence.first)
        holds = other.passage is sentence.passage and other.first <= sentence.first <= sentence.last <= other.last
        if holds and (whole or longer):
            return True
    return False


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
    first = CandidateSentence(passage, sentences[0], relevance=1.0)
    if first.weak:
        others = (CandidateSentence(passage, each, relevance=1.0) for each in sentences[1:])
        first = next((other for other in others if not other.weak), first)
    first.weigh(passage.score)
    return first


def _within_reach(evidence: Evidence) -> Iterable[int]:
    """The places of the best passages, and of the best one of each source wherever it is."""
    passages = evidence.passages
    if len(passages) <= MAX_PASSAGES:
        return range(len(passages))
    best: dict[str, int] = {}
    for at, passage in enumerate(passages):
        best.setdefault(passage.source, at)
    return sorted({*range(MAX_PASSAGES), *best.values()})
