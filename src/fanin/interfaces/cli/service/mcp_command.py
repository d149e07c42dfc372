"""`fanin mcp`: serve one agent over standard input and output."""

import asyncio
import importlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fanin import lazy
from fanin.config import Settings, find, load
from fanin.errors import ConfigError
from fanin.events import Answered, Event
from fanin.interfaces.cli.options import Config
from fanin.interfaces.mcp.tool_calls import Service
from fanin.knowledge.store.database_file import default_path
from fanin.runs.run_record import EndedRun, RunStore, new_id


def mcp(
    *,
    kb: Annotated[
        Path | None,
        Parameter(help="The knowledge base that is searched. Default: fanin/knowledge.sqlite in ~/.local/share."),
    ] = None,
    config: Config = None,
) -> int:
    """Be an MCP server on standard input and output, with the tools `ask`, `search_knowledge` and `list_sources`.

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
    store = settings.run_store()
    async with settings.engine() as engine:
        keep = None if store is None else Keeper(store)
        await lazy.mcp_server.serve_stdio(Service(engine, settings.general.deadline, knowledge, settings.kinds(), keep))
    if store is not None:
        await store.close()


class Keeper:
    """Keeps the runs of one agent."""

    def __init__(self, store: RunStore) -> None:
        self._store = store

    async def __call__(self, events: Sequence[Event]) -> None:
        """Keep a run that is over."""
        match events:
            case [*_, Answered(answer=answer)]:
                asked_at = time.time() - answer.execution_time
                await self._store.keep(EndedRun(new_id(), "", answer.query, asked_at, "answered", events))
            case _:
                pass
