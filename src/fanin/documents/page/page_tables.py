"""Tables of a page: which hold values, and their rows with the names of their columns (pure)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from fanin.documents.page.elements import Tree, attributes_of, walk, words_of
from fanin.documents.rows.csv_rows import headings
from fanin.documents.tables import row_lines

_WIDEST, _TALLEST = 200, 500
"""Columns of a table, and rows that one cell covers, which are written."""

_LOOKED_AT = 5_000
"""Elements of a table that are looked at to tell what it is."""

_PARAGRAPH, _PARAGRAPHS = 500, 3_000
"""Characters of a cell that holds a paragraph, and of one that holds several whatever else is in the table."""

_REPEATED = 200
"""Characters of a text that is repeated in each row and column that its cell covers."""


def holds_values(table: Any, tree: Tree) -> bool:
    """Whether a table is one of values, and not a means to place text or code side by side."""
    facts = tree[id(table)]
    if attributes_of(table).get("role") in ("presentation", "none") or facts.table or facts.code or facts.heading:
        return False
    if _places_text(table, tree):
        return False
    rows = list(islice(_rows(table), 3))
    return max((len(_cells(row)) for row in rows), default=0) > 1 and (len(rows) > 1 or _is_named(rows[0]))


def _places_text(table: Any, tree: Tree) -> bool:
    """Whether one cell holds most of a long table, or a table without headings holds whole paragraphs."""
    cells = [each for each in islice(walk(table), _LOOKED_AT) if each.name in ("td", "th")]
    largest = max((tree[id(each)].size for each in cells), default=0)
    is_headed = any(each.name == "th" for each in cells)
    return largest > _PARAGRAPHS or (largest > _PARAGRAPH and (2 * largest > tree[id(table)].size or not is_headed))


def _is_named(row: Any) -> bool:
    return [each.name for each in _cells(row)][:2] == ["th", "td"]


def captions(table: Any) -> list[Any]:
    """The caption of a table."""
    return [each for each in table.children or () if each.name == "caption"]


def told_rows(table: Any, text_of: Callable[[Any], str]) -> Iterator[list[str]]:
    """The lines that tell each row by the names of its columns."""
    grid, heads = _grid(table, text_of)
    begin = next((number for number, head in enumerate(heads) if not head), len(heads))
    if begin in (0, len(heads)):
        begin, names = (0, ()) if begin or _has_no_heading(table, grid) else headings(grid[:60])
    else:
        names = [_joined(row[at] for row in grid[:begin] if at < len(row)) for at in range(max(map(len, grid[:begin])))]
    is_named = not names and all(_kinds(row)[:1] == ["th"] for row in islice(_rows(table), 3))
    for row in grid[begin:]:
        if len(set(row)) == 1 and len(row) > 1:
            yield [row[0]] if row[0] else []
        elif not names and row[0] and (len(row) == 2 or is_named):
            yield row_lines([row[0]], ["; ".join(filter(None, row[1:]))])
        else:
            yield row_lines(names, row)


def _has_no_heading(table: Any, grid: Sequence[Sequence[str]]) -> bool:
    """Whether no row names the columns: it has cells of headings elsewhere, or two columns, and nothing stands out."""
    rows = list(islice(_rows(table), _TALLEST))
    if any("th" in _kinds(row) for row in rows):
        return True
    if max(map(len, grid[:60]), default=0) != 2 or all(map(_is_bold, _cells(rows[0]))):
        return False
    return not (len(grid) > 2 and all(each[:1].isupper() for each in grid[0]) and all(map(_has_figure, grid[1:])))


def _has_figure(row: Sequence[str]) -> bool:
    return len(row) == 2 and any(map(str.isdigit, row[1]))


def _is_bold(cell: Any) -> bool:
    """Whether all text of a cell is written in bold, as a heading."""
    inner = [each for each in cell.children or () if each.name != "#text" or str(each.data or "").strip()]
    while len(inner) == 1 and inner[0].name in ("p", "font", "span", "div", "center"):
        inner = [each for each in inner[0].children or () if each.name != "#text" or str(each.data or "").strip()]
    return len(inner) == 1 and inner[0].name in ("b", "strong")


def _joined(names: Iterator[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, names)))


def _kinds(row: Any) -> list[str]:
    return [each.name for each in _cells(row)]


def _grid(table: Any, text_of: Callable[[Any], str]) -> tuple[list[list[str]], list[bool]]:
    """The texts of the cells, each in every row and column that it covers, and which rows are headings."""
    grid, heads, above = list[list[str]](), list[bool](), dict[int, tuple[int, str]]()
    for row in _rows(table):
        line = list[str]()
        for cell in _cells(row):
            _carry(line, above)
            _put(line, above, cell, text_of(cell))
        _carry(line, above)
        if line:
            grid.append(line)
            heads.append(_is_head(row))
    return grid, heads


def _put(line: list[str], above: dict[int, tuple[int, str]], cell: Any, text: str) -> None:
    """Add the text of a cell once for each column that it covers."""
    down, again = _span(cell, "rowspan", _TALLEST), text if len(text) <= _REPEATED else ""
    for at in range(min(_span(cell, "colspan", _WIDEST), _WIDEST - len(line))):
        if down > 1:
            above[len(line)] = (down - 1, again)
        line.append(again if at else text)


def _carry(line: list[str], above: dict[int, tuple[int, str]]) -> None:
    """Add the cells of the rows above that reach down into this one."""
    while (at := len(line)) in above and at < _WIDEST:
        down, text = above.pop(at)
        line.append(text)
        if down > 1:
            above[at] = (down - 1, text)


def _span(cell: Any, name: str, most: int) -> int:
    value = attributes_of(cell).get(name) or "1"
    return min(most, max(1, int(value))) if value.isdecimal() and len(value) < 6 else 1


def _is_head(row: Any) -> bool:
    cells = _cells(row)
    names = cells[1:] if cells and not words_of(cells[0]) else cells
    return row.parent.name == "thead" or (len(cells) > 1 and all(each.name == "th" for each in names))


def _rows(table: Any) -> Iterator[Any]:
    return (each for each in walk(table) if each.name == "tr")


def _cells(row: Any) -> Sequence[Any]:
    return [each for each in row.children or () if each.name in ("td", "th")]
