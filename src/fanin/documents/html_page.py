"""Pages of HTML as a reader sees them: title, date, and the main text under its headings (pure, for workers too)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fanin.limits import LIMITS
from fanin.text.cleaning import blank, clean_markup
from fanin.text.dates.date_reading import read_date
from fanin.text.folding import visible

_HEADING, _HEADING_PIECES = 100, 60
_DATES = (
    *("article:published_time", "og:article:published_time", "datepublished", "pubdate", "publishdate", "date"),
    *("dc.date", "dc.date.issued", "dcterms.date", "dcterms.created", "parsely-pub-date", "sailthru.date"),
)
_IN_SCRIPT = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"<>]{8,40})"')
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


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

_NOTHING, _SPACE, _LINE, _PARAGRAPH = range(4)
_GAPS = ("", " ", "\n", "\n\n")


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section begins in the text of its page, and its heading with those above it, outermost first."""

    start: int
    heading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. `published` is an ISO 8601 date or time, or ""; the first section has no heading.

    `linked` is the share of the text's characters that are links to other pages of the site. A page that was too much
    to be read as a tree is not `whole`: it is all of its text, without sections.
    """

    text: str
    title: str = ""
    published: str = ""
    sections: tuple[Section, ...] = (Section(0),)
    linked: float = 0.0
    is_complete: bool = True


def read_page(markup: str, *, most_marks: int = LIMITS.page_tags, longest: int = LIMITS.page_characters) -> Page:
    """The main part of a page without menus, forms, scripts, and what is hidden; in bounded time, whatever it is.

    Text is cleaned as that of any document. A page with more than `most_marks` signs "<", or more than `longest`
    characters, is read in the cheap way.
    """
    if len(markup) > longest or markup.count("<") > most_marks:
        return Page(clean_markup(markup), is_complete=False)
    from justhtml import JustHTML

    # Its cleaning for safe display would take <main> away; what is read here is only ever shown as text.
    elements = _elements(JustHTML(markup, sanitize=False).root)
    main = elements["main"] or (elements["article"] if len(elements["article"]) == 1 else [])
    parts = (*main[:1], *elements["body"][:1], *elements["#document"][:1])
    text = next((text for node in parts if (text := _Text(node)).size), _Text(None))
    return Page(
        blank("".join(text.pieces)),
        _title(elements),
        _published(elements, markup),
        tuple(text.sections),
        text.linked / max(1, text.size),
    )


def _elements(root: Any) -> dict[str, list[Any]]:
    """The elements of a page that tell of the whole of it, by their names; what has the role of <main> is one."""
    found = {name: list[Any]() for name in ("#document", "title", "meta", "time", "main", "article", "body")}
    for node in _walk(root):
        name = "main" if _attributes(node).get("role") == "main" else node.name
        if name in found:
            found[name].append(node)
    return found


def _title(elements: dict[str, list[Any]]) -> str:
    told = "".join(piece for node in elements["title"][:1] for piece in _Text(node, dropped=frozenset()).pieces)
    return " ".join(blank(told).split()) or next(_meta_contents(elements["meta"], ("og:title",)), "")


def _published(elements: dict[str, list[Any]], markup: str) -> str:
    """When the page says that it was published: in its head, to search engines, or beside its text."""
    scripted = (found[1] for found in _IN_SCRIPT.finditer(markup))
    shown = (_attributes(node).get("datetime") or "" for node in elements["time"][:1])
    told = (*_meta_contents(elements["meta"], _DATES), *scripted, *shown)
    return next((iso for each in told if (iso := read_date(each))), "")


def _meta_contents(metas: list[Any], names: tuple[str, ...]) -> Iterator[str]:
    """The contents of meta elements of these names, the first name first."""
    said = [(_attributes(meta), blank(_attributes(meta).get("content") or "").strip()) for meta in metas]
    for name in names:
        for attributes, content in said:
            own = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            if own == name and content:
                yield content


class _Text:
    """The text of an element, its sections, and how many of its characters are links to pages of the same site."""

    def __init__(self, node: Any | None, *, dropped: frozenset[str] = _DROPPED) -> None:
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
        if node is not None:
            self._read(node, dropped)

    def _read(self, root: Any, dropped: frozenset[str]) -> None:
        """Without recursion, since a page may be nested as deeply as it likes."""
        left: list[tuple[Any, tuple[int, int] | None]] = [(root, None)]
        while left:
            node, begun = left.pop()
            if begun is not None:
                self._close(node, *begun)
            elif node.name == "#text":
                self._say(visible(str(node.data or "")))
            elif node.name not in dropped and not _is_furniture(node):
                left.append((node, self._open(node)))
                left.extend((child, None) for child in reversed(node.children or ()))

    def _open(self, node: Any) -> tuple[int, int]:
        """Begin an element; gives the number of pieces and of characters before it."""
        name = node.name
        self._links += _leads_to_a_neighbour(node)
        self._gap = max(self._gap, _gap(name))
        self._verbatim += name == "pre"
        self._lists += name == "dl"
        if self._level(name):
            self._write("")
        return len(self.pieces), self.size

    def _close(self, node: Any, begun: int, start: int) -> None:
        name = node.name
        self._links -= _leads_to_a_neighbour(node)
        self._gap = max(self._gap, _gap(name))
        self._verbatim -= name == "pre"
        if level := self._level(name):
            self._begin(level, start, self.pieces[begun : begun + _HEADING_PIECES])
        elif name == "dl":
            self._above = [each for each in self._above if each[0] < self._listed()]
            self._lists -= 1
            self._resuming = True

    def _level(self, name: str) -> int:
        """The level of a heading, below which stand the terms of lists that define something, or 0."""
        return self._listed() if name == "dt" and self._lists else _HEADINGS.get(name, 0)

    def _listed(self) -> int:
        """The level of the terms of the list at hand; bounded, for every section holds the path to it."""
        return 6 + min(6, self._lists)

    def _begin(self, level: int, start: int, pieces: list[str]) -> None:
        """Begin a section under the heading that these pieces are."""
        name = " ".join(blank("".join(piece[: 2 * _HEADING] for piece in pieces)).split())
        if name and start >= self.sections[-1].start:
            name = name if len(name) <= _HEADING else name[: _HEADING - 1] + "…"
            self._above = [*(each for each in self._above if each[0] < level), (level, name)]
            self._section(start)

    def _section(self, start: int) -> None:
        self._resuming = False
        self.sections.append(Section(start, tuple(name for _, name in self._above)))

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
    """Comments and the like, menus by their role, what is hidden, and the signs beside headings that link to them."""
    attributes = _attributes(node)
    if not attributes:
        return not isinstance(node.name, str) or (node.name[:1] in "#!" and node.name != "#document")
    hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    hidden = hidden or _UNSEEN.search(attributes.get("style") or "") is not None
    return hidden or attributes.get("role") in _ROLES or "headerlink" in (attributes.get("class") or "")


def _walk(root: Any) -> Iterator[Any]:
    left = [root]
    while left:
        node = left.pop()
        yield node
        left.extend(reversed(node.children or ()))


def _attributes(node: Any) -> dict[str, str | None]:
    return getattr(node, "attrs", None) or {}
