"""Days, months and years as English and ISO 8601 write them, and what each means on a given day (pure)."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; `first` is `date.min` when only an end was named."""

    first: date
    last: date


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "few": 3, "four": 4, "five": 5, "six": 6}
_UNIT_DAYS = {"hour": 1 / 24, "day": 1, "week": 7}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_COUNT = r"(?P<count>\d{1,4}|an?|one|two|three|four|five|six|few|couple)(?:\sof)?\s"
_UNIT = r"(?P<unit>hour|day|week|month|year)s?\b"
_LEADING = r"(?P<lead>in|since|from|of|during|for|before|after|until|till|by|between|and|to|last|this|the)\s(?:the\s)?"

type _Reader = Callable[[re.Match[str], date], Period | None]


def named(text: str, *, today: date) -> Sequence[tuple[int, int, Period]]:
    """Where in the text days are named and which they are, in order; of two readings of a place the more exact one."""
    found: list[tuple[int, int, Period]] = []
    for pattern, reader in _readers():
        for match in pattern.finditer(text):
            begin, end = (match.end("lead") if "lead" in match.groupdict() else match.start()), match.end()
            free = all(end <= other[0] or other[1] <= begin for other in found)
            if free and (period := reader(match, today)) is not None:
                found.append((begin, end, period))
    return sorted(found, key=lambda each: each[0])


def _iso(match: re.Match[str], _: date) -> Period | None:
    try:
        day = date.fromisoformat(match[0])
    except ValueError:
        return None
    return _on(day if day.year >= 1000 else None)


def _day(match: re.Match[str], today: date) -> Period | None:
    month, day = _month_number(match), int(match["day"])
    if match["year"]:
        return _on(_valid(int(match["year"]), month, day))
    latest = [found for year in (today.year, today.year - 1) if (found := _valid(year, month, day)) and found <= today]
    return _on(latest[0] if latest else None)


def _month(match: re.Match[str], today: date) -> Period | None:
    month = _month_number(match)
    if "year" in match.groupdict():
        return _month_of(int(match["year"]), month)
    if not match["month"][0].isupper():
        return None
    return _month_of(today.year - (month > today.month), month)


def _year(match: re.Match[str], _: date) -> Period:
    first, last = (int(match[name]) for name in ("year", "year_to" if "year_to" in match.groupdict() else "year"))
    return Period(date(min(first, last), 1, 1), date(max(first, last), 12, 31))


def _near(match: re.Match[str], today: date) -> Period:
    days = {"yesterday": -1, "tomorrow": 1}.get(match[0].lower(), 0)
    return _on_day(today + timedelta(days=days))


def _past(match: re.Match[str], today: date) -> Period:
    return Period(_back(today, match.groupdict().get("count") or "1", match["unit"].lower()), today)


def _ago(match: re.Match[str], today: date) -> Period:
    return _on_day(_back(today, match["count"], match["unit"].lower()))


def _weekday(match: re.Match[str], today: date) -> Period:
    back = (today.weekday() - _WEEKDAYS.index(match["weekday"].lower())) % 7 or 7
    return _on_day(today - timedelta(days=back))


def _whole(match: re.Match[str], today: date) -> Period:
    """This, last or next week, month or year."""
    step = {"last": -1, "previous": -1, "next": 1}.get(match["which"].lower(), 0)
    match match["unit"].lower():
        case "week":
            monday = today + timedelta(days=7 * step - today.weekday())
            return Period(monday, monday + timedelta(days=6))
        case "weekend":
            saturday = today + timedelta(days=7 * step - today.weekday() + 5)
            return Period(saturday, saturday + timedelta(days=1))
        case "month":
            months = today.year * 12 + today.month - 1 + step
            return _month_of(months // 12, months % 12 + 1)
        case _:
            return Period(date(today.year + step, 1, 1), date(today.year + step, 12, 31))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,$€£#/-]){pattern}(?!-?\w|[%°/]|[.,]\d)", re.IGNORECASE)


@cache
def _readers() -> Sequence[tuple[re.Pattern[str], _Reader]]:
    """What names days, the most exact first: a stretch of text that one of them has read is not read again."""
    return tuple((_compiled(pattern), reader) for pattern, reader in _PATTERNS)


_PATTERNS: Sequence[tuple[str, _Reader]] = (
    (r"\d{4}-\d\d-\d\d", _iso),
    (rf"{_DAY}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?", _day),
    (rf"{_MONTH}\s{_DAY}(?:,?\s{_YEAR})?", _day),
    (rf"{_MONTH},?\s{_YEAR}", _month),
    (rf"(?:the\s)?(?:last|past|previous)\s{_COUNT}{_UNIT}", _past),
    (rf"(?:the\slast|past)\s{_UNIT}", _past),
    (rf"{_COUNT}{_UNIT}\sago", _ago),
    (r"(?P<which>this|last|previous|next)\s(?P<unit>weekend|week|month|year)", _whole),
    (rf"(?P<lead>last|since|past)\s(?P<weekday>{'|'.join(_WEEKDAYS)})", _weekday),
    (r"(?:yesterday|today|tonight|tomorrow)", _near),
    (rf"{_YEAR}[-\u2013]{_YEAR.replace('year', 'year_to')}", _year),
    (rf"{_LEADING}{_MONTH}", _month),
    (rf"{_LEADING}{_YEAR}", _year),
    (rf"{_YEAR}(?=\s*(?:$|[?!.;,)\u2013\u2014-]\s*|(?:to|and)\s(?:19|20)\d\d))", _year),
)


def _month_number(match: re.Match[str]) -> int:
    return _MONTHS.index(match["month"][:3].lower()) + 1


def _back(today: date, count: str, unit: str) -> date:
    number = int(count) if count.isdigit() else _NUMBERS[count.lower()]
    if unit in _UNIT_DAYS:
        return today - timedelta(days=round(number * _UNIT_DAYS[unit] + 0.49))
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
    year, month = max(1, months // 12), months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _month_of(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _on(day: date | None) -> Period | None:
    return None if day is None else _on_day(day)


def _on_day(day: date) -> Period:
    return Period(day, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
