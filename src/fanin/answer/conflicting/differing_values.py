"""How two sentences answer a question with different values: figures, days, names, or yes and no. Pure."""

import re

from fanin.answer.asked_value import AskedValue
from fanin.answer.conflicting.answer_reading import EDITION, MONTHS, NUMBER, ORDINALS, Asked, ReadSentence
from fanin.answer.conflicting.antonyms import is_opposite, plain_stems, stems_of, without_prefix
from fanin.text.bounded_cache import cache_texts
from fanin.text.word_lists import CALENDAR, TELLING
from fanin.text.word_overlap import DENIALS
from fanin.text.words import stem

LEAST = 0.5
"""The share of the question's words that each sentence must have, with its title."""

REACH = 3
"""Words behind a denial within which the denied word stands."""

_WORDS = {word: str(at) for at, word in enumerate(
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
)}  # fmt: skip
_BOUNDS = {
    "most": re.compile(
        r"\b(?:up to|at (?:the )?most|no more than|maximum|not more than|longest|highest|largest|fastest|hottest)\b"
    ),
    "least": re.compile(
        r"\b(?:at least|no less than|minimum|not less than|from|shortest|lowest|smallest|slowest|coldest|worst)\b"
    ),
    "mean": re.compile(r"\b(?:on average|average|usually|typically|normally|mean|most [a-z]+s)\b"),
}
_PEOPLE = frozenset(map(stem, ("people", "persons")))
"""What is counted under many other words: "580 employees"."""

_DIMENSIONS = {
    word: words.split()[0]
    for words in (
        "long length longer", "wide width broad", "high height tall", "deep depth", "heavy weight weighs weigh",
        "old age aged", "thick thickness", "far distance", "fast speed", "large area", "warm hot temperature",
    )
    for word in words.split()
}  # fmt: skip
_WEEK = (CALENDAR - {"i"}) | {"weekday", "weekend", "holiday"}


def speak_of_others(one: ReadSentence, other: ReadSentence, question: Asked) -> bool:
    """Whether the sentences speak of different things: of other parts, conditions, editions or times."""
    if _apart(one.conditions, other.conditions) or _apart(one.editions, other.editions):
        return True
    if one.part != other.part or _apart(one.before, other.before):
        return True
    if question.kind is AskedValue.TIME:
        return one.strong != other.strong
    if _apart(_years(one), _years(other)) or _apart(_calendar(one), _calendar(other)):
        return True
    return question.kind not in (AskedValue.PERSON, AskedValue.PLACE) and _is_special(one, other)


def like_but_for_value(one: ReadSentence, other: ReadSentence) -> bool:
    """Whether two sentences of one document have the same words, but for those of the question and for values."""
    return one.besides == other.besides and len(one.days) == len(other.days) and one.editions == other.editions


def same_question(one: ReadSentence, other: ReadSentence, question: Asked, *, least: float = LEAST) -> bool:
    """Whether both sentences are about what is asked: they have so much of its words, and all of its names."""
    shared = one.about & other.about
    return min(len(one.about), len(other.about)) >= least * len(question.stems) and question.names <= shared


def difference(one: ReadSentence, other: ReadSentence, question: Asked) -> tuple[str, str] | None:
    """What each sentence answers, if they answer the same question differently."""
    found = _values(one, other, question)
    return None if found is None or speak_of_others(one, other, question) else found


def _values(one: ReadSentence, other: ReadSentence, question: Asked) -> tuple[str, str] | None:
    if question.yes_or_no:
        named = _apart(one.conditions | set(one.names), other.conditions | set(other.names))
        return None if named else _denial(one, other, question) or _opposites(one, other)
    match question.kind:
        case AskedValue.TIME:
            return _days(one, other) or _figures(one, other, question, times=True)
        case AskedValue.PERSON | AskedValue.PLACE:
            return _one_name(one, other)
        case AskedValue.QUANTITY:
            return _figures(one, other, question)
        case AskedValue.REASON | AskedValue.MANNER | AskedValue.DEFINITION:
            return None
        case _ if one.figures or other.figures:
            return _figures(one, other, question)
        case _:
            return _numbers(one, other, question) or _one_name(one, other) or _opposites(one, other)


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each has something that the other has not."""
    return bool(one - other and other - one)


def _one_name(one: ReadSentence, other: ReadSentence) -> tuple[str, str] | None:
    """The only name of each sentence, or its only full name, if they differ."""
    full = [[name for name in sentence.names if " " in name] for sentence in (one, other)]
    names = [
        sentence.names if len(sentence.names) == 1 else found
        for sentence, found in zip((one, other), full, strict=True)
    ]
    if len(names[0]) != 1 or len(names[1]) != 1 or _years(one) != _years(other):
        return None
    parts = [[set(name.split()) for name in sentence.names] for sentence in (one, other)]
    if any(first <= second or second <= first for first in parts[0] for second in parts[1]):
        return None
    rest = [frozenset(sentence.names) - {found[0]} for sentence, found in zip((one, other), names, strict=True)]
    return None if rest[0] and rest[1] else (names[0][0], names[1][0])


def _years(sentence: ReadSentence) -> frozenset[str]:
    return frozenset([each[0] for each in sentence.days])


def _days(one: ReadSentence, other: ReadSentence) -> tuple[str, str] | None:
    """Two days or years of which one part differs: "8 August 1990" and "8 August 1992"."""
    if len(one.days) != 1 or len(other.days) != 1:
        week = _calendar(one), _calendar(other)
        apart = not (one.days or other.days or one.figures or other.figures) and len(week[0]) == len(week[1]) == 1
        return _written(one, other, week) if apart and week[0] != week[1] else None
    first, second = _parts(one.days[0]), _parts(other.days[0])
    shared = first.keys() & second.keys()
    differ = any(first[part] != second[part] for part in shared)
    return (one.days[0][0], other.days[0][0]) if differ else None


def _written(one: ReadSentence, other: ReadSentence, words: tuple[frozenset[str], frozenset[str]]) -> tuple[str, str]:
    """The words as they are written in the sentences."""
    first, second = (
        re.findall(rf"(?i)\b{min(each)}\b", sentence.text)[0]
        for sentence, each in zip((one, other), words, strict=True)
    )
    return first, second


def _parts(day: re.Match[str]) -> dict[str, str]:
    parts = {name[0]: value.lower() for name, value in day.groupdict().items() if value}
    if "m" in parts:
        parts["m"] = str(int(parts["m"])) if parts["m"].isdigit() else str(MONTHS.index(parts["m"][:3]) + 1)
    if "d" in parts:
        parts["d"] = re.sub("(?:st|nd|rd|th)$", "", ORDINALS.get(parts["d"], parts["d"])).lstrip("0")
    return parts


def _figures(one: ReadSentence, other: ReadSentence, question: Asked, *, times: bool = False) -> tuple[str, str] | None:
    """The only figures of one dimension, if they differ, or else the only numbers.

    Not when the sentences speak of other years, of other names, or of the average and the maximum.
    """
    if _bounds(one) != _bounds(other) or _apart(_calendar(one), _calendar(other)):
        return None
    if _apart(_dimensions(one), _dimensions(other)):
        return None
    if _apart(frozenset(one.names), frozenset(other.names)):
        return None
    return _measures(one, other, times=times) or (None if times else _numbers(one, other, question))


def _is_special(one: ReadSentence, other: ReadSentence) -> bool:
    """Whether one of them holds under a condition that the other does not name."""
    if one.strong != other.strong:
        return True
    return bool(one.front - other.front - other.conditions or other.front - one.front - one.conditions)


def _calendar(sentence: ReadSentence) -> frozenset[str]:
    """The days of the week and months that it names."""
    return _calendar_of(sentence.text)


@cache_texts(entries=1_000, characters=200_000)
def _calendar_of(text: str) -> frozenset[str]:
    named = [word.lower() for word in re.findall(r"[A-Za-z]+", text) if word == "May" or word[:1].isupper()]
    named += re.findall(r"\b(?:weekdays?|weekends?|holidays?)\b", text)
    return frozenset(word for word in named if word.rstrip("s") in _WEEK)


def _dimensions(sentence: ReadSentence) -> frozenset[str]:
    """The dimensions that it names: a pier of 310 m is long, or wide."""
    return frozenset(_DIMENSIONS[word] for word in re.findall(r"[a-z]+", sentence.text.lower()) if word in _DIMENSIONS)


def _bounds(sentence: ReadSentence) -> set[str]:
    """Whether the figures are a most, a least or a mean, and other words that make them those of something else."""
    low = sentence.text.lower()
    return {name for name, words in _BOUNDS.items() if words.search(low)} | TELLING.intersection(
        re.findall(r"\w+", low)
    )


def _measures(one: ReadSentence, other: ReadSentence, *, times: bool) -> tuple[str, str] | None:
    for figure in one.figures:
        first, second = ([f for f in sentence.figures if f.dimension == figure.dimension] for sentence in (one, other))
        if (
            (figure.dimension == "time of day") is times
            and len(first) == len(second) == 1
            and figure.differs(second[0])
        ):
            return one.text[figure.start : figure.end], other.text[second[0].start : second[0].end]
    return None


def _numbers(one: ReadSentence, other: ReadSentence, question: Asked) -> tuple[str, str] | None:
    """The only number of each sentence, when both count the same: "three attempts" and "five attempts"."""
    if {f.dimension for f in one.figures} & {f.dimension for f in other.figures}:
        return None
    (first, *more), (second, *others) = (_counted(sentence) or [("", "", "")] for sentence in (one, other))
    if more or others or not first[0] or not second[0] or first[0] == second[0]:
        return None
    counted = question.stems.intersection((first[1], second[1]))
    stems = (_PEOPLE.union(plain_stems(sentence.text)) for sentence in (one, other))
    asked_for = counted and not any(map(counted.isdisjoint, stems))
    return (first[2], second[2]) if first[1] == second[1] or asked_for else None


def _counted(sentence: ReadSentence) -> list[tuple[str, str, str]]:
    """The numbers of a sentence that are no days and no versions: the value, the stem of what follows, as written."""
    text = sentence.text
    found: list[tuple[str, str, str]] = []
    for each in NUMBER.finditer(text.lower()):
        if any(day.start() <= each.start() < day.end() for day in (*sentence.days, *EDITION.finditer(text))):
            continue
        following = re.match(r"\s?([^\W\d_]+)", text[each.end() :])
        value = _WORDS.get(each[0], each[0])
        found.append((value, (stem(following[1].lower()) or "") if following else "", text[each.start() : each.end()]))
    return found


def _denial(one: ReadSentence, other: ReadSentence, question: Asked) -> tuple[str, str] | None:
    """What one says and the other denies."""
    first, second = _no(one, question), _no(other, question)
    if (first is None) is (second is None):
        return None
    (word, base) = first or second or ("", "")
    yes = _affirmed(other if first else one, base, question)
    return ((word, yes) if first else (yes, word)) if yes else None


def _no(sentence: ReadSentence, question: Asked) -> tuple[str, str] | None:
    """The word that answers no, and the stem that it denies: a denial before it, or its opposite; None for both."""
    words = stems_of(sentence.text)
    own = [base for _, base in words if base in question.stems]
    asked = [base for base in question.stems if base not in own]
    opposed = [(word, each) for word, base in words if base for each in asked if is_opposite(base, each)]
    opposed += [(word, base) for word, _ in words for base in asked if base in without_prefix(word)]
    denied = [
        (word, base)
        for at, (word, _) in enumerate(words)
        if _denies(word)
        for _, base in words[at + 1 : at + 1 + REACH]
        if base in question.stems
    ]
    if opposed and any(_denies(word) for word, _ in words):
        return None
    return next(iter([*opposed, *denied]), None)


def _affirmed(sentence: ReadSentence, denied: str, question: Asked) -> str:
    """The word that the other sentence denies, or else the last word of the question that is no name."""
    words = [(word, base) for word, base in stems_of(sentence.text) if base in question.stems]
    same = [word for word, base in words if base == denied]
    return next(iter([*same, *(word for word, _ in reversed(words) if not word[0].isupper())]), "")


def _opposites(one: ReadSentence, other: ReadSentence) -> tuple[str, str] | None:
    """Words of both sentences of which one says the opposite of the other; neither sentence denies anything."""
    first, second = stems_of(one.text), stems_of(other.text)
    if any(_denies(word) for word, _ in (*first, *second)):
        return None
    shared = {base for _, base in first} & {base for _, base in second}
    for word, base in first:
        for opposed, against in second:
            if base and against and base not in shared and against not in shared and is_opposite(base, against):
                return word, opposed
    return None


def _denies(word: str) -> bool:
    low = word.lower()
    return low in DENIALS or low.endswith(("n't", "n\u2019t"))
