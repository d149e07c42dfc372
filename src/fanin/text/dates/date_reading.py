"""Reads one date of any usual form: of e-mail, ISO 8601, databases, programs, or with the month's name (pure)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice

from fanin.text.dates.month_names import MONTH_NAMES, UNSURE_NAMES
from fanin.text.dates.zones import zone_east, zone_named
from fanin.text.folding import folded, visible, without_accents

LONGEST = 100
"""Characters of a date that are read."""

_YEARS = range(1000, 2200)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:[Zz]| ?[+-]\d\d:?\d\d)?)?")
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?![\d:]))?(?![\d:])")
_TIME = re.compile(
    r"(?<![\d.:])(\d{1,2})(?:(?::|\s?h\s?|\s?[時时点點시]\s?)(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(?!\d)"
    r"|\.(\d\d)(?=\s?(?:uhr|uur)\b)|(?=\s?(?:[ap]\.?m\b|uhr\b|uur\b|h\b|[時时点點시])))\s?(?:([ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_AFTERNOON = re.compile("下午|午後|오후")
_OFFSET = re.compile(r"\s?\(?(?:(?:UTC|GMT|UT|Z)\s?)?([+-])(\d{1,2})(?::?(\d\d))?(?::?\d\d)?(?![\d:/-])")
_ZONE_NAME = re.compile(r"\s?[\[(]?([A-Za-z]+(?:/[A-Za-z_+\-0-9]+){1,2}|[A-Z]{1,5}\b|z\b)")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s?(?:([-/.])\s?|[年년])\s?(\d{1,2})\s?(?:\2\s?|[月월])\s?(\d{1,2})(?:[日일]|(?!\d))"
)
_DAY_FIRST = re.compile(r"(?<![\d/.-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_VIETNAMESE = re.compile(r"(\d{1,2}) tháng (\d{1,2})(?:,| năm)? (\d{4})(?!\d)")
_WEEK = re.compile(r"(?<!\d)(\d{4})-?W(\d\d)-?([1-7])(?!\d)")
_DAY_OF_YEAR = re.compile(r"(?<![\d-])(\d{4})-(\d{3})(?![\d-])")
_MONTH_ONLY = re.compile(r"(\d{4})(?:-?(\d\d))?")
_TOKEN = re.compile(r"\d+|[^\d\s,;:/()\u2010-\u2015-]+")
_SEVERAL_DAYS = re.compile(
    r"(?<![\d-])\d{1,2}\.?\s?[-\u2013\u2014]\s?\d{1,2}\b"
    r"|\b\d{1,2}(?:\.|st|nd|rd|th)?\s(?:or|and|to|und|oder|bis|et|ou|au|y|al|e|ed|en|of|tot)\s\d{1,2}(?:\.|st|nd|rd|th)?"
    r"\s(?:of\s|de\s)?[^\W\d_]{3}",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(/\d{4}):(?=\d\d:\d\d)")
"""What stands between day and time in the logs of servers."""

_DOTTED = re.compile(r"\b(\d\d)\.(\d\d)\.(\d\d)(?:\.\d{1,9})?(?=\s[AP]M\b)", re.IGNORECASE)
"""A time of day as Oracle writes it."""

_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_MONTH_FIRST = ("en-us", "en-ph", "en-pr", "es-pa", "es-pr", "fil")
_EITHER_FIRST = ("", "en", "en-ca", "fr-ca", "ceb", "ee", "ks", "om", "or", "sd", "ti", "xh")
"""Languages that write the month before the day in figures, and such as may do either (CLDR, short dates)."""

_BUDDHIST = 543
"""Years by which the calendar of Thailand is ahead."""


def read_date(text: str, *, language: str = "") -> str:
    """The date, or date and time, as ISO 8601; "" for anything else, and for what may be one of two days.

    `language` is the tag (BCP 47) of the text around it, if known: it tells whether 03/04/2026 is in March or April.
    With full stops it is in April (no language of CLDR writes the month first so). An offset from UTC is kept; names of
    zones become one, and a time without a zone gets none. Only the first 100 characters count.
    """
    plain_text = _plain(text)
    if not any(map(str.isdigit, plain_text)):
        return ""
    try:
        found = _iso(plain_text) or _compact(plain_text) or _written(plain_text, language.lower().replace("_", "-"))
    except ValueError, OverflowError:
        return ""
    return found.isoformat() if found and found.year in _YEARS else ""


def _plain(text: str) -> str:
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", visible(text)).replace("\u2212", "-")
        text = "".join([str(unicodedata.decimal(each, each)) for each in text])
    return _DOTTED.sub(r"\1:\2:\3", _GLUED.sub(r"\1 ", " ".join(text.split()).strip("\"'")))


def _iso(text: str) -> date | None:
    if not _ISO.fullmatch(text):
        return None
    if len(text) == len("2026-11-27"):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text.upper().replace(" +", "+").replace(" -", "-"))


def _compact(text: str) -> date | None:
    """Only digits: seconds or milliseconds since 1970, 20261127, 20261127140000, or a year with or without a month."""
    if _SECONDS.fullmatch(text):
        whole = text.partition(".")[0]
        return datetime.fromtimestamp(float(text) / (1000 if len(whole) > 10 else 1), UTC)
    if month := _MONTH_ONLY.fullmatch(text):
        return date(int(month[1]), int(month[2] or 1), 1)
    if found := _COMPACT.match(text):
        day, hour = date(*map(int, found.groups()[:3])), found[4]
        clock = time(int(hour), int(found[5]), int(found[6] or 0)) if hour else None
        return _at(day, clock, text[found.end() :]) if clock else day if found.end() == len(text) else None
    return None


def _written(text: str, language: str) -> date | None:
    found = _TIME.search(text)
    if found is None:
        return _day(text, language)
    before, after = text[: found.start()], text[found.end() :]
    day = _day(f"{before} {_OFFSET.sub(' ', after, count=1)}", language)
    clock = _clock(found, text)
    return day and (day if clock is None else _at(day, clock, after))


def _clock(found: re.Match[str], text: str) -> time | None:
    hour, minute, second = int(found[1]), int(found[2] or found[4] or 0), min(int(found[3] or 0), 59)
    half = (found[5] or "").lower() or ("p" if hour < 12 and _AFTERNOON.search(text) else "")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 else None


def _at(day: date, clock: time, after: str) -> datetime:
    """The time of the day, in the zone with which the rest of the text begins."""
    at = datetime.combine(day, clock)
    if offset := _OFFSET.match(after):
        return at.replace(tzinfo=zone_east(*offset.groups()))
    name = _ZONE_NAME.match(after)
    return at.replace(tzinfo=zone_named(name[1], at) if name else None)


def _day(text: str, language: str) -> date | None:
    """The only day that the text names."""
    days = set(_days(_ASIDE.sub(" ", text), language))
    return days.pop() if len(days) == 1 else None


def _days(text: str, language: str) -> Iterator[date]:
    for found in _YEAR_FIRST.finditer(text):
        yield date(int(found[1]), int(found[3]), int(found[4]))
    for found in _DAY_FIRST.finditer(text):
        yield from _in_figures(found, text, language)
    for found in _VIETNAMESE.finditer(text):
        yield date(int(found[3]), int(found[2]), int(found[1]))
    for found in _WEEK.finditer(text):
        yield date.fromisocalendar(*map(int, found.groups()))
    for found in _DAY_OF_YEAR.finditer(text):
        yield date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
    if not _SEVERAL_DAYS.search(text):
        yield from _by_name([*islice(_TOKEN.findall(text), LONGEST)], language)


def _in_figures(found: re.Match[str], text: str, language: str) -> Sequence[date]:
    """The day that "3/4/2026" means: what its weekday, its full stops or the language tell; else none."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    by_day, by_month = _valid(year, second, first), _valid(year, first, second)
    if not by_day or not by_month or by_day == by_month:
        return [day for day in (by_day or by_month,) if day]
    named = _WEEKDAY.search(text)
    fitting = [day for day in (by_day, by_month) if named and f"{day:%a}".lower() == named[1].lower()]
    if len(fitting) == 1 or found[2] == ".":
        return fitting[:1] or [by_day]
    if language in _EITHER_FIRST or language.partition("-")[0] in _EITHER_FIRST[2:]:
        return ()
    return [by_month if language in _MONTH_FIRST else by_day]


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _by_name(tokens: Sequence[str], language: str) -> Iterator[date]:
    """The days with a month's name: 27 November 2026, November 27, 2026, 2026 November 27 and 27 Nov 26."""
    months = [_month(tokens[at : at + 2], language) for at in range(len(tokens))]
    for at, month in enumerate(months):
        if not month:
            continue
        before = _number(tokens, months, at, -1)
        after = _number(tokens, months, at, 1)
        last = _number(tokens, months, after, 1) if after is not None else None
        left, right, end = ("" if place is None else tokens[place] for place in (before, after, last))
        match len(left), len(right), len(end):
            case 1 | 2, 4, _:
                yield date(_common_year(int(right), tokens[at]), month, int(left))
            case 0 | 4, 1 | 2, 4:
                yield date(int(end), month, int(right))
            case 4, 1 | 2, 0:
                yield date(int(left), month, int(right))
            case 1 | 2, 2, 0:
                yield date(int(right) + (2000 if int(right) < 50 else 1900), month, int(left))  # RFC 5322, 4.3
            case _:
                pass


def _number(tokens: Sequence[str], months: Sequence[int], at: int, step: int) -> int | None:
    """The place of the next number in this direction, when at most two small words are between."""
    for place in range(at + step, at + 4 * step, step):
        if not 0 <= place < len(tokens) or months[place]:
            return None
        if tokens[place].isdigit():
            return place
        if len(tokens[place]) > 4:
            return None
    return None


def _common_year(year: int, month: str) -> int:
    return year - _BUDDHIST if "\u0e00" < month[0] < "\u0e7f" and year > 2400 else year


def _month(words: Sequence[str], language: str) -> int:
    """The number of the month whose name the words begin with, or 0."""
    first = "" if words[0].isdigit() else _key(words[0])
    for name in (_key("_".join(words)), first) if first else ():
        if name in UNSURE_NAMES:
            return UNSURE_NAMES[name].get(language[:2], 0)
        if found := _numbers().get(name) or _numbers().get(without_accents(name)):
            return found
    return 0


def _key(name: str) -> str:
    plain = folded(name).replace(".", "").replace("\u2019", "'").replace("\u0654", "")
    return plain.removeprefix("d'").removeprefix("\u05d1" if len(plain) > 3 else "d'").strip("'_")


@cache
def _numbers() -> dict[str, int]:
    listed = [(name, month) for month, names in enumerate(MONTH_NAMES, 1) for name in names.split()]
    return {"sept": 9, **{without_accents(name): month for name, month in listed}, **dict(listed)}
