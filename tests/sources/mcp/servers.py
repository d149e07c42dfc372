"""MCP servers for the tests, written with the SDK: `python servers.py stdio|http [PORT]`."""

import asyncio
import os
import sys
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
def pid() -> str:
    """Which process this is."""
    return str(os.getpid())


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


def main(how: str, port: str = "0") -> None:
    if how == "http":
        server.run("streamable-http", port=int(port))
    else:
        server.run("stdio")


if __name__ == "__main__":
    main(*sys.argv[1:])
