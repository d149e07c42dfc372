"""What a misbehaving MCP server says, by name: each misbehaviour gives lines, some of them without an end."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

type Message = Mapping[str, Any]
type Answering = Callable[[Message], Iterator[str]]
"""Gives the lines with which a request is answered."""

TOOL = {"name": "search", "inputSchema": {"type": "object"}}
TEXT = {"type": "text", "text": "The harbour is open until nine."}


def result(asked: Message, value: Any) -> str:
    """The answer to a request, as a line."""
    return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": value})


def _content(*blocks: Any, **more: Any) -> Answering:
    def lines(asked: Message) -> Iterator[str]:
        yield result(asked, {"content": list(blocks), **more})

    return lines


def _literally(value: str) -> Answering:
    """An answer whose result is this text."""

    def lines(asked: Message) -> Iterator[str]:
        yield f'{{"jsonrpc": "2.0", "id": {json.dumps(asked["id"])}, "result": {value}}}'

    return lines


def _endlessly(line: str) -> Answering:
    def lines(_: Message) -> Iterator[str]:
        while True:
            yield line

    return lines


def _nothing(_: Message) -> Iterator[str]:
    return iter(())


def _notes(method: str, **parameters: Any) -> Answering:
    return _endlessly(json.dumps({"jsonrpc": "2.0", "method": f"notifications/{method}", "params": parameters}))


def _refuses(asked: Message) -> Iterator[str]:
    message = "\x1b[2J\u202e no \n" * 10_000
    yield json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -32603, "message": message}})


def _asks_back(asked: Message) -> Iterator[str]:
    for number in range(300):
        yield json.dumps({"jsonrpc": "2.0", "id": f"s{number}", "method": "sampling/createMessage", "params": {}})
    yield result(asked, {"content": [TEXT]})


def _repeated(asked: Message) -> Iterator[str]:
    items = [f"x{number}" for number in range(1_000)]
    blocks = [{"type": "text", "text": f'"y{number}"'} for number in range(1_000)]
    yield result(asked, {"content": blocks, "structuredContent": {"result": items}})


CALLS: Mapping[str, Answering] = {
    "good": _content(TEXT),
    "never": _nothing,
    "blocks-many": _content(*[{"type": "text", "text": "harbour"}] * 20_000),
    "blocks-repeated": _repeated,
    "text-large": _content({"type": "text", "text": "The harbour is open. " * 150_000}),
    "values-many": _content(TEXT, structuredContent={"result": [1] * 60_000}),
    "lists-deep": _literally("[" * 5_000 + "]" * 5_000),
    "digits-many": _literally('{"content": [], "structuredContent": {"a": ' + "9" * 1_000_000 + "}}"),
    "nan": _literally('{"content": [], "structuredContent": {"a": NaN}}'),
    "key-large": _literally('{"content": [], "structuredContent": {"' + "k" * 3_000_000 + '": 1}}'),
    "no-json": _literally("x" * 3_000_000),
    "line-endless": _endlessly("x" * 5_000_000),
    "notes-endless": _notes("message", level="info", data="x" * 1_000),
    "progress-endless": _notes("progress", progressToken=1, progress=1),
    "empty-endless": _endlessly("\n" * 60_000),
    "chatter-endless": _endlessly("x\n" * 30_000),
    "other-ids-endless": _endlessly('{"jsonrpc": "2.0", "id": "other", "result": {}}'),
    "asks-back": _asks_back,
    "refuses": _refuses,
    "fails": _content({"type": "text", "text": "\x1b[2J\u202e no \n" * 10_000}, isError=True),
}
"""By name: how a call of the tool "search" is answered."""


def _pages(asked: Message, *, each: int = 100, more: bool = True) -> Iterator[str]:
    parameters: Mapping[str, Any] = asked.get("params") or {}
    number = int(parameters.get("cursor") or 0)
    tools = [{**TOOL, "name": f"\x1b[2J\u202e{number}-{at}"} for at in range(each)]
    yield result(asked, {"tools": tools} | ({"nextCursor": str(number + 1)} if more else {}))


def _slow_pattern(asked: Message) -> Iterator[str]:
    """A schema whose validation takes practically for ever."""
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    yield result(asked, {"tools": [{**TOOL, "outputSchema": schema}]})


TOOLS: Mapping[str, Answering] = {
    "pages-endless": _pages,
    "pages-empty-endless": lambda asked: _pages(asked, each=0),
    "tools-many": lambda asked: _pages(asked, each=10_000, more=False),
    "tools-other": lambda asked: _pages(asked, each=900, more=False),
    "pattern-slow": _slow_pattern,
}
"""By name: how the list of tools is written. Under any other name there is one tool, "search"."""

_JUDGED = _content(TEXT, structuredContent={"a": "a" * 40 + "!"})


def answer_lines(name: str, asked: Message) -> Iterator[str]:
    """The lines with which a request is answered under a name of `CALLS` or `TOOLS`."""
    match asked.get("method"):
        case "initialize":
            server = {"name": "\x1b[2J", "version": "1"}
            version = asked["params"]["protocolVersion"]
            yield result(asked, {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": server})
        case "tools/list":
            yield from TOOLS[name](asked) if name in TOOLS else (result(asked, {"tools": [TOOL]}),)
        case "tools/call":
            yield from (_JUDGED if name == "pattern-slow" else CALLS.get(name, CALLS["good"]))(asked)
        case _ if "id" in asked and "method" in asked:
            error = {"code": -32601, "message": "Method not found"}
            yield json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": error})
        case _:
            return
