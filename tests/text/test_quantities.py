import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.text.languages.number_words import in_digits
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
    ("It raised $2.5M last year.", [("dollars", "$2.5M")]),
    ("the 3rd floor, am 2. Platz, le 1er étage, 2º piso", []),
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


SAME = [
    ("3 800 €", "3,800 €"),
    ("3\u202f800 €", "€ 3.800"),
    ("EUR 3.800,-", "3'800 Euro"),
    ("3.800,50 EUR", "3,800.50 EUR"),
    ("$2.4M", "2.4 million dollars"),
    ("US$ 7bn", "7 billion USD"),
    ("£3k", "GBP 3,000"),
    ("2,4 Mio. Euro", "2.4 million euros"),
    ("1,2 Mrd. Euro", "1.2 billion euros"),
    ("4k readers", "4,000 readers"),
    ("72 610 inhabitants", "72,610 inhabitants"),
    ("1,23,456 people", "123456 people"),
    ("9.000 m", "9 km"),
    ("0.250 kg", "250 g"),
    ("1.234.567 km", "1 234 567 km"),
    ("12 bis 18 km", "15 km"),
    ("zwischen 12 und 18 km", "between 12 and 18 km"),
    ("de 12 à 18 km", "12–18 km"),  # noqa: RUF001  a dash
    ("12 of 18 km", "12 to 18 km"),
    ("2 Stunden", "120 minutes"),
    ("3 jours", "72 hours"),
    ("40 Prozent", "40 %"),
    ("12.500 kWh", "12.5 MWh"),
    ("Rs. 4,500", "₹4500"),
    ("R$ 2.500,00", "2500 reais"),
    ("12 345,50 kr", "12345.50 kr"),
    ("1 250 zł", "1250 PLN"),
    ("Fr. 18.40", "CHF 18.40"),
    ("0,3 km²", "30 ha"),
    ("1500 Mbit/s", "1.5 Gbps"),
    ("2048 MiB", "2 GiB"),
    ("75 cl", "0,75 l"),
    ("2400 MHz", "2,4 GHz"),
]


FRESH_SAME = [
    ("1 200 000 €", "1.2 million euros"),
    ("EUR 1'200'000", "€1,200,000"),
    ("$950k", "950,000 dollars"),
    ("USD 4.2bn", "$4.2 billion"),
    ("€ 12,50", "12.50 EUR"),
    ("12,50 Euro", "EUR 12.50"),
    ("3 dozen eggs", "36 eggs"),
    ("6 ft", "1.83 m"),
    ("5 feet", "60 inches"),
    ("10 lb", "4.54 kg"),
    ("2.5 hours", "150 min"),
    ("90 Minuten", "1,5 Stunden"),
    ("8:30 a.m.", "08:30"),
    ("8.30 Uhr", "8:30 Uhr"),
    ("18h30", "18:30"),
    ("8 Uhr abends", "20:00"),
    ("20 000 habitants", "20,000 habitants"),
    ("3.5 t", "3500 kg"),
    ("500 mL", "0.5 L"),
    ("1 TB", "1000 GB"),
    ("4 nautical miles", "7.4 km"),
    ("10 knots", "18.5 km/h"),
    ("0.5 %", "0,5 Prozent"),
    ("25 percent", "25 per cent"),
    ("-5 °C", "23 °F"),
    ("−5 °C", "-5 degrees Celsius"),  # noqa: RUF001  a minus sign
    ("1013 hPa", "1.013 bar"),
    ("12 Mio. Tonnen", "12 million tonnes"),
    ("¥1,500", "1500 yen"),
    ("1 500 kr", "1500 kronor"),
    ("2 lakh people", "200,000 people"),
    ("3 crore rupees", "30 million rupees"),
    ("7 days", "1 week"),
    ("2 semaines", "14 jours"),
    ("1 acre", "0.4 ha"),
    ("60 km/h", "37 mph"),
    ("50 W", "0.05 kW"),
    ("12 V", "12 volts"),
]
"""Figures that nobody looked at while the rules were made; some kinds were corrected by them."""

WORDS = [
    ("one and a half hours", "1.5 hours"),
    ("1½ hours", "90 min"),
    ("1 ½ cups", "1.5 cups"),
    ("½ cup", "half a cup"),
    ("1 1/2 cups", "one and a half cups"),
    ("3/4 inch", "0.75 inches"),
    ("2 hours 5 minutes", "125 minutes"),
    ("two hours and five minutes", "2 h 5 min"),
    ("5 ft 11 inches", "71 inches"),
    ("2 kg 300 g", "2.3 kg"),
    ("two dozen eggs", "24 eggs"),
    ("half a dozen boats", "six boats"),
    ("a dozen boats", "twelve boats"),
    ("half an hour", "30 minutes"),
    ("an hour and a half", "90 minutes"),
    ("a quarter of an hour", "15 minutes"),
    ("three quarters of an hour", "45 minutes"),
    ("two and a half million euros", "2.5 million euros"),
    ("half a million people", "500,000 people"),
    ("two hundred and fifty boats", "250 boats"),
    ("twenty-five boats", "25 boats"),
    ("one hour", "60 minutes"),
    ("two to three hours", "2-3 hours"),
    ("one and a half years", "18 months"),
    ("two-thirds of a cup", "0.67 cups"),
    ("anderthalb Stunden", "1,5 Stunden"),
    ("zweieinhalb Stunden", "150 Minuten"),
    ("eine halbe Stunde", "30 Minuten"),
    ("eine Viertelstunde", "15 Minuten"),
    ("zweihundert Meter", "200 m"),
    ("1 Stunde und 15 Minuten", "75 Minuten"),
    ("deux heures et demie", "2,5 heures"),
    ("une demi-heure", "30 minutes"),
    ("dos horas y media", "150 minutos"),
    ("media hora", "30 minutos"),
    ("due ore e mezza", "150 minuti"),
    ("mezz'ora", "30 minuti"),
    ("meia hora", "30 minutos"),
    ("anderhalf uur", "1,5 uur"),
]
"""Figures in words, as fractions, and in parts."""

FRESH_OTHERS = [
    ("two hours", "three hours"),
    ("1½ cups", "2½ cups"),
    ("half an hour", "2 hours"),
    ("2 hours 5 minutes", "2 hours 45 minutes"),
    ("two dozen eggs", "12 eggs"),
    ("18h30", "19:30"),
    ("1 200 km", "1 300 km"),
    ("€1.2m", "€1.3m"),
    ("5 feet", "6 feet"),
    ("25 °C", "25 °F"),
    ("3 t", "3 kg"),
    ("20 %", "25 %"),
    ("12 boats", "13 boats"),
    ("9 a.m.", "9 p.m."),
    ("1,5 Stunden", "15 Stunden"),
    ("5 GB", "5 TB"),
]


@pytest.mark.parametrize(("one", "other"), [*SAME, *FRESH_SAME, *WORDS])
def test_one_figure_written_in_two_ways_does_not_differ(one: str, other: str) -> None:
    ((first,), (second,)) = quantities(f"It is {one} in all."), quantities(f"It is {other} in all.")
    assert first.dimension == second.dimension
    assert not first.differs(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 800 €", "3 900 €"),
        ("3.800 EUR", "3.9 EUR"),
        ("$2.4M", "$2.4k"),
        ("72 610 inhabitants", "610 inhabitants"),
        ("9.000 m", "8 km"),
        ("zwischen 12 und 18 km", "20 km"),
        ("4k readers", "4 readers"),
    ],
)
def test_another_figure_differs_however_it_is_written(one: str, other: str) -> None:
    ((first,), (second,)) = quantities(f"It is {one} in all."), quantities(f"It is {other} in all.")
    assert first.differs(second)


@pytest.mark.parametrize(("one", "other"), FRESH_OTHERS)
def test_two_figures_are_of_other_dimensions_or_differ(one: str, other: str) -> None:
    ((first,), (second,)) = quantities(f"It is {one} in all."), quantities(f"It is {other} in all.")
    assert (first.dimension, first.differs(second)) != (second.dimension, False)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is on the 3rd floor, in the 21st street.",
        "Take bus no. 5 stops away.",
        "See page 12 lines.",
        "One of the boats, no one, the twenty-first street, two thirds of the boats.",
        "One day it sank.",
        "mehr als 100 km, mindestens 5 kg, bis zu 80 km/h, plus de 3 jours, más de 2 horas",
    ],
)
def test_ordinals_numbers_of_things_and_bounds_are_no_figures(sentence: str) -> None:
    assert quantities(sentence) == []


@given(st.text(alphabet=st.sampled_from("0123456789.,:-°CFkm/h% ap$½tomillionand\n2024May"), max_size=80) | st.text())
def test_any_text_gives_figures_that_stand_in_it_in_order(text: str) -> None:
    found, written = quantities(text), in_digits(text)
    assert [each.start for each in found] == sorted(each.start for each in found)
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert each.low <= each.high
        assert any(map(str.isdigit, written.text if written else text))
