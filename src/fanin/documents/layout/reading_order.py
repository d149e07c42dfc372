"""The reading order of a page: columns one after another, tables row by row, and lines from top to bottom (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from fanin.documents.rows.csv_rows import told_table

_MOST_PIECES = 20_000
"""Pieces of a page that are put in order; more are drawn by a program, letter by letter."""

_SAME_LINE, WORD_GAP, _CELL_GAP = 0.5, 0.15, 1.2
"""In heights of letters: how far apart pieces of a line, words, and cells of a row are."""

_LEADERS = " . . ."

_FEW, _LONG = 3, 3.5
"""Lines that make a column, and words in a line of prose (in a cell of a table there are fewer)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text on a page from `left` to `right`; `base` grows downwards, in the unit of the height of its letters."""

    left: float
    right: float
    base: float
    height: float
    text: str


type Line = Sequence[Piece]


def page_blocks(pieces: Iterable[Piece]) -> Sequence[str]:
    """The columns, tables and lines of a page in reading order; () if it has only lines, or too many pieces."""
    lines = _lines(pieces)
    if sum(len(line) > 1 for line in lines) < _FEW:
        return ()
    blocks = list(_blocks(lines))
    return [text for _, text in blocks] if any(kind != "lines" for kind, _ in blocks) else ()


_PARAGRAPH = 1.6
"""How many times as far as the lines of a paragraph the next one stands below."""


def as_drawn(pieces: Iterable[Piece]) -> str:
    """The text of pieces in their order; a line ends where the next piece stands higher, lower or further left, and a
    paragraph where it stands further below than the line before."""
    parts, last, usual = list[str](), None, 0.0
    for piece in pieces:
        if last is not None:
            step = piece.base - last.base
            same = abs(step) <= _SAME_LINE * max(last.height, piece.height)
            gap = piece.left - last.right
            if not same or gap < -_CELL_GAP * piece.height:
                ends = 0.0 < _PARAGRAPH * usual < step
                parts.append("\n\n" if ends else "\n")
                usual = step if step > 0.0 and not same and not ends else usual
            elif gap > WORD_GAP * piece.height and not last.text.endswith(" "):
                parts.append(" ")
        parts.append(piece.text)
        last = piece
    return "".join(parts)


def _lines(pieces: Iterable[Piece]) -> list[Line]:
    """The lines from top to bottom, each as pieces with a wide gap between them."""
    ordered = sorted((piece for piece in pieces if piece.text.strip()), key=lambda piece: (piece.base, piece.left))
    lines, line = list[Line](), list[Piece]()
    for piece in ordered[: _MOST_PIECES + 1]:
        if line and piece.base - line[0].base > _SAME_LINE * max(line[0].height, piece.height):
            lines.append(_merged(line))
            line = []
        line.append(piece)
    return [*lines, _merged(line)] if line and len(ordered) <= _MOST_PIECES else []


def _merged(pieces: Sequence[Piece]) -> Line:
    merged = list[Piece]()
    for piece in sorted(pieces, key=lambda each: each.left):
        last = merged[-1] if merged else None
        if last is None or piece.left - last.right > _CELL_GAP * max(last.height, piece.height):
            merged.append(piece)
        else:
            apart = piece.left - last.right > WORD_GAP * piece.height and not last.text.endswith(" ")
            text = f"{last.text}{' ' if apart else ''}{piece.text}"
            height = max(last.height, piece.height)
            merged[-1] = Piece(last.left, max(last.right, piece.right), last.base, height, text)
    return merged


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The parts of a page in their order, each with what it is: columns, a table, or lines."""
    gutter = _gutter(lines)
    if gutter is None:
        yield "lines", _plain(lines)
        return
    for divided, group in groupby(lines, key=lambda line: not any(each.left < gutter < each.right for each in line)):
        part = list(group)
        if not divided or sum(_is_divided(line, gutter) for line in part) < 2:
            yield from _blocks(part) if len(part) < len(lines) else [("lines", _plain(part))]
        elif _is_prose(part, gutter):
            for side in _sides(part, gutter):
                yield from (("columns", text) for _, text in _blocks(side))
        else:
            yield from _table_among_lines(part)


def _plain(lines: Sequence[Line]) -> str:
    return "\n".join("  ".join(piece.text.strip() for piece in line) for line in lines)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where most lines have a gap, if enough have: the middle of what their gaps have in common."""
    gaps = [(left.right, right.left) for line in lines for left, right in pairwise(line)]
    if len(gaps) < _FEW:
        return None
    edges = sorted(
        [(start, 1) for start, _ in gaps] + [(end, -1) for _, end in gaps], key=lambda edge: (edge[0], edge[1])
    )
    best, depth, found = 0, 0, None
    for (at, step), (following, _) in zip(edges, [*edges[1:], edges[-1]], strict=True):
        depth += step
        if depth > best and following > at:
            best, found = depth, (at + following) / 2
    return found if best >= _FEW else None


def _is_divided(line: Line, gutter: float) -> bool:
    return line[0].right < gutter < line[-1].left


def _is_prose(lines: Sequence[Line], gutter: float) -> bool:
    """Whether both sides have as many words in a line as prose has."""
    sides = [[" ".join(piece.text for piece in line) for line in side] for side in _sides(lines, gutter)]
    leading = sum(_LEADERS in text for side in sides for text in side)  # to a number of a page: an index
    return leading > len(lines) / 2 or all(map(_reads_as_prose, filter(None, sides)))


def _reads_as_prose(texts: Sequence[str]) -> bool:
    """Whether the lines are long, or are not as long and go on from one to the next."""
    words = median(len(text.split()) for text in texts)
    return words >= _LONG or (words > _LONG - 1 and 3 * sum(text[:1].islower() for text in texts) >= len(texts))


def _sides(lines: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    left: list[Line] = [part for line in lines if (part := [piece for piece in line if piece.right <= gutter])]
    right: list[Line] = [part for line in lines if (part := [piece for piece in line if piece.left >= gutter])]
    return left, right


def _table_among_lines(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The table from the first row of several cells to the last one, if most lines between them are such rows."""
    rows = [number for number, line in enumerate(lines) if len(line) > 1]
    start, end = rows[0], rows[-1] + 1
    if len(rows) < _FEW or 3 * len(rows) < 2 * (end - start):
        yield "lines", _plain(lines)
        return
    parts = ("lines", _plain(lines[:start])), ("table", _table(lines[start:end])), ("lines", _plain(lines[end:]))
    yield from ((kind, text) for kind, text in parts if text)


def _table(lines: Sequence[Line]) -> str:
    """The rows of a table, each cell with its heading; what stands above or below the cells of one column is of it."""
    columns = _columns(lines)
    rows = list[list[str]]()
    for line in lines:
        row = [" ".join(_in_column(line, column)) for column in columns]
        if len(line) == 1 and not row[0] and rows:  # a cell goes on
            row = [f"{above} {cell}".strip() for above, cell in zip(rows.pop(), row, strict=True)]
        rows.append(row)
    return "\n\n".join(filter(None, map(str.strip, told_table(rows))))


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """From where to where each column reaches: cells that overlap are of one."""
    columns = list[tuple[float, float]]()
    for left, right in sorted((piece.left, piece.right) for line in lines if len(line) > 1 for piece in line):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _in_column(line: Line, column: tuple[float, float]) -> Iterator[str]:
    start, end = column
    return (piece.text.strip() for piece in line if start <= (piece.left + min(piece.right, end)) / 2 <= end)
