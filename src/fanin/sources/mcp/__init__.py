"""A tool of any MCP server as a source, over stdio or streamable HTTP."""

from fanin.sources.mcp.source import mcp

__all__ = ["mcp"]
