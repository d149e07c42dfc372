from contextlib import suppress
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.durations import LONGEST, UNITS, calls, seconds
from fanin.errors import ConfigError
from fanin.model import Policy


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("500ms", 0.5),
        ("2.5s", 2.5),
        ("1m", 60.0),
        ("1.5 min", 90.0),
        (" 3 s ", 3.0),
        ("1d", 86_400.0),
        (3, 3.0),
        (0, 0.0),
    ],
)
def test_a_duration_is_a_number_of_seconds_or_a_text_with_a_unit(value: object, expected: float) -> None:
    assert seconds(value) == expected


@pytest.mark.parametrize(
    "value", ["", "5", "-1s", "1e9s", "s", "five s", "1s 2s", "٣s", None, True, -1, nan, inf, 10**400, [3]]
)
def test_anything_else_is_no_duration(value: object) -> None:
    with pytest.raises(ConfigError, match=r"is no duration; write a number of seconds, such as 2\.5, or a text"):
        seconds(value)


@given(st.floats(0, LONGEST))
def test_every_number_of_seconds_is_a_duration(value: float) -> None:
    assert seconds(value) == value


@given(st.integers(0, 10**9 - 1), st.sampled_from(sorted(UNITS)))
def test_every_number_with_a_unit_is_a_duration(number: int, unit: str) -> None:
    assert seconds(f"{number}{unit}") == number * UNITS[unit]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("30/min", (30, 60.0)),
        ("5/s", (5, 1.0)),
        ("100 / h", (100, 3600.0)),
        ("1000/day", (1000, 86_400.0)),
        ((30, 60), (30, 60.0)),
        ([30, "1min"], (30, 60.0)),
    ],
)
def test_a_rate_is_calls_and_a_unit_of_time_or_a_duration(value: object, expected: tuple[int, float]) -> None:
    assert calls(value) == expected


@given(st.integers(1, 10**6), st.sampled_from(["s", "min", "h", "day"]), st.sampled_from(["/", " / ", "/ "]))
def test_every_number_of_calls_in_a_unit_of_time_is_a_rate(number: int, unit: str, between: str) -> None:
    assert calls(f"{number}{between}{unit}") == (number, UNITS[unit])


@given(st.text(max_size=12) | st.from_regex(r"[0-9.]{0,4}[ /]{0,2}[a-z]{0,4}", fullmatch=True))
def test_any_text_is_a_rate_a_duration_or_a_mistake(text: str) -> None:
    for reader in (calls, seconds):
        with suppress(ConfigError):
            found = reader(text)
            assert min(found if isinstance(found, tuple) else (found,)) >= 0


@pytest.mark.parametrize(
    "value", ["", "30", "0/s", "-1/s", "1.5/s", "30/minute", "30/", "/s", 30, None, (0, 60), (30, 0), (30,), (1.5, 60)]
)
def test_anything_else_is_no_rate(value: object) -> None:
    with pytest.raises(ConfigError, match="is no rate; write calls and a unit of time"):
        calls(value)


def test_a_policy_has_numbers_however_it_was_written() -> None:
    written = Policy(rate="30/min", cache="1h", stale="1.5min", retries=2)
    assert written == Policy(rate=(30, 60.0), cache=3600.0, stale=90.0, retries=2)
    assert (written.rate, written.cache, written.stale) == ((30, 60.0), 3600.0, 90.0)
