"""Numbers in digits and in words, months and scales, in English and German. Pure."""

import re
from collections.abc import Mapping, Sequence

from fanin.text.claims.grammar import Language
from fanin.text.quantities import SCALES


def _numbered(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    return {word: first + step * at for at, names in enumerate(words.split()) for word in names.split("/")}


MONTHS: Mapping[Language, Mapping[str, int]] = {
    "en": _numbered(
        "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct"
        " november/nov december/dec",
        1,
    ),
    "de": _numbered(
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
ORDINALS: Mapping[str, int] = _numbered(
    """first/erste/ersten/erster/erstes second/zweite/zweiten/zweiter/zweites third/dritte/dritten/dritter/drittes
    fourth/vierte/vierten fifth/fünfte/fünften sixth/sechste/sechsten seventh/siebte/siebten eighth/achte/achten
    ninth/neunte/neunten tenth/zehnte/zehnten eleventh twelfth""",
    1,
)
_SMALL = _numbered(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_GERMAN_SMALL = _numbered(
    """null eins/ein zwei/zwo drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn
    siebzehn achtzehn neunzehn"""
)
_GERMAN_TENS = _numbered("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", 20, 10)


_BEGINNINGS: Mapping[Language, frozenset[str]] = {
    "en": frozenset(_SMALL) | frozenset(_TENS) | frozenset(MONTHS["en"]) | {"a", "half", "noon", "midnight"},
    "de": frozenset(MONTHS["de"]) | {"mitternacht"},
}
_GERMAN_BEGINNINGS = (*_GERMAN_SMALL, *_GERMAN_TENS, "hundert", "tausend")


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


def number_in_words(words: Sequence[str], language: Language) -> tuple[float, int] | None:
    """The value of the number with which the words begin, and how many words it takes; hyphens count as words."""
    if language == "de":
        value = _german(words[0]) if words[0] != "ein" else None
        return (float(value), 1) if value is not None else None
    if words[:2] == ["half", "a"] and len(words) > 2 and words[2] in _LARGE:
        return _LARGE[words[2]] / 2, 3
    at = words[0] == "a" and len(words) > 1 and words[1] in ("hundred", "thousand", "million", "billion", "dozen")
    return _english(words, at)


def _english(words: Sequence[str], at: int) -> tuple[float, int] | None:
    total, part, end = 0, 1 if at else 0, at
    for place in range(at, len(words)):
        word = words[place]
        if word in _SMALL or word in _TENS:
            part += _SMALL.get(word, 0) + _TENS.get(word, 0)
        elif word == "hundred" and part:
            part *= 100
        elif word == "dozen" and part:
            part *= 12
        elif word in _LARGE and part:
            total, part = total + part * _LARGE[word], 0
        elif word in ("-", "and") and end and _joins_number(words, place):
            continue
        else:
            break
        end = place + 1
    return (float(total + part), end) if end > at else None


def _joins_number(words: Sequence[str], place: int) -> bool:
    """Whether a hyphen stands within "twenty-five", or an "and" within "two hundred and five"."""
    before, after = words[place - 1], words[place + 1] if place + 1 < len(words) else ""
    if words[place] == "-":
        return before in _TENS and 0 < _SMALL.get(after, 0) < 10
    return before in ("hundred", "thousand") and (after in _SMALL or after in _TENS)


def _german(word: str) -> int | None:
    """The value of a number in one German word: "zweihundertfünfzig"."""
    if word in _GERMAN_SMALL or word in _GERMAN_TENS:
        return _GERMAN_SMALL.get(word, _GERMAN_TENS.get(word, 0))
    for name, factor in (("tausend", 1_000), ("hundert", 100)):
        before, found, after = word.partition(name)
        if found:
            many = _german(before) if before else 1
            rest = _german(after.removeprefix("und")) if after else 0
            return None if many is None or rest is None else many * factor + rest
    ones, found, tens = word.partition("und")
    if found and ones in _GERMAN_SMALL and tens in _GERMAN_TENS:
        return _GERMAN_SMALL[ones] + _GERMAN_TENS[tens]
    return None
