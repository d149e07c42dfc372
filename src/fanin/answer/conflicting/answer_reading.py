"""A question and the sentences that may answer it, read for their values and for what they speak of. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fanin.answer.asked_value import AskedValue, asked_value
from fanin.answer.conflicting.antonyms import is_opposite, plain_stems, stems_of
from fanin.text.quantities import Quantity, quantities
from fanin.text.question_terms import question_terms
from fanin.text.word_lists import CALENDAR
from fanin.text.words import stem

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

_YES_OR_NO = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|can|could|may|must|shall|should|will|would|has|have|had)\b", re.IGNORECASE
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
    rf"|(?P<d4>\d{{1,2}}(?:st|nd|rd|th)|first|last) (?:day )?of the month",
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
    r"[a-z]+ (?:of|through|on|in|at|behind|near|under|to|for) (?:the |a )?$"
)
"""How the words before what is asked about end, if it is a part of that: "the tower of"."""

_CONDITION = re.compile(
    r"\b(?:in|on|at|for|with|without|during|under|over|within|if|while|than|as|after|before|among|between|inside"
    r"|outside|when|unless|except|those who|per) ((?:[\w'-]+ ?){1,5})",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\b(?:is|are|was|were|will|has|have|had|can|may|must|[A-Z]\w+|\d[\w.,]*)\b")
_QUOTED = re.compile(
    r"\baccording to [^,.;:]+|[^,.;:]*\b(?:say|says|said|told|expects?|reports?)\b[^,.;:]*[,:]", re.IGNORECASE
)


class Asked(NamedTuple):
    """A question: the kind of value that it asks for, its words, and its names."""

    kind: AskedValue | None
    yes_or_no: bool
    stems: frozenset[str]
    names: frozenset[str]
    text: str


class Said(NamedTuple):
    """A sentence: which of the question's words it has, and its words, values and conditions."""

    text: str
    about: frozenset[str]
    stems: Sequence[str]
    names: Sequence[str]
    days: Sequence[re.Match[str]]
    figures: Sequence[Quantity]
    conditions: frozenset[str]
    front: frozenset[str]
    strong: frozenset[str]
    before: frozenset[str]
    editions: frozenset[str]
    part: bool


def asked(question: str) -> Asked:
    """The question, read for what it asks for."""
    terms = question_terms(question)
    yes_or_no = _YES_OR_NO.match(question) is not None
    known = {*terms.stems, *plain_stems(" ".join(terms.words))}
    stems = frozenset(base for word, base in stems_of(question) if base in known or " " in word)
    names = frozenset(name for name in terms.names if name.isalpha())
    return Asked(asked_value(question), yes_or_no, stems, names, question)


def said(sentence: str, question: Asked, *, above: str = "") -> Said:
    """The sentence, read with the question in mind; `above` is what it is about besides."""
    plain = _QUOTED.sub(" ", sentence)
    names = [*_names(sentence, question)]
    stems = plain_stems(sentence)
    about = question.stems.intersection([*stems, *plain_stems(above)])
    if question.yes_or_no:
        about |= {asked for asked in question.stems - about if any(is_opposite(base, asked) for base in stems)}
    conditions = {word for found in _CONDITION.finditer(plain) for word in _content(_ENDS.split(found[1])[0])}
    begins = _first(plain, question)
    before = plain[:begins]
    part = _PART.search(before) is not None
    for name in names:
        before = before.replace(name, " ")
    before += " ".join(_modifiers(plain, question))
    return Said(
        sentence,
        about,
        stems,
        names,
        [*_DAY.finditer(sentence)],
        quantities(sentence),
        frozenset(conditions) - question.stems,
        frozenset(_content(_front(plain, begins))) - question.stems,
        frozenset(_strong(plain, question)),
        frozenset(map(str, map(stem, re.findall(r"[^\W\d_]{3,}", before.lower()))))
        - question.stems
        - _NUMERALS
        - {"nobodi"},
        frozenset(found[0] for found in EDITION.finditer(sentence) if found[0][:3].lower() not in MONTHS),
        part,
    )


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
