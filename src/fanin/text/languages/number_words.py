"""Numbers in words, and fractions: their values, and a text that has them in digits. Pure.

"two and a half hours", "1½", "1/2 cup" and "half a dozen" in English; in German, French, Spanish, Italian, Portuguese
and Dutch what stands before a unit.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import numeric


def numbered(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    """The numbers of words in order; "/" is between words for one number."""
    return {word: first + step * at for at, names in enumerate(words.split()) for word in names.split("/")}


SMALL = numbered(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
)
TENS = numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
GERMAN_SMALL = numbered(
    """null eins/ein zwei/zwo drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn
    siebzehn achtzehn neunzehn"""
)
GERMAN_TENS = numbered("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", 20, 10)

_GLYPHS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
_PARTS = {"half": 0.5, "halves": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25}
_UNITS = (
    "seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|miles?|inch(?:es)?|feet|foot|yards?|met(?:re|er)s?"
    "|kilomet(?:re|er)s?|centimet(?:re|er)s?|millimet(?:re|er)s?|pints?|gallons?|quarts?|lit(?:re|er)s?|cups?|teaspoons?"
    "|tablespoons?|tsp|tbsp|ounces?|oz|pounds?|lbs?|kilos?|kilograms?|grams?|tons?|tonnes?|acres?|hectares?|percent"
    "|per cent|dollars?|euros?|degrees?|cm|mm|km|kg|ml|in|ft|h|m|l|g"
)
"""Units that a fraction, "one", or a number with "and a half" behind the unit, may stand before."""

_WORD = "|".join(sorted((*SMALL, *TENS), key=len, reverse=True))
_LARGER = "hundred|thousand|million|billion"
_CARDINAL = rf"(?:{_WORD})(?:[ -](?:{_WORD}|{_LARGER})|(?:(?<=hundred)|(?<=thousand)|(?<=million)) and (?:{_WORD}))*"
_ENGLISH = re.compile(
    rf"\b(?P<lead>\d{{1,6}}|an?|{_CARDINAL}) (?P<unit>{_UNITS}) and (?P<behind>an? (?:half|quarter|third))\b"
    rf"|\b(?:(?P<whole>\d{{1,6}}|{_CARDINAL})[ -]and[ -])?(?P<part>(?:an?|one|two|three)[ -](?:half|quarters?|thirds?))"
    rf"(?:(?<=half)|(?: of (?:an?|one))?)(?=[ -](?:{_UNITS}|million|billion)\b)"
    rf"|\b(?P<more>\d{{1,6}}|{_CARDINAL})[ -]and[ -](?P<and>(?:an?|one|two|three)[ -](?:half|quarters?|thirds?))\b"
    rf"|\b(?P<half>half an?(?! dozen)|half(?=[ -](?:{_UNITS})\b)|quarter(?=-(?:hour|mile|inch)))\b(?=[ -]\w)"
    rf"|\b(?P<number>an? (?:dozen|hundred|thousand)|half (?:a )?dozen|(?:{_WORD}) dozen|{_CARDINAL})\b"
    r"(?! of |[ -](?:thirds?|quarters?|fifths?|tenths?)\b|-[a-z]*(?:st|nd|rd|th)\b)",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<whole>\d{{1,6}})[ -]?)?(?P<glyph>[{_GLYPHS}])"
    r"|(?<![\w.,:/-])(?P<mixed>\d{1,4})[ -](?P<over>\d{1,2})[/\u2044](?P<under>[234568]|1[026]|32)(?![\d/.:-])"
    r"|(?<![\w.,:/-])(?P<top>\d{1,2})[/\u2044](?P<bottom>[234568]|1[026]|32)(?: of an?)?(?=[ -]?(?:"
    rf"{_UNITS})\b)",
)
_ONE = re.compile(rf"[ -](?:{_UNITS}|million|billion)\b", re.IGNORECASE)

_OTHERS = {
    **{word: value for word, value in (GERMAN_SMALL | GERMAN_TENS).items() if word != "ein"},
    **dict.fromkeys(("ein", "eine", "einen", "einer", "un", "une", "una", "um", "uma", "een", "één"), 1),
    **numbered("deux/dos/due/dois/duas/twee trois/tres/tre/três/drie quatre/cuatro/quattro/quatro/vier", 2),
    **numbered("cinq/cinco/cinque/vijf six/seis/sei/zes sept/siete/sette/sete/zeven huit/ocho/otto/oito", 5),
    **numbered("neuf/nueve/nove/negen dix/diez/dieci/dez/tien onze/undici/elf douze/doce/dodici/doze/twaalf", 9),
    **numbered("quinze/quince/quindici/vijftien", 15),
    **numbered("vingt/veinte/venti/vinte/twintig trente/treinta/trenta/trinta/dertig", 20, 10),
    **numbered("quarante/cuarenta/quaranta/quarenta/veertig", 40),
}
_OTHER_UNITS = (
    "Sekunden|Minuten?|Stunden?|Tage?n?|Wochen?|Monate?n?|Jahre?n?|Kilometern?|Metern?|Litern?|Kilo(?:gramm)?|Tonnen?|Euro"
    "|secondes?|minutes|heures?|jours?|semaines?|mois|kilomètres?|mètres?|litres|tonnes|euros?|segundos?|minutos?|horas?"
    "|d[ií]as?|semanas?|mes(?:es)?|años?|anos|qu?[iu]l[óôo]metros?|metros?|litros?|quilos?|kilos?|ore|ora|giorn[oi]"
    "|settiman[ae]|minut[oi]|litr[oi]|chil[oi]|chilometr[oi]|metr[oi]|uur|dag(?:en)?|weken|maanden|kilometer|liter"
)
_OTHER = re.compile(
    rf"\b(?:(?P<lead>\d{{1,6}}|{'|'.join(_OTHERS)})[ '\u2019](?P<unit>{_OTHER_UNITS})"
    r" (?:et demie?|y medi[ao]|e me(?:zz|i)[ao])"
    r"|(?P<half>(?:eine?[nrs]? |une? |een )?(?:halbe[nrs]?|demi|medi[ao]|mezz[ao]|mei[ao]|half|halve))"
    rf"(?=[ '\u2019-](?:{_OTHER_UNITS})\b)"
    rf"|(?P<glued>ander|ein|zwei|drei|vier|fünf|sechs)(?:t|ein)?hal[bf](?= (?:{_OTHER_UNITS})\b)"
    r"|(?P<dozen>(?:une douzaine|una docena|una dozzina|uma dúzia)(?= d)|(?:ein|een) (?:Dutzend|dozijn))"
    r"|(?P<quarter>(?:eine )?viertel(?=stunde)|u[nm] (?:quart|cuarto|quarto) d(?:e |'|\u2019)(?=h?or|heure))"
    r"|(?P<joined>mezz['\u2019](?=ora))"
    rf"|(?P<number>{'|'.join(_OTHERS)}|[a-zäöüß]{{3,40}}(?:zig|ßig|zehn|hundert|tausend))(?= (?:{_OTHER_UNITS})\b))",
    re.IGNORECASE,
)
_FRACTIONS = """half quarter dozen halb halbe halben halber halbes anderthalb anderhalf demi media medio mezza mezzo
meia meio douzaine docena dozzina dúzia dozijn"""
_NUMBER_WORDS = frozenset((*_FRACTIONS.split(), *SMALL, *TENS, *_OTHERS))
_WORDS = re.compile(r"\w+")
_SIGNS = re.compile(
    rf"{'|'.join(_GLYPHS)}|mezz'|einhalb|viertel|zig\b|hundert| and an? | et demi| y medi| e me[iz]|/\d|\u2044\d"
)
"""What, beside words, a number in words or a fraction may have. `re` finds alternatives quickly that begin with a
fixed character."""

_FRACTIONAL = re.compile(
    rf"[{_GLYPHS}]|\d[/\u2044]\d|\b(?:half|quarters?) (?:of )?an?\b|[ -]and[ -]an?[ -](?:half|quarter)", re.IGNORECASE
)


class Written(NamedTuple):
    """A text with its numbers in digits, and for each of these where it begins and ends, now and before."""

    text: str
    places: Sequence[tuple[int, int, int, int]]

    def before(self, at: int, *, end: bool = False) -> int:
        """The place in the text as it was."""
        index = bisect_right(self.places, (at - end, at + len(self.text) + 1)) - 1
        if index < 0:
            return at
        begins, ends, begun, ended = self.places[index]
        if at < ends or (begins == at and not end):
            return ended if end else begun
        return at - ends + ended


def has_number_words(text: str) -> bool:
    """Whether the text may have a number in words or a fraction, as few texts have."""
    lowered = text.lower()
    return not _NUMBER_WORDS.isdisjoint(_WORDS.findall(lowered)) or _SIGNS.search(lowered) is not None


def in_digits(text: str) -> Written | None:
    """The text with the numbers that are words or fractions in digits; None if it has none. Linear in its length."""
    if not has_number_words(text):
        return None
    found = [*_fractions(text), *_english_numbers(text), *_other_numbers(text)]
    pieces, places, end, length = list[str](), list[tuple[int, int, int, int]](), 0, 0
    for start, last, written in sorted(found, key=lambda each: (each[0], -each[1])):
        if start < end:
            continue
        pieces += (text[end:start], written)
        begins = length + start - end
        length = begins + len(written)
        places.append((begins, length, start, last))
        end = last
    return Written("".join((*pieces, text[end:])), places) if places else None


def fractions_in_digits(text: str) -> str:
    """The text with "1½", "3/4 cup", "one and a half" and "an hour and a half" in digits; other numbers stay."""
    written = in_digits(text) if _FRACTIONAL.search(text) else None
    return written.text if written else text


def _fractions(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _FRACTION.finditer(text):
        over, under = found["over"] or found["top"], found["under"] or found["bottom"]
        part = numeric(found["glyph"]) if found["glyph"] else int(over) / int(under)
        if part < 1.0:
            yield *found.span(), _digits(part + int(found["whole"] or found["mixed"] or 0))


def _english_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _ENGLISH.finditer(text):
        match found.lastgroup:
            case "behind":
                yield *found.span(), f"{_digits(_value(found['lead']) + _part(found['behind']))} {found['unit']}"
            case "part":
                yield *found.span(), _digits(_value(found["whole"] or "0") + _part(found["part"]))
            case "and":
                yield *found.span(), _digits(_value(found["more"]) + _part(found["and"]))
            case "half":
                yield *found.span(), "0.5" if found["half"].lower().startswith("half") else "0.25"
            case _:
                value = _value(found["number"])
                if value != 1.0 or (_ONE.match(text, found.end()) and not text.startswith("One day")):
                    yield *found.span(), _digits(value)


def _other_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _OTHER.finditer(text):
        match found.lastgroup:
            case "unit":
                yield *found.span(), f"{_digits(_other_value(found['lead']) + 0.5)} {found['unit']}"
            case "half":
                yield *found.span(), "0.5"
            case "glued":
                yield *found.span(), _digits(_OTHERS.get(found["glued"].lower(), 1) + 0.5)
            case "dozen":
                yield *found.span(), "12"
            case "quarter" | "joined" as part:
                yield *found.span(), "0.25 " if part == "quarter" else "0.5 "
            case _:
                value = _other_value(found["number"])
                if value:
                    yield *found.span(), _digits(value)


def _other_value(word: str) -> float:
    return float(word) if word.isdecimal() else float(_OTHERS.get(word.lower()) or _german(word.lower()) or 0)


def _value(text: str) -> float:
    """The value of a number in digits or in English words: "two dozen", "a hundred", "twenty-five"."""
    if text.isdecimal():
        return float(text)
    words = [*re.findall(r"[a-z]+|-", text.lower())]
    if words[0] == "half":
        return 6.0
    found = number_in_words(["a" if word == "an" else word for word in words], "en")
    return found[0] if found else 1.0 if words[0] in ("a", "an") else 0.0


def _part(text: str) -> float:
    """The value of "a half", "three quarters" or "two-thirds"."""
    count, part = re.split(r"[ -]", text.lower())
    return {"two": 2, "three": 3}.get(count, 1) * _PARTS[part]


def _digits(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def number_in_words(words: Sequence[str], language: str) -> tuple[float, int] | None:
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
        if word in SMALL or word in TENS:
            part += SMALL.get(word, 0) + TENS.get(word, 0)
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
        return before in TENS and 0 < SMALL.get(after, 0) < 10
    return before in ("hundred", "thousand") and (after in SMALL or after in TENS)


def _german(word: str) -> int | None:
    """The value of a number in one German word: "zweihundertfünfzig"."""
    if word in GERMAN_SMALL or word in GERMAN_TENS:
        return GERMAN_SMALL.get(word, GERMAN_TENS.get(word, 0))
    for name, factor in (("tausend", 1_000), ("hundert", 100)):
        before, found, after = word.partition(name)
        if found:
            many = _german(before) if before else 1
            rest = _german(after.removeprefix("und")) if after else 0
            return None if many is None or rest is None else many * factor + rest
    ones, found, tens = word.partition("und")
    if found and ones in GERMAN_SMALL and tens in GERMAN_TENS:
        return GERMAN_SMALL[ones] + GERMAN_TENS[tens]
    return None
