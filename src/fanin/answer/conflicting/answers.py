"""Whether two sentences answer one question with different values: figures, days, names, or yes and no. Pure.

Other words around the values do not matter: "Backups run at 02:30." and "They are made at 4:15." differ on when backups
run. They do not when they speak of different things: "in summer" and "in winter", "version 2" and "version 3".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from fanin.answer.asked_value import AskedValue, asked_value
from fanin.answer.conflicting.answer_reading import (
    NUMBER,
    YES_OR_NO,
    Asked,
    ReadSentence,
    asked,
    asked_stems,
)
from fanin.answer.conflicting.antonyms import PREFIXES, beginnings_of_opposites
from fanin.answer.conflicting.differences import has_pronoun, plain_words
from fanin.answer.conflicting.differing_values import (
    LEAST,
    difference,
    like_but_for_value,
    same_question,
    speak_of_others,
)
from fanin.model import Citation, Conflict, Side
from fanin.text.question_terms import question_terms
from fanin.text.word_overlap import DENIALS
from fanin.text.words import stem

LEAST_OF_ONE = 0.6
"""The share if both are of one source, which may be about many things of one kind."""

ALMOST = 0.75
"""The share that a sentence which is not quoted must have of the question's words that one has which is."""

LONGEST = 400
"""Characters of the longest quote that is read: the time of a hostile one grows with their square."""

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")

_DENIAL = re.compile(rf"n['\u2019]t\b|\b(?:{'|'.join(sorted(DENIALS))})\b")
_ANY = re.compile(NUMBER.pattern + r"|\d|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day| of the month", re.IGNORECASE)
_MARKS = {
    AskedValue.PERSON: re.compile(r"[A-Z]"),
    AskedValue.PLACE: re.compile(r"[A-Z]"),
    None: None,
}
"""What stands in each sentence that may hold a value of the kind; in all others, a figure."""

_WITHOUT_VALUES = (AskedValue.REASON, AskedValue.MANNER, AskedValue.DEFINITION)


class Answers:
    """The sentences that answer a question, each read once; without a question they are not compared."""

    def __init__(self, question: str, above: Mapping[str, str]) -> None:
        self._question = question
        self._above = above
        self._read: dict[int, ReadSentence] = {}

    def speak_of_others(self, one: Citation, other: Citation) -> bool:
        """Whether two answers speak of different things, as of other conditions; false if nothing was asked."""
        if not self._question or max(len(one.quote), len(other.quote)) > LONGEST:
            return False
        question = asked(self._question)
        return speak_of_others(self._read_sentence(one, question), self._read_sentence(other, question), question)

    def may_contradict(self, one: Citation, other: Citation) -> bool:
        """Whether another sentence is about as much of what is asked as one that is quoted, and names no other year."""
        question = asked(self._question)
        first, second = self._read_sentence(one, question), self._read_sentence(other, question)
        same_years = question.kind is AskedValue.TIME or {*_YEAR.findall(one.quote)} == {*_YEAR.findall(other.quote)}
        return same_years and len(second.about) >= ALMOST * len(first.about)

    def agrees_elsewhere(self, citation: Citation, value: str) -> bool:
        """Whether another sentence of the document, about what is asked, states the value: then this one is of more."""
        text = self._above.get(f"{citation.source}/{citation.document}", "")
        found = re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) if value else None
        if found is None:
            return False
        start, end = text.rfind(". ", 0, found.start()), text.find(". ", found.end())
        sentence = text[max(start, 0) : end if end > 0 else len(text)].strip(". ")
        if len(sentence) > LONGEST or sentence in citation.quote:
            return False
        question = asked(self._question)
        return len(ReadSentence(sentence, question).about) >= LEAST * len(question.stems)

    def with_values(self, citations: Sequence[Citation]) -> Sequence[Citation]:
        """The citations that may hold a value of the kind that is asked for, but for long ones."""
        return _with_values(self._question, [each for each in citations if len(each.quote) <= LONGEST])

    def differing(self, citations: Sequence[Citation]) -> Iterator[tuple[Citation, Citation, Conflict]]:
        """The pairs of documents that answer differently, with their values."""
        answering = self._with_names(self.with_values(citations))
        if len(answering) < 2:
            return
        question = asked(self._question)
        for one, other in combinations(answering, 2):
            if (one.source, one.document) == (other.source, other.document):
                first, second, least = ReadSentence(one.quote, question), ReadSentence(other.quote, question), 1.0
                if not like_but_for_value(first, second):
                    continue
            else:
                first, second = self._read_sentence(one, question), self._read_sentence(other, question)
                least = LEAST_OF_ONE if one.source == other.source else LEAST
            if not same_question(first, second, question, least=least):
                continue
            if found := difference(first, second, question):
                sides = Side(one.source, found[0], one.number), Side(other.source, found[1], other.number)
                yield one, other, Conflict(sides)

    def _with_names(self, citations: Sequence[Citation]) -> Sequence[Citation]:
        """The citations that may hold each name of the question, or are of a document that does."""
        terms = question_terms(self._question)
        if not terms.names or YES_OR_NO.match(self._question):
            return citations
        names = frozenset(filter(str.isalpha, terms.names))
        return [
            each
            for each in citations
            if _holds(names, f"{each.quote} {each.title}", terms.beginnings)
            or (has_pronoun(each.quote) and _holds(names, f"{each.quote} {self._context(each)}", terms.beginnings))
        ]

    def _read_sentence(self, citation: Citation, question: Asked) -> ReadSentence:
        known = self._read.get(id(citation))
        if known is None:
            known = self._read[id(citation)] = ReadSentence(citation.quote, question, above=self._context(citation))
        return known

    def _context(self, citation: Citation) -> str:
        """What says what the citation is about: its title, and for a pronoun the passages above it."""
        if not has_pronoun(citation.quote):
            return citation.title
        return f"{citation.title} {self._above.get(f'{citation.source}/{citation.document}', '')}"


def _holds(names: frozenset[str], text: str, beginnings: tuple[str, ...]) -> bool:
    """Whether each name stands there, whose words begin with one of the beginnings; true of a text not in ASCII."""
    return not text.isascii() or names <= {stem(word) for word in plain_words(text) if word.startswith(beginnings)}


def _with_values(question: str, citations: Sequence[Citation]) -> Sequence[Citation]:
    """The citations that may hold a value of the kind that is asked for, found without reading their words."""
    kind, words = asked_value(question), len(question_terms(question).stems)
    if not words or kind in _WITHOUT_VALUES:
        return ()
    if YES_OR_NO.match(question):
        return citations if _may_be_denied(question, "\n".join([each.quote for each in citations]).lower()) else ()
    if kind is None and words == 1:
        return ()
    marks = _MARKS.get(kind, _ANY)
    return [each for each in citations if marks.search(each.quote)] if marks else citations


def _may_be_denied(question: str, quotes: str) -> bool:
    """Whether the quotes deny something, or have a word that may be the opposite of one of the question."""
    if _DENIAL.search(quotes):
        return True
    against = [word for asked in asked_stems(question) for word in beginnings_of_opposites(asked)]
    against += [prefix + asked[:4] for asked in asked_stems(question) for prefix in PREFIXES]
    return any(map(quotes.__contains__, against))
