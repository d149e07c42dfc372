"""The readable text of HTML: what a browser would show, without scripts, styles and menus."""

import re
from collections.abc import Collection
from html.parser import HTMLParser


def _named(tags: str) -> frozenset[str]:
    return frozenset(tags.split())


DROPPED = _named(
    """head title script style nav template noscript svg math iframe object canvas audio video select button textarea"""
)
_IN_HEAD = _named("head title meta link base script style noscript template")
_RESUMING = _named("body main article")
_BLOCKS = _named(
    """address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody tfoot thead tr ul"""
)
_CELLS = frozenset(("td", "th"))
_BREAKS = re.compile(r"(?<![ \t])[ \t]*+\n[ \t\n]*+")
"""Line breaks with the spaces around them; it begins where spaces begin, so that a long run of them is read once."""


class MarkupReader(HTMLParser):
    """Reads HTML piece by piece; `text()` is the readable text so far, in time linear in what was fed.

    `length` and `tags` count the characters that were kept and the elements that began.
    """

    def __init__(self, *, drop: Collection[str] = DROPPED) -> None:
        super().__init__(convert_charrefs=True)
        self.length = 0
        self.tags = 0
        self._drop = drop
        self._pieces: list[str] = []
        self._dropping = ""
        self._depth = 0
        self._preformatted = 0

    def text(self) -> str:
        """The text that was read: paragraphs are apart by one empty line."""
        return _BREAKS.sub(_at_most_one_empty_line, "".join(self._pieces)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the parser's own signature
        """Open an element: dropped ones begin, blocks break the text."""
        self.tags += 1
        if tag in _RESUMING or (self._dropping == "head" and tag not in _IN_HEAD):
            self._dropping, self._depth = "", 0  # <head> may be left open by the standard, a menu is by mistake
        if self._dropping:
            self._depth += tag == self._dropping
        elif tag in self._drop:
            self._dropping, self._depth = tag, 1
        else:
            self._break(tag)
            self._preformatted += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """An element that closes itself holds no text."""
        if not self._dropping:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element; an end without a beginning changes nothing but the line."""
        if self._dropping:
            self._depth -= tag == self._dropping
            if self._depth == 0:
                self._dropping = ""
            return
        self._break(tag)
        if tag == "pre" and self._preformatted:
            self._preformatted -= 1

    def handle_data(self, data: str) -> None:
        """Keep text, with its white space as a browser shows it."""
        if self._dropping:
            return
        if not self._preformatted:
            inner = " ".join(data.split())
            before = data[0].isspace() and not self._spaced()
            data = f"{' ' * before}{inner}{' ' * (data[-1].isspace() and inner != '')}"
        self._write(data)

    def _spaced(self) -> bool:
        return bool(self._pieces) and self._pieces[-1].endswith((" ", "\n"))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._write("\n\n")
        elif tag == "br":
            self._write("\n")
        elif tag in _CELLS:
            self._write(" ")

    def _write(self, piece: str) -> None:
        if not piece:
            return
        self.length += len(piece)
        self._pieces.append(piece)


def _at_most_one_empty_line(breaks: re.Match[str]) -> str:
    return "\n\n" if breaks[0].count("\n") > 1 else "\n"
