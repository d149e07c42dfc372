"""JSON that programs, tools and databases give, as documents and as text that can be read and quoted."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, cast

from fanin.model import JSON, Document
from fanin.net.body.strict_json import strict_json, without_halves

DEEPEST = 20
"""Levels of a JSON value that are told as text; deeper ones are no facts for a reader."""

MOST = 20_000_000
"""Characters of a JSON value as text; the names that lead to each part of it can be far more than the value itself."""

_OWN = ("text", "title", "url", "published", "media_type")


def parsed(line: bytes | str) -> JSON:
    """The JSON value of a text; raises ValueError when it is none, and for NaN, Infinity and what passes a limit."""
    return cast("JSON", strict_json(line if isinstance(line, str) else line.decode()))


def document(value: JSON) -> Document:
    """The document in a JSON string, or in an object with `text` and maybe more keys of a Document.

    What other keys hold is its metadata, together with what `metadata` holds. Raises ValueError for another form.
    """
    match value:
        case str():
            return Document(sound(value))
        case {"text": str()}:
            return Document(
                said(value, "text"),
                title=said(value, "title"),
                url=said(value, "url"),
                published=said(value, "published"),
                media_type=said(value, "media_type") or "text/plain",
                metadata=_metadata(value),
            )
        case Mapping():
            raise ValueError('it has no "text" that is a string')
        case _:
            raise ValueError("it is neither a string nor an object")


def facts(value: JSON) -> str:
    """A JSON value as lines `name: value`, with the names on the way to it joined by dots.

    Raises ValueError when it is nested deeper than `DEEPEST`, or has more than `MOST` characters as lines.
    """
    lines, length = list[str](), 0
    for line in _lines((), value):
        lines.append(line)
        length += len(line) + 1
        if length > MOST:
            raise ValueError(f"it has over {MOST:,} characters as text")
    return sound("\n".join(lines))


def is_shallow(value: JSON) -> bool:
    """Whether it is nested no deeper than `DEEPEST`."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inner(each)]
    return not level


def _inner(value: JSON) -> Iterable[JSON]:
    match value:
        case str():
            return ()
        case Mapping():
            return value.values()
        case Sequence():
            return value
        case _:
            return ()


def sound(text: str) -> str:
    """The text without lone surrogates, which JSON can hold and UTF-8 cannot."""
    return without_halves(text)


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
            yield ": ".join((*([".".join(names)] if names else []), _plain(value)))
        case _ if any(isinstance(inner, (Mapping, list)) for inner in value):
            for number, inner in enumerate(value, 1):
                yield from _lines((*names, str(number)), inner)
        case _:
            yield from _lines(names, ", ".join(_plain(inner) for inner in value if inner is not None))


def _plain(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def said(value: Mapping[str, JSON], key: str) -> str:
    """The text under a key; "" when there is none, or null. Raises ValueError for anything else there."""
    match value.get(key):
        case None:
            return ""
        case str() as text:
            return sound(text)
        case _:
            raise ValueError(f'its "{key}" is no string')


def _metadata(value: Mapping[str, JSON]) -> Mapping[str, JSON]:
    others = {key: each for key, each in value.items() if key not in (*_OWN, "metadata")}
    match value.get("metadata"):
        case None:
            return others
        case Mapping() as more:
            return {**others, **more}
        case _:
            raise ValueError("its metadata is no object")


def jsonable(value: object) -> JSON:
    """A database's or program's value as JSON: dates in ISO 8601, other things as text, such as infinity."""
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
