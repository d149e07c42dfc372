"""Tables of any file as text: each row is written with the names of its columns, so that it can be quoted by itself.

A row of short values is a sentence, "Item: Office chair; Price: 89.00; Stock: 12."; others are lines `name: value`.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from fanin.documents.structure import Section, check_length
from fanin.limits import LIMITS, Limits

SHORT = 120
"""Characters of a value that still reads well within a sentence; a longer one is prose of its own."""


def row_lines(names: Sequence[str], row: Iterable[str]) -> list[str]:
    """The lines that tell a row, one if all its values are short; a column without a name is its value alone."""
    named = [(name.strip(" :"), each.strip()) for name, each in zip(chain(names, repeat("")), row, strict=False)]
    filled = [(f"{name}: {value}" if name else value) for name, value in named if value]
    if filled and all(len(value) <= SHORT and value.isprintable() for _, value in named):
        sentence = "; ".join(filled)
        return [sentence if sentence[-1] in ".!?" else f"{sentence}."]
    return filled


def rows_text(rows: Iterable[Iterable[str]], limits: Limits = LIMITS) -> str:
    """The lines of rows, with an empty one after each row. Raises Unreadable for more text than a document may have."""
    pieces, at = list[str](), 0
    for row in rows:
        before = len(pieces)
        for line in row:
            pieces.append(f"{line}\n")
            at += len(line) + 2
            check_length(at, limits)
        if len(pieces) > before:
            pieces.append("\n")
    return "".join(pieces)


def row_section(start: int = 0, heading: str = "") -> Section:
    """A section that is divided between rows."""
    return Section(start, heading, "lines")
