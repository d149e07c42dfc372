import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.text.quantities import quantities

FIGURES = [
    ("It is 72 °F in Boston.", [("temperature", "72 °F")]),
    ("It is 22°C, or 72 degrees Fahrenheit.", [("temperature", "22°C"), ("temperature", "72 degrees Fahrenheit")]),
    ("between 20 and 25 °C", [("temperature", "20 and 25 °C")]),
    ("-3 °C to -1 °C at night", [("temperature", "-3 °C to -1 °C")]),
    ("20–25 °C", [("temperature", "20–25 °C")]),  # noqa: RUF001  a dash
    ("wind of 45 km/h, gusts of 40-50 mph", [("speed", "45 km/h"), ("speed", "40-50 mph")]),
    ("It costs 120 million euros and has 14 stops.", [("euros", "120 million euros"), ("of stop", "14 stops")]),
    ("It costs $1.5 billion.", [("dollars", "$1.5 billion")]),
    ("14 stops and 545,000 inhabitants", [("of stop", "14 stops"), ("of inhabit", "545,000 inhabitants")]),
    ("A chance of 30%, or 30 percent.", [("share", "30%"), ("share", "30 percent")]),
    ("Open until 9 pm or 21:00.", [("time of day", "9 pm"), ("time of day", "21:00")]),
    ("5 to 6 people", [("of peopl", "5 to 6 people")]),
    ("12-hour shifts", [("time", "12-hour")]),
    ("It takes 3 hours.", [("time", "3 hours")]),
    ("On 24 November 2026 and on May 5 it rained 5 mm.", [("length", "5 mm")]),
    ("Published 2026-11-23T14:00, version 3.14.2.", []),
    ("In 2024 people went by tram.", []),
    ("more than 100 people, at least 5 kg, up to 80 km/h", []),
    ("COVID-19 patients", []),
    ("The score was 3 to 1.", []),
    ("No figure at all", []),
]


@pytest.mark.parametrize(("sentence", "found"), FIGURES)
def test_the_figures_of_a_sentence(sentence: str, found: list[tuple[str, str]]) -> None:
    assert [(each.dimension, sentence[each.start : each.end]) for each in quantities(sentence)] == found


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("72 °F", "68 °F", True),
        ("72 °F", "22 °C", False),
        ("72 °F", "25 °C", True),
        ("28 mph", "45 km/h", False),
        ("28 mph", "60 km/h", True),
        ("1 mile", "1.6 km", False),
        ("120 million euros", "0.12 billion euros", False),
        ("120 million euros", "190 million euros", True),
        ("$120 million", "120 million euros", False),
        ("9 pm", "21:00", False),
        ("9 pm", "9 am", True),
        ("about 50 people", "53 people", False),
        ("about 50 people", "60 people", True),
        ("20 to 25 °C", "22 °C", False),
        ("20 to 25 °C", "27 °C", True),
        ("545,000 inhabitants", "545,231 inhabitants", False),
        ("14 stops", "14 trams", False),
        ("18 °C", "18.4 °C", False),
        ("18.0 °C", "18.4 °C", True),
    ],
)
def test_figures_differ_when_no_value_could_be_both(one: str, other: str, differ: bool) -> None:
    (first,), (second,) = quantities(one), quantities(other)
    assert first.differs(second) == second.differs(first) == differ


@given(st.text(alphabet=st.sampled_from("0123456789.,:-°CFkm/h% ap$tomillionand\n2024May"), max_size=80) | st.text())
def test_any_text_gives_figures_that_stand_in_it_in_order(text: str) -> None:
    found = quantities(text)
    assert [each.start for each in found] == sorted(each.start for each in found)
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert each.low <= each.high
        assert any(map(str.isdigit, text[each.start : each.end]))
