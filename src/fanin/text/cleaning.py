"""Cleans texts: removes characters that hide or reorder text or control a terminal."""

import re

from fanin.text.folding import visible

# Colours and cursor moves (CSI) and titles and links (OSC) of terminals: ECMA-48, 5.4 and 5.6. ReadBody, so linear.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]?|\](?:[^\x07\x1b\n]{0,256}(?:\x07|\x1b\\))?|[ -~]?)")

_HIDDEN = (
    re.compile(  # control characters; embeddings, overrides and isolates (UAX #9); tags: invisible copies of ASCII
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2065-\u206f\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
    )
)
_LINE_BREAKS = "\x0c\r\x85\u2028\u2029"


def blank(text: str) -> str:
    """The text without characters of no width, and with every other hidden character blanked, one for one."""
    if text.isprintable():
        return text
    text = visible(text)
    if "\x1b" in text:
        text = _ESCAPES.sub(lambda escape: " " * len(escape[0]), text)
    if "\r" in text:
        text = text.replace("\r\n", " \n")
    return _HIDDEN.sub(_blanked, text)


def _blanked(hidden: re.Match[str]) -> str:
    if hidden[0] in _LINE_BREAKS:
        return "\n"
    return "\ufffd" if "\ud800" <= hidden[0] <= "\udfff" else " "
