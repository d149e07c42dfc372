"""Joins words that were divided at the end of a line (pure)."""

import re
from collections.abc import Callable

_DIVIDED = re.compile(r"([^\W\d_]{2,})[-\u2010\u00ad][ \t]*\n[ \t]*([^\W\d_]+)")
_NO_PARTS = frozenset(["and", "or", "und", "oder", "bzw", "sowie", "bis", "y", "o", "e", "u", "et", "ou", "en", "of"])
"""Words behind which a hyphen was left on purpose, as in "two- or threefold"."""


def join_divided(text: str, known: Callable[[str], bool]) -> str:
    """The text with words whole that a line end divided; the rest of the line end follows them.

    `known` says whether a word stands elsewhere: one that does so with its hyphen only keeps it.
    """

    def joined(found: re.Match[str]) -> str:
        first, second = found[1], found[2]
        if not second[0].islower() or second in _NO_PARTS:
            return found[0]
        hyphen = "-" if known(f"{first}-{second}") and not known(first + second) else ""
        return f"{first}{hyphen}{second}\n"

    return re.sub(r"\n[ \t]+(?=\S)", "\n", _DIVIDED.sub(joined, text))
