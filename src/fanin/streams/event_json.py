"""Events and answers as JSON that every reader takes, and events from such JSON."""

import json
import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, cast, get_args

from fanin import events
from fanin.bounded_json import without_surrogates
from fanin.model import Answer
from fanin.sanitize import UNSAFE

_ESCAPED_IN_JSON = re.compile(f"[{UNSAFE}]")

KINDS: Mapping[str, type[events.Event]] = {each.__name__.lower(): each for each in get_args(events.Event.__value__)}
"""The class of each event by the name that it has in JSON."""


def to_json(event: events.Event) -> str:
    """The event as one line of JSON: its name, `at` in seconds, then its own values; no NaN, no raw control."""
    return json_text(values_of(event))


def values_of(event: events.Event) -> dict[str, Any]:
    """The same as JSON values."""
    values = {name: getattr(event, name) for name in event.__dataclass_fields__ if name != "at"}
    return {**heading(event), **plain(values)}


def heading(event: events.Event) -> dict[str, Any]:
    """The name of the event, and the seconds since the question was asked."""
    return {"event": type(event).__name__.lower(), "at": round(event.at, 4)}


def from_json(values: Mapping[str, Any]) -> events.Event:
    """The event of which `to_json` made these values. Raises ValueError for anything else."""
    if (name := str(values.get("event"))) not in KINDS:
        raise ValueError(f"there is no event {values.get('event')!r}")
    return _readers()[name].validate_python({name: each for name, each in values.items() if name != "event"})


@cache
def _readers() -> Mapping[str, Any]:
    from pydantic import TypeAdapter

    return {name: TypeAdapter(cast("Any", kind)) for name, kind in KINDS.items()}


def dumps(value: Any, *, indent: int | None = None) -> str:
    """The value as JSON that every reader takes: answers as their `to_dict`, numbers that JSON lacks as null."""
    return json_text(plain(value), indent=indent)


def json_text(values: Any, *, indent: int | None = None) -> str:
    """What `plain` gave, as text without raw control characters and lone surrogates, which many readers refuse."""
    text = without_surrogates(json.dumps(values, ensure_ascii=False, allow_nan=False, indent=indent))
    return _ESCAPED_IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], text)


def plain(value: Any) -> Any:
    """The value as dicts, lists, texts and numbers that JSON has; numbers that it lacks are None."""
    kind = cast("type[object]", type(value))
    if kind is str or value is None or kind is int or kind is bool:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is list or kind is tuple:
        return [*map(plain, value)]
    if kind is dict:
        return {str(key): plain(each) for key, each in value.items()}
    if kind is Answer:
        return {name: plain(each) for name, each in value.members().items()}
    if (names := getattr(kind, "__dataclass_fields__", None)) is not None:
        return {name: plain(getattr(value, name)) for name in names}
    return _plain_derived(value)


def _plain_derived(value: Any) -> Any:
    """The same for what is of a class derived from those that JSON has, and for everything else, as text."""
    match value:
        case Mapping():
            return {str(key): plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
        case list() | tuple():
            return [*map(plain, cast("list[Any]", value))]
        case float():
            return value if math.isfinite(value) else None
        case str() | int():
            return value
        case _:
            return str(value)
