"""Finds the days that a question about the weather names (pure)."""

import re
from datetime import date, timedelta

from fanin.plan.dates import dates_in
from fanin.plan.days import Period

AHEAD = 16
"""Days of the longest forecast, today included (Open-Meteo's documentation, `forecast_days`)."""

BACK = 92
"""Days before today that the forecast API has (Open-Meteo's documentation, `past_days`)."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COMING = re.compile(rf"\b(?:(?P<last>last|past)\s+)?(?P<day>{'|'.join(_WEEKDAYS)}|weekend)\b", re.IGNORECASE)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)}|a)"
_NEXT = re.compile(rf"\b(?:next|coming|following)\s+{_NUMBER}\s+(?P<unit>day|week)s?\b", re.IGNORECASE)
_IN = re.compile(rf"\bin\s+{_NUMBER}\s+(?P<unit>day|week)s?\b", re.IGNORECASE)
_LONG = re.compile(rf"\b{_NUMBER}[-\s](?P<unit>day|week)\s+(?:forecast|outlook|weather)\b", re.IGNORECASE)


def days_in(question: str, *, today: date) -> Period | None:
    """The days that the question names, or None: "tomorrow", "on Friday", "the next ten days", "25 November".

    Ambiguous days are taken to be in the future: "Friday" is the next one, and in December "5 January" is next year's.
    """
    text = question[:2_000]
    if ahead := _NEXT.search(text) or _LONG.search(text):
        return Period(today, today + timedelta(days=max(1, _count(ahead)) - 1))
    if after := _IN.search(text):
        day = today + timedelta(days=_count(after))
        return Period(day, day)
    found = dates_in(text, today=today)
    if found is None:
        return _coming_day(text, today)
    later = _a_year_later(found)
    if later is not None and str(found.first.year) not in text and not _is_unavailable(later, today):
        return later
    return found


def available_days(period: Period, *, today: date) -> Period | None:
    """The days of the period for which Open-Meteo has data; None if it has none."""
    if _is_unavailable(period, today):
        return None
    if period.first < today <= period.last:  # for example "this week": leave out the days before today
        period = Period(today, period.last)
    first, last = today - timedelta(days=BACK), today + timedelta(days=AHEAD - 1)
    return Period(max(period.first, first), min(period.last, last))


def _is_unavailable(period: Period, today: date) -> bool:
    return (period.first - today).days >= AHEAD or (today - period.last).days > BACK


def _coming_day(text: str, today: date) -> Period | None:
    found = _COMING.search(text)
    if found is None or found["last"]:
        return None
    if found["day"].lower() == "weekend":
        saturday = today + timedelta(days=5 - min(today.weekday(), 5))
        return Period(saturday, saturday + timedelta(days=1))
    day = today + timedelta(days=(_WEEKDAYS.index(found["day"].lower()) - today.weekday()) % 7)
    return Period(day, day)


def _count(match: re.Match[str]) -> int:
    text = match["count"].lower()
    number = int(text) if text.isdigit() else 1 if text == "a" else _NUMBERS.index(text)
    return number * (7 if match["unit"].lower() == "week" else 1)


def _a_year_later(period: Period) -> Period | None:
    try:
        return Period(*(each.replace(year=each.year + 1) for each in (period.first, period.last)))
    except ValueError:  # 29 February, or the last year that there is
        return None
