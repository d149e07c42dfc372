"""Misbehaviours of an MCP server over streamable HTTP, by name: those of its messages, and those of HTTP."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping

from fanin.testing.hostile.mcp_answers import CALLS, TOOLS, answer_lines
from fanin.testing.hostile.misbehaviours import bombed
from fanin.testing.hostile.scripts import Asked, Script, answer, endless, head

_STREAM = head(headers={"Content-Type": "text/event-stream", "Connection": "close"})
_SESSION = {"Mcp-Session-Id": "1"}


def _calls(asked: Asked) -> bool:
    return b'"tools/call"' in asked.body


def _in_a_stream(name: str) -> Script:
    """The lines as events of a stream."""

    async def script(asked: Asked) -> AsyncGenerator[bytes]:
        yield _STREAM
        for line in answer_lines(name, _message(asked)):
            yield f"data: {line}\n\n".encode()
            await asyncio.sleep(0)

    return script


def _in_a_body(name: str) -> Script:
    """The first line as the whole body."""

    async def script(asked: Asked) -> AsyncGenerator[bytes]:
        line = next(answer_lines(name, _message(asked)), "")
        status = "200 OK" if line or asked.head.startswith("DELETE") else "202 Accepted"
        async for piece in answer(line.encode(), status=status, headers=_SESSION)(asked):
            yield piece

    return script


def _instead(script: Script) -> Script:
    """A good server that answers a call by this script."""

    async def chosen(asked: Asked) -> AsyncGenerator[bytes]:
        async for piece in (script if _calls(asked) else _in_a_body("good"))(asked):
            yield piece

    return chosen


async def _keeps_on(asked: Asked) -> AsyncGenerator[bytes]:
    """A good server that does not answer when its session is to end."""
    if asked.head.startswith("DELETE"):
        await asyncio.Event().wait()
    async for piece in _in_a_body("good")(asked):
        yield piece


def _message(asked: Asked) -> dict[str, object]:
    return json.loads(asked.body or b"{}")


_MANY_LINES = ("asks-back", *(name for name in CALLS if name.endswith("endless")))

MCP_MISBEHAVIOURS: Mapping[str, Script] = {
    **{f"stream-{name}": _in_a_stream(name) for name in (*CALLS, *TOOLS)},
    **{f"body-{name}": _in_a_body(name) for name in (*CALLS, *TOOLS) if name in TOOLS or name not in _MANY_LINES},
    "http-comments-endless": _instead(endless(_STREAM, b": still here\n\n" * 1_000)),
    "http-empty-lines-endless": _instead(endless(_STREAM, b"\n" * 65_536)),
    "http-fields-endless": _instead(endless(_STREAM, b"id: 1\n\n" * 5_000)),
    "http-event-endless": _instead(endless(_STREAM + b"data: ", b"x" * 65_536)),
    "http-lines-endless": _instead(endless(_STREAM, b"data: x\r" * 5_000)),
    "http-body-endless": _instead(endless(head(headers={"Content-Type": "application/json"}), b" " * 65_536)),
    "http-page-endless": _instead(endless(head(headers={"Content-Type": "text/html"}), b"<p>" * 20_000)),
    "http-error-endless": _instead(endless(head("400 No", {"Content-Type": "application/json"}), b"[" * 65_536)),
    "http-gzip-bomb": _instead(bombed("gzip")),
    "http-stream-bomb": _instead(bombed("zstd", media_type="text/event-stream")),
    "http-keeps-on": _keeps_on,
}
"""Every way to be an MCP server over HTTP, by name."""
