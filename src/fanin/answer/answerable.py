"""Whether the sources say what a question asks. Pure.

What is asked about and what is asked of it must both be covered: by a passage, and best by one sentence in its
context, in the question's words or in words that mean nearly the same. Where they are not, and what was found is not
like the question either, the answer is that the sources do not say. The weights are those that `bench/silence.py`
prints.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import NamedTuple, Protocol

from fanin.answer.asked_value import asking_terms
from fanin.answer.candidate_sentences import CandidateSentence, Evidence, RankedPassage
from fanin.embeddings.token_table import Vector, similarity_to, vector, word_vector
from fanin.embeddings.wordpiece import word_pieces
from fanin.text.bounded_cache import cache_texts
from fanin.text.languages.function_words import function_words
from fanin.text.question_terms import question_terms
from fanin.text.words import stem, words

BEST = 2
"""Sentences, the best first, of which one must tell what is asked."""

MOST_WORDS = 200
"""Distinct words of a passage that are compared with a word of the question which it does not have."""

USUAL, LONGEST, LEAST = 80.0, 300.0, 0.05
"""Lengths of the table's vectors of a word that tells nothing ("what") and of one that tells most ("taxi"): frequent
words have short ones. And the least that a word counts beside one that tells most."""

_LIGHT = "belong carri come contain exist fit happen hold last lead lie live measur occur run serv stand take weigh"
LIGHT = frozenset(_LIGHT.split())
"""Stems of verbs that only join a thing and its value: "who leads it", "how many live there"."""

LIGHT_WEIGHT = 0.4
"""What such a verb and the word behind "how" count, as in "how long": a value answers them, whatever its words."""

UNLIKE, SAME = 0.3, 0.8
"""Similarities of two words up to which they have nothing in common, and from which they mean the same."""

SPELT_ALIKE = 0.5
"""The share of the pairs of letters that an unknown word and another one have in common, if it is a misspelt one."""

NAMED = 0.8
"""How far a name must be covered, 0 to 1."""

MIN_TERMS = 2
"""Terms of a question in another language than English that a document must hold, title included, when it has three or
more; else one will do."""

MIN_SENTENCE_SIMILARITY, MIN_PASSAGE_SIMILARITY = 0.6, 0.45
"""Similarities from which a sentence, by the table, and a passage, by the model, is about a question in another
language though it shares too few of its words."""

_FIGURE = re.compile(r"[0-9]")


class Signs(NamedTuple):
    """Signs of whether a question is answered; shares are of what it asks, each word by how distinctive it is.

    `absent` is the share that neither any passage has nor the best one says in other words, `passage_gap` what the best
    passage and `sentence_gap` what the best sentence in its context does not cover. Then the highest similarities
    of a sentence and of a passage by the table, 1 if the best passage lacks a name, and the highest similarity by the
    model, 0 if it has read nothing.
    """

    absent: float
    passage_gap: float
    sentence_gap: float
    sentence: float
    passage: float
    missing_names: float
    meaning: float


BY_WORDS = (
    0.9,
    Signs(absent=2.1, passage_gap=2.5, sentence_gap=2.9, sentence=-1.1, passage=-2.6, missing_names=1.7, meaning=0.0),
)
BY_MODEL = (
    2.3,
    Signs(
        absent=1.0,
        passage_gap=2.3,
        sentence_gap=2.8,
        sentence=-1.3,
        passage=-1.3,
        missing_names=1.1,
        meaning=-2.7,
    ),
)
"""Logistic regressions: the logarithm of the odds that nobody answers is a number and the signs, weighed."""

SILENT, DOUBTFUL = 1.5, 0.75
"""The logarithms of the odds from which the sources do not say, and from which what they say may not answer."""


def doubt_about(question: str, evidence: Evidence, best: Sequence[CandidateSentence]) -> float:
    """How doubtful it is that any document says what is asked: the logarithm of the odds that none does.

    No doubt at all of a question that only asks "what's new?", nor when a passage has all that is asked, or when
    documents were not read to their end: then nobody can know. What several passages tell together may be silence, but
    is not doubtful. `best` are the sentences that fit, best first.
    """
    asked = evidence.terms.stems
    if not asked or evidence.unread:
        return -inf
    for each in evidence.candidates:
        if len(each.matches) >= len(asked) and each.matches.keys() >= set(asked):
            return -inf
    if _lacks_tokens(evidence):
        return inf
    if _is_foreign(question):
        return inf if _shares_little(evidence) else -inf
    if not best:
        return inf
    by_words = doubt(signs(question, evidence, best[:1], by_meaning=False))  # more sentences and words only lessen it
    if by_words <= DOUBTFUL:
        return by_words
    found = signs(question, evidence, best)
    doubtful = doubt(found)
    return doubtful if found.absent or doubtful > SILENT else min(doubtful, DOUBTFUL)


def doubt(found: Signs) -> float:
    """The logarithm of the odds that the question is not answered."""
    begin, weights = BY_MODEL if found.meaning else BY_WORDS
    return begin + sum([weight * sign for weight, sign in zip(weights, found, strict=True)])


def signs(question: str, evidence: Evidence, best: Sequence[CandidateSentence], *, by_meaning: bool = True) -> Signs:
    """The signs of a question in English, of which `best` are the sentences that fit.

    Without `by_meaning`, a word is covered only by itself or by another form of it.
    """
    asked, names = _content(question), evidence.terms.names
    vectors: dict[str, Vector] | None = {} if by_meaning else None
    held = {term for each in evidence.candidates for term in each.matches}
    found = {id(passage): each for passage, each in zip(evidence.passages, evidence.candidates, strict=True)}
    covered = [_Coverage(asked, names, each, found[id(each.passage)], vectors) for each in best[:BEST]]
    nearest = min(covered, key=lambda each: each.sentence_gap + each.passage_gap / 2)
    numbers = {each.stem for each in asked if each.word.isdigit()}
    return Signs(
        _share([(each.weight, 1.0 if each.stem in held else nearest.by_passage[each.stem]) for each in asked]),
        nearest.passage_gap,
        nearest.sentence_gap,
        _similarity([sentence for each in evidence.candidates for sentence in each.sentences])
        or _compared(question, [each.quote for each in best[:BEST]]),
        _similarity(evidence.candidates) or _compared(question, [each.passage.text for each in best[:BEST]]),
        float(any(nearest.by_passage.get(name, 1.0) < NAMED for name in names | numbers)),
        max([each.meaning or 0.0 for each in evidence.passages]),
    )


class _Compared(Protocol):
    @property
    def similarity(self) -> float | None: ...


def _similarity(found: Iterable[_Compared]) -> float:
    """The highest similarity to the question by the table; 0 if nobody compared them."""
    return max([each.similarity or 0.0 for each in found], default=0.0)


def _compared(question: str, texts: Iterable[str]) -> float:
    similar = similarity_to(question)
    return max([similar(words(text)) for text in texts])


class _Word(NamedTuple):
    """A word of a question that says what is asked: its stem, itself, how much it tells, and its vector.

    A light one is also covered by a value of the kind that is asked for, and an exact one, a number or a technical
    token, by nothing but itself.
    """

    stem: str
    word: str
    weight: float
    vector: Vector
    is_light: bool = False
    is_exact: bool = False


class _Coverage:
    """How far a sentence in its context, and its passage, tell each word of a question, and what shares they do not."""

    def __init__(
        self,
        asked: Sequence[_Word],
        names: frozenset[str],
        sentence: CandidateSentence,
        found: RankedPassage,
        vectors: dict[str, Vector] | None,
    ) -> None:
        passage = sentence.passage
        above = f"{passage.title} {sentence.heading.quote if sentence.heading else ''}"
        said = passage.text[sentence.first - passage.start : sentence.last - passage.start]
        in_passage, known = f"{passage.title} {passage.text}", sentence.known or sentence.matches
        self.by_passage = _covered(asked, names, found.matches, in_passage, vectors)
        by_sentence = _covered(asked, names, known, f"{above} {said}", vectors)
        if sentence.has_value:
            light = {each.stem: 1.0 for each in asked if each.is_light}
            self.by_passage |= light
            by_sentence |= light
        self.passage_gap = _share([(each.weight, self.by_passage[each.stem]) for each in asked])
        self.sentence_gap = _share([(each.weight, by_sentence[each.stem]) for each in asked])


def _covered(
    asked: Sequence[_Word],
    names: frozenset[str],
    held: Mapping[str, float],
    text: str,
    vectors: dict[str, Vector] | None,
) -> dict[str, float]:
    """How far the text tells each word, 0 to 1: all that is `held`, else by the nearest of its words.

    `vectors` are those of words that are known already; None if no word is to be covered by another one.
    """
    if vectors is None:
        return {each.stem: float(each.stem in held) for each in asked}
    text_words: list[str] | None = None
    covered: dict[str, float] = {}
    for each in asked:
        if each.stem in held or each.is_exact:
            covered[each.stem] = float(each.stem in held)
            continue
        if text_words is None:
            text_words = list(dict.fromkeys([word for word in words(text) if word[0].isalnum()]))[:MOST_WORDS]
        misspelt = each.stem not in names and _is_unknown(each.word) and _spelt_alike(each.word, text_words)
        covered[each.stem] = 1.0 if misspelt else _nearness(each.vector, text_words, vectors)
    return covered


def _nearness(asked: Vector, text_words: Iterable[str], vectors: dict[str, Vector]) -> float:
    """How near the nearest of the words is in meaning, 0 to 1."""
    nearest = UNLIKE
    for word in text_words:
        known = vectors.get(word)
        if known is None:
            known = vectors[word] = word_vector((word,))
        nearest = max(nearest, asked.similarity(known))
        if nearest >= SAME:
            return 1.0
    return (nearest - UNLIKE) / (SAME - UNLIKE)


def _share(parts: Sequence[tuple[float, float]]) -> float:
    """The share of the weights that is not covered; 0 without any."""
    whole = sum([weight for weight, _ in parts])
    return 1.0 - sum([weight * covered for weight, covered in parts]) / whole if whole else 0.0


@cache_texts(entries=64, characters=20_000)
def _content(question: str) -> tuple[_Word, ...]:
    """The words of a question that say what is asked, and its technical tokens."""
    asked = question_terms(question)
    asking = asking_terms(question)
    pieces = {piece for token in asked.tokens for piece in words(token)}
    found: dict[str, _Word] = {}
    for word in asked.words:
        if word not in pieces and (base := stem(word)):
            found.setdefault(base, _weighed(base, word, is_light=base in asking or base in LIGHT))
    for token in asked.tokens:
        found.setdefault(token, _Word(token, token, 1.0, vector(token), is_exact=True))
    return tuple(found.values())


def _weighed(base: str, word: str, *, is_light: bool) -> _Word:
    known, is_number = vector(word), word.isdigit()
    weight = 1.0 if is_number else min(1.0, max(LEAST, (known.length - USUAL) / (LONGEST - USUAL)))
    return _Word(base, word, LIGHT_WEIGHT * weight if is_light else weight, known, is_light, is_number)


def _is_unknown(word: str) -> bool:
    """Whether it is no common English word, and no number."""
    return word.isalpha() and len(word_pieces(word)) > 1


def _spelt_alike(word: str, others: Iterable[str]) -> bool:
    pairs = _pairs(word)
    for other in others:
        if other[0] == word[0] and abs(len(other) - len(word)) <= 2:
            theirs = _pairs(other)
            if 2 * len(pairs & theirs) >= SPELT_ALIKE * (len(pairs) + len(theirs)):
                return True
    return False


def _pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}


def _lacks_tokens(evidence: Evidence) -> bool:
    """Whether the question has technical tokens, and no passage has any of them."""
    named = evidence.terms.names.intersection(evidence.terms.tokens)
    return bool(named) and not any(term in named for each in evidence.candidates for term in each.matches)


@cache_texts(entries=64, characters=20_000)
def _is_foreign(question: str) -> bool:
    """Whether it is in another language than English, or in another script."""
    said = words(question)
    return bool(function_words(said)) or any(word[0] > "\u024f" for word in said if word[0].isalpha())


def _shares_little(evidence: Evidence) -> bool:
    """Whether no document, by all of its passages and its title, has enough of the question's terms, and a name of it.

    It is careful in favour of answering: a source that speaks in other words than the question is to be heard. A term
    with a figure ("E1042") is enough, since all languages have it in common.
    """
    asked, named = evidence.terms.stems, evidence.terms.names
    figures = {term for term in asked if _FIGURE.search(term)}
    least = MIN_TERMS if len(asked) > MIN_TERMS else 1
    held: dict[str, set[str]] = {}
    for passage, each in zip(evidence.passages, evidence.candidates, strict=True):
        meant = passage.meaning is not None and passage.meaning >= MIN_PASSAGE_SIMILARITY
        alike = meant or any(sentence.similarity >= MIN_SENTENCE_SIMILARITY for sentence in each.sentences)
        if each.matches or alike:
            known = held.setdefault(passage.document_id, set())
            known.update(each.matches)
            if not figures.isdisjoint(known):
                return False
            if (alike or len(known) >= least) and (not named or not named.isdisjoint(known)):
                return False
    return True
