"""The question before a follow-up, read once: its language, its phrases and its times (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fanin.plan.follow_ups.language_words import WORDS, LanguageWords, language_of, of_any
from fanin.plan.follow_ups.phrases import Phrase, names, phrases, times_in
from fanin.plan.places import place_in

_OWNED_BY = rf"(?:(?:{of_any('owned_by')}|für)(?!\w)|d['\u2019])"

_COUNTED = rf"(?:{of_any('counted')}) $"
"""What stands before a phrase that is counted: the question is about another one, if there is one."""


@dataclass(frozen=True, slots=True)
class PreviousQuestion:
    """Its text without the marks at its end, what it names, and how it was answered."""

    text: str
    words: LanguageWords
    times: Sequence[tuple[int, int]]
    phrases: Sequence[Phrase]
    names: Sequence[Phrase]
    answer: str
    today: date

    def of(self, phrase: Phrase) -> str:
        """The text of a phrase."""
        return self.text[phrase.begin : phrase.end]

    @property
    def subject(self) -> Phrase | None:
        """What it is about: its last phrase without a preposition, or else its last one, and not an attribute of it."""
        phrase = self.asked_for
        attribute = self.attribute
        if phrase is None or attribute is None:
            return phrase
        begin = attribute.end + len(re.sub(r"(?s)^(\W*\w+\W*).*", r"\1", self.text[attribute.end :]))
        inner = phrases(self.text[begin : phrase.end], self.words)
        head = begin + inner[0].head if inner and not inner[0].begin else phrase.end
        return Phrase(begin, phrase.end, head, begin, named=self.text[begin].isupper())

    @property
    def asked_for(self) -> Phrase | None:
        """The phrase of the subject with the attribute of it that is asked for, if there is one."""
        named = [each for each in self.phrases if not re.search(_COUNTED, self.text[: each.begin], re.IGNORECASE)]
        bare = [each for each in named if not each.preposition]
        return (bare or named or [*self.phrases] or [None])[-1]

    @property
    def attribute(self) -> Phrase | None:
        """What of the subject is asked for: "the price" in "the price of the ticket"."""
        phrase = self.asked_for
        of = rf"({self.words.attribute}) {_OWNED_BY}"
        found = phrase and re.match(of, self.of(phrase), re.IGNORECASE)
        if not phrase or not found:
            return None
        end = phrase.begin + found.end(1)
        return Phrase(phrase.begin, end, end, phrase.begin)

    @property
    def place(self) -> Phrase | None:
        """Its last name after a preposition."""
        named = [each for each in self.names if each.preposition]
        return named[-1] if named else self._small_place()

    def _small_place(self) -> Phrase | None:
        """The place of a question about the weather, in small letters."""
        place = "" if self.names else place_in(self.text)
        begin = self.text.rfind(f" {place}") + 1 if place else 0
        lead = self.text.rfind(" ", 0, max(0, begin - 1)) + 1
        return (
            Phrase(begin, begin + len(place), begin + len(place), lead, self.text[lead : begin - 1]) if begin else None
        )

    def times_of(self, text: str) -> Sequence[tuple[int, int]]:
        """The times that a follow-up names."""
        return times_in(text, self.words, before=self.text, today=self.today)


def previous_question(text: str, question: str, *, answer: str, today: date) -> PreviousQuestion:
    """The question before `question`, of which both tell the language."""
    words = WORDS[language_of(question, text)]
    text = text.strip().rstrip("?!. ")
    times = times_in(text, words, before="", today=today)
    free = [each for each in names(text, words) if not any(begin <= each.begin < end for begin, end in times)]
    return PreviousQuestion(text, words, times, phrases(text, words, without=times), free, answer, today)
