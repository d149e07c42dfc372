"""Turns mistakes in a settings file into lines: the key, what is wrong, and what would be right (pure)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from fanin.arguments import suggest

NOTHING = "fanin asked nothing"

_SHOWN = 60
"""Characters of a wrong value that are shown."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")

_HIDDEN = ("headers", "environment", "url", "urls", "parameters", "body", "arguments", "proxy", "store", "store_key")
"""Keys whose values may hold a secret: they are not shown."""

_PLAIN = {
    "a valid list": 'a list, such as ["a", "b"]',
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid string": "a text",
    "a valid boolean": "true or false",
    "a valid dictionary": "a table",
}
"""What pydantic calls the types of TOML, and what people do."""

_TYPES = ("str", "int", "float", "bool", "list[")
"""How pydantic names the branches of a union at the end of a location."""


def lines(
    error: ValidationError, model: type[BaseModel], *, under: str = "", also: Sequence[str] = ()
) -> Iterator[str]:
    """One line for each key with a mistake; `under` is where the settings stand in the file, as in "sources.news".

    `also` are names on the upper level that are read elsewhere.
    """
    by_location: dict[tuple[str, ...], list[str]] = {}
    for each in error.errors():
        location = _location(each["loc"])
        by_location.setdefault(location, []).append(_explain(dict(each), location, model, also))
    for location, messages in by_location.items():
        wrong, _, right = messages[-1].partition(f"; {NOTHING}. ")
        first = [message.partition(" (it is ")[0] for message in messages[:-1]]
        key = ".".join([under, toml_key(*location)] if under else [toml_key(*location)])
        yield f"{key}: {' or '.join([*first, wrong])}; {NOTHING}. {right}"


def toml_key(*parts: str) -> str:
    """The key as TOML writes it: parts that are not bare words are in quotes."""
    return ".".join(part if _BARE.fullmatch(part) else json.dumps(part) for part in parts)


def _location(location: Sequence[str | int]) -> tuple[str, ...]:
    parts = [str(part) for part in location]
    return tuple(parts[:-1] if len(parts) > 1 and parts[-1].startswith(_TYPES) else parts)


def _explain(mistake: Mapping[str, Any], location: Sequence[str], model: type[BaseModel], also: Sequence[str]) -> str:
    match mistake["type"]:
        case "extra_forbidden":
            known = [*_fields(model, location[:-1]), *(also if len(location) == 1 else ())]
            return f"there is no such setting; {NOTHING}. {suggest(location[-1], known)}"
        case "missing":
            return f"this setting is missing; {NOTHING}. Add it."
        case _:
            what = _sentence(str(mistake["msg"]))
            it_is = "" if what.startswith(repr(mistake["input"])) else _shown(mistake["input"], location)
            return f"{what}{it_is}; {NOTHING}. Correct it."


def _fields(model: type[BaseModel], location: Sequence[str]) -> list[str]:
    """The settings that there are at a place of the model."""
    for part in location:
        inner: object = model.model_fields[part].annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return list(model.model_fields)


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ").replace("Input should", "it should")
    for pydantic, plain in _PLAIN.items():
        message = message.replace(pydantic, plain)
    return message


def _shown(value: object, location: Sequence[str]) -> str:
    if isinstance(value, (dict, list)) or any(part in _HIDDEN for part in location):
        return ""
    text = repr(value)
    return f" (it is {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'})"
