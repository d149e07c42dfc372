"""Facts that an answer must hold: a text, a number or a regular expression, each in one of its wordings. Pure."""

import re
from collections.abc import Iterator
from typing import TypeIs, cast

from fanin.text.languages.number_words import in_digits
from fanin.text.quantities import SCALES
from fanin.values import value

_NUMBER = re.compile(r"(?<![\w.,])[-+\u2212]?\d+(?:[.,'\u2019\u00a0\u202f\u2009 ]\d+)*(?!\d)")
_BETWEEN = re.compile("['\u2019\u00a0\u202f\u2009 ]")
_SCALE = re.compile(rf"\s({'|'.join(SCALES)})\b")


@value
class Number:
    """A number, and by how much what is stated may differ from it."""

    number: float
    within: float = 0.0


type Wording = str | Number | re.Pattern[str]
type Fact = tuple[Wording, ...]
"""A fact in one of several wordings."""


def facts_of(raw: object) -> tuple[Fact, ...]:
    """The facts of a question: one or a list, each one wording or a list of wordings. Raises ValueError."""
    if raw is None or raw == "":
        return ()
    each = cast("list[object]", raw) if isinstance(raw, list) else [raw]
    return tuple(tuple(map(_wording, cast("list[object]", one) if isinstance(one, list) else [one])) for one in each)


def holds(text: str, fact: Fact) -> bool:
    """Whether the text has the fact: a text not within a longer word or number, whatever its case and white space."""
    return any(_has(text, each) for each in fact)


def shown(fact: Fact) -> str:
    """The fact for people."""
    return " or ".join(
        f"/{each.pattern}/"
        if isinstance(each, re.Pattern)
        else f"{each.number:g}"
        if isinstance(each, Number)
        else each
        for each in fact
    )


def _wording(raw: object) -> Wording:
    match raw:
        case str() if raw.strip():
            return raw
        case dict():
            return _named(cast("dict[str, object]", raw))
        case _ if _is_number(raw):
            return Number(float(raw))
        case _:
            raise _unknown(raw)


def _named(fields: dict[str, object]) -> Wording:
    pattern, number, within = fields.get("regex"), fields.get("number"), fields.get("within", 0)
    if isinstance(pattern, str) and [*fields] == ["regex"]:
        return _pattern(pattern)
    if _is_number(number) and _is_number(within) and {*fields} <= {"number", "within"}:
        return Number(float(number), float(within))
    raise _unknown(fields)


def _unknown(raw: object) -> ValueError:
    return ValueError(
        f'The fact {raw!r} is none of a text, a number, {{"regex": "…"}} and {{"number": 7.4, "within": 0.1}}.'
    )


def _is_number(raw: object) -> TypeIs[float]:
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def _pattern(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"The fact {pattern!r} is no regular expression: {error}.") from error


def _has(text: str, wording: Wording) -> bool:
    match wording:
        case re.Pattern():
            return wording.search(" ".join(text.split())) is not None
        case Number():
            return any(abs(each - wording.number) <= wording.within + 1e-9 for each in _numbers(text))
        case str():
            plain, wanted = (" ".join(each.casefold().split()) for each in (text, wording))
            return re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(wanted)}(?!\w|[.,]\d)", plain) is not None


def _numbers(text: str) -> Iterator[float]:
    """Each number of the text, in each way in which it may be read."""
    text = written.text if (written := in_digits(text)) else text
    for found in _NUMBER.finditer(text):
        scale = _SCALE.match(text, found.end())
        for each in _readings(_BETWEEN.sub("", found[0].replace("\u2212", "-"))):
            yield each * (SCALES[scale[1]] if scale else 1.0)


def _readings(number: str) -> Iterator[float]:
    """ "1,200" is 1200, or 1.2 in other languages; "1.200,5" is 1200.5."""
    marks = [each for each in number if each in ".,"]
    if len({*marks}) == 2:
        yield float(number.replace("." if marks[-1] == "," else ",", "").replace(",", "."))
        return
    if len(marks) != 1 or len(number) - number.index(marks[0]) == 4:
        yield float(number.replace(".", "").replace(",", ""))
    if len(marks) == 1:
        yield float(number.replace(",", "."))
