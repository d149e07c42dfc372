"""Days, months and years as English and ISO 8601 write them, and what each means on a given day (pure)."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from fanin.plan.languages import language_in


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; `first` is `date.min` when only an end was named."""

    first: date
    last: date


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COUNTED = "one two three four five six seven eight nine ten eleven twelve"
NUMBERS = {"a": 1, "an": 1, "couple": 2, "few": 3} | {word: at for at, word in enumerate(_COUNTED.split(), 1)}
_UNIT_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14}
_ORDINALS = {"q1": 1, "q2": 2, "q3": 3, "q4": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}

_NEAR: Mapping[int, str] = {
    -2: "day before yesterday|vorgestern|avant-hier|anteayer|antier|altroieri|altro ieri|anteontem|eergisteren",
    -1: "yesterday|gestern|ayer|ieri|ontem|gisteren",
    0: "today|tonight|this morning|this afternoon|this evening|heute|aujourd['\u2019]hui|hoy|oggi|hoje|vandaag",
    1: "tomorrow|demain|domani|amanhã",
    2: "day after tomorrow|übermorgen|après-demain|pasado mañana|dopodomani|depois de amanhã|overmorgen",
}
"""How many days from today each word is; words that mean something else in another language are in `_UNSURE`."""

_UNSURE = {"morgen": (1, ("de", "nl")), "hier": (-1, ("fr",)), "mañana": (1, ("es",))}
"""Words that name a day only in a text of these languages, "hier" for example not in German."""


_DIGIT = re.compile(r"\d")
_HINTS = (
    *("day", "night", "week", "month", "quarter", "year", "hour", "this ", "aujourd", *MONTHS, *_UNSURE),
    *(word for words in _NEAR.values() for word in words.split("|") if "day" not in word),
)
"""What every name of a day has a part of: most questions have none, and need not be read further."""

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_COUNT = rf"(?P<count>\d{{1,4}}|an?|few|couple|{_COUNTED.replace(' ', '|')})(?:\sof)?\s"
_UNIT = r"(?P<unit>hour|day|week|fortnight|month|year)s?\b"
_LEADING = r"(?P<lead>in|since|from|of|during|for|before|after|until|till|by|between|and|to|last|this|the)\s(?:the\s)?"

type _Reader = Callable[[re.Match[str], date], Period | None]


def named(text: str, *, today: date) -> Sequence[tuple[int, int, Period]]:
    """Where in the text days are named and which they are, in order; of two readings of a place the more exact one."""
    found: list[tuple[int, int, Period]] = []
    if not (_DIGIT.search(text) or any(map(text.lower().__contains__, _HINTS))):
        return found
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
    """The day of the first of `_NEAR` that is all of the match; they are groups of their own in its pattern."""
    at = next(number for number, group in enumerate(match.groups()) if group)
    return _on_day(today + timedelta(days=[*_NEAR][at]))


def _unsure(match: re.Match[str], today: date) -> Period | None:
    away, languages = _UNSURE[match[0].lower()]
    sure = match[0].islower() and language_in(match.string) in languages
    return _on_day(today + timedelta(days=away)) if sure else None


def _last_night(_: re.Match[str], today: date) -> Period:
    return Period(today - timedelta(days=1), today)


def _ahead(match: re.Match[str], today: date) -> Period:
    return _on_day(_back(today, match["count"], match["unit"].lower(), step=1))


def _past(match: re.Match[str], today: date) -> Period:
    return Period(_back(today, match.groupdict().get("count") or "1", match["unit"].lower()), today)


def _ago(match: re.Match[str], today: date) -> Period:
    return _on_day(_back(today, match["count"], match["unit"].lower()))


def _weekday(match: re.Match[str], today: date) -> Period:
    """The last such day before today, the next one after it ("next Monday"), or that of this week."""
    number = WEEKDAYS.index(match["weekday"].lower())
    match match["lead"].lower():
        case "next" | "coming":
            return _on_day(today + timedelta(days=(number - today.weekday()) % 7 or 7))
        case "this":
            return _on_day(today + timedelta(days=number - today.weekday()))
        case _:
            return _on_day(today - timedelta(days=(today.weekday() - number) % 7 or 7))


def _decade(match: re.Match[str], _: date) -> Period:
    return Period(date(int(match["decade"]), 1, 1), date(int(match["decade"]) + 9, 12, 31))


def _quarter(match: re.Match[str], _: date) -> Period:
    return _quarter_of(int(match["year"]), _ORDINALS[match["quarter"].lower()])


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
        case "quarter":
            quarters = today.year * 4 + (today.month - 1) // 3 + step
            return _quarter_of(quarters // 4, quarters % 4 + 1)
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
    (rf"{_COUNT}{_UNIT}\s(?:from\s(?:now|today)|hence)", _ahead),
    (r"(?P<which>this|last|previous|next)\s(?P<unit>weekend|week|month|quarter|year)", _whole),
    (rf"(?P<quarter>{'|'.join(_ORDINALS)})(?:\squarter)?(?:\sof)?\s{_YEAR}", _quarter),
    (rf"(?P<lead>last|since|past|next|coming|this)\s(?P<weekday>{'|'.join(WEEKDAYS)})", _weekday),
    (rf"(?:the\s)?(?:{'|'.join(f'({words})' for words in _NEAR.values())})", _near),
    (r"last\snight", _last_night),
    ("|".join(_UNSURE), _unsure),
    (r"(?:the\s)?(?P<decade>(?:1\d|20)\d0)s", _decade),
    (rf"{_YEAR}[-\u2013]{_YEAR.replace('year', 'year_to')}", _year),
    (rf"{_LEADING}{_MONTH}", _month),
    (rf"{_LEADING}{_YEAR}", _year),
    (rf"{_YEAR}(?=\s*(?:$|[?!.;,)\u2013\u2014-]\s*|(?:to|and)\s(?:19|20)\d\d))", _year),
)


def _month_number(match: re.Match[str]) -> int:
    return MONTHS.index(match["month"][:3].lower()) + 1


def _back(today: date, count: str, unit: str, *, step: int = -1) -> date:
    """So many units before today, or after it when `step` is 1."""
    number = int(count) if count.isdigit() else NUMBERS[count.lower()]
    if unit in _UNIT_DAYS:
        return today + step * timedelta(days=round(number * _UNIT_DAYS[unit] + 0.49))
    months = today.year * 12 + today.month - 1 + step * number * (12 if unit == "year" else 1)
    year, month = min(max(1, months // 12), 9999), months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _month_of(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _quarter_of(year: int, quarter: int) -> Period:
    return Period(date(year, 3 * quarter - 2, 1), _month_of(year, 3 * quarter).last)


def _on(day: date | None) -> Period | None:
    return None if day is None else _on_day(day)


def _on_day(day: date) -> Period:
    return Period(day, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
