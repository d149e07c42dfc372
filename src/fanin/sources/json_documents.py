"""JSON from programs, tools and databases as documents, and as text that can be read and quoted."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, cast

from fanin.bounded_json import bounded_json, without_surrogates
from fanin.limits import LIMITS, Limits
from fanin.model import JSON, Document

DEEPEST = 20
"""Levels of a JSON value that are written as text."""

MAX_CHARACTERS = 20_000_000
"""Characters of a JSON value as text, which repeats the names that lead to each part."""

_DOCUMENT_KEYS = ("text", "title", "url", "published", "media_type")


def parse_json(line: bytes | str, limits: Limits = LIMITS) -> JSON:
    """The JSON value in a text. Raises ValueError if it is not JSON, and beyond a limit."""
    return cast("JSON", bounded_json(line if isinstance(line, str) else line.decode(), limits))


def document_from_json(value: JSON) -> Document:
    """The document in a JSON string, or in an object with `text` and optionally more fields of a Document.

    All other keys become its metadata, together with those in `metadata`. Raises ValueError for another format.
    """
    match value:
        case str():
            return Document(without_surrogates(value))
        case {"text": str()}:
            return Document(
                string_at(value, "text"),
                title=string_at(value, "title"),
                url=string_at(value, "url"),
                published=string_at(value, "published"),
                media_type=string_at(value, "media_type") or "text/plain",
                metadata=_metadata(value),
            )
        case Mapping():
            raise ValueError('it has no "text" that is a string')
        case _:
            raise ValueError("it is neither a string nor an object")


def as_lines(value: JSON) -> str:
    """A JSON value as lines `name: value`; nested names are joined by dots.

    Raises ValueError if it is nested deeper than `DEEPEST`, or has more than `MAX_CHARACTERS` characters as lines.
    """
    lines, length = list[str](), 0
    for line in _lines((), value):
        lines.append(line)
        length += len(line) + 1
        if length > MAX_CHARACTERS:
            raise ValueError(f"it has over {MAX_CHARACTERS:,} characters as text")
    return without_surrogates("\n".join(lines))


def is_shallow(value: JSON) -> bool:
    """Whether it is nested at most `DEEPEST` levels."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _children(each)]
    return not level


def _children(value: JSON) -> Iterable[JSON]:
    match value:
        case str():
            return ()
        case Mapping():
            return value.values()
        case Sequence():
            return value
        case _:
            return ()


def _lines(names: tuple[str, ...], value: JSON) -> Iterator[str]:
    if len(names) > DEEPEST:
        raise ValueError(f"its JSON is nested deeper than {DEEPEST} levels")
    match value:
        case None | "":
            return
        case Mapping():
            for name, inner in value.items():
                yield from _lines((*names, name), inner)
        case str() | bool() | int() | float():
            yield ": ".join((*([".".join(names)] if names else []), _scalar_text(value)))
        case _ if any(isinstance(inner, (Mapping, list)) for inner in value):
            for number, inner in enumerate(value, 1):
                yield from _lines((*names, str(number)), inner)
        case _:
            yield from _lines(names, ", ".join(_scalar_text(inner) for inner in value if inner is not None))


def _scalar_text(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def string_at(value: Mapping[str, JSON], key: str) -> str:
    """The string at a key; "" if it is missing or null. Raises ValueError for any other value."""
    match value.get(key):
        case None:
            return ""
        case str() as text:
            return without_surrogates(text)
        case _:
            raise ValueError(f'its "{key}" is not a string')


def _metadata(value: Mapping[str, JSON]) -> Mapping[str, JSON]:
    others = {key: each for key, each in value.items() if key not in (*_DOCUMENT_KEYS, "metadata")}
    match value.get("metadata"):
        case None:
            return others
        case Mapping() as more:
            return {**others, **more}
        case _:
            raise ValueError("its metadata is not an object")


def jsonable(value: object) -> JSON:
    """A value of a database or program as JSON: dates in ISO 8601, and as text what JSON has not, such as infinity."""
    match value:
        case float() if not isfinite(value):
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): jsonable(inner) for key, inner in cast("Mapping[Any, Any]", value).items()}
        case list() | tuple():
            return [jsonable(inner) for inner in cast("list[Any]", value)]
        case bytes():
            return f"({len(value)} bytes)"
        case _:
            iso = getattr(value, "isoformat", None)
            return str(iso() if iso is not None else value)
