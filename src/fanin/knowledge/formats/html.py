"""HTML: what a reader sees of the main part of a page, with its headings."""

import re
from collections.abc import Iterator
from typing import Any

from fanin.knowledge.formats.decoding import decode
from fanin.knowledge.formats.shape import Parsed, Section, Unreadable, first_line, path_of
from fanin.text.cleaning import blank

INDEX, SHORT = 0.7, 1000
"""The share of a page's characters in links to its neighbours from which it is an index, unless it is as short."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _listed(names: str) -> frozenset[str]:
    return frozenset(names.split())


_DROPPED = _listed(
    """audio button canvas footer form head iframe input math nav noscript object script select style svg template
    textarea video"""
)
_ROLES = _listed("navigation search contentinfo banner")
_BLOCKS = _listed(
    """address article aside blockquote body caption details dialog div dl dt fieldset figcaption figure h1 h2 h3 h4 h5
    h6 header hr hgroup main ol p pre section summary table ul"""
)
_LINES = _listed("br dd li option tbody tfoot thead tr")
_CELLS = _listed("td th")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LONGEST = 100

_NOTHING, _SPACE, _LINE, _PARAGRAPH = range(4)
_GAPS = ("", " ", "\n", "\n\n")


def html(content: bytes) -> Parsed:
    """The page, with a section for each heading; menus, forms and scripts are left out.

    Raises Unreadable for a page that only leads to others.
    """
    from justhtml import JustHTML

    root: Any = JustHTML(_decoded(content), sanitize=False).root
    elements = {name: list[Any]() for name in ("title", "meta", "main", "body")}
    for node in _walk(root):
        name = "main" if _attributes(node).get("role") == "main" else node.name
        if name in elements:
            elements[name].append(node)
    parts = (node for part in ("main", "body") for node in elements[part][:1])
    text = next((text for node in parts if (text := _Text(node)).size), _Text(root))
    if text.linked > INDEX * text.size and text.size > SHORT:
        raise Unreadable("is an index: nearly all of its text is links to other pages")
    stored = "".join(text.pieces)
    title = " ".join("".join(_Text(each, dropped=frozenset()).pieces) for each in elements["title"][:1])
    return Parsed(stored, title or first_line(stored), _published(elements["meta"]), tuple(text.sections))


class _Text:
    """The text of an element, its sections, and how many of its characters are links to pages of the same site."""

    def __init__(self, node: Any, *, dropped: frozenset[str] = _DROPPED) -> None:
        self.pieces: list[str] = []
        self.sections = [Section(0)]
        self.size = self.linked = 0
        self._links = 0
        self._gap = _NOTHING
        self._above: list[tuple[int, str]] = []
        self._lists = 0
        self._resuming = False
        self._verbatim = 0
        self._last = ""
        self._read(node, dropped)

    def _read(self, root: Any, dropped: frozenset[str]) -> None:
        """Without recursion, since a page may be nested as deeply as it likes."""
        left: list[tuple[Any, int]] = [(root, -1)]
        while left:
            node, begun = left.pop()
            if begun >= 0:
                self._close(node, begun)
            elif node.name == "#text":
                self._say(str(node.data or ""))
            elif node.name not in dropped and not _is_furniture(node):
                left.append((node, self._open(node)))
                left.extend((child, -1) for child in reversed(node.children or ()))

    def _open(self, node: Any) -> int:
        """Begin an element; gives the number of pieces before it."""
        name = node.name
        self._links += _leads_to_a_neighbour(node)
        self._gap = max(self._gap, _gap(name))
        self._verbatim += name == "pre"
        self._lists += name == "dl"
        if self._level(name):
            self._write("")
        return len(self.pieces)

    def _close(self, node: Any, begun: int) -> None:
        name = node.name
        self._links -= _leads_to_a_neighbour(node)
        self._gap = max(self._gap, _gap(name))
        self._verbatim -= name == "pre"
        if level := self._level(name):
            self._begin(level, self.pieces[begun:])
        elif name == "dl":
            self._above = [each for each in self._above if each[0] < 6 + self._lists]
            self._lists -= 1
            self._resuming = True

    def _level(self, name: str) -> int:
        """The level of a heading, below which stand the terms of lists that define something, or 0."""
        return 6 + self._lists if name == "dt" and self._lists else _HEADINGS.get(name, 0)

    def _begin(self, level: int, pieces: list[str]) -> None:
        """Begin a section under the heading that these pieces are."""
        name = " ".join("".join(pieces).split())
        start = self.size - sum(map(len, pieces))
        if name and start >= self.sections[-1].start:
            name = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
            self._above = [*(each for each in self._above if each[0] < level), (level, name)]
            self._section(start)

    def _section(self, start: int) -> None:
        self._resuming = False
        self.sections.append(Section(start, path_of([name for _, name in self._above])))

    def _say(self, data: str) -> None:
        if self._verbatim:
            self._write(data.rstrip("\n"))
            self._gap = max(self._gap, _LINE if data.endswith("\n") else _NOTHING)
        elif words := " ".join(data.split()):
            self._gap = max(self._gap, _SPACE if data[0].isspace() else _NOTHING)
            self._write(words)
            self._gap = _SPACE if data[-1].isspace() else _NOTHING
        elif data:
            self._gap = max(self._gap, _SPACE)

    def _write(self, piece: str) -> None:
        if self._gap == _SPACE and self._last.isspace():
            self._gap = _NOTHING
        gap = _GAPS[self._gap] if self.size else ""
        if self._resuming and piece:
            self._section(self.size + len(gap))
        piece = gap + piece
        self._gap, self._last = _NOTHING, piece[-1:] or self._last
        self.size += len(piece)
        self.linked += len(piece) if self._links else 0
        self.pieces.append(piece)


def _gap(name: str) -> int:
    if name in _BLOCKS:
        return _PARAGRAPH
    return _LINE if name in _LINES else _SPACE if name in _CELLS else _NOTHING


def _leads_to_a_neighbour(node: Any) -> bool:
    to = _attributes(node).get("href") if node.name == "a" else None
    return bool(to) and ":" not in to.partition("/")[0] and not to.startswith("//")


def _is_furniture(node: Any) -> bool:
    """Comments and the like, menus by their role, and the signs beside headings that link to themselves."""
    attributes = _attributes(node)
    unseen = not isinstance(node.name, str) or (node.name[:1] in "#!" and node.name != "#document")
    return unseen or attributes.get("role") in _ROLES or "headerlink" in (attributes.get("class") or "")


def _walk(root: Any) -> Iterator[Any]:
    left = [root]
    while left:
        node = left.pop()
        yield node
        left.extend(reversed(node.children or ()))


def _attributes(node: Any) -> dict[str, str | None]:
    return getattr(node, "attrs", None) or {}


def _published(metas: list[Any]) -> str:
    """The day that the page says it was published."""
    for attributes in map(_attributes, metas):
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        told = _DATE.match(attributes.get("content") or "")
        if told and name in ("article:published_time", "date", "dc.date", "dcterms.date", "dcterms.created"):
            return told[0]
    return ""


def _decoded(content: bytes) -> str:
    """The text in the encoding that the page declares in its first 1,024 bytes (HTML Standard, 4.2.5.4), or as any."""
    declared = _DECLARED.search(content[:1024])
    try:
        return blank(content.decode(declared[1].decode("ascii"))) if declared else decode(content)
    except UnicodeDecodeError, LookupError:
        return decode(content)
