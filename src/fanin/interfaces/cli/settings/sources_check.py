"""`fanin sources check` asks each declared source once; `fanin sources reset` closes the breaker of one."""

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from cyclopts import App, Parameter

from fanin.config import Settings, find, load
from fanin.engine import Engine
from fanin.events import Answered, Fetched
from fanin.interfaces.cli.options import Config, Json
from fanin.interfaces.cli.settings.sources_list import sources
from fanin.interfaces.cli.terminal import say, say_json, table, width
from fanin.model import Document, Outcome, Policy
from fanin.streams.event_json import dumps

QUESTION = "What is the latest news about the weather in London?"
"""Something to say about it should be known to a forecast, a newspaper and an encyclopedia."""

SOME_FAILED, ALL_FAILED = 1, 3
"""Exit statuses: at least one source failed, and all of them did."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How one source ended, and the title of its first document."""

    outcome: Outcome
    title: str


app = App(name="sources", help_format="plaintext", default_command=sources)
"""The command `fanin sources` and those below it."""


@app.command
def check(
    question: Annotated[str, Parameter(help=f'What to ask them. Default: "{QUESTION}"')] = QUESTION,
    /,
    *,
    config: Config = None,
    json: Json = False,
) -> int:
    """Ask each source once, whatever its topics, cache and circuit breaker, and say what came back.

    The circuit breaker of a source that answers is closed.

    The exit status is 1 when some sources failed, 3 when all of them did.
    """
    rows = asyncio.run(_checked(load(find(config)), question))
    if json:
        say_json(dumps([_as_json(row) for row in rows], indent=2))
    else:
        headings = ("source", "status", "documents", "time", "what came back")
        say(table(headings, *map(_cells, rows), columns=width(sys.stdout)))
    failed = sum(row.outcome.status not in ("ok", "empty") for row in rows)
    return 0 if not failed else ALL_FAILED if failed == len(rows) else SOME_FAILED


async def _checked(settings: Settings, question: str) -> list[Checked]:
    """The outcome of every source, in their order."""
    sources = [replace(source, policy=Policy()) for source in settings.build_sources()]
    titles: dict[str, str] = {}
    outcomes: dict[str, Outcome] = {}
    async with Engine(sources, deadline=settings.general.deadline, process=_nothing, pool="inline") as engine:
        async for event in engine.stream(question, sources=list(engine.sources)):
            match event:
                case Fetched(source=name, document=document):
                    titles.setdefault(name, document.title or document.text[:80])
                case Answered(answer=answer):
                    outcomes.update(answer.sources)
                case _:
                    pass
    await reset_all(settings, [name for name, outcome in outcomes.items() if outcome.status in ("ok", "empty")])
    return [Checked(outcomes[source.name], titles.get(source.name, "")) for source in sources]


def _nothing(_: str, document: Document) -> None:
    """A check looks at what arrives, and needs no work on it."""


def _as_json(row: Checked) -> dict[str, Any]:
    fields = {name: getattr(row.outcome, name) for name in ("status", "kind", "message", "documents")}
    return {"name": row.outcome.source, **fields, "title": row.title, "seconds": round(row.outcome.fetching, 4)}


def _cells(row: Checked) -> tuple[str, ...]:
    outcome = row.outcome
    shown = outcome.message or row.title
    return outcome.source, outcome.status.replace("_", " "), str(outcome.documents), f"{outcome.fetching:.2f} s", shown


@app.command
def reset(
    name: Annotated[tuple[str, ...], Parameter(help="The sources; at least one.")], /, *, config: Config = None
) -> int:
    """Close the breaker of a source, and end the pause that it asked for: the next question asks it."""
    asyncio.run(reset_all(load(find(config)), name))
    say(f"The next question asks {', '.join(name)}.")
    return 0


async def reset_all(settings: Settings, names: Iterable[str]) -> None:
    """Reset these sources in the store of the settings. Raises UnknownSource."""
    async with settings.engine() as engine:
        for name in names:
            engine.reset(name)
