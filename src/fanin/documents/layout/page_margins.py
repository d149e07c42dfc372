"""What stands around the text of pages: lines that every page repeats, footnotes, and their marks (pure)."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from fanin.documents.layout.reading_order import Piece

_APART = 1.8
"""In heights of letters: how far a header or a footer is from the text, more than a line from the next one."""

_MOST, _FEWEST, _SHARE = 3, 3, 0.4
"""Lines of a header, pages that repeat it, and their share: left and right pages may have different ones."""

_SMALL, _RAISED, _NEAR = 0.92, 0.15, 0.3
_NOTE = re.compile(r"\s*\[?([0-9]{1,3}|[*†‡§])[\].)]?(?=\s|[^\W\d])")
_MARK = re.compile(r"[0-9]{1,3}|[*†‡§]")
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

type Rows = Sequence[Sequence[Piece]]


def repeated_lines(pages: Iterable[Sequence[Piece]]) -> frozenset[str]:
    """The lines above and below the text that several of the pages have, whatever their numbers are."""
    found = [{_said(row) for row in _margins(rows_of(page))} for page in pages]
    counts = Counter(row_text for page in found for row_text in page)
    least = max(_FEWEST, _SHARE * len(found))
    return frozenset(row_text for row_text, count in counts.items() if count >= least)


def without_repeated(pieces: Sequence[Piece], repeated: frozenset[str]) -> Sequence[Piece]:
    """The pieces of a page without the lines that all pages repeat, in their order."""
    if not repeated:
        return pieces
    gone = {id(piece) for row in _margins(rows_of(pieces)) if _said(row) in repeated for piece in row}
    return [piece for piece in pieces if id(piece) not in gone]


def divided_notes(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The text of a page without the marks of its footnotes, and the footnotes: small lines at its end, with marks."""
    rows = rows_of(pieces)
    if not rows:
        return pieces, ()
    usual = median(piece.height for piece in pieces for _ in range(min(len(piece.text), 50)))
    start = len(rows)
    while start and max(piece.height for piece in rows[start - 1]) <= _SMALL * usual:
        start -= 1
    while start < len(rows) and not _NOTE.match(_text(rows[start])):
        start += 1
    noted = {id(piece) for row in rows[start:] for piece in row}
    marks = {found[1] for row in rows[start:] if (found := _NOTE.match(_text(row)))}
    text = [piece for piece in pieces if id(piece) not in noted]
    return _without_marks(text, marks), [piece for piece in pieces if id(piece) in noted]


def rows_of(pieces: Iterable[Piece]) -> Rows:
    """The pieces that stand in one line, from top to bottom, each line from left to right."""
    rows = list[list[Piece]]()
    for piece in sorted((each for each in pieces if each.text.strip()), key=lambda each: (each.base, each.left)):
        if rows and piece.base - rows[-1][0].base <= 0.5 * max(rows[-1][0].height, piece.height):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _margins(rows: Rows) -> Sequence[Sequence[Piece]]:
    """The lines above the first wide gap and below the last one, if there are few."""
    wide = [
        at
        for at, (above, below) in enumerate(pairwise(rows), 1)
        if below[0].base - above[0].base > _APART * max(above[0].height, below[0].height)
    ]
    if not wide:
        return ()
    head = rows[: wide[0]] if wide[0] <= _MOST else ()
    foot = rows[wide[-1] :] if len(rows) - wide[-1] <= _MOST else ()
    return [*head, *foot]


def _said(row: Sequence[Piece]) -> str:
    return re.sub(r"[0-9]+|\b[ivxlc]+\b", "#", _text(row))


def _text(row: Sequence[Piece]) -> str:
    return " ".join(" ".join(piece.text for piece in row).split())


def _without_marks(pieces: Sequence[Piece], marks: set[str]) -> list[Piece]:
    """The pieces without raised marks of these footnotes; other raised digits are written as such: 10²."""
    kept = list[Piece]()
    for piece in pieces:
        mark = piece.text.strip()
        if kept and _MARK.fullmatch(mark) and _is_raised(piece, kept[-1]):
            if mark not in marks:
                kept.append(replace(piece, text=mark.translate(_RAISED_DIGITS)))
        else:
            kept.append(piece)
    return kept


def _is_raised(piece: Piece, before: Piece) -> bool:
    """Whether a piece is smaller and higher than the one before it, and directly behind it."""
    higher = before.base - piece.base > _RAISED * before.height
    return higher and piece.height < _SMALL * before.height and abs(piece.left - before.right) < _NEAR * before.height
