"""Misbehaviours of a service of language models that speaks the chat completions format (OpenAI), by name."""

import json
from collections.abc import AsyncGenerator, Mapping
from functools import cache
from typing import Any

from fanin.testing.hostile.misbehaviours import bombed
from fanin.testing.hostile.scripts import Asked, Script, endless, head, sends

_STREAM = {"Content-Type": "text/event-stream", "Connection": "close"}
_HEAD = head(headers=_STREAM)
_SENTENCE = "The harbour is open until nine tonight. [1] "
_DONE = b"data: [DONE]\n\n"


def event(**delta: Any) -> bytes:
    """One event of a stream, with this delta."""
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def _ending(*events: bytes) -> Script:
    return sends(_HEAD, *events, _DONE)


def _of(value: str) -> bytes:
    """An event whose JSON is this text."""
    return f"data: {value}\n\n".encode()


@cache
def _large_delta() -> bytes:
    return event(content=_SENTENCE * 200_000)


async def _one_large_delta(_: Asked) -> AsyncGenerator[bytes]:
    """8.6 MB of text in one piece."""
    for piece in (_HEAD, _large_delta(), _DONE):
        yield piece


MODEL_MISBEHAVIOURS: Mapping[str, Script] = {
    "good": _ending(event(content=_SENTENCE.strip())),
    "text-endless": endless(_HEAD, event(content=_SENTENCE)),
    "words-endless": endless(_HEAD, event(content="word ") * 50),
    "reasoning-endless": endless(_HEAD, event(content="", reasoning_content="think " * 2_000)),
    "comments-endless": endless(_HEAD, b": still here\n\n" * 1_000),
    "empty-lines-endless": endless(_HEAD, b"\n" * 65_536),
    "empty-events-endless": endless(_HEAD, b"data:{}\n\n" * 7_000),
    "empty-deltas-endless": endless(_HEAD, event(content="") * 50),
    "event-endless": endless(_HEAD + b"data: ", b"x" * 65_536),
    "field-endless": endless(_HEAD, b"x" * 65_536),
    "returns-endless": endless(_HEAD, b"\r" * 65_536),
    "one-large-delta": _one_large_delta,
    "values-many": _ending(_of('{"choices": [' + "{}," * 20_000 + "{}]}")),
    "lists-deep": _ending(_of('{"choices": ' + "[" * 20_000)),
    "digits-many": _ending(_of('{"id": "1", "created": ' + "9" * 60_000 + "}")),
    "calls-endless": endless(
        _HEAD, event(tool_calls=[{"index": 0, "id": "a", "function": {"name": "rm", "arguments": "x" * 5_000}}])
    ),
    "sentence-long": _ending(*[event(content="a." * 100)] * 39, event(content=" [1] The harbour is open. [1] ")),
    "sentences-many": _ending(*[event(content="A b. " * 100)] * 15, event(content="[1] And so on.")),
    "marks-many": _ending(*[event(content="A b [1] " * 100)] * 10),
    "control-characters": _ending(event(content="The harbour \x1b[2J\u202eis open until nine tonight. [1]")),
    "no-json": _ending(_of("{not json")),
    "no-choices": _ending(_of('{"id": "1"}')),
    "a-list": _ending(_of("[1, 2]")),
    "null-delta": _ending(_of('{"id": "1", "choices": [{"index": 0, "delta": null}]}')),
    "breaks-off": sends(_HEAD, event(content="The harbour is "), reset=True),
    "silent": sends(_HEAD, stall=True),
    "json-instead": sends(head(headers={"Content-Type": "application/json"}), b"[" * 1_000_000),
    "error-endless": endless(head("500 Oh", {"Content-Type": "application/json"}), b"[" * 65_536),
    "error-with-control-characters": sends(
        head("400 No", {"Content-Type": "application/json", "Connection": "close"}),
        b'{"error": {"message": "\\u001b[2J\\u202e' + b"no " * 20_000 + b'"}}',
    ),
    "redirects": sends(head("307 There", {"Location": "http://169.254.169.254/", "Content-Length": 0})),
    "headers-endless": endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 500),
    "interim-endless": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100),
    "gzip-bomb": bombed("gzip", media_type="text/event-stream"),
    "zstd-bomb": bombed("zstd", media_type="text/event-stream"),
}
"""Every way to answer a request to `…/chat/completions`, by name; "good" is none of them."""
