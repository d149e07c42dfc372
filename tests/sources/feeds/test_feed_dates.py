"""What holds of any date of a feed."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from fanin.sources.feeds.feed_dates import iso_8601

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=ZONES | st.just(UTC)).map(
    lambda instant: instant.replace(microsecond=0)
)
PARTS = st.sampled_from(
    [
        "Fri, ",
        "27 ",
        "Nov ",
        "2026 ",
        "10:30",
        ":15",
        " pm",
        " GMT",
        " +02:00",
        "-05",
        "T",
        "Z",
        "(CET)",
        " CEST",
        "24:00",
    ]
)


@given(INSTANTS)
def test_what_was_written_by_either_rule_is_read(instant: datetime) -> None:
    assert iso_8601(instant.isoformat()) == instant.isoformat()
    assert datetime.fromisoformat(iso_8601(format_datetime(instant))) == instant


@given(st.lists(PARTS, max_size=8).map("".join) | st.text(max_size=120))
def test_any_text_is_a_date_that_python_can_read_or_none(text: str) -> None:
    told = iso_8601(text)
    assert (datetime.fromisoformat(told).isoformat() if told else "") == told
    assert iso_8601(told) == told
