"""Parses the messages of a server within limits, and removes the schemas by which the SDK would validate results."""

import json
from collections.abc import Mapping
from typing import Any, cast

from fanin.bounded_json import JSONLimit, bounded_json
from fanin.errors import FailureKind, SourceError
from fanin.limits import LIMITS, Limits


def parse_message(data: bytes, limits: Limits = LIMITS) -> Any:
    """The JSON value of a message. Raises ValueError for what is not JSON, and SourceError beyond a limit.

    Output schemas of tools are removed: the server wrote them, they may hold patterns that take for ever to match, and
    fanin does not need them.
    """
    if len(data) > limits.line_bytes:
        raise limit_exceeded(f"{limits.line_bytes:,} bytes in one message")
    try:
        value = bounded_json(data.decode(), limits)
    except JSONLimit as error:
        raise SourceError(f"It answered with {error}; fanin took nothing from it.", kind=error.kind) from None
    if len(_list_in_result(value, "content")) > limits.documents:
        raise limit_exceeded(f"{limits.documents:,} blocks of content in one answer")
    _remove_schemas(_list_in_result(value, "tools"), limits)
    if _count(value, limits.mcp_values) > limits.mcp_values:
        raise limit_exceeded(f"{limits.mcp_values:,} values in one message")
    return value


def rewrite_message(data: bytes, limits: Limits = LIMITS) -> bytes:
    """The bytes of a message after `parse_message`. Raises SourceError (kind "protocol") for what is not JSON."""
    try:
        return json.dumps(parse_message(data, limits)).encode()
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


def _remove_schemas(tools: list[Any], limits: Limits) -> None:
    if len(tools) > limits.mcp_tools:
        raise limit_exceeded(f"{limits.mcp_tools:,} tools")
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
