"""fanin as an MCP server: agents ask it through three tools, over stdio or HTTP. It needs the extra `fanin[mcp]`."""
