"""`fanin mcp`: serve one agent over standard input and output."""

import asyncio
import importlib
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fanin import lazy
from fanin.config import Settings, find, load
from fanin.errors import ConfigError
from fanin.interfaces.cli.options import Config
from fanin.interfaces.mcp.tool_calls import Tools
from fanin.knowledge.store.database_file import default_path
from fanin.runs.run_manager import RunManager


def mcp(
    *,
    kb: Annotated[
        Path | None,
        Parameter(help="The knowledge base that is searched. Default: fanin/knowledge.sqlite in ~/.local/share."),
    ] = None,
    config: Config = None,
) -> int:
    """Serve one agent over MCP on standard input and output: the tools `ask`, `search_knowledge` and `list_sources`.

    An agent starts it and ends it. It needs the extra fanin[mcp].
    """
    settings = load(find(config))
    try:
        importlib.import_module("mcp")
    except ImportError:
        raise ConfigError(
            "fanin mcp needs the package mcp, which is not installed; fanin served nothing. Install it: pip install"
            " fanin[mcp]."
        ) from None
    asyncio.run(_serve(settings, kb or default_path()))
    return 0


async def _serve(settings: Settings, knowledge: Path) -> None:
    async with settings.engine() as engine:
        runs = RunManager(engine, settings.run_store())
        tools = Tools(runs, engine, knowledge, settings.kinds(), deadline=settings.general.deadline)
        await lazy.mcp_server.serve_stdio(tools)
        await runs.close()
