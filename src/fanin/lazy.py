"""Modules of fanin that are imported when they are first used: `lazy.conflicts.conflicts`.

Each takes long to import, or imports a package that does, and many questions do without it. This is the only place of
that kind: every other module is imported at the top of those that use it.
"""

import importlib

TYPE_CHECKING = False  # as type checkers know it; `typing` takes longer to import than all of this
if TYPE_CHECKING:
    import fanin.answer.conflicting.conflicts as conflicts  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from fanin.batch.arrow import arrow_tables as arrow_tables
    from fanin.documents.page import markup_text as markup_text
    from fanin.interfaces.mcp import mcp_server as mcp_server
    from fanin.interfaces.server import uvicorn_server as uvicorn_server
    from fanin.interfaces.server.chat import ag_ui_events as ag_ui_events
    from fanin.net import client as client
    from fanin.net import network as network
    from fanin.net import url_template as url_template
    from fanin.plan.follow_ups import standalone as standalone
    from fanin.run import answer_writing as answer_writing
    from fanin.run.rounds import second_round as second_round
    from fanin.runs import sqlite_runs as sqlite_runs
    from fanin.sources import feeds as feeds
    from fanin.sources import hacker_news as hacker_news
    from fanin.sources import http as http
    from fanin.sources import knowledge_source as knowledge_source
    from fanin.sources import mcp as mcp
    from fanin.sources import open_meteo as open_meteo
    from fanin.sources import python_function as python_function
    from fanin.sources import simulated as simulated
    from fanin.sources import sql as sql
    from fanin.sources import web as web
    from fanin.sources import wikipedia as wikipedia
    from fanin.sources.http import jmespath_limits as jmespath_limits
    from fanin.sources.mcp import mcp_transports as mcp_transports
    from fanin.sources.programs import command_source as command_source
    from fanin.sources.sql import postgresql as postgresql
    from fanin.writing import model_clients as model_clients
    from fanin.writing import planning as planning
    from fanin.writing import source_inference as source_inference
    from fanin.writing import writer as writer

_PACKAGES = {
    "answer.conflicting": "conflicts",
    "batch.arrow": "arrow_tables",
    "documents.page": "markup_text",
    "interfaces.mcp": "mcp_server",
    "interfaces.server": "uvicorn_server",
    "interfaces.server.chat": "ag_ui_events",
    "net": "client network url_template",
    "plan.follow_ups": "standalone",
    "run": "answer_writing",
    "run.rounds": "second_round",
    "runs": "sqlite_runs",
    "sources": ("feeds hacker_news http knowledge_source mcp open_meteo python_function simulated sql web wikipedia"),
    "sources.http": "jmespath_limits",
    "sources.mcp": "mcp_transports",
    "sources.programs": "command_source",
    "sources.sql": "postgresql",
    "writing": "model_clients planning source_inference writer",
}
MODULES = {name: f"fanin.{package}.{name}" for package, names in _PACKAGES.items() for name in names.split()}
"""The module that each name stands for."""


def __getattr__(name: str) -> object:
    if name not in MODULES:
        raise AttributeError(f"module 'fanin.lazy' has no attribute {name!r}")
    module = globals()[name] = importlib.import_module(MODULES[name])
    return module
