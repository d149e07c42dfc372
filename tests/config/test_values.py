import pytest

from fanin.config.values import calls
from fanin.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "value"),
    [("30/min", (30, 60.0)), ("5/s", (5, 1.0)), ("100 / h", (100, 3600.0)), ("1000/day", (1000, 86_400.0))],
)
def test_a_rate_has_calls_and_a_unit_of_time(text: str, value: tuple[int, float]) -> None:
    assert calls(text) == value


@pytest.mark.parametrize("text", ["", "30", "0/s", "-1/s", "1.5/s", "30/minute", "30/", "/s", 30, None])
def test_anything_else_is_no_rate(text: object) -> None:
    with pytest.raises(ConfigError, match="is no rate"):
        calls(text)
