"""Removes formatting, hidden characters and typography from texts, so that they can be compared."""

import re
import unicodedata

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ′‛´", "'"),  # noqa: RUF001
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒−", "-"),  # noqa: RUF001
        **dict.fromkeys("–—―", "–"),  # noqa: RUF001
        "º": "°",
        "…": " ",
    }
)
_EMPHASIS = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")


def strip_formatting(text: str) -> str:
    """The text in plain characters: straight quotes, no emphasis, nothing hidden; white space is one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _HIDDEN.sub("", text).replace("º", "°")).translate(_TYPOGRAPHY)
    for mark in "*~`":
        text = text.replace(mark, "")
    return " ".join((_EMPHASIS.sub("", text) if "_" in text else text).split())


def without_hidden(text: str) -> str:
    """The text without the characters that no reader sees."""
    return text if text.isascii() else _HIDDEN.sub("", text)
