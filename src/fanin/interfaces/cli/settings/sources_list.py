"""`fanin sources`: what is declared, and how each source has been doing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

if TYPE_CHECKING:
    from fanin.config import Settings

type Config = Annotated[
    Path | None, Parameter(help="The settings; else ./fanin.toml, else those in your configuration folder.")
]
type Json = Annotated[bool, Parameter(negative=(), help="Print JSON.")]

_COLUMNS = ("source", "kind", "breaker", "calls", "p50", "p95", "topics", "health")


def sources(*, config: Config = None, json: Json = False) -> int:
    """List the declared sources: kind, health and breaker, calls, how long half and 95 % of them took, topics."""
    import asyncio

    from fanin.config import STARTER, find, load
    from fanin.interfaces.render import dumps

    settings = load(find(config))
    rows = asyncio.run(_rows(settings))
    if json:
        print(dumps({"settings": str(settings.path), "sources": rows}, indent=2))  # noqa: T201 - a command's output
        return 0
    cells = [_cells(row) for row in rows]
    where = "The starter set; `fanin init` writes it into a file." if settings.path == STARTER else settings.path
    print(f"{where}\n\n{columns(_COLUMNS, *cells)}")  # noqa: T201 - a command's own output
    return 0


async def _rows(settings: Settings) -> list[dict[str, Any]]:
    """What is declared of each source, and what the store knows of it."""
    async with settings.engine() as engine:
        known = engine.statistics()["sources"]
    return [
        {"name": name, "kind": kind, "topics": list(settings.sources[name].topics), **(known.get(name) or _UNKNOWN)}
        for name, kind in settings.kinds().items()
    ]


_UNKNOWN = {"calls": 0, "failures": 0, "p50": None, "p95": None, "breaker": "closed", "open_for": 0.0, "reason": ""}
"""What is known of a source without any policy: nothing is kept of it."""


def health(row: dict[str, Any]) -> str:
    """How a source is doing, in a few words."""
    match row:
        case {"calls": 0}:
            return "never asked"
        case {"failures": 0}:
            return "well"
        case {"reason": str() as reason} if reason:
            return f"fails: {reason}"
        case _:
            return f"{row['failures']} of {row['calls']} calls failed"


def breaker(row: dict[str, Any]) -> str:
    """The state of its breaker, and for how long it stays open."""
    return f"open for {row['open_for']:.0f} s" if row["breaker"] == "open" else row["breaker"]


def columns(*rows: tuple[str, ...]) -> str:
    """Rows of text in columns, made harmless for a terminal; the last column is as long as it likes."""
    from fanin.sanitize import line

    safe = [[*(line(cell, limit=80) for cell in row[:-1]), line(row[-1], limit=500)] for row in rows]
    widths = [max(map(len, column)) for column in zip(*safe, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in safe
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    topics = ", ".join(row["topics"]) or "everything"
    times = (_seconds(row["p50"]), _seconds(row["p95"]))
    return row["name"], row["kind"], breaker(row), str(row["calls"]), *times, topics, health(row)


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"
