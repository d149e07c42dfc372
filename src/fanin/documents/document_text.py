"""The text of a document as it is read, shown and cited: cleaned, and of HTML what a reader sees."""

from collections.abc import Sequence

from fanin import lazy
from fanin.model import JSON, Document
from fanin.text.cleaning import blank

FAR = 262_144
"""Characters that are searched for the first words of a document."""

MANY = 2000
"""Tags of HTML that are searched for the first words."""

_FIRST = 8_192
"""Characters of HTML that are read first; each time that they are too few, four times as many."""


def clean(document: Document) -> str:
    """The document's cleaned text, which every offset counts in; linear in its length.

    Control characters, terminal escapes and what turns the direction of text become as many spaces, other line breaks
    become "\\n", and lone surrogates U+FFFD; soft hyphens and other characters of no width go, but not the joiners of
    letters and emoji. So only text without characters of no width keeps its length. Of HTML the readable text is left.
    """
    return lazy.markup_text.markup_text(document.text) if is_markup(document) else blank(document.text)


def opening(document: Document, size: int) -> tuple[str, bool]:
    """The beginning of the cleaned text, at least `size` characters if it has so many, and whether that is all of it.

    It is cheap for any length: of HTML it reads until it has enough text, or until a limit.
    """
    if not is_markup(document):
        return _beginning(document.text, size)
    most = _far(document.text)
    length = min(_FIRST, most)
    while length < len(document.text):
        text = lazy.markup_text.markup_text(_before_a_table(document.text[:length]))
        if len(text) > 2 * size or length == most:
            return text[: 2 * size], False
        length = min(4 * length, most)
    return clean(document), True


def sections_of(document: Document) -> Sequence[tuple[int, str]]:
    """Where the sections of a document begin in its text, in order, each with the path of its headings.

    They are those of its metadata: "sections", pairs of both, or the "heading" of all of it.
    """
    match document.metadata:
        case {"sections": [*pairs]}:
            return sorted(each for pair in pairs if (each := _section(pair)) is not None)
        case {"heading": str(heading)} if heading:
            return [(0, heading)]
        case _:
            return ()


def _section(pair: JSON) -> tuple[int, str] | None:
    match pair:
        case [int(start), str(heading)]:
            return start, heading
        case _:
            return None


def is_markup(document: Document) -> bool:
    """Whether the document's text is HTML."""
    kind = document.media_type
    return kind != "text/plain" and kind.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")


def _far(markup: str) -> int:
    """How far HTML is read for its first words."""
    at = -1
    for _ in range(MANY):
        at = markup.find("<", at + 1, FAR)
        if at < 0:
            return min(FAR, len(markup))
    return at


def _before_a_table(markup: str) -> str:
    """The markup without a table that is not complete, since the rows below may change how those above are written."""
    low = markup.lower()
    end = low.rfind("</table")
    begin = low.find("<table", max(end, 0))
    return markup[:begin] if begin >= 0 else markup


def _beginning(text: str, size: int) -> tuple[str, bool]:
    head = blank(text[:size])
    if len(text) <= size or not head.isspace():
        return head, len(text) <= size
    head = blank(text[:FAR])  # nothing to be seen yet: look further, but not through all of it
    seen = len(head) - len(head.lstrip()) + size
    return head[:seen], len(text) <= min(seen, FAR)
