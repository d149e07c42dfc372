"""Tables of a page: which hold values, and their rows with the names of their columns (pure)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from fanin.documents.page.elements import Tree, attributes_of, walk
from fanin.documents.rows.csv_rows import headings
from fanin.documents.tables import row_lines

_WIDEST, _TALLEST = 200, 500
"""Columns of a table, and rows that one cell covers, which are told."""

_REPEATED = 200
"""Characters of a text that is told again in each row and column that its cell covers."""


def holds_values(table: Any, tree: Tree) -> bool:
    """Whether a table is one of values, and not a means to place text or code side by side."""
    facts = tree[id(table)]
    if attributes_of(table).get("role") in ("presentation", "none") or facts.table or facts.code or facts.heading:
        return False
    rows = list(islice(_rows(table), 3))
    return max((len(_cells(row)) for row in rows), default=0) > 1 and (len(rows) > 1 or _is_named(rows[0]))


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
        begin, names = (0, ()) if begin or any("th" in _kinds(row) for row in _rows(table)) else headings(grid[:60])
    else:
        names = [_joined(row[at] for row in grid[:begin] if at < len(row)) for at in range(max(map(len, grid[:begin])))]
    for row in grid[begin:]:
        if len(set(row)) == 1 and len(row) > 1:
            yield [row[0]] if row[0] else []
        elif not names and len(row) == 2 and row[0]:
            yield row_lines([row[0]], row[1:])
        else:
            yield row_lines(names, row)


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
    return row.parent.name == "thead" or (len(cells) > 1 and all(each.name == "th" for each in cells))


def _rows(table: Any) -> Iterator[Any]:
    return (each for each in walk(table) if each.name == "tr")


def _cells(row: Any) -> Sequence[Any]:
    return [each for each in row.children or () if each.name in ("td", "th")]
