"""The text of an element of a page, with its sections and the rows of its tables (pure, for workers too)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from fanin.documents.page.elements import HEADINGS, Tree, attributes_of, walk, words_of
from fanin.documents.page.formulas import formula_parts
from fanin.documents.page.furniture import Furniture, PieceFurniture, is_fold
from fanin.documents.page.page_tables import captions, holds_values, told_rows
from fanin.documents.rows.literal_blocks import is_code_block
from fanin.text.cleaning import blank
from fanin.text.folding import visible

_HEADING, _HEADING_PIECES = 100, 60
_CODE_PIECES = 2_000
_MOST_OF_TABLES, _LONGER = 5_000_000, 20
"""Characters that all tables of a page may become, and how many times as long as it is one table may become."""

BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "details", "dialog", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "form", *HEADINGS, "header", "hr", "hgroup"),
        *("main", "ol", "p", "pre", "section", "summary", "table", "ul"),
    )
)
LINES = frozenset(("br", "dd", "li", "option", "tbody", "tfoot", "thead", "tr"))
CELLS = frozenset(("td", "th"))
_GROUPS = frozenset(("dl", "details"))
_LISTS = frozenset(("ol", "ul", "menu", "dir"))

_NOTHING, _SPACE, _LINE, _PARAGRAPH = range(4)
_GAPS = ("", " ", "\n", "\n\n")


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section begins in the text of its page, and its heading with those above it, outermost first."""

    start: int
    heading: tuple[str, ...] = ()


class PageText:
    """The text of an element, its sections, and how many of its characters are links to pages of the same site.

    `marked`: items of lists begin with a mark, and code stands between fences, as in Markdown.
    """

    def __init__(
        self,
        node: Any | None,
        furniture: Furniture | PieceFurniture | None = None,
        tree: Tree | None = None,
        *,
        marked: bool = True,
    ) -> None:
        self._furniture, self._tree, self._marked = furniture, tree or {}, marked
        self._tables_left = _MOST_OF_TABLES
        self.pieces: list[str] = []
        self.sections = [Section(0)]
        self.size = self.linked = 0
        self._links = 0
        self._gap = _NOTHING
        self._above: list[tuple[int, str]] = []
        self._lists = 0
        self._counts, self._mark, self._fenced = list[int | None](), "", list[Any]()
        self._resuming = False
        self._verbatim = 0
        self._last: str = ""
        if node is not None:
            self._read(node)

    def _read(self, root: Any) -> None:
        """Without recursion, since a page may be nested as deeply as it likes."""
        left: list[tuple[Any, tuple[int, int] | None]] = [(root, None)]
        while left:
            node, begun = left.pop()
            if begun is not None:
                self._close(node, *begun)
            elif isinstance(node, str):
                self._say(node)
            elif node.name == "#text":
                self._say(visible(str(node.data or "")))
            elif self._is_text(node) and not (node.name == "table" and self._tells(node)):
                left.append((node, self._open(node)))
                left.extend((child, None) for child in reversed(_children(node)))

    def _is_text(self, node: Any) -> bool:
        if self._furniture is None:
            return True
        is_menu = node.name == "td" and bool(self._tree) and self._furniture.is_menu(node)
        return not is_menu and not self._furniture.holds(node)

    def _tells(self, table: Any) -> bool:
        """Tell the rows of a table of values; False for another table, or one that would become far longer."""
        if not self._tree or not holds_values(table, self._tree):
            return False
        most = min(self._tables_left, _LONGER * self._tree[id(table)].size + 10_000)
        cells, rows, size = list[PageText](), list[list[str]](), 0
        for lines in told_rows(table, lambda cell: self._cell(cell, cells)):
            size += sum(map(len, lines)) + 2
            if size > most:
                return False
            rows.append(lines)
        self._tables_left -= size
        self._tell(captions(table), rows, sum(each.linked for each in cells) / max(1, sum(each.size for each in cells)))
        return True

    def _cell(self, cell: Any, cells: list[PageText]) -> str:
        """The text of a cell in one line; the items of a list in it are separated by commas."""
        text = PageText(cell, self._furniture, marked=False)
        cells.append(text)
        text_of_cell = blank("".join(text.pieces))
        items = [line.strip() for line in text_of_cell.split("\n") if line.strip()]
        is_list = any(each.name == "li" for each in islice(walk(cell), 50))
        return (", " if is_list else " ").join(items)

    def _tell(self, captions: list[Any], rows: list[list[str]], linked: float) -> None:
        self._gap = _PARAGRAPH
        for each in captions:
            self._say(blank(words_of(each)))
            self._gap = _PARAGRAPH
        for lines in rows:
            for line in lines:
                before = self.size
                self._write(line)
                self.linked += round(linked * (self.size - before)) if not self._links else 0
                self._gap = _LINE
            self._gap = _PARAGRAPH

    def _open(self, node: Any) -> tuple[int, int]:
        """Begin an element; gives the number of pieces and of characters before it."""
        name = node.name
        self._links += _leads_to_a_neighbour(node)
        self._gap = max(self._gap, self._gap_of(node))
        if self._marked:
            self._begin_marks(node)
        self._verbatim += name == "pre"
        self._lists += name in _GROUPS
        if self._level(node):
            self._write("")
        return len(self.pieces), self.size

    def _close(self, node: Any, begun: int, start: int) -> None:
        name = node.name
        self._links -= _leads_to_a_neighbour(node)
        self._gap = max(self._gap, self._gap_of(node))
        self._verbatim -= name == "pre"
        if self._fenced and self._fenced[-1] is node:
            self._fenced.pop()
            self._gap = _LINE
            self._write("```")
            self._gap = _PARAGRAPH
        elif name in _LISTS and self._counts:
            self._counts.pop()
        if level := self._level(node):
            self._begin(level, start, self.pieces[begun : begun + _HEADING_PIECES])
        elif name in _GROUPS:
            self._above = [each for each in self._above if each[0] < self._listed()]
            self._lists -= 1
            self._resuming = True

    def _begin_marks(self, node: Any) -> None:
        """What is to be written before the text of an item or of code, or is written now."""
        if node.name in _LISTS:
            self._counts.append(0 if node.name == "ol" else None)
        elif node.name == "li":
            self._mark = "- "
            if self._counts and (count := self._counts[-1]) is not None:
                self._counts[-1] = count + 1
                self._mark = f"{count + 1}. "
        elif node.name == "pre" and not self._verbatim and holds_code(node):
            self._mark = ""
            self._write("```")
            self._gap = _LINE
            self._fenced.append(node)

    def _gap_of(self, node: Any) -> int:
        """The gap around an element; cells of tables that only place text are paragraphs if they hold some."""
        if node.name in CELLS and self._tree and self._tree[id(node)].size > _HEADING:
            return _PARAGRAPH
        return _gap(node)

    def _level(self, node: Any) -> int:
        """The level of a heading, below which stand the terms of lists that define something, or 0."""
        if (node.name == "dt" and self._lists) or is_fold(node):
            return self._listed()
        return HEADINGS.get(node.name, 0)

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
        piece = f"{gap}{self._mark}{piece}" if piece else gap
        self._mark = "" if piece else self._mark
        self._gap, self._last = _NOTHING, piece[-1:] or self._last
        self.size += len(piece)
        self.linked += len(piece) if self._links else 0
        self.pieces.append(piece)


def holds_code(node: Any) -> bool:
    """Whether the text of an element whose lines stand as they are is code of a usual length."""
    texts = [each.data for each in islice(walk(node), _CODE_PIECES) if each.name == "#text"]
    return is_code_block("".join(texts))


def _gap(node: Any) -> int:
    name = node.name
    if name in BLOCKS or is_fold(node):
        return _PARAGRAPH
    return _LINE if name in LINES else _SPACE if name in CELLS else _NOTHING


def _leads_to_a_neighbour(node: Any) -> bool:
    to = attributes_of(node).get("href") if node.name == "a" else None
    return bool(to) and ":" not in to.partition("/")[0] and not to.startswith("//")


def _children(node: Any) -> Sequence[Any]:
    children = node.children or ()
    return formula_parts(node.name, children) if node.namespace == "math" else children
