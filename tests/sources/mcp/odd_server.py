"""A server without an SDK, of the protocol of 2025-06-18, that does one odd thing: `python odd_server.py ODDITY`."""

import json
import sys
import time
from typing import Any

ODDITY = sys.argv[1]

TOOL = {"name": "say", "inputSchema": {"type": "object"}, "outputSchema": {"type": "object", "required": ["a"]}}
BEGIN = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"tools": {}},
    "serverInfo": {"name": "odd", "version": "1"},
}


def write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def said() -> dict[str, Any]:
    match ODDITY:
        case "garbage":
            return {"content": "no list"}
        case "unstructured":
            return {"content": [{"type": "text", "text": "plain"}], "structuredContent": {"b": 1}}
        case "unknown-content":
            return {"content": [{"type": "hologram", "shape": "cube"}], "structuredContent": {"a": 1}}
        case "nothing":
            return {"content": [], "structuredContent": {"a": None}}
        case _:
            return {"content": [{"type": "text", "text": "said"}], "structuredContent": {"a": "said"}}


def odd() -> None:
    match ODDITY:
        case "chatter":
            for line in ("hello from a library", "{not json", '{"jsonrpc": "2.0"}', "[]", "", "null", "\x00\xff"):
                write(line)
        case "flood":
            sys.stdout.write("x" * 9_000_000)
            sys.stdout.flush()
        case "other-id":
            write(json.dumps({"jsonrpc": "2.0", "id": 12345, "result": {}}))
        case "shout":
            for _ in range(200):
                write(json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {"data": "x" * 100}}))
        case "asks":
            write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "sampling/createMessage", "params": {}}))


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        if "id" not in asked or "method" not in asked:
            continue
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": asked["id"]}
        match asked["method"]:
            case "initialize" if ODDITY == "silent":
                time.sleep(600)
            case "initialize":
                answer["result"] = BEGIN
            case "tools/list" if ODDITY == "pages":
                page = int(asked.get("params", {}).get("cursor") or 1)
                tools = [{**TOOL, "name": f"{name}-{page}"} for name in ("say", "sing")]
                answer["result"] = {"tools": tools, **({"nextCursor": str(page + 1)} if page < 3 else {})}
            case "tools/list":
                answer["result"] = {"tools": [TOOL]}
            case "tools/call" if ODDITY == "error":
                answer["error"] = {"code": -32603, "message": "the cellar is flooded"}
            case "tools/call":
                odd()
                answer["result"] = said()
            case _:
                answer["error"] = {"code": -32601, "message": "no such method"}
        write(json.dumps(answer))


main()
