"""Which coming days a question is about, for sources that look ahead, such as a weather forecast (pure)."""

import re
from datetime import date, timedelta

from fanin.plan.dates import dates_in
from fanin.plan.days import NUMBERS, WEEKDAYS, Period

_COMING = re.compile(rf"\b(?:(?P<last>last|past)\s+)?(?P<day>{'|'.join(WEEKDAYS)}|weekend)\b", re.IGNORECASE)
_COUNTED = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBERS)})"
_NEXT = re.compile(rf"\b(?:next|coming|following)\s+{_COUNTED}\s+(?P<unit>day|week)s?\b", re.IGNORECASE)
_IN = re.compile(rf"\bin\s+{_COUNTED}\s+(?P<unit>day|week)s?\b", re.IGNORECASE)
_LONG = re.compile(rf"\b{_COUNTED}[-\s](?P<unit>day|week)\s+(?:forecast|outlook|weather)\b", re.IGNORECASE)


def coming_days(text: str, *, today: date, ahead: int) -> Period | None:
    """The days that a question names, or None: "tomorrow", "on Friday", "the next ten days", "25 November".

    Ambiguous days are taken to be in the future: "Friday" is the next one, and "5 January" is next year's if that comes
    within `ahead` days.
    """
    text = text[:2_000]
    if found := _NEXT.search(text) or _LONG.search(text):
        return Period(today, today + timedelta(days=max(1, _count(found)) - 1))
    if found := _IN.search(text):
        day = today + timedelta(days=_count(found))
        return Period(day, day)
    period = dates_in(text, today=today)
    if period is None:
        return _coming_day(text, today)
    later = _a_year_later(period)
    soon = later is not None and (later.first - today).days < ahead
    return later if soon and str(period.first.year) not in text else period


def _coming_day(text: str, today: date) -> Period | None:
    found = _COMING.search(text)
    if found is None or found["last"]:
        return None
    if found["day"].lower() == "weekend":
        saturday = today + timedelta(days=5 - min(today.weekday(), 5))
        return Period(saturday, saturday + timedelta(days=1))
    day = today + timedelta(days=(WEEKDAYS.index(found["day"].lower()) - today.weekday()) % 7)
    return Period(day, day)


def _count(match: re.Match[str]) -> int:
    text = match["count"].lower()
    number = int(text) if text.isdigit() else NUMBERS[text]
    return number * (7 if match["unit"].lower() == "week" else 1)


def _a_year_later(period: Period) -> Period | None:
    try:
        return Period(*(each.replace(year=each.year + 1) for each in (period.first, period.last)))
    except ValueError:  # 29 February, or the last year that there is
        return None
