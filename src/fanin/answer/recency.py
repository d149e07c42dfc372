"""Newest first: what a question that asks for what is new, or for certain days, is answered with first. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from fanin.answer.asked_value import AskedValue, asked_value
from fanin.answer.candidate_sentences import CandidateSentence, Evidence
from fanin.model import Passage
from fanin.text.dates.asked_time import AskedTime, age, day_of, names_day
from fanin.text.relevance import Measure

AS_WELL = 0.7
"""The share of the best passage's words of the question from which a newer passage answers as well."""

MIN_RELEVANCE, NEARLY = 0.2, 0.7
"""The share of the best sentence's relevance that the sentence of a newer passage must have, and from which another one
is as good as the best."""

NEWEST = 4.0
"""Added to the score of a sentence of the newest day, less for others: more than any other part of its score."""

OLD = 30
"""Days from which the answer says how old it is, when the latest was asked for."""


_NEWS = re.compile(
    r"\b(?:news|happen|going on|what(?:'s| is) (?:new|on)\b|latest (?:on|about|from)\b|nachrichten|neuigkeiten|neues"
    r"|nouvelles|noticias|notizie|notícias|nieuws)"
)


class Recency:
    """The evidence for a question that asks for what is new or for certain days; it orders sentences by day."""

    def __init__(self, question: str, evidence: Evidence, asked: AskedTime) -> None:
        measure, pairs = evidence.measure, zip(evidence.passages, evidence.candidates, strict=True)
        self._asked = asked
        self._named = evidence.terms.names if asked_value(question) is AskedValue.VERSION else frozenset[str]()
        self._any = asked.by_day or _NEWS.search(question.lower()) is not None
        self._held = {id(passage): self._share(found.matches, measure) for passage, found in pairs}
        self._days: dict[str, date | None] = {}
        self._answering: dict[str, date | None] = {}
        self._newest: date | None = None

    def _share(self, matches: Mapping[str, float], measure: Measure) -> float:
        """The share of the question that these words are; a version is known by the name alone: "Orbit 4.2 is out"."""
        return 1.0 if self._named and self._named <= matches.keys() else measure.covered(matches)

    def favoured(self, sentences: list[CandidateSentence]) -> list[CandidateSentence]:
        """The sentences, of which the best one of each passage that answers has a higher score, the newer it is.

        When a day is asked for and something is of that day, what is of no day is left out, if it does not name it.
        """
        asked = self._asked
        if not sentences or not (asked.recent or asked.by_day):
            return sentences
        answering = self._best_of_each(sentences)
        self._answering = {each.passage.document_id: self._day(each.passage) for each in answering}
        days = sorted({day for day in self._answering.values() if day and (asked.recent or asked.holds(day))})
        self._newest = days[-1] if days else None
        if self._newest is None:
            return sentences
        ranks = {day: (place + 1) / len(days) for place, day in enumerate(days)}
        for each in answering:
            if (day := self._day(each.passage)) is not None:
                each.score += NEWEST * ranks.get(day, 0.0)
        if not (asked.by_day and asked.holds(self._newest)):
            return sentences
        return [each for each in sentences if self._day(each.passage) or names_day(each.quote, asked)]

    def _best_of_each(self, sentences: Sequence[CandidateSentence]) -> list[CandidateSentence]:
        """The best sentence of each passage that says as much of the question as the best passage does.

        It holds a figure, or a value of the kind that is asked for, if one of the best sentences does; what is on and
        the news may have no figures.
        """
        best = max(sentences, key=lambda each: (not each.weak, each.has_value, each.relevance))
        good = [each for each in sentences if each.relevance >= NEARLY * best.relevance]
        figures = not self._any and any(map(_has_figure, good))
        most, least = max(self._held.values()), 0.0 if self._named else MIN_RELEVANCE * best.relevance
        found: dict[int, CandidateSentence] = {}
        for each in sentences:
            key = id(each.passage)
            fits = self._held[key] >= AS_WELL * most and each.relevance >= least
            is_as_good = each.has_value >= best.has_value and (best.has_value or _has_figure(each) >= figures)
            if fits and is_as_good and each.weak <= best.weak and (key not in found or each.score > found[key].score):
                found[key] = each
        return [*found.values()]

    def ordered(self, chosen: list[CandidateSentence]) -> list[CandidateSentence]:
        """The chosen sentences, of which those of documents that answer come first, the newest day first."""
        if self._newest is None:
            return chosen
        return sorted(chosen, key=self._place)

    def _place(self, sentence: CandidateSentence) -> tuple[int, int]:
        day = self._answering.get(sentence.passage.document_id)
        if day is None:
            return 2, 0
        asked = self._asked
        return int(not (asked.recent or asked.holds(day))), -day.toordinal()

    def note(self, sentence: CandidateSentence) -> str:
        """The day of what is quoted and how long ago that was, if it is not as new as what was asked for; else ""."""
        asked, day = self._asked, self._day(sentence.passage)
        if day is None or not (asked.recent or asked.by_day) or names_day(sentence.quote, asked):
            return ""
        late = not asked.holds(day) if asked.by_day else (asked.today - day).days > OLD
        older = asked.recent and self._newest is not None and day < self._newest
        return dated(day, today=asked.today) if late or older else ""

    def _day(self, passage: Passage) -> date | None:
        key = passage.document_id
        if key not in self._days:
            self._days[key] = day_of(passage.published, self._asked.zone) if passage.published else None
        return self._days[key]


def dated(day: date, *, today: date) -> str:
    """The day, and how long ago it was: "2025-03-11, 20 months ago"."""
    return ", ".join(filter(None, (day.isoformat(), age(day, today=today))))


def _has_figure(sentence: CandidateSentence) -> bool:
    return any(map(str.isdigit, sentence.quote))


def by_score(sentences: list[CandidateSentence], recency: Recency | None) -> list[CandidateSentence]:
    """The sentences by falling score; with `recency` those of newer documents first."""
    if recency is not None:
        sentences = recency.favoured(sentences)
    return sorted(sentences, key=CandidateSentence.order)
