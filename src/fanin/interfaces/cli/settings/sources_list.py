"""`fanin sources`: lists the declared sources and their health."""

import asyncio
import sys
from typing import Any

from fanin.config import STARTER, Settings, find, load
from fanin.interfaces.cli.options import Config, Json
from fanin.interfaces.cli.terminal import say, say_json, table, width
from fanin.streams.event_json import dumps

_COLUMNS = ("source", "kind", "breaker", "calls", "p50", "p95", "topics", "health")

_UNKNOWN = {"calls": 0, "failures": 0, "p50": None, "p95": None, "breaker": "closed", "open_for": 0.0, "reason": ""}
"""What is known of a source without any policy: nothing is kept of it."""


def sources(*, config: Config = None, json: Json = False) -> int:
    """List the sources in the settings, and how each has been doing.

    calls counts how often it was asked; half of its answers came within p50 seconds, 95 % within p95.
    A source whose breaker is open failed too often and is not asked for the time shown.
    """
    settings = load(find(config))
    rows = asyncio.run(_rows(settings))
    if json:
        say_json(dumps({"settings": str(settings.path), "sources": rows}, indent=2))
        return 0
    where = "The built-in sources; `fanin init` writes them into a file." if settings.path == STARTER else settings.path
    say(f"{where}\n\n{table(_COLUMNS, *map(_cells, rows), columns=width(sys.stdout))}")
    return 0


async def _rows(settings: Settings) -> list[dict[str, Any]]:
    """What is declared of each source, and what the store knows of it."""
    async with settings.engine() as engine:
        known = engine.statistics()["sources"]
    return [
        {"name": name, "kind": kind, "topics": list(settings.sources[name].topics), **(known.get(name) or _UNKNOWN)}
        for name, kind in settings.kinds().items()
    ]


def health(row: dict[str, Any]) -> str:
    """How a source is doing, in a few words."""
    match row:
        case {"calls": 0}:
            return "never asked"
        case {"failures": 0, "p50": None}:
            return "never answered in time"
        case {"failures": 0}:
            return "works"
        case {"reason": str() as reason} if reason:
            return f"fails: {reason}"
        case _:
            return f"{row['failures']} of {row['calls']} calls failed"


def breaker(row: dict[str, Any]) -> str:
    """The state of its breaker, and for how long it stays open."""
    return f"open for {row['open_for']:.0f} s" if row["breaker"] == "open" else row["breaker"]


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    topics = ", ".join(row["topics"]) or "everything"
    times = (_seconds(row["p50"]), _seconds(row["p95"]))
    return row["name"], row["kind"], breaker(row), str(row["calls"]), *times, topics, health(row)


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"
