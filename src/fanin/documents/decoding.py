"""Decodes the bytes of files, and detects files that are not text."""

import codecs

from fanin.documents.charsets import read_unmarked
from fanin.documents.structure import Unreadable, check_length
from fanin.limits import LIMITS, Limits
from fanin.text.cleaning import blank

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))
_LOOKED_AT = 65_536

_CONTROL_SHARE = 50
"""Characters of a text for each control character, beside a first one; of random bytes one in ten is one."""


def decode(content: bytes, limits: Limits = LIMITS) -> str:
    """The text in the bytes, cleaned: by their mark, as UTF-8, or else in the charset that they resemble.

    Raises Unreadable for bytes that are no text, or too much of it, or in a charset that cannot be recognised.
    """
    text = _decoded(content)
    check_length(len(text), limits)
    return blank(text)


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    head = content[:_LOOKED_AT]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):  # without a mark, but with mostly Latin letters
        if len(head) > 1 and 0 not in head[1 - first :: 2] and 5 * head[first::2].count(0) > 4 * (len(head) // 2):
            return content.decode(encoding, "replace")
    if len(head) - len(head.translate(None, _CONTROLS)) > 1 + len(head) // _CONTROL_SHARE:
        raise Unreadable("is no text: it holds too many control characters")
    if (text := read_unmarked(content)) is None:
        raise Unreadable("is in a character encoding that fanin cannot recognise for sure; save it as UTF-8")
    return text
