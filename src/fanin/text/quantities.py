"""The figures of a sentence, each as an interval in the unit of its dimension, so that sources can be compared. Pure.

"72 °F", "22 °C" and "between 20 and 25 °C" are temperatures; "9 pm" and "21:00" are times of day; "14 stops" counts
stops. Dates, years and figures that only bound ("more than 100") are left out: they are no value to compare.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched, pairwise
from typing import NamedTuple

from fanin.text.languages.number_words import has_number_words, in_digits
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

_SPACES = " \u00a0\u202f\u2009"
_GROUPS = re.compile(rf"[{_SPACES}'\u2019]")
"""What may stand between groups of three digits, besides a full stop and a comma."""

SCALES = {
    "dozen": 12.0,
    "thousand": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "mn": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_LETTERS = {"k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "B": 1e9}
"""Scales that are glued to the number: "2k users", "$1.5M"; "m" is one behind an amount of money only."""

_FOREIGN_SCALES = {
    **dict.fromkeys(("Tsd", "tausend", "Tausend", "mille", "mil", "duizend"), 1e3),
    **dict.fromkeys(("Mio", "Millionen", "Million", "millions", "millones", "milioni", "milhões", "miljoen"), 1e6),
    **dict.fromkeys(("Mrd", "Milliarden", "Milliarde", "milliards", "milliard", "miliardi", "miljard"), 1e9),
}
_SCALES = SCALES | _FOREIGN_SCALES
COINS = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", "₹": "rupees"}
_PREFIXES = COINS | {
    "US$": "dollars",
    "USD": "dollars",
    "EUR": "euros",
    "GBP": "pounds",
    "JPY": "yen",
    "CHF": "francs",
    "R$": "reais",
    "BRL": "reais",
    "Rs.": "rupees",
    "Rs": "rupees",
    "INR": "rupees",
    "kr": "kr",
    "Fr.": "francs",
}
_MONEY = {
    **dict.fromkeys(("$", "Dollar", "dólares"), "dollars"),
    **dict.fromkeys(("Euro", "Euros"), "euros"),
    **dict.fromkeys(("£",), "pounds"),
    **dict.fromkeys(("CHF", "Franken", "francs"), "francs"),
    **dict.fromkeys(("dollar", "dollars", "USD", "US dollars"), "dollars"),
    **dict.fromkeys(("euro", "euros", "EUR", "€"), "euros"),
    **dict.fromkeys(("pounds sterling", "GBP"), "pounds"),
    **dict.fromkeys(("yen", "JPY"), "yen"),
    **dict.fromkeys(("kr", "kr.", "kronor", "kroner"), "kr"),
    **dict.fromkeys(("zł", "PLN", "zloty", "złotych"), "zloty"),
    **dict.fromkeys(("rupees", "INR", "₹"), "rupees"),
    **dict.fromkeys(("reais", "BRL"), "reais"),
    "Fr.": "francs",
}
_MEASURES: Mapping[str, Mapping[str, float]] = {  # the international yard and pound agreement of 1959
    "speed": {"km/h": 1, "kmh": 1, "kph": 1, "mph": 1.609344, "m/s": 3.6, "knots": 1.852, "knot": 1.852, "kn": 1.852},
    "length": {
        **dict.fromkeys(("mm", "millimetres", "millimeters"), 0.001),
        **dict.fromkeys(("cm", "centimetres", "centimeters"), 0.01),
        **dict.fromkeys(("m", "metre", "meter", "metres", "meters", "Meter", "mètres", "metros", "metri"), 1.0),
        **dict.fromkeys(("km", "kilometre", "kilometer", "kilometres", "kilometers", "Kilometer"), 1000.0),
        **dict.fromkeys(("kilomètres", "kilómetros", "quilómetros", "quilômetros", "chilometri"), 1000.0),
        **dict.fromkeys(("inch", "inches"), 0.0254),
        **dict.fromkeys(("ft", "foot", "feet"), 0.3048),
        **dict.fromkeys(("yd", "yard", "yards"), 0.9144),
        **dict.fromkeys(("mile", "miles"), 1609.344),
        **dict.fromkeys(("nautical mile", "nautical miles", "nmi", "Seemeilen"), 1852.0),
    },
    "mass": {
        "mg": 1e-6,
        **dict.fromkeys(("g", "gram", "grams"), 0.001),
        **dict.fromkeys(("kg", "kilo", "kilos", "kilogram", "kilograms", "Kilo", "Kilogramm", "chili", "quilos"), 1.0),
        **dict.fromkeys(("t", "tonne", "tonnes", "Tonnen", "toneladas", "tonnellate"), 1000.0),
        **dict.fromkeys(("lb", "lbs"), 0.45359237),
        **dict.fromkeys(("oz", "ounce", "ounces"), 0.028349523125),
    },
    "time": {
        **dict.fromkeys(("ms", "milliseconds"), 0.001),
        **dict.fromkeys(("s", "sec", "second", "seconds", "Sekunden", "secondes", "segundos", "secondi"), 1.0),
        **dict.fromkeys(
            ("min", "mins", "minute", "minutes", "Minute", "Minuten", "minutos", "minuti", "minuten"), 60.0
        ),
        **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "Stunde", "Stunden", "stunde", "stunden", "uur"), 3600.0),
        **dict.fromkeys(("heure", "heures", "hora", "horas", "ora", "ore"), 3600.0),
        **dict.fromkeys(("day", "days", "Tag", "Tage", "Tagen", "jour", "jours", "dag", "dagen"), 86_400.0),
        **dict.fromkeys(("día", "días", "dia", "dias", "giorno", "giorni"), 86_400.0),
        **dict.fromkeys(("week", "weeks", "Woche", "Wochen", "semaine", "semaines", "weken"), 604_800.0),
        **dict.fromkeys(("semana", "semanas", "settimana", "settimane"), 604_800.0),
    },
    "months": {
        **dict.fromkeys(("month", "months", "Monat", "Monate", "Monaten", "mois", "meses", "mesi", "maanden"), 1.0),
        **dict.fromkeys(("year", "years", "Jahr", "Jahre", "Jahren", "años", "anos", "anni", "jaar"), 12.0),
    },
    "share": dict.fromkeys(("%", "percent", "per cent", "Prozent", "pour cent", "por ciento", "procent"), 1),
    "pressure": {"hPa": 1, "mbar": 1, "kPa": 10, "bar": 1000},
    "volume": {
        **dict.fromkeys(("l", "L", "litre", "liter", "litres", "liters", "Liter", "litros", "litri"), 1.0),
        **dict.fromkeys(("ml", "mL"), 0.001),
        **dict.fromkeys(("cl", "cL"), 0.01),
        **dict.fromkeys(("dl", "dL"), 0.1),
        "hl": 100.0,
        "m³": 1000.0,
    },
    "area": {"cm²": 1e-4, "m²": 1.0, "ha": 1e4, "hectares": 1e4, "Hektar": 1e4, "km²": 1e6}
    | dict.fromkeys(("acre", "acres"), 4046.8564224),
    "power": {"W": 0.001, "watts": 0.001, "kW": 1, "MW": 1000, "GW": 1e6},
    "energy": {"Wh": 0.001, "kWh": 1, "MWh": 1e3, "GWh": 1e6},
    "voltage": {"V": 1, "volt": 1, "volts": 1, "Volt": 1, "kV": 1e3},
    "frequency": {"Hz": 1, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9},
    "rate": {**dict.fromkeys(("kbit/s", "kbps"), 1e-3), **dict.fromkeys(("Mbit/s", "Mbps"), 1.0)}
    | dict.fromkeys(("Gbit/s", "Gbps"), 1e3),
    "storage": {"kB": 1, "KB": 1, "MB": 1e3, "GB": 1e6, "TB": 1e9}
    | {"KiB": 1.024, "MiB": 1.024**2 * 1e3, "GiB": 1.024**3 * 1e6, "TiB": 1.024**4 * 1e9},
}
UNITS: Mapping[str, tuple[str, float]] = {
    **{name: (dimension, factor) for dimension, names in _MEASURES.items() for name, factor in names.items()},
    **{name: (money, 1.0) for name, money in _MONEY.items()},
    **dict.fromkeys(("°C", "º C", "° C", "℃", "degrees Celsius", "degrees C"), ("temperature", 1.0)),
    **dict.fromkeys(("°F", "º F", "° F", "℉", "degrees Fahrenheit", "degrees F"), ("fahrenheit", 1.0)),
}
_UNIT = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?<![\w.,:/])(?<!\d[{_SPACES}])(?<![^\W\d_]-)(?P<sign>[-−]?)"  # noqa: RUF001  a minus sign
    rf"(?:(?P<coin>{'|'.join(map(re.escape, sorted(_PREFIXES, key=len, reverse=True)))})[{_SPACES}]?)?"
    rf"(?P<number>\d{{1,3}}(?:[{_SPACES}'\u2019]\d{{3}}(?!\d))+(?:[.,]\d{{1,9}})?"
    r"|\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d{1,9})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,9})?|\d{1,15}(?:[.,]\d{1,9})?)"
    r"(?![\d:]|[.,]\d)(?:,[-–]{1,2})?(?:(?P<letter>[kKMmB])(?!\w))?"  # noqa: RUF001  a dash
    rf"(?:[{_SPACES}]?(?P<scale>{'|'.join(_SCALES)})\b\.?)?"
    rf"(?:[{_SPACES}-]?(?P<unit>{_UNIT})(?!\w)|[ -](?P<counted>(?!(?:bis|oder|tot|und)\b)[^\W\d_]{{3,24}})\b)?"
)
_CLOCK = re.compile(
    r"(?<![\w.,:/-])(?:(\d{1,2})(?:[.:](\d\d))? ?Uhr\b(?: (abends|nachmittags))?|(\d{1,2})h([0-5]\d)\b(?! ?min)()"
    r"|(\d{1,2}):(\d\d)(?: ?([ap])\.?m\b)?|(\d{1,2})() ?([ap])\.?m\b)(?!:\d)",
    re.IGNORECASE,
)
"""Times of day, each with its hour, minutes, and half of the day."""

_TIMED = re.compile(f"{_DATE.pattern}|{_CLOCK.pattern}", re.IGNORECASE)
_DIGIT = re.compile(r"\d(?<!\w\d)")
"""What every figure in digits has, and many sentences without figures have not."""

_PARTED = re.compile(rf"(?:,|[{_SPACES}]and|[{_SPACES}]und|[{_SPACES}]et|[{_SPACES}]y|[{_SPACES}]e)?[{_SPACES}]")
"""What stands between the parts of one figure: "2 hours and 5 minutes"."""

_BOUND = re.compile(
    r"(?:\b(?:more than|less than|fewer than|at least|at most|up to|over|under|above|below|nearly|almost"
    r"|mehr als|weniger als|mindestens|höchstens|bis zu|über|unter|fast|plus de|moins de|au moins|jusqu.à|más de"
    r"|menos de|al menos|hasta|più di|meno di|almeno|fino a|mais de|pelo menos|até"
    r"|meer dan|minder dan|minstens)|[<>≤≥])\s*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:about|around|some|roughly|approximately|circa|ca\.|approx\.|etwa|rund|ungefähr|environ|unos|unas|cerca de"
    r"|aproximadamente|ongeveer)\s|[~≈])\s*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:\b(?:no|nr|n[°º]|núm|art|p|page|line|room|gate|platform|route|bus|chapter|section|version)\.?|[#§№])\s*$",
    re.IGNORECASE,
)
"""What makes a number the name of something, and no count of what follows."""

_BEFORE = 20
"""Characters before a figure that are searched for what qualifies it."""

_JOINTS = frozenset(("to", "-", "–", "—", "−", "~", "…", "or", "bis", "oder", "à", "ou", "a", "tot", "of"))  # noqa: RUF001  dashes
_BETWEEN = {
    "and": ("between",),
    "und": ("zwischen",),
    "et": ("entre",),
    "y": ("entre",),
    "en": ("tussen",),
    "e": ("tra", "fra", "entre"),
}
"""What is between the two ends of a range, and with some words what is before them."""

type _Ends = tuple[float, float]


class Quantity(NamedTuple):
    """A figure: what it is a figure of, between which values it lies (rounding included), and where it is written.

    `also` is where it lies if the full stop in "1.500" is a decimal point.
    """

    dimension: str
    low: float
    high: float
    start: int
    end: int
    also: _Ends | None = None

    def differs(self, other: Quantity) -> bool:
        """Whether both are figures of the same dimension that cannot be the same value."""
        return self.dimension == other.dimension and all(
            low > most or least > high for low, high in self._ends() for least, most in other._ends()
        )

    def _ends(self) -> Sequence[_Ends]:
        return ((self.low, self.high), self.also) if self.also else ((self.low, self.high),)


def quantities(sentence: str) -> list[Quantity]:
    """The figures of a sentence in order, also those in words: "two and a half hours"."""
    if has_number_words(sentence):
        return _in_words(sentence)
    return _in_digits(sentence) if _DIGIT.search(sentence) else []


def _in_words(sentence: str) -> list[Quantity]:
    written = in_digits(sentence)
    if written is None:
        return _in_digits(sentence)
    return [
        each._replace(start=written.before(each.start), end=written.before(each.end, end=True))
        for each in _in_digits(written.text)
    ]


def _in_digits(sentence: str) -> list[Quantity]:
    if _TIMED.search(sentence) is None:
        return _joined(sentence, [*_figures(sentence, [*_FIGURE.finditer(sentence)])])
    without_dates = _DATE.sub(_blank, sentence)
    bare = _CLOCK.sub(_blank, without_dates)
    figures = _joined(bare, [*_figures(bare, [*_FIGURE.finditer(bare)])])
    return sorted([*_clocks(without_dates), *figures], key=lambda quantity: quantity.start)


def _joined(text: str, figures: list[Quantity]) -> list[Quantity]:
    """The figures, of which those that are parts of one are added: "2 hours 5 minutes", "5 ft 11 in"."""
    if len(figures) < 2:
        return figures
    found = figures[:1]
    for each in figures[1:]:
        last = found[-1]
        if _is_part(last, each) and _PARTED.fullmatch(text, last.end, each.start):
            whole = (last.low + last.high) / 2
            found[-1] = each._replace(low=whole + each.low, high=whole + each.high, start=last.start, also=None)
        else:
            found.append(each)
    return found


def _is_part(whole: Quantity, part: Quantity) -> bool:
    """Whether the one has less than the last digit of the other, in the same dimension, as minutes of hours."""
    return part.dimension == whole.dimension and part.dimension in _MEASURES and 0 < part.high < whole.high - whole.low


def _blank(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def _clocks(text: str) -> Iterator[Quantity]:
    for found in _CLOCK.finditer(text):
        hours, minute, half = next(each for each in batched(found.groups(), 3, strict=True) if each[0] is not None)
        hour = int(hours)
        if half:
            hour = hour % 12 + 12 * (half not in "aA")
        minutes = float(60 * hour + int(minute or 0))
        yield Quantity("time of day", minutes, minutes, found.start(), found.end())


def _figures(text: str, found: Sequence[re.Match[str]]) -> Iterator[Quantity]:
    joined = {at for at, (one, two) in enumerate(pairwise(found)) if _spans(text, one, two)}
    for at, each in enumerate(found):
        if at - 1 in joined:
            continue
        last = found[at + 1] if at in joined else each
        quantity = _quantity(each, last)
        before = text[max(0, each.start() - _BEFORE) : each.start()]
        if quantity is not None and not _BOUND.search(before) and not (_counts(last) and _NUMBERED.search(before)):
            yield _widened(quantity) if _ABOUT.search(before) else quantity


def _spans(text: str, one: re.Match[str], two: re.Match[str]) -> bool:
    """Whether the two figures are the ends of one range: "12 to 18", "12-18", "between 12 and 18"."""
    if _counts(one):
        return False
    end = one.start("counted") - 1 if one["counted"] else one.end()
    between = text[end : two.start()].strip().lower()
    if between in _BETWEEN:
        return text[max(0, one.start() - 16) : one.start()].rstrip().lower().endswith(_BETWEEN[between])
    return between in _JOINTS


def _quantity(first: re.Match[str], last: re.Match[str]) -> Quantity | None:
    """The figure, or the range from the first to the last; None when it is no value of anything."""
    dimension = _dimension(last) or _dimension(first)
    if dimension is None:
        return None
    unit, scale = first["unit"] or last["unit"], _scale(first) if _scale(first) != 1.0 else _scale(last)
    ends = [
        (min(low[0], high[0]), max(low[1], high[1]))
        for low, high in zip(
            _intervals(first, unit, scale), _intervals(last, last["unit"] or unit, scale), strict=False
        )
    ]
    if last["unit"] or (_counts(last) and not last["coin"]):
        end = last.end()
    else:
        end = max(last.end(group) for group in ("scale", "letter", "number"))
    return Quantity(dimension, *ends[0], first.start(), end, also=ends[1] if len(ends) > 1 else None)


def _dimension(found: re.Match[str]) -> str | None:
    if found["coin"]:
        return _PREFIXES[found["coin"]]
    if found["unit"]:
        dimension = UNITS[found["unit"]][0]
        return "temperature" if dimension == "fahrenheit" else dimension
    return f"of {stem(found['counted'].lower())}" if _counts(found) else None


def _counts(found: re.Match[str]) -> bool:
    """Whether a noun follows that may be counted, and the number is not the name of a year."""
    noun, number = found["counted"] or "", found["number"]
    year = len(number) == 4 and number.isdecimal() and 1500 <= int(number) < 2100
    return noun.islower() and bool(stem(noun)) and not year


def _scale(found: re.Match[str]) -> float:
    letter = found["letter"]
    if letter and (found["coin"] or (letter != "m" and (found["unit"] or found["counted"]))):
        return _LETTERS[letter]
    return _SCALES.get(found["scale"] or "", 1.0)


def _intervals(found: re.Match[str], unit: str | None, scale: float) -> Sequence[_Ends]:
    """Between which values the figure lies when its last digit is rounded, in its dimension's unit, by each reading."""
    dimension, factor = UNITS.get(unit or "", ("", 1.0))
    intervals: list[_Ends] = []
    for whole in _readings(found["number"]):
        value = float(whole) * (-1 if found["sign"] else 1)
        half = _step(whole) / 2 * 0.999
        low, high = (value - half) * scale, (value + half) * scale
        fahrenheit = ((low - 32) / 1.8, (high - 32) / 1.8)
        intervals.append(fahrenheit if dimension == "fahrenheit" else (low * factor, high * factor))
    return intervals


def _readings(number: str) -> Sequence[str]:
    """The number in digits with a decimal point: "1.234,5" and "1 234.5" have one reading, "1.234" has two."""
    bare = _GROUPS.sub("", number)
    if "." in bare and "," in bare:
        point = max(bare.rfind("."), bare.rfind(","))
        return (f"{bare[:point].replace(',', '').replace('.', '')}.{bare[point + 1 :]}",)
    sign = "," if "," in bare else "."
    head, _, tail = bare.rpartition(sign)
    if not head or sign in head:
        return (bare.replace(sign, ""),)
    if len(tail) != len("000") or len(head) > len("000") or head == "0" or bare != number:
        return (f"{head}.{tail}",)
    return (head + tail,) if sign == "," else (head + tail, f"{head}.{tail}")


def _step(number: str) -> float:
    """What the last digit counts; the zeros at the end of a large number may have been rounded to."""
    _, _, decimals = number.partition(".")
    if decimals:
        return 10.0 ** -len(decimals)
    zeros = len(number) - len(number.rstrip("0"))
    return 10.0**zeros if len(number) > 3 else 1.0


def _widened(quantity: Quantity) -> Quantity:
    around = VAGUE * max(abs(quantity.low), abs(quantity.high))
    also = quantity.also and (quantity.also[0] * (1 - VAGUE), quantity.also[1] * (1 + VAGUE))
    return quantity._replace(low=quantity.low - around, high=quantity.high + around, also=also)
