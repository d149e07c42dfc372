"""The figures of a sentence, each as an interval in the unit of its dimension, so that sources can be compared. Pure.

"72 °F", "22 °C" and "between 20 and 25 °C" are temperatures; "9 pm" and "21:00" are times of day; "14 stops" counts
stops. Dates, years and figures that only bound ("more than 100") are left out: they are no value to compare.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from fanin.text.words import stem

VAGUE = 0.1
"""The tolerance of "about 50", as a share of it."""

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?(?:{_MONTHS})\b\.?(?:,? \d{{4}}\b)?"
    rf"|\b(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?|\b(?:{_MONTHS}) \d{{4}}\b",
    re.IGNORECASE,
)

SCALES = {"thousand": 1e3, "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}
COINS = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
_MONEY = {
    **dict.fromkeys(("dollar", "dollars", "USD", "US dollars"), "dollars"),
    **dict.fromkeys(("euro", "euros", "EUR", "€"), "euros"),
    **dict.fromkeys(("pounds sterling", "GBP"), "pounds"),
    **dict.fromkeys(("yen", "JPY"), "yen"),
}
_MEASURES: Mapping[str, Mapping[str, float]] = {  # the international yard and pound agreement of 1959
    "speed": {"km/h": 1, "kmh": 1, "kph": 1, "mph": 1.609344, "m/s": 3.6, "knots": 1.852, "knot": 1.852, "kn": 1.852},
    "length": {
        **dict.fromkeys(("mm", "millimetres", "millimeters"), 0.001),
        **dict.fromkeys(("cm", "centimetres", "centimeters"), 0.01),
        **dict.fromkeys(("m", "metre", "meter", "metres", "meters"), 1.0),
        **dict.fromkeys(("km", "kilometre", "kilometer", "kilometres", "kilometers"), 1000.0),
        **dict.fromkeys(("inch", "inches"), 0.0254),
        **dict.fromkeys(("ft", "foot", "feet"), 0.3048),
        **dict.fromkeys(("mile", "miles"), 1609.344),
    },
    "mass": {
        "mg": 1e-6,
        **dict.fromkeys(("g", "gram", "grams"), 0.001),
        **dict.fromkeys(("kg", "kilo", "kilos", "kilograms"), 1.0),
        **dict.fromkeys(("t", "tonne", "tonnes"), 1000.0),
        **dict.fromkeys(("lb", "lbs"), 0.45359237),
    },
    "time": {
        **dict.fromkeys(("ms", "milliseconds"), 0.001),
        **dict.fromkeys(("s", "second", "seconds"), 1.0),
        **dict.fromkeys(("min", "minute", "minutes"), 60.0),
        **dict.fromkeys(("h", "hour", "hours"), 3600.0),
        **dict.fromkeys(("day", "days"), 86_400.0),
        **dict.fromkeys(("week", "weeks"), 604_800.0),
    },
    "share": {"%": 1, "percent": 1, "per cent": 1},
    "pressure": {"hPa": 1, "mbar": 1},
    "volume": {**dict.fromkeys(("l", "litre", "liter", "litres", "liters"), 1.0), "ml": 0.001},
    "power": {"kW": 1, "MW": 1000, "GW": 1e6},
    "storage": {"kB": 1, "KB": 1, "MB": 1e3, "GB": 1e6, "TB": 1e9},
}
UNITS: Mapping[str, tuple[str, float]] = {
    **{name: (dimension, factor) for dimension, names in _MEASURES.items() for name, factor in names.items()},
    **{name: (money, 1.0) for name, money in _MONEY.items()},
    **dict.fromkeys(("°C", "º C", "° C", "℃", "degrees Celsius", "degrees C"), ("temperature", 1.0)),
    **dict.fromkeys(("°F", "º F", "° F", "℉", "degrees Fahrenheit", "degrees F"), ("fahrenheit", 1.0)),
}
_UNIT = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
_FIGURE = re.compile(
    r"(?<![\w.,:/])(?<![^\W\d_]-)(?P<sign>[-−]?)"  # noqa: RUF001  a minus sign
    rf"(?P<coin>[{''.join(COINS)}]?)"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,9})?|\d{1,15}(?:[.,]\d{1,9})?)(?![\d:]|\.\d)"
    rf"(?: ?(?P<scale>{'|'.join(SCALES)})\b)?"
    rf"(?:[ \u00a0\u202f-]?(?P<unit>{_UNIT})(?!\w)|[ -](?P<counted>[^\W\d_]{{3,24}})\b)?"
)
_CLOCK = re.compile(
    r"(?<![\w.,:/-])(?:(\d{1,2}):(\d\d)(?: ?([ap])\.?m\b)?|(\d{1,2}) ?([ap])\.?m\b)(?!:\d)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d(?<!\w\d)")
"""What every figure begins with, and many sentences without figures have not."""

_BOUND = re.compile(
    r"\b(?:more than|less than|fewer than|at least|at most|up to|over|under|above|below|nearly|almost)\s*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:\b(?:about|around|some|roughly|approximately|circa)\s|[~≈])\s*$", re.IGNORECASE)


class Quantity(NamedTuple):
    """A figure: what it is a figure of, between which values it lies (rounding included), and where it is written."""

    dimension: str
    low: float
    high: float
    start: int
    end: int

    def differs(self, other: Quantity) -> bool:
        """Whether both are figures of the same dimension that cannot be the same value."""
        return self.dimension == other.dimension and (self.low > other.high or other.low > self.high)


def quantities(sentence: str) -> list[Quantity]:
    """The figures of a sentence in order."""
    if _NUMBER.search(sentence) is None:
        return []
    found = [*_FIGURE.finditer(sentence)]
    if not any(each["coin"] or each["unit"] or each["counted"] for each in found) and not _CLOCK.search(sentence):
        return []
    without_dates = _DATE.sub(_blank, sentence)
    figures = _figures(_CLOCK.sub(_blank, without_dates))
    return sorted([*_clocks(without_dates), *figures], key=lambda quantity: quantity.start)


def _blank(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def _clocks(text: str) -> Iterator[Quantity]:
    for found in _CLOCK.finditer(text):
        hour, half = int(found[1] or found[4]), (found[3] or found[5] or "").lower()
        if half:
            hour = hour % 12 + 12 * (half == "p")
        minutes = float(60 * hour + int(found[2] or 0))
        yield Quantity("time of day", minutes, minutes, found.start(), found.end())


def _figures(text: str) -> Iterator[Quantity]:
    found = [*_FIGURE.finditer(text)]
    joined = {at for at, (one, two) in enumerate(pairwise(found)) if _spans(text, one, two)}
    for at, each in enumerate(found):
        if at - 1 in joined:
            continue
        last = found[at + 1] if at in joined else each
        quantity = _quantity(each, last)
        if quantity is not None and not _BOUND.search(text, max(0, each.start() - 16), each.start()):
            yield _widened(quantity) if _ABOUT.search(text, max(0, each.start() - 16), each.start()) else quantity


def _spans(text: str, one: re.Match[str], two: re.Match[str]) -> bool:
    """Whether the two figures are the ends of one range: "12 to 18", "12-18", "between 12 and 18"."""
    if _counts(one):
        return False
    end = one.start("counted") - 1 if one["counted"] else one.end()
    between = text[end : two.start()].strip().lower()
    if between == "and":
        return text[max(0, one.start() - 16) : one.start()].rstrip().lower().endswith("between")
    return between in ("to", "-", "–")  # noqa: RUF001  a dash


def _quantity(first: re.Match[str], last: re.Match[str]) -> Quantity | None:
    """The figure, or the range from the first to the last; None when it is no value of anything."""
    dimension = _dimension(last) or _dimension(first)
    if dimension is None:
        return None
    low, high = _interval(first, unit=first["unit"] or last["unit"]), _interval(last, unit=last["unit"])
    end = last.end() if last["unit"] or _counts(last) else last.end("scale") if last["scale"] else last.end("number")
    return Quantity(dimension, min(low[0], high[0]), max(low[1], high[1]), first.start(), end)


def _dimension(found: re.Match[str]) -> str | None:
    if found["coin"]:
        return COINS[found["coin"]]
    if found["unit"]:
        dimension = UNITS[found["unit"]][0]
        return "temperature" if dimension == "fahrenheit" else dimension
    return f"of {stem(found['counted'].lower())}" if _counts(found) else None


def _counts(found: re.Match[str]) -> bool:
    """Whether a noun follows that may be counted, and the number is not the name of a year."""
    noun, number = found["counted"] or "", found["number"]
    year = len(number) == 4 and number.isdecimal() and 1500 <= int(number) < 2100
    return noun.islower() and bool(stem(noun)) and not year


def _interval(found: re.Match[str], *, unit: str | None) -> tuple[float, float]:
    """Between which values the figure lies when its last digit is rounded, in its dimension's unit."""
    text = found["number"]
    whole = re.sub(r",(?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    value = float(whole) * (-1 if found["sign"] else 1)
    half = _step(whole) / 2 * 0.999
    scale = SCALES.get(found["scale"] or "", 1.0)
    dimension, factor = UNITS.get(unit or "", ("", 1.0))
    ends = ((value - half) * scale, (value + half) * scale)
    if dimension == "fahrenheit":
        return (ends[0] - 32) / 1.8, (ends[1] - 32) / 1.8
    return ends[0] * factor, ends[1] * factor


def _step(number: str) -> float:
    """What the last digit counts; the zeros at the end of a large number may have been rounded to."""
    _, _, decimals = number.partition(".")
    if decimals:
        return 10.0 ** -len(decimals)
    zeros = len(number) - len(number.rstrip("0"))
    return 10.0**zeros if len(number) > 3 else 1.0


def _widened(quantity: Quantity) -> Quantity:
    around = VAGUE * max(abs(quantity.low), abs(quantity.high))
    return quantity._replace(low=quantity.low - around, high=quantity.high + around)
