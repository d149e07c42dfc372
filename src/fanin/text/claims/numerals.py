"""Numbers in digits, months and scales, in English and German. Pure."""

import re
from collections.abc import Mapping

from fanin.text.claims.grammar import Language
from fanin.text.languages.number_words import GERMAN_SMALL, GERMAN_TENS, SMALL, TENS, numbered
from fanin.text.quantities import SCALES

MONTHS: Mapping[Language, Mapping[str, int]] = {
    "en": numbered(
        "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct"
        " november/nov december/dec",
        1,
    ),
    "de": numbered(
        "januar/jan februar/feb märz april mai juni juli august/aug september/sept oktober/okt november/nov"
        " dezember/dez",
        1,
    ),
}
SCALES_OF: Mapping[Language, Mapping[str, float]] = {
    "en": SCALES,
    "de": {
        "tausend": 1e3, "mio": 1e6, "million": 1e6, "millionen": 1e6,
        "mrd": 1e9, "milliarde": 1e9, "milliarden": 1e9, "billion": 1e12, "billionen": 1e12,
    },
}  # fmt: skip
ORDINALS: Mapping[str, int] = numbered(
    """first/erste/ersten/erster/erstes second/zweite/zweiten/zweiter/zweites third/dritte/dritten/dritter/drittes
    fourth/vierte/vierten fifth/fünfte/fünften sixth/sechste/sechsten seventh/siebte/siebten eighth/achte/achten
    ninth/neunte/neunten tenth/zehnte/zehnten eleventh twelfth""",
    1,
)

_BEGINNINGS: Mapping[Language, frozenset[str]] = {
    "en": frozenset(SMALL) | frozenset(TENS) | frozenset(MONTHS["en"]) | {"a", "half", "noon", "midnight"},
    "de": frozenset(MONTHS["de"]) | {"mitternacht"},
}
_GERMAN_BEGINNINGS = (*GERMAN_SMALL, *GERMAN_TENS, "hundert", "tausend")


def begins_number(word: str, language: Language) -> bool:
    """Whether a number, a month or a time of day may begin with the word."""
    return word in _BEGINNINGS[language] or (language == "de" and word.startswith(_GERMAN_BEGINNINGS))


def number_in_digits(text: str, language: Language) -> tuple[float, int]:
    """The value of a number in digits and how many decimals it has: "1,250.5" in English, "1.250,5" in German."""
    group, point = (".", ",") if language == "de" else (",", ".")
    text = re.sub(r"[\u00a0\u202f ]", "", text)
    whole, _, decimals = text.rpartition(point) if point in text and text.count(point) == 1 else (text, "", "")
    if group in whole and not re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+", whole):
        whole, decimals = whole.split(group, 1)  # the other language's way to write decimals
    digits = whole.replace(group, "").replace(point, "") or "0"
    decimals = re.sub(r"\D", "", decimals)
    return float(f"{digits}.{decimals or 0}"), len(decimals)
