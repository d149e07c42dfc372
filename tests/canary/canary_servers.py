"""Servers and a program that say back whatever they were sent, each in another way: where would a key turn up?"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, unquote

from aiohttp import web

WAYS = ("items", "refusal", "reason", "garbage", "redirect", "feed", "page", "cut", "encoded", "odd")
"""Paths of the server: what it does with all that it was sent."""

PROGRAM = r"""
import base64, json, os, sys
asked, way = sys.stdin.readline(), sys.argv[1]
key = os.environ["KEY"]
sys.stderr.write(f"connecting with {key!r}, {key}, {json.dumps(key)}\n" + "x" * 300 + key)
sys.stderr.flush()
if way == "documents":
    print(json.dumps({"text": f"key {key}", "title": key, "url": "https://a.example/?k=" + key, "published": key,
                      "metadata": {key: [key, base64.b64encode(key.encode()).decode()]}}))
elif way == "garbage":
    print("no JSON, " * 7 + key)
else:
    sys.exit(f"bad key {key}")
"""

MCP = r"""
import json, os, sys
way, key = sys.argv[1], os.environ["KEY"]
sys.stderr.write(f"connecting with {key!r} and {key}\n")
print("no message: " + key, flush=True)
if way == "dies":
    sys.exit(1)
for line in sys.stdin:
    asked = json.loads(line)
    if "id" not in asked:
        continue
    told = f"{key} {asked.get('params', {}).get('arguments', '')}"
    answer = {"jsonrpc": "2.0", "id": asked["id"]}
    if asked["method"] == "initialize":
        answer["result"] = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                            "serverInfo": {"name": "odd", "version": "1"}}
    elif asked["method"] == "tools/list":
        names = ["say"] if way != "toolless" else [key]
        answer["result"] = {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in names]}
    elif way == "protocol":
        answer["error"] = {"code": -32603, "message": f"bad key {told}", "data": told}
    else:
        answer["result"] = {"content": [{"type": "text", "text": told}], "isError": way == "error",
                            "structuredContent": {"key": told, key: 1}}
    print(json.dumps(answer), flush=True)
"""


def _all_of(request: web.Request, body: str) -> str:
    """Everything that came, as it came and decoded."""
    headers = " ".join(f"{name}: {value}" for name, value in request.headers.items())
    return f"{request.raw_path} {unquote(request.raw_path)} {headers} {body}"


async def _echo(request: web.Request) -> web.StreamResponse:
    said = _all_of(request, await request.text())
    await asyncio.sleep(0)
    match request.path.split("/")[1]:
        case "items":
            item = {"text": said, "title": said, "link": f"https://a.example/?{quote(said)}", said: {"a": [said]}}
            return web.json_response([item])
        case "refusal":
            return web.json_response({"error": said, "errors": [said]})
        case "reason":
            return web.Response(status=503, reason=said.replace("\r", "").replace("\n", "")[:500], text=said)
        case "garbage":
            return web.Response(text=said, content_type="application/json")
        case "redirect":
            return web.Response(status=302, headers={"Location": f"ftp://a.example/{quote(said)}"})
        case "feed":
            items = f"<item><title>harbour {_xml(said)}</title><link>https://a.example/{quote(said)}</link></item>"
            return web.Response(text=f'<rss version="2.0"><channel>{items}</channel></rss>', content_type="text/xml")
        case "page":
            text = f"<html><title>{_xml(said)}</title><p>{_xml(said)}</p></html>"
            return web.Response(text=text, content_type="text/html")
        case "cut":
            return web.Response(text=f"{said[at(said) :][:60]}", content_type="application/json")
        case "encoded":
            return web.json_response([{"text": _encoded(said)}])
        case _:
            return web.json_response({"odd": said, "error": True, "reason": said, "hits": said, "query": said})


def at(said: str) -> int:
    """Where the key begins, but for 50 characters: what is cut off there is half of it."""
    return max(0, said.find("CRETKEY") - 50)


def _encoded(said: str) -> str:
    raw = said.encode("utf-8", "surrogatepass")
    inner = base64.b64encode(raw).decode()
    return " ".join((inner, base64.urlsafe_b64encode(b"x" + raw).decode(), quote(said), json.dumps(said), repr(said)))


def _xml(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text).replace("&", "&amp;").replace("<", "&lt;")


async def _chat(request: web.Request) -> web.StreamResponse:
    """A model that writes down the key that it was asked with, or fails with it."""
    said = _all_of(request, "").replace("\n", " ")
    if "fail" in request.path:
        return web.json_response({"error": {"message": f"Incorrect API key provided: {said}"}}, status=401)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for start in range(0, len(said), 7):
        delta: dict[str, Any] = {"choices": [{"index": 0, "delta": {"content": said[start : start + 7]}}]}
        await response.write(
            f"data: {json.dumps({'id': '1', 'object': 'chat.completion.chunk', **delta})}\n\n".encode()
        )
    await response.write(b"data: [DONE]\n\n")
    return response


@asynccontextmanager
async def echoing() -> AsyncIterator[str]:
    """The address of the server, "http://127.0.0.1:PORT"."""
    app = web.Application()
    app.router.add_post("/chat/{path:.*}", _chat)
    app.router.add_route("*", "/{path:.*}", _echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def talking_back(reply: str) -> AsyncIterator[int]:
    """The port of a server that answers every connection with what came over it, in a reply such as "-ERR {}"."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard = await reader.read(4_096)
        writer.write(reply.format(heard.decode("latin-1").replace("\r\n", " ")).encode("latin-1") + b"\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
