"""Parses figures for comparison: numbers in digits or words with their units, dates, and times of day (pure)."""

import re
from collections.abc import Sequence
from math import isclose
from typing import NamedTuple

from fanin.text.claims.grammar import Language
from fanin.text.claims.numerals import MONTHS, ORDINALS, SCALES_OF, begins_number, number_in_digits
from fanin.text.languages.number_words import fractions_in_digits, number_in_words
from fanin.text.quantities import COINS, UNITS
from fanin.text.word_lists import word_set

ROUNDED = 0.03
"""The tolerance for a figure that was converted into another unit, as a share of it, besides its rounding."""

_RAW = re.compile(
    r"(?P<date>(?<!\d)\d{4}-\d\d-\d\d(?!\d)|(?<!\d)\d{1,2}\.\d{1,2}\.\d{4}(?!\d))"
    r"|(?P<clock>(?<![\d:])\d{1,2}:\d\d(?![\d:]))"
    r"|(?P<number>(?<![\d.,])\d{1,3}(?:[.,\u00a0\u202f ]\d{3}(?!\d)){1,5}(?:[.,]\d{1,12}+)?(?![.,]?\d)"
    r"|\d{1,15}+(?:[.,]\d{1,12}+)?(?![.]\d))"
    r"|(?P<version>\d{1,15}+(?:\.\d{1,6}+){1,8})"
    r"|(?P<unit>km/h|m/s|[°º] ?[CFcf]\b|[℃℉°%€$£¥])"
    r"|(?P<word>[^\W\d]\w{0,63}+(?:'[^\W\d_]{1,8}+)*+)"
    r"|(?P<mark>[^\w\s]|\d)"
)
_HALF_DAYS = re.compile(r"\b([ap])\. ?m\.", re.IGNORECASE)
_BEFORE_MAY = word_set("in of since until till by last next early late mid during from to through between on")
_MORE_UNITS = {
    **dict.fromkeys(("degrees", "degree", "grad", "°", "º"), ("temperature", "any")),
    **dict.fromkeys(("grad celsius", "degree celsius"), ("temperature", "°C")),
    **dict.fromkeys(("grad fahrenheit",), ("temperature", "°F")),
    **dict.fromkeys(("prozent",), ("share", "%")),
    **dict.fromkeys(("euro",), ("euros", "€")),
    **dict.fromkeys(("dollar", "us-dollar"), ("dollars", "$")),
    **dict.fromkeys(("pounds",), ("pounds", "£")),
    **dict.fromkeys(("kilometer", "kilometern"), ("length", "km")),
    **dict.fromkeys(("meter", "metern"), ("length", "m")),
    **dict.fromkeys(("gramm",), ("mass", "g")),
    **dict.fromkeys(("kilogramm", "kilogram"), ("mass", "kg")),
    **dict.fromkeys(("tonnen", "tonne"), ("mass", "t")),
    **dict.fromkeys(("sekunde", "sekunden"), ("time", "s")),
    **dict.fromkeys(("minute", "minuten"), ("time", "min")),
    **dict.fromkeys(("stunde", "stunden"), ("time", "h")),
    **dict.fromkeys(("tag", "tage", "tagen"), ("time", "day")),
    **dict.fromkeys(("woche", "wochen"), ("time", "week")),
}
_CUSTOMARY = word_set("mph knots knot kn inch inches ft foot feet mile miles lb lbs °F")
_LETTER_SCALES = {"k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}


class RawToken(NamedTuple):
    """A piece of a text: its kind (a group of the pattern), its characters, and whether no space is before it."""

    kind: str
    text: str
    glued: bool


class Figure(NamedTuple):
    """A figure; a date has its year, month and day (0: not said), all else a value in its unit."""

    dimension: str
    value: float = 0.0
    unit: str = ""
    decimals: int = 0
    date: tuple[int, int, int] = (0, 0, 0)

    @property
    def is_time(self) -> bool:
        """Whether it says when: a date, a time of day, or what may be a year."""
        return self.dimension in ("date", "time of day") or self.is_year

    @property
    def is_year(self) -> bool:
        """Whether it may be the name of a year."""
        return not self.dimension and self.decimals == 0 and 1000 <= self.value < 2200


def raw_tokens(text: str) -> list[RawToken]:
    """The words, numbers and marks of a text in order; in time linear in its length."""
    text = fractions_in_digits(_HALF_DAYS.sub(r"\1m", text))
    found: list[RawToken] = []
    end = -1
    for piece in _RAW.finditer(text):
        found.append(RawToken(piece.lastgroup or "mark", piece[0], piece.start() == end))
        end = piece.end()
    return found


def figure_at(pieces: Sequence[RawToken], at: int, language: Language) -> tuple[Figure, int] | None:
    """The figure that begins at a piece, and the place after it."""
    piece = pieces[at]
    if piece.kind in ("word", "version") and not begins_number(piece.text.lower(), language):
        return None
    if piece.kind == "date":
        return _written_date(piece.text), at + 1
    if piece.kind == "clock":
        hour, minute = map(int, piece.text.split(":"))
        return _clock(pieces, at + 1, hour, minute, language) or (_time(hour, minute), at + 1)
    word = piece.text.lower()
    if word in ("noon", "midnight", "mitternacht"):
        return _time(12 if word == "noon" else 0, 0), at + 1
    return _date(pieces, at, language) or _measured(pieces, at, language)


def same_figure(claim: Figure, source: Figure) -> bool:
    """Whether the figure of the claim is that of the source, or a part of it if it is a date."""
    if claim.dimension == "date" or (source.dimension == "date" and claim.is_year):
        date = claim.date if claim.dimension == "date" else (int(claim.value), 0, 0)
        return source.dimension == "date" and all(
            one in (0, other) for one, other in zip(date, source.date, strict=True)
        )
    if claim.dimension != source.dimension:
        return False
    if not claim.dimension:
        return claim.value == source.value and claim.decimals == source.decimals
    if claim.dimension == "temperature" and ("any" in (claim.unit, source.unit) or claim.unit == source.unit):
        return isclose(claim.value, source.value, rel_tol=1e-9)
    one, other = _in_base(claim), _in_base(source)
    if isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
        return True
    converted = claim.unit != source.unit and (claim.unit in _CUSTOMARY) != (source.unit in _CUSTOMARY)
    step = abs(_in_base(claim._replace(value=claim.value + 0.5 * 10.0**-claim.decimals)) - one)
    return converted and abs(one - other) <= min(step, ROUNDED * max(abs(one), abs(other), 10.0))


def _in_base(figure: Figure) -> float:
    if figure.unit == "°F":
        return (figure.value - 32) / 1.8
    return figure.value * UNITS.get(figure.unit, ("", 1.0))[1]


def _time(hour: int, minute: int) -> Figure:
    return Figure("time of day", float(hour % 24 * 60 + minute))


def _clock(
    pieces: Sequence[RawToken], at: int, hour: int, minute: int, language: Language
) -> tuple[Figure, int] | None:
    """The time of day when what follows its number says that it is one."""
    word = pieces[at].text.lower() if at < len(pieces) else ""
    if word in ("am", "pm") and language == "en":
        return _time(hour % 12 + 12 * (word == "pm"), minute), at + 1
    if word in ("uhr", "o'clock"):
        return _time(hour, minute), at + 1
    return None


def _written_date(text: str) -> Figure:
    parts = [int(part) for part in re.split(r"\D", text)]
    return Figure("date", date=(parts[0], parts[1], parts[2]) if parts[0] > 31 else (parts[2], parts[1], parts[0]))


def _date(pieces: Sequence[RawToken], at: int, language: Language) -> tuple[Figure, int] | None:
    """The date or the month that begins at a piece: "24 November 2026", "November 24, 2026", "November"."""
    day, place = _day(pieces, at)
    month, place = _month(pieces, place, language, alone=not day)
    if not month:
        return None
    if not day:
        day, after = _day(pieces, place)
        clock = _clock(pieces, after, day, 0, language)
        day, place = (0, place) if clock else (day, after)
    return Figure("date", date=(*_year(pieces, place)[:1], month, day)), _year(pieces, place)[1]


def _day(pieces: Sequence[RawToken], at: int) -> tuple[int, int]:
    """The day of a month at a piece and the place after it; 0 when there is none."""
    if at >= len(pieces) or pieces[at].kind != "number" or not pieces[at].text.isdecimal():
        return 0, at
    day, after = int(pieces[at].text), at + 1
    if not 1 <= day <= 31 or len(pieces[at].text) > 2:
        return 0, at
    for skipped in (("st", "nd", "rd", "th", "."), ("of",)):
        if after + 1 < len(pieces) and pieces[after].text.lower() in skipped:
            after += 1
    return day, after


def _month(pieces: Sequence[RawToken], at: int, language: Language, *, alone: bool) -> tuple[int, int]:
    word = pieces[at].text if at < len(pieces) else ""
    month = MONTHS[language].get(word.lower(), 0)
    if not month or (alone and not _names_a_month(pieces, at, word)):
        return 0, at
    dotted = len(word) <= 4 and at + 1 < len(pieces) and pieces[at + 1].text == "." and pieces[at + 1].glued
    return month, at + 1 + dotted


def _names_a_month(pieces: Sequence[RawToken], at: int, word: str) -> bool:
    """Whether the word is a month where "may" and "march" can be verbs too, and "mar" a name."""
    numbered = at + 1 < len(pieces) and pieces[at + 1].kind == "number"
    if word.lower() in ("may", "mar", "march", "dec", "sun", "sat", "jun", "jan", "august"):
        return word[0].isupper() and (numbered or (at > 0 and pieces[at - 1].text.lower() in _BEFORE_MAY | {"im"}))
    return numbered or len(word) > 3


def _year(pieces: Sequence[RawToken], at: int) -> tuple[int, int]:
    place = at + (at < len(pieces) and pieces[at].text == ",")
    if place < len(pieces) and pieces[place].kind == "number":
        text = pieces[place].text
        if len(text) == 4 and text.isdecimal() and 1000 <= int(text) < 2200:
            return int(text), place + 1
    return 0, at


def _measured(pieces: Sequence[RawToken], at: int, language: Language) -> tuple[Figure, int] | None:
    """A number with its currency, scale and unit, an ordinal, or a time of day that begins with a number."""
    coin = COINS.get(pieces[at].text, "")
    at += bool(coin)
    negative = at < len(pieces) and pieces[at].text in "-−" and not pieces[at].glued  # noqa: RUF001  a minus sign
    at += negative
    found = _number(pieces, at, language) if at < len(pieces) else None
    if found is None:
        return None
    value, decimals, end, in_digits = found
    value = -value if negative else value
    following = pieces[end].text.lower() if end < len(pieces) else ""
    if in_digits and following in ("st", "nd", "rd", "th") and pieces[end].glued:
        return Figure("ordinal", value), end + 1
    if not decimals and not coin and value in range(25) and (clock := _clock(pieces, end, int(value), 0, language)):
        return clock
    scale = SCALES_OF[language].get(following, 0.0)
    if coin and not scale and following in _LETTER_SCALES and pieces[end].glued:
        scale = _LETTER_SCALES[following]
    end += bool(scale)
    value *= scale or 1.0
    if coin:
        return Figure(coin, value, coin), end
    dimension, unit, end = _unit(pieces, end, in_digits=in_digits)
    return Figure(dimension, value, unit, 0 if scale else decimals), end


def _number(pieces: Sequence[RawToken], at: int, language: Language) -> tuple[float, int, int, bool] | None:
    """The value, its decimals, the place after it, and whether it is in digits."""
    piece = pieces[at]
    if piece.kind == "number":
        return *number_in_digits(piece.text, language), at + 1, True
    if piece.kind != "word":
        return None
    found = number_in_words([each.text.lower() for each in pieces[at : at + 12]], language)
    if found is not None:
        return found[0], 0, at + found[1], False
    return None


def ordinal(word: str) -> Figure | None:
    """The figure of an ordinal in words: "third"."""
    return Figure("ordinal", float(ORDINALS[word])) if word in ORDINALS else None


def _unit(pieces: Sequence[RawToken], at: int, *, in_digits: bool) -> tuple[str, str, int]:
    """The dimension, the unit and the place after it; a hyphen before it ("12-hour") is passed over."""
    start = at + (at + 1 < len(pieces) and pieces[at].text == "-" and pieces[at].glued and pieces[at + 1].glued)
    for size in (2, 1):
        words = pieces[start : start + size]
        if len(words) < size or (size == 1 and len(words[0].text) == 1 and words[0].kind == "word" and not in_digits):
            continue
        name = " ".join(word.text for word in words)
        for each in (name, name.replace(" ", ""), name.upper() if "°" in name else name, name.lower()):
            if each in UNITS:
                dimension = UNITS[each][0]
                unit = "°F" if dimension == "fahrenheit" else "°C" if dimension == "temperature" else each
                return "temperature" if unit == "°F" else dimension, unit, start + size
            if each in _MORE_UNITS:
                dimension, unit = _MORE_UNITS[each]
                return dimension, unit, start + size
    return "", "", at
