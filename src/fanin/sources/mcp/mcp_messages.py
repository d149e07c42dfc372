"""Parses the messages of a server within limits, and removes the schemas by which the SDK would validate results."""

import json
from collections.abc import Mapping
from typing import Any, cast

from fanin.errors import FailureKind, SourceError
from fanin.net.body.strict_json import JSONLimit, strict_json
from fanin.sources.programs.child_process import LONGEST

MOST_BLOCKS = 1_000
"""Blocks of content in one result: as many as documents that a source may give."""

MOST_TOOLS = 1_000
"""Tools of one server."""

MOST_PAGES = 50
"""Pages of tools."""

MOST_VALUES = 50_000
"""Values in one message: the SDK needs up to 2 µs for each, without a pause."""

MOST_MESSAGES = 5_000
"""Messages and other lines that a server may send for one request."""

MOST_BYTES = 20_000_000
"""Bytes that a server may send for one request."""


def parse_message(data: bytes) -> Any:
    """The JSON value of a message. Raises ValueError for what is not JSON, and SourceError beyond a limit.

    Output schemas of tools are removed: the server wrote them, they may hold patterns that take for ever to match, and
    fanin does not need them.
    """
    if len(data) > LONGEST:
        raise limit_exceeded(f"{LONGEST:,} bytes in one message")
    try:
        value = strict_json(data.decode())
    except JSONLimit as error:
        raise SourceError(f"It answered with {error}; fanin took nothing from it.", kind=error.kind) from None
    if len(_list_in_result(value, "content")) > MOST_BLOCKS:
        raise limit_exceeded(f"{MOST_BLOCKS:,} blocks of content in one answer")
    _remove_schemas(_list_in_result(value, "tools"))
    if _count(value, MOST_VALUES) > MOST_VALUES:
        raise limit_exceeded(f"{MOST_VALUES:,} values in one message")
    return value


def rewrite_message(data: bytes) -> bytes:
    """The bytes of a message after `parse_message`. Raises SourceError (kind "protocol") for what is not JSON."""
    try:
        return json.dumps(parse_message(data)).encode()
    except ValueError:
        raise SourceError(
            "It answered with something that is not a message of MCP; fanin took nothing from it. Check that it is the"
            " address of an MCP server.",
            FailureKind.PROTOCOL,
        ) from None


def limit_exceeded(what: str) -> SourceError:
    """The error for a server that sends more than fanin reads."""
    return SourceError(
        f"The server sent more than {what}; fanin stopped reading. Ask it for less, or leave it out.",
        FailureKind.TOO_LARGE,
    )


def _list_in_result(value: Any, name: str) -> list[Any]:
    """The list of this name in a result; empty if there is none."""
    result = cast("Mapping[str, Any]", value).get("result") if isinstance(value, Mapping) else None
    found = cast("Mapping[str, Any]", result).get(name) if isinstance(result, Mapping) else None
    return cast("list[Any]", found) if isinstance(found, list) else []


def _remove_schemas(tools: list[Any]) -> None:
    if len(tools) > MOST_TOOLS:
        raise limit_exceeded(f"{MOST_TOOLS:,} tools")
    for tool in tools:
        if isinstance(tool, dict):
            cast("dict[str, Any]", tool).pop("outputSchema", None)


def _count(value: Any, most: int) -> int:
    """The number of values within a value, counted up to `most` + 1."""
    count, pending = 0, [value]
    while pending and count <= most:
        each = pending.pop()
        count += 1
        if isinstance(each, Mapping):
            pending.extend(cast("Mapping[str, Any]", each).values())
        elif isinstance(each, list):
            pending.extend(cast("list[Any]", each))
    return count
