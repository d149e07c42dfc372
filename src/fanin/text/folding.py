"""One form for all texts that are compared: what a reader takes for the same letters is the same (pure)."""

import re
import unicodedata
from collections.abc import Sequence

from fanin.text.word_lists import INVISIBLE, JOINERS

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_UNCOMPARED = re.compile(f"[{INVISIBLE}{JOINERS}\u034f\ufe00-\ufe0f\u055b-\u055e]")
"""What is not compared: also what chooses between forms of a character, and the Armenian marks within a word."""

_SIGNS = re.compile("[™℠®©]")
"""Signs behind a name, which NFKC would make letters of it: "Core™" would be "CoreTM"."""

_ACCENTS = re.compile("[\u0300-\u036f]")


def folded(text: str) -> str:
    """The text in NFKC and case folded, without soft hyphens, joiners and other characters of no width.

    Texts, questions, titles and names are all compared in this form.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", _SIGNS.sub(" ", _UNCOMPARED.sub("", text))).casefold()


def folded_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in the text that it comes from."""
    plain, low = folded(text), text.lower()
    if plain == low and len(low) == len(text):
        return plain, range(len(text))
    parts: list[str] = []
    places: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _continues(text[end]):
            continue
        parts.append(folded(text[start:end]))
        places += [start] * len(parts[-1])
        start = end
    return "".join(parts), places


def place_after(places: Sequence[int], end: int, size: int) -> int:
    """The place in a text of `size` characters that follows what its folded characters up to `end` come from."""
    last = places[end - 1]
    while end < len(places) and places[end] == last:
        end += 1
    return places[end] if end < len(places) else size


def _continues(character: str) -> bool:
    """Whether NFKC may join it to the one before it: a mark, or the second or third letter of a Korean syllable."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff" or character in "\uff9e\uff9f"


def without_accents(text: str) -> str:
    """The text without accents: "são" gives "sao"; the vowel signs of Indian scripts stay."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text)))


def visible(text: str) -> str:
    """The text as it is shown: without soft hyphens and other characters of no width; the joiners of letters stay."""
    return text if text.isascii() else _INVISIBLE.sub("", text)
