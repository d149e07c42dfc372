"""What a question asks of time, and how a document's day stands to it (pure)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo

from fanin.values import value

MONTH, YEAR = 30.44, 365.25
"""Days of the mean month and year."""

MOST_DAYS = 8
"""Days of the longest period that is named by its distance from today."""


@value
class AskedTime:
    """When what is asked for should have been published: between `first` and `last`, which have their zone.

    `today` is the day on which it is asked, there. `recent`: the newest is asked for, however old it is. `by_day`: a
    day or a week is named that is known only from the day on which it is asked, such as "today" or "last week".
    """

    first: datetime
    last: datetime
    today: date
    recent: bool = False
    by_day: bool = False

    @property
    def window(self) -> tuple[datetime, datetime]:
        """The instants between which it should have been published."""
        return self.first, self.last

    @property
    def zone(self) -> tzinfo | None:
        """The zone in which it is asked."""
        return self.first.tzinfo

    def holds(self, day: date) -> bool:
        """Whether the day is one of those that are asked for."""
        return self.first.date() <= day <= self.last.date()


def day_of(published: str, zone: tzinfo | None = None) -> date | None:
    """The day of an ISO 8601 date or time, in this zone if it has a zone of its own; None for anything else."""
    try:
        instant = datetime.fromisoformat(published)
        return (instant.astimezone(zone) if zone is not None and instant.tzinfo is not None else instant).date()
    except ValueError, OverflowError:
        return None


def age(day: date, *, today: date) -> str:
    """How long ago the day was, in words: "8 days ago", "20 months ago"; "" for today and days to come."""
    days = (today - day).days
    if days <= 0:
        return ""
    for size, unit in ((YEAR, "year"), (MONTH, "month"), (1, "day")):
        if days >= 2 * size or unit == "day":
            count = int(days / size)
            return f"{count} {unit}{'s' * (count > 1)} ago"
    return ""


def names_day(text: str, asked: AskedTime) -> bool:
    """Whether the text itself names a day between those that are asked for, by its date."""
    return any(day in text for day in _written(asked))


def _written(asked: AskedTime) -> Iterator[str]:
    """The days in the usual ways of writing them: 2026-11-24, 24 November, 24. November, November 24."""
    for after in range(min((asked.last.date() - asked.first.date()).days, MOST_DAYS) + 1):
        day = asked.first.date() + timedelta(days=after)
        yield from (f"{day:%Y-%m-%d}", f"{day.day} {day:%B}", f"{day.day}. {day:%B}", f"{day:%B} {day.day}")
