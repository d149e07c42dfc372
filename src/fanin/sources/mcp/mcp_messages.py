"""The messages of a server, within limits, and without the schemas by which the SDK would judge what a tool answers."""

import json
from collections.abc import Mapping
from typing import Any, cast

from fanin.errors import FailureKind, SourceError
from fanin.net.body.strict_json import JSONLimit, strict_json
from fanin.sources.programs.child_process import LONGEST

MOST_BLOCKS = 1_000
"""Blocks of content in one answer: as many as documents that a source may give."""

MOST_TOOLS = 1_000
"""Tools of one server."""

MOST_PAGES = 50
"""Pages of tools."""

MOST_VALUES = 50_000
"""Values in one message: the SDK takes up to 2 µs for each, in one go."""

MOST_MESSAGES = 5_000
"""Messages, and lines that are none, with which a server may answer one request."""

MOST_BYTES = 20_000_000
"""Bytes of them all."""


def message(data: bytes) -> Any:
    """The JSON value of a message. Raises ValueError for what is no JSON, and SourceError beyond a limit.

    Schemas of what a tool answers are taken out: they are the server's own, may hold patterns that take for ever to
    match, and fanin has no use for them.
    """
    if len(data) > LONGEST:
        raise too_much(f"{LONGEST:,} bytes in one message")
    try:
        value = strict_json(data.decode())
    except JSONLimit as error:
        raise SourceError(f"It answered with {error}; fanin took nothing from it.", kind=error.kind) from None
    if len(_listed(value, "content")) > MOST_BLOCKS:
        raise too_much(f"{MOST_BLOCKS:,} blocks of content in one answer")
    _without_schemas(_listed(value, "tools"))
    if _count(value, MOST_VALUES) > MOST_VALUES:
        raise too_much(f"{MOST_VALUES:,} values in one message")
    return value


def rewritten(data: bytes) -> bytes:
    """The message in bytes as `message` would have it; what is no JSON raises SourceError (kind "protocol")."""
    try:
        return json.dumps(message(data)).encode()
    except ValueError:
        raise SourceError(
            "It answered with something that is no message; fanin took nothing from it. Check that it is the address of"
            " an MCP server.",
            FailureKind.PROTOCOL,
        ) from None


def too_much(what: str) -> SourceError:
    """The failure of a server that says more than fanin reads."""
    return SourceError(
        f"The server sent more than {what}; fanin stopped reading. Ask it for less, or leave it out.",
        FailureKind.TOO_LARGE,
    )


def _listed(value: Any, name: str) -> list[Any]:
    """The list of this name in a result; empty when there is none."""
    result = cast("Mapping[str, Any]", value).get("result") if isinstance(value, Mapping) else None
    found = cast("Mapping[str, Any]", result).get(name) if isinstance(result, Mapping) else None
    return cast("list[Any]", found) if isinstance(found, list) else []


def _without_schemas(tools: list[Any]) -> None:
    if len(tools) > MOST_TOOLS:
        raise too_much(f"{MOST_TOOLS:,} tools")
    for tool in tools:
        if isinstance(tool, dict):
            cast("dict[str, Any]", tool).pop("outputSchema", None)


def _count(value: Any, most: int) -> int:
    """The number of values within a value, or one that is more than `most`."""
    count, waiting = 0, [value]
    while waiting and count <= most:
        each = waiting.pop()
        count += 1
        if isinstance(each, Mapping):
            waiting.extend(cast("Mapping[str, Any]", each).values())
        elif isinstance(each, list):
            waiting.extend(cast("list[Any]", each))
    return count
