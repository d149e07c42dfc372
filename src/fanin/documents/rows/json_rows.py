"""JSON lines, also as programs depart from them: each value as lines `name: value`."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from fanin.bounded_json import bounded_json
from fanin.documents.decoding import decode
from fanin.documents.structure import Parsed, Unreadable
from fanin.documents.tables import row_section, rows_text
from fanin.limits import LIMITS, Limits

_DEEPEST = 20

_BESIDE = re.compile(r"\s*(?:(?:#|//).*|[\[\],]?\s*)")
"""Lines beside the values: comments, empty ones, and the brackets of a list around all."""

LONGEST_NAME = 300
"""Characters of the names that lead to a value within a JSON value."""


def json_lines(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """The values of a file that holds one JSON value a line; comments, commas at the end, and one list are read too."""
    text = decode(content, limits)
    lines = enumerate(text.splitlines(), 1)
    try:
        found = rows_text((_value_lines(number, line) for number, line in lines if not _BESIDE.fullmatch(line)), limits)
    except Unreadable as error:
        found = rows_text(((*_told(each, error),) for each in _values(text, limits, error)), limits)
    return Parsed(_sound(found), "", "", (row_section(),))


def _value_lines(number: int, line: str) -> Iterator[str]:
    try:
        yield from _lines("", json.loads(line.strip().rstrip(","), parse_constant=lambda _: None), _DEEPEST)
    except RecursionError, ValueError:
        raise Unreadable(f"is not JSON lines: line {number:,} is no JSON value, or one that is nested deeply") from None


def _told(value: Any, error: Unreadable) -> Iterator[str]:
    try:
        yield from _lines("", value, _DEEPEST)
    except ValueError:
        raise error from None


def _values(text: str, limits: Limits, error: Unreadable) -> Sequence[Any]:
    """The values of a text with other departures from JSON lines. Raises the error if it is no JSON either."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    try:
        value = bounded_json("\n".join(lines), limits)
    except RecursionError, ValueError:
        raise error from None
    return cast("list[Any]", value) if isinstance(value, list) else [value]


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
            text = value if isinstance(value, str) else json.dumps(value)
            yield f"{name}: {text}" if name else text


def _sound(text: str) -> str:
    """The text with lone surrogates, which JSON can hold and UTF-8 cannot, replaced one for one."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
