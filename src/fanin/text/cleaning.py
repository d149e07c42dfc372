"""Cleans texts: removes characters that hide or reorder text or control a terminal."""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from fanin import lazy
from fanin.model import Document
from fanin.text.folding import visible

if TYPE_CHECKING:
    from fanin.text.html_text import MarkupReader

# Colours and cursor moves (CSI) and titles and links (OSC) of terminals: ECMA-48, 5.4 and 5.6. ReadBody, so linear.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]?|\](?:[^\x07\x1b\n]{0,256}(?:\x07|\x1b\\))?|[ -~]?)")

_HIDDEN = (
    re.compile(  # control characters; embeddings, overrides and isolates (UAX #9); tags: invisible copies of ASCII
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2065-\u206f\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
    )
)
_LINE_BREAKS = "\x0c\r\x85\u2028\u2029"


FAR = 262_144
"""Characters that are searched for the first words of a document."""

MANY = 2000
"""Elements of HTML that are searched for the first words."""


def clean(document: Document) -> str:
    """The document's cleaned text, which every offset counts in; linear in its length.

    Control characters, terminal escapes and what turns the direction of text become as many spaces, other line breaks
    become "\\n", and lone surrogates U+FFFD; soft hyphens and other characters of no width go, but not the joiners of
    letters and emoji. So only text without characters of no width keeps its length. Of HTML the readable text is left.
    """
    return clean_markup(document.text) if is_markup(document) else blank(document.text)


def clean_markup(markup: str) -> str:
    """The cleaned text of HTML, wherever it came from; menus and the like are left out."""
    return blank(_readable(markup))


def opening(document: Document, size: int) -> tuple[str, bool]:
    """The beginning of the cleaned text, at least `size` characters if it has so many, and whether that is all of it.

    It is cheap for any length: of HTML it reads until it has enough text, or until a limit.
    """
    if not is_markup(document):
        return _beginning(document.text, size)
    reader = _reader()
    for at in range(0, min(len(document.text), FAR), 8192):
        reader.feed(document.text[at : at + 8192])
        if reader.length > 2 * size or reader.tags > MANY:
            break
    else:
        if len(document.text) <= FAR:
            return clean(document), True
    return blank(reader.text())[: 2 * size], False


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


def is_markup(document: Document) -> bool:
    """Whether the document's text is HTML."""
    kind = document.media_type
    return kind != "text/plain" and kind.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")


def _beginning(text: str, size: int) -> tuple[str, bool]:
    head = blank(text[:size])
    if len(text) <= size or not head.isspace():
        return head, len(text) <= size
    head = blank(text[:FAR])  # nothing to be seen yet: look further, but not through all of it
    seen = len(head) - len(head.lstrip()) + size
    return head[:seen], len(text) <= min(seen, FAR)


def _readable(markup: str) -> str:
    """The readable text of HTML; all of its text when it has nothing but menus and the like."""
    return _read(_reader(), markup) or _read(_reader(drop=("script", "style")), markup)


def _read(reader: MarkupReader, markup: str) -> str:
    reader.feed(markup)
    reader.close()
    return reader.text()


def _reader(*, drop: Collection[str] | None = None) -> MarkupReader:
    return lazy.html_text.MarkupReader(drop=lazy.html_text.DROPPED if drop is None else drop)
