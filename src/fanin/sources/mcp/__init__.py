"""A tool of any MCP server as a source, over stdio or streamable HTTP."""

from fanin.sources.mcp.mcp_source import mcp

__all__ = ["mcp"]
