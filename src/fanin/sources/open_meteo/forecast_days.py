"""Which days a question about the weather is about (pure)."""

import re
from datetime import date, timedelta

from fanin.plan.dates import dates_in
from fanin.plan.days import Period

AHEAD = 16
"""Days of the longest forecast, today included (Open-Meteo's documentation, `forecast_days`)."""

BACK = 92
"""Days before today that the forecast API still has (Open-Meteo's documentation, `past_days`)."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COMING = re.compile(rf"\b(?:(?P<last>last|past)\s+)?(?P<day>{'|'.join(_WEEKDAYS)}|weekend)\b", re.IGNORECASE)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)}|a)"
_NEXT = re.compile(rf"\b(?:next|coming|following)\s+{_NUMBER}\s+(?P<unit>day|week)s?\b", re.IGNORECASE)
_IN = re.compile(rf"\bin\s+{_NUMBER}\s+(?P<unit>day|week)s?\b", re.IGNORECASE)
_LONG = re.compile(rf"\b{_NUMBER}[-\s](?P<unit>day|week)\s+(?:forecast|outlook|weather)\b", re.IGNORECASE)


def days_in(question: str, *, today: date) -> Period | None:
    """The days that the question names, or None: "tomorrow", "on Friday", "the next ten days", "25 November".

    What can be to come is taken to be: "Friday" is the next one, and a day without a year that of this winter.
    """
    text = question[:2_000]
    if ahead := _NEXT.search(text) or _LONG.search(text):
        return Period(today, today + timedelta(days=max(1, _count(ahead)) - 1))
    if after := _IN.search(text):
        day = today + timedelta(days=_count(after))
        return Period(day, day)
    found = dates_in(text, today=today)
    if found is None:
        return _coming(text, today)
    later = _a_year_later(found)
    if later is not None and str(found.first.year) not in text and not _outside(later, today):
        return later
    return found


def reachable(period: Period, *, today: date) -> Period | None:
    """The days of the period that Open-Meteo knows; None when it knows none of them."""
    if _outside(period, today):
        return None
    if period.first < today <= period.last:  # such as "this week": what is over is not asked for
        period = Period(today, period.last)
    first, last = today - timedelta(days=BACK), today + timedelta(days=AHEAD - 1)
    return Period(max(period.first, first), min(period.last, last))


def _outside(period: Period, today: date) -> bool:
    return (period.first - today).days >= AHEAD or (today - period.last).days > BACK


def _coming(text: str, today: date) -> Period | None:
    found = _COMING.search(text)
    if found is None or found["last"]:
        return None
    if found["day"].lower() == "weekend":
        saturday = today + timedelta(days=5 - min(today.weekday(), 5))
        return Period(saturday, saturday + timedelta(days=1))
    day = today + timedelta(days=(_WEEKDAYS.index(found["day"].lower()) - today.weekday()) % 7)
    return Period(day, day)


def _count(match: re.Match[str]) -> int:
    told = match["count"].lower()
    number = int(told) if told.isdigit() else 1 if told == "a" else _NUMBERS.index(told)
    return number * (7 if match["unit"].lower() == "week" else 1)


def _a_year_later(period: Period) -> Period | None:
    try:
        return Period(*(each.replace(year=each.year + 1) for each in (period.first, period.last)))
    except ValueError:  # 29 February, or the last year that there is
        return None
