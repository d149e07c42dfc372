"""MCP servers for the tests, written with the SDK: `python servers.py stdio|stubborn|http [PORT]`."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, EmbeddedResource, ImageContent, ResourceLink, TextContent, TextResourceContents

# Anything chattier breaks stdio, say the SDK's notes.
server = MCPServer("tests", log_level="WARNING")


@server.tool()
def echo(text: str) -> str:
    """The text again."""
    return text


@server.tool()
def length(text: str) -> str:
    """How long a text is."""
    return str(len(text))


@server.tool()
def pid() -> str:
    """Which process this is."""
    return str(os.getpid())


@server.tool()
def variables() -> dict[str, str]:
    """The environment."""
    return dict(os.environ)


@server.tool()
def rows(text: str) -> list[dict[str, Any]]:
    """Two facts and a document."""
    return [{"name": "Lamp", "price": 12.5}, {"text": "A desk.", "title": "Desk", "url": "https://example.com/desk"}]


@server.tool()
def blocks() -> CallToolResult:
    """Every kind of content."""
    page = TextResourceContents(uri="file:///page", mime_type="text/html", text="<p>Open.</p>")
    return CallToolResult(
        content=[
            TextContent(text="Plain."),
            TextContent(text='{"place": {"name": "Paris"}, "days": [1, 2], "dry": true}'),
            ImageContent(data="AAAA", mime_type="image/png"),
            ResourceLink(uri="https://example.com/map", name="map", description="A map of the harbour."),
            EmbeddedResource(resource=page),
        ]
    )


@server.tool()
def refuse() -> str:
    """Always fails."""
    raise ToolError("no such place")


@server.tool()
async def hang() -> str:
    """Never answers, though others are served."""
    await asyncio.sleep(600)
    return "late"


@server.tool()
async def wait(seconds: str) -> str:
    """Takes so many seconds, or until there is a file of that name, and says which process this is.

    That it was asked for a file is said by one with ".asked" at the end of its name.
    """
    if seconds.startswith("/"):
        Path(f"{seconds}.asked").touch()
        while not Path(seconds).exists():
            await asyncio.sleep(0.02)
    else:
        await asyncio.sleep(float(seconds))
    return str(os.getpid())


@server.tool()
def block() -> str:
    """Never answers, and nobody else is served."""
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    os.kill(os.getpid(), signal.SIGSTOP)
    return "late"


@server.tool()
async def die() -> str:
    """Ends the process."""
    await asyncio.sleep(0.05)
    print("out of coffee", file=sys.stderr, flush=True)
    os._exit(7)


def main(how: str, port: str = "0", marker: str = "") -> None:
    if how == "stubborn":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(600)", marker])
        try:
            server.run("stdio")
        finally:
            time.sleep(600)
    elif how == "http":
        server.run("streamable-http", port=int(port))
    else:
        server.run("stdio")


if __name__ == "__main__":
    main(*sys.argv[1:])
