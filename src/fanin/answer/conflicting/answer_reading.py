"""A question and the sentences that may answer it, read for their values and for what they speak of. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from fanin.answer.asked_value import AskedValue, asked_value
from fanin.answer.conflicting.antonyms import is_opposite, plain_stems, stems_of
from fanin.text.bounded_cache import cache_texts
from fanin.text.quantities import Quantity, quantities
from fanin.text.question_terms import question_terms
from fanin.text.word_lists import CALENDAR
from fanin.text.word_overlap import DENIALS
from fanin.text.words import stem

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

ORDINALS = {
    word: str(at)
    for at, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}

YES_OR_NO = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|can|could|may|must|shall|should|will|would|has|have|had"
    r"|ist|sind|wird|werden|hat|haben|kann|darf|dürfen|muss|gibt es|est-ce que|peut-on|es|está|están|hay|puede"
    r"|se puede|è|sono|é|são|mag|zijn)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_a-z][\w'-]*(?: (?:(?:de|van|von|der|la|du|of) )?[^\W\d_a-z][\w'-]*)*")
_NO_NAMES = CALENDAR | {
    "in",
    "at",
    "on",
    "from",
    "until",
    "since",
    "for",
    "with",
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "sir",
    "the",
    "a",
    "an",
    "i",
}
_MONTH = rf"(?P<m>{'|'.join(MONTHS)})[a-z]*"
_DAY = re.compile(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}\b\.?(?:,? (?P<y>\d{{4}}))?"
    rf"|{_MONTH.replace('<m>', '<m2>')}\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y2>\d{{4}}))?"
    rf"|(?P<y3>(?:1[0-9]|20)\d\d)(?:-(?P<m3>\d\d)(?:-(?P<d3>\d\d))?)?(?![\d-])"
    rf"|(?P<d4>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(ORDINALS)}|last) (?:day )?of the month",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?<![\w.,:-])\d+(?:[.,]\d+)*(?![\w:-])|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
EDITION = re.compile(
    r"\b[a-z]+ [A-Z]\b(?! [A-Z])|(?<!^)\b[A-Z][\w-]*(?: \d+(?:\.\d+)*| [A-Z])\b(?!\.\d)|\b[Vv]ersion \d[\w.]*"
    r"|^[A-Z]\w+ \d+(?:\.\d+)*\b"
)
"""A name with a number or a letter: "Halyard 2"."""

_STRONG = re.compile(
    r"\b(?:during|if|when|unless|except|without|only|those who|who|abroad|instead|as long as)\b"
    r"|^(?!There\b)(?:[A-Z][a-z]+ )?(?:[A-Za-z]+s|[Cc]hildren|[Pp]eople) (?:pay|get|have|receive|need|may|must|can)\b"
)
"""A condition that makes it something else, though the other sentence has none: "when it rains", "Groups pay"."""

_FRONT = re.compile(
    r"(?:When|If|After|Before|On|In|At|With|Without|For|Near|By|Over|During|While|Since|As|Those who|From|Under"
    r"|Between)\b"
)
_NUMERALS = frozenset(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelv", "")
)

_PART = re.compile(
    r"\b(?!(?:total|number|sum|city|town|village|river|lake|island|most|some|all|one) )"
    r"[^\W\d_A-Z]+ (?:of|through|on|in|at|behind|near|under|to|for) (?:the |a )?$"
)
"""How the words before what is asked about end, if it is a part of that: "the tower of"."""

_CONDITION = re.compile(
    r"\b(?:in|on|at|for|with|without|during|under|over|within|if|while|than|as|after|before|among|between|inside"
    r"|outside|when|unless|except|those who|per) ((?:[\w'-]+ ?){1,5})",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\b(?:is|are|was|were|will|has|have|had|can|may|must|[A-Z]\w+|\d[\w.,]*)\b")
_QUOTED = re.compile(
    r"\baccording to [^,.;:]+|^(?:[\w'-]+ ){1,3}(?:say|says|parts|report|reports|reported) that "
    r"|(?:^|(?<=[,.;:]))[^,.;:]*\b(?:say|says|parts|told|expects?|reports?)\b[^,.;:]*[,:]",
    re.IGNORECASE,
)


_TIMES = frozenset(stem(word) or word for word in ("day", "date", "year", "month", "hour", "time"))
"""Words of a question for a time that its answers need not have."""


class Asked(NamedTuple):
    """A question: the kind of value that it asks for, its words, and its names."""

    kind: AskedValue | None
    yes_or_no: bool
    stems: frozenset[str]
    names: frozenset[str]
    text: str


class ReadSentence:
    """A sentence, read with a question in mind; `above` is what it is about besides. What is read is read once."""

    def __init__(self, text: str, question: Asked, *, above: str = "") -> None:
        self.text = text
        self._question = question
        self._above = above

    @cached_property
    def about(self) -> frozenset[str]:
        """The words of the question that it has; of a yes-or-no question their opposites too."""
        asked, stems = self._question.stems, plain_stems(self.text)
        about = asked.intersection(stems if not self._above else [*stems, *plain_stems(self._above)])
        if self._question.yes_or_no:
            about |= {each for each in asked - about if any(is_opposite(base, each) for base in stems)}
        return about

    @cached_property
    def names(self) -> Sequence[str]:
        """The names that are not in the question."""
        return [*_names(self.text, self._question)]

    @cached_property
    def days(self) -> Sequence[re.Match[str]]:
        """The days, months and years that it names."""
        return [*_DAY.finditer(self.text)]

    @cached_property
    def figures(self) -> Sequence[Quantity]:
        """Its quantities."""
        return quantities(self.text)

    @cached_property
    def conditions(self) -> frozenset[str]:
        """What it says of when, where and for whom it is so."""
        parts = [_ENDS.split(found[1])[0] for found in _CONDITION.finditer(self._plain)]
        return frozenset([word for each in parts for word in _content(each)]) - self._question.stems

    @cached_property
    def front(self) -> frozenset[str]:
        """The words of the condition with which it begins."""
        return frozenset(_content(_front(self._plain, self._begins))) - self._question.stems

    @cached_property
    def strong(self) -> frozenset[str]:
        """Words that make it something else."""
        clauses = self._plain.split(";") if ";" in self._plain else [self._plain]
        about = max(clauses, key=lambda clause: len(self._question.stems.intersection(plain_stems(clause))))
        return frozenset(_strong(about, self._question))

    @cached_property
    def before(self) -> frozenset[str]:
        """What stands before the first word of the question, and right before its names."""
        before = self._plain[: self._begins]
        for name in self.names:
            before = before.replace(name, " ")
        words = re.findall(r"[^\W\d_]{3,}", (before + " ".join(_modifiers(self._plain, self._question))).lower())
        return frozenset([stem(word) or "" for word in words]) - self._question.stems - _NUMERALS - {"nobodi"}

    @cached_property
    def besides(self) -> frozenset[str]:
        """The stems of its words that are not in the question, but for figures, days, names, and what denies."""
        text = self.text
        values = [text[each.start : each.end] for each in self.figures] + [each[0] for each in self.days]
        rest = self._plain
        for each in (*values, *self.names):
            rest = rest.replace(each, " ")
        asked, words = self._question.stems, frozenset(_content(rest))
        return frozenset(
            [each for each in words - asked - DENIALS if not any(is_opposite(each, base) for base in asked)]
        )

    @cached_property
    def editions(self) -> frozenset[str]:
        """Names with a number or a letter: "Halyard 2"."""
        return frozenset(found[0] for found in EDITION.finditer(self.text) if found[0][:3].lower() not in MONTHS)

    @cached_property
    def part(self) -> bool:
        """Whether it is about a part of what is asked about."""
        return _PART.search(self._plain[: self._begins]) is not None

    @cached_property
    def _plain(self) -> str:
        return _QUOTED.sub(" ", self.text)

    @cached_property
    def _begins(self) -> int:
        return _first(self._plain, self._question)


@cache_texts(entries=64, characters=20_000)
def asked(question: str) -> Asked:
    """The question, read for what it asks for."""
    yes_or_no = YES_OR_NO.match(question) is not None
    days = [base for word, base in stems_of(question) if word[0].isupper() and word.lower() in CALENDAR]
    names = frozenset(name for name in [*question_terms(question).names, *days] if name.isalpha())
    kind, stems = asked_value(question), asked_stems(question)
    return Asked(kind, yes_or_no, stems - _TIMES if kind is AskedValue.TIME else stems, names, question)


@cache_texts(entries=64, characters=20_000)
def asked_stems(question: str) -> frozenset[str]:
    """The stems of the words that say what the question is about, and of its phrases."""
    terms = question_terms(question)
    known = {*terms.stems, *plain_stems(" ".join(terms.words))}
    return frozenset(base for word, base in stems_of(question) if base in known or " " in word)


def _modifiers(text: str, question: Asked) -> Iterator[str]:
    """Words right before a name of the question: "the diesel Vireo"."""
    for found in re.finditer(r"\b([a-z]+) ([A-Z]\w+)", text):
        if stem(found[2].lower()) in question.names:
            yield f" {found[1]}"


def _first(text: str, question: Asked) -> int:
    """Where the first word of the question stands in the text."""
    for found in re.finditer(r"[^\W\d_]+", text):
        if stem(found[0].lower()) in question.stems:
            return found.start()
    return 0


def _strong(text: str, question: Asked) -> Iterator[str]:
    """The words that begin a condition, if what follows is not what is asked about."""
    for found in _STRONG.finditer(text):
        following = re.findall(r"[^\W\d_]+", text[found.end() : found.end() + 40])[:2]
        if question.stems.isdisjoint(plain_stems(" ".join(following))):
            yield found[0].lower()


def _front(text: str, begins: int) -> str:
    """The condition with which the text begins, up to its comma or the first word of the question."""
    if _FRONT.match(text) is None:
        return ""
    comma = text.find(",")
    front = text[: comma if 0 < comma < max(begins, 60) else begins]
    return "" if any(map(str.isdigit, front)) else front


def _content(text: str) -> Iterator[str]:
    for word in re.findall(r"[^\W\d_]+", text.lower()):
        if word not in CALENDAR and not NUMBER.fullmatch(word) and (base := stem(word)):
            yield base


def _names(sentence: str, question: Asked) -> Iterator[str]:
    """The names in a sentence that are not in the question; its first word alone is none."""
    known = question.text.lower()
    for found in _NAME.finditer(sentence):
        words = [word for word in found[0].split() if word.lower() not in _NO_NAMES and word.lower() not in known]
        starts = found.start() == 0 or sentence[: found.start()].rstrip()[-1:] in (".", "!", "?", ":")
        if words and not (starts and " " not in found[0]) and not (len(found[0]) < 4 and found[0].isupper()):
            yield " ".join(words)
