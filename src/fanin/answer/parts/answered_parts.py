"""Questions of several parts: the sentences that answer them, part by part in the order asked."""

import re
from collections.abc import Sequence
from itertools import chain

from fanin.answer.answerable import LIGHT, SILENT, doubt_about
from fanin.answer.asked_value import AskedValue, asked_value, asking_terms, holds
from fanin.answer.candidate_sentences import CandidateSentence, Evidence, fitting_sentences, is_within
from fanin.answer.draft import page_of
from fanin.answer.parts.question_parts import Part
from fanin.answer.quoting import on_one_line, without_marks
from fanin.answer.recency import Recency, by_score
from fanin.text.question_terms import question_terms
from fanin.text.words import stem, words

ABOUT_OTHERS = 0.5
"""What a term of another part counts in a part that refers to it."""

HOME_BONUS = 0.4
"""Added to the score of sentences of the page that answers all parts of a question best."""

OF_ANOTHER_PART, BEGINS_BONUS = 0.4, 0.5
"""Subtracted from the score of a sentence that is about another part of the question, and added to that of one that
begins with the thing that is compared."""

BEGINNING = 100
"""Characters of a sentence in which the thing is looked for."""

BESIDE = frozenset(AskedValue) - {AskedValue.DEFINITION, AskedValue.COMMAND}
"""Values that the sentence below may tell in other words than the question's."""

MAX_BESIDE = 8
"""Sentences below one that are looked at."""

_SUBJECTLESS = re.compile(
    r"(?:It|This|That|These|They|He|She|Then|After|Within|In|Allow|Wait|Expect|Takes|Note|Usually"
    r"|The (?:whole )?(?:process|procedure))\b"
)
"""How a sentence begins that is about what stands before it, though it does not name it."""


def answered_parts(
    parts: Sequence[Part], evidence: Evidence, recency: Recency | None
) -> tuple[list[CandidateSentence], tuple[str, ...], float]:
    """The best sentence for each part of a question, in the order asked, the parts that none answers, and the doubt.

    That is the least of the doubts about the parts.
    """
    chosen: list[CandidateSentence] = []
    missing: list[str] = []
    doubts: list[float] = []
    every = [_PartOf(evidence, part, [each for each in parts if each is not part]) for part in parts]
    found = [fitting_sentences(part.asked, asked) for part, asked in zip(parts, every, strict=True)]
    _favour_home(found)
    for asked, fitting in zip(every, found, strict=True):
        asked.prefer_its_own(fitting)
    for part, asked, fitting in zip(parts, every, found, strict=True):
        fitting.sort(key=CandidateSentence.order)
        doubts.append(doubt_about(part.asked, asked, fitting))
        answering = [each for each in by_score(fitting, recency) if not each.weak and asked.is_answered_by(each)]
        if not answering or doubts[-1] > 2 * SILENT:
            beside = _beside(chosen[-1], part, evidence) if chosen and part.about else None
            if beside is None:
                missing.append(part.text)
            else:
                chosen.append(beside)
        elif part.text != part.asked:  # one of several things: what is said of another one is nothing new
            chosen += [each for each in answering if not is_within(each, chosen)][:1]
        elif not is_within(answering[0], chosen):
            chosen.append(answering[0])
    return chosen, tuple(missing) if chosen else (), min(doubts)


class _PartOf:
    """The evidence, looked at with one part of the question in mind; a part without names is about those of others."""

    def __init__(self, whole: Evidence, part: Part, others: Sequence[Part]) -> None:
        self.passages, self.candidates, self.unread = whole.passages, whole.candidates, whole.unread
        asked, about = question_terms(part.asked), question_terms(part.about)
        stems = tuple(dict.fromkeys([*asked.stems, *about.stems]))
        self.terms = asked._replace(stems=stems, names=asked.names or whole.terms.names)
        self.measure = whole.measure.only(stems).lessened(set(about.stems).difference(asked.stems), ABOUT_OTHERS)
        known = {stem for each in others for stem in question_terms(each.text).stems} | asking_terms(part.asked)
        self._own = [stem for stem in question_terms(part.text).stems if stem not in known]
        if not self._own and asked_value(part.asked) is None:
            self._own = [*asked.stems]
        self._is_of_names = self.terms.names.issuperset(self._own)
        self._is_light = LIGHT.issuperset(self._own)
        self._others = [[*question_terms(each.text).stems] for each in others]
        self._is_compared = part.text != part.asked

    def prefer_its_own(self, sentences: Sequence[CandidateSentence]) -> None:
        """Let sentences count less that are about another part and hold no value for this one; and of things to
        compare those more that begin with this thing."""
        for each in sentences:
            if not each.has_value and any(other and each.matches.keys() >= set(other) for other in self._others):
                each.score -= OF_ANOTHER_PART
            if self._is_compared and self._own:
                begins = {stem(word) for word in words(each.quote[:BEGINNING])[: len(self._own) + 1]}
                each.score += BEGINS_BONUS * begins.issuperset(self._own)

    def is_answered_by(self, sentence: CandidateSentence) -> bool:
        """Whether it says something of what this part asks, and the others do not."""
        known = sentence.known or sentence.matches
        shared = [stem for stem in self._own if stem in known]
        if sentence.has_value and (shared or (self._is_light and known)):
            return True
        return any(stem not in self.terms.names for stem in shared) or bool(shared and self._is_of_names)


def _favour_home(found: Sequence[Sequence[CandidateSentence]]) -> None:
    """Add to the score of sentences of the page that has the best ones for all parts of a question together."""
    pages: dict[str, float] = {}
    for sentences in found:
        best: dict[str, float] = {}
        for each in sentences:
            page = page_of(each.passage)
            best[page] = max(best.get(page, 0.0), each.score)
        for page, score in best.items():
            pages[page] = pages.get(page, 0.0) + score
    if len(pages) > 1:
        home = max(pages, key=lambda page: pages[page])
        for each in chain.from_iterable(found):
            each.score += HOME_BONUS * (page_of(each.passage) == home)


def _beside(before: CandidateSentence, part: Part, evidence: Evidence) -> CandidateSentence | None:
    """The next sentence below one that answers the part before, if it holds the value that this part asks for.

    "Press the green button. After three minutes the pressure is reached." has no word of "how long does it take?".
    """
    value = asked_value(part.asked)
    if value not in BESIDE:
        return None
    found = next(
        each for passage, each in zip(evidence.passages, evidence.candidates, strict=True) if passage is before.passage
    )
    for each in [each for each in found.sentences if each.start > before.start][:MAX_BESIDE]:
        sentence = CandidateSentence(before.passage, each, relevance=before.relevance)
        if sentence.weak and sentence.is_heading:
            return None
        named = each.matches or each.similarity or _SUBJECTLESS.match(sentence.quote)
        is_about = named or value is AskedValue.MANNER
        is_item = without_marks(sentence.quote) != on_one_line(sentence.quote)
        if is_about and not sentence.weak and not is_item and holds(value, sentence.quote, part.asked):
            return sentence
    return None
