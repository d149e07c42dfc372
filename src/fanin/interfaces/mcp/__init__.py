"""fanin as an MCP server: agents ask it over stdio or HTTP, an app shows the run. It needs the extra `fanin[mcp]`."""
