"""Tables and JSON lines: each row as text that can be read and quoted by itself.

A row of short values is a sentence, "Office chair: price 89.00, stock 12."; other rows are lines `name: value`.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count
from typing import Any, cast

from fanin.documents.decoding import decode
from fanin.documents.structure import MOST_TEXT, Parsed, Section, Unreadable
from fanin.errors import message_of

_DEEPEST = 20

LONGEST_NAME = 300
"""Characters of the names that lead to a value within a JSON value."""

SHORT = 120
"""Characters of a value that still reads well within a sentence; a longer one is prose of its own."""


def table(content: bytes) -> Parsed:
    """The rows of a file of comma-, semicolon- or tab-separated values, whose first row names the columns."""
    text = decode(content)
    head = text[: text.find("\n", 4096) if len(text) > 8192 else None]
    separator = max(",;\t|", key=head.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = next(rows, list[str]())
        return _parsed(_row(names, row) for row in rows)
    except csv.Error as error:
        raise Unreadable(f"is no table: {message_of(error)} in line {rows.line_num:,}") from error


def json_lines(content: bytes) -> Parsed:
    """The values of a file that holds one JSON value a line."""
    return _parsed(
        _row_text(number, line) for number, line in enumerate(decode(content).splitlines(), 1) if line.strip()
    )


def _row(names: list[str], row: list[str]) -> list[str]:
    padded = chain(names, (f"column {number}" for number in count(len(names) + 1)))
    told = [(name.strip(), value.strip()) for name, value in zip(padded, row, strict=False) if value.strip()]
    if len(told) > 1 and all(len(value) <= SHORT and value.isprintable() for _, value in told):
        return [f"{told[0][1]}: {', '.join(f'{name} {value}' for name, value in told[1:])}."]
    return [f"{name}: {value}" for name, value in told]


def _row_text(number: int, line: str) -> Iterator[str]:
    try:
        yield from _lines("", json.loads(line), _DEEPEST)
    except RecursionError, ValueError:
        raise Unreadable(f"is not JSON lines: line {number:,} is no JSON value, or one that is nested deeply") from None


def _lines(name: str, value: Any, deepest: int) -> Iterable[str]:
    if not deepest:
        raise ValueError("too deep")
    match value:
        case None | "":
            return
        case dict():
            for key, inner in cast("Mapping[str, Any]", value).items():
                yield from _lines((f"{name}.{key}" if name else key)[:LONGEST_NAME], inner, deepest - 1)
        case list():
            for inner in cast("list[Any]", value):
                yield from _lines(name, inner, deepest - 1)
        case _:
            told = value if isinstance(value, str) else json.dumps(value)
            yield f"{name}: {told}" if name else told


def _parsed(rows: Iterable[Iterable[str]]) -> Parsed:
    pieces, at = list[str](), 0
    for row in rows:
        before = len(pieces)
        for line in row:
            pieces.append(f"{line}\n")
            at += len(line) + 2
            if at > MOST_TEXT:
                raise Unreadable(f"has more than {MOST_TEXT:,} characters of text")
        if len(pieces) > before:
            pieces.append("\n")
    return Parsed(_sound("".join(pieces)), "", "", (Section(0, "", "lines"),))


def _sound(text: str) -> str:
    """The text with lone surrogates, which JSON can hold and UTF-8 cannot, replaced one for one."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
