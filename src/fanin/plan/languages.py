"""Which language a question asks for, or is written in, by small rules (pure)."""

# ruff: noqa: RUF001  letters of other scripts look like ours, and are meant

import re
from collections.abc import Iterable, Mapping

_NAMES: Mapping[str, str] = {
    "ar": "arabic",
    "cs": "czech česky češtině",
    "da": "danish dansk",
    "de": "german deutsch deutscher",
    "el": "greek ελληνικά",
    "en": "english",
    "es": "spanish español castellano",
    "fa": "persian",
    "fi": "finnish suomeksi",
    "fr": "french français francais",
    "he": "hebrew",
    "hi": "hindi",
    "hu": "hungarian magyarul",
    "it": "italian italiano",
    "ja": "japanese",
    "ko": "korean",
    "nl": "dutch nederlands",
    "no": "norwegian norsk",
    "pl": "polish polsku",
    "pt": "portuguese português",
    "ro": "romanian română",
    "ru": "russian русском",
    "sv": "swedish svenska",
    "th": "thai",
    "tr": "turkish türkçe",
    "uk": "ukrainian українською",
    "vi": "vietnamese",
    "zh": "chinese mandarin",
}
"""Names of languages by their ISO 639-1 codes: the English one, then what the language calls itself after "in"."""

_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
_ASKED = re.compile(
    r"\b(?:in|auf|en|em|på|po|op|v|ve|na|на|în|στα)\s+"
    rf"({'|'.join(sorted(_CODES, key=len, reverse=True))})\b"
    r"(?!['’-])(?=\s*(?:[^\w\s]|$)|\s+(?:please|language|about|on|for|from|only|bitte|sprache|por|s'il)\b)",
    re.IGNORECASE,
)
_ITSELF = re.compile(r"\b(?:česky|magyarul|suomeksi|türkçe|українською|po\s+polsku)\b", re.IGNORECASE)

_SCRIPTS = (
    ("[\u0401-\u0491]", "ru", "[іїєґ]", "uk"),
    ("[\u3040-\u30ff\u4e00-\u9fff]", "zh", "[\u3040-\u30ff]", "ja"),
    ("[\u0620-\u06d3]", "ar", "[پچژگ]", "fa"),
    ("[\uac00-\ud7af]", "ko", "", ""),
    ("[\u0386-\u03ce]", "el", "", ""),
    ("[\u05d0-\u05ea]", "he", "", ""),
    ("[\u0904-\u0939]", "hi", "", ""),
    ("[\u0e01-\u0e2e]", "th", "", ""),
)
"""The letters of a script and its language; then letters that only another language of this script has."""

_COMMON: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the is are was in at a i my me it you what how who which when where why does do did of and to for about",
        "de": "der die das in ist sind war was wie wer wann wo warum und im den dem ein eine mit für nicht auf wird",
        "fr": "le la les est sont quel quelle quels que qui où quand comment pourquoi des du et dans une pour avec",
        "es": "el la los las es son qué cuál quién cuándo dónde cómo por y del una para con hay está",
        "it": "il lo gli in è sono che cosa quale chi quando dove come perché della di e una per con oggi nel",
        "pt": "o os as é são que qual quem quando onde como por do da e uma para com há está não",
        "nl": "de het is zijn wat wie wanneer waar hoe waarom en van een voor met niet in op wordt",
        "sv": "är vad vem när var hur varför och det den en ett för med inte på som av i blir",
        "pl": "jest są co kto kiedy gdzie jak dlaczego i w na z nie się czy do jaka jaki",
    }.items()
}
"""The commonest small words of questions."""


def language_in(text: str) -> str | None:
    """The ISO 639-1 code of the language that a question asks for ("in German", "auf Deutsch"), or is written in.

    None when the rules are unsure: at least two small words of a language are wanted, and more than of any other.
    """
    text = text[:2_000]
    asked = [_CODES[found[1].casefold()] for found in _ASKED.finditer(text)]
    asked += [_CODES[found[0].casefold().split()[-1]] for found in _ITSELF.finditer(text)]
    return asked[-1] if asked else _by_script(text) or _by_words(text)


def language_note(question: str, found: Iterable[str]) -> str:
    """A sentence that says so if a question is in another language than all of the texts that were found for it."""
    asked, available = _written_in(question), dict.fromkeys(filter(None, map(_written_in, found)))
    if asked is None or not available or asked in available:
        return ""
    languages = " and ".join(_english(code) for code in available)
    return (
        f"The question is in {_english(asked)}, and what was found is in {languages}; names, numbers and technical"
        " words are what both have in common."
    )


def _written_in(text: str) -> str | None:
    return _by_script(text[:2_000]) or _by_words(text[:2_000])


def _english(code: str) -> str:
    """The English name of a language."""
    return _NAMES.get(code, code).partition(" ")[0].title()


def _by_script(text: str) -> str | None:
    """The language of a script that has at least a third of the letters: a foreign word in it is none."""
    if text.isascii():
        return None
    lowered = text.lower()
    letters = sum(map(str.isalpha, lowered))
    for script, code, telling, other in _SCRIPTS:
        if len(re.findall(script, lowered)) * 3 >= max(letters, 6):
            return other if telling and re.search(telling, lowered) else code
    return None


def _by_words(text: str) -> str | None:
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    first, second = sorted(counts, key=lambda code: counts[code], reverse=True)[:2]
    return first if counts[first] >= 2 and counts[first] > counts[second] else None
