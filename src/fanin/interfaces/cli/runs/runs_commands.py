"""`fanin runs …`: list kept runs, show one again, replay it as it happened, export and delete them."""

import asyncio
import json as json_module
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Annotated, Any

from cyclopts import App, Parameter

from fanin.config import find, load
from fanin.errors import ConfigError, RunsError
from fanin.events import Answered, Event
from fanin.interfaces.cli.options import AnswerAsJson, Config, Events, Json
from fanin.interfaces.cli.output import choose_view
from fanin.interfaces.cli.process_exit import NO_ANSWER
from fanin.interfaces.cli.terminal import is_screen, say, say_file, say_json, table, width
from fanin.interfaces.page.one_file import one_file
from fanin.interfaces.trace_events import trace_events
from fanin.runs.event_log import EventLog
from fanin.runs.run_manager import anonymous
from fanin.runs.run_record import KeptRun, RunStore, RunSummary
from fanin.sanitize import line
from fanin.streams.event_json import dumps, from_json, plain

type Id = Annotated[str, Parameter(help="The id of the run, as `fanin runs` lists it. Default: the newest run.")]

app = App(
    name="runs",
    help="The runs that were kept: list them, show one again, replay, export and delete.",
    help_format="plaintext",
    version_flags=(),
)
"""The commands below `fanin runs`."""


@app.default
def runs(
    *,
    words: Annotated[str, Parameter(help="Only runs with all these words in the question or the answer.")] = "",
    limit: Annotated[int, Parameter(help="Number of runs at most. Default: 20.")] = 20,
    json: Json = False,
    config: Config = None,
) -> int:
    """List the kept runs, the newest first.

    The exit status is 3 when there is none.
    """
    if limit < 1:
        raise ConfigError(f"--limit {limit}; fanin looked for nothing. Give a number of at least 1.")
    found = _with_store(config, lambda store: store.summaries(user=None, words=words, most=limit))
    if json:
        say_json(dumps(found, indent=2))
    elif found:
        say(table(("id", "asked", "status", "time", "question"), *map(_cells, found), columns=width(sys.stdout)))
    else:
        say("No run is kept." if not words else "No kept run has these words.")
    return 0 if found else NO_ANSWER


@app.command(sort_key=1)
def show(
    run: Id = "",
    /,
    *,
    timeline: Annotated[
        bool, Parameter(negative=(), help="Print below the answer how long each source and each core worked.")
    ] = False,
    json: AnswerAsJson = False,
    config: Config = None,
) -> int:
    """Show the answer of a run again.

    The exit status is 3 when the run has no answer.
    """
    kept = _found(run, config)
    view = choose_view(json=json, events=False, timeline=timeline)
    with view:
        for event in list(_events(kept))[0 if is_screen(sys.stdout) else -1 :]:
            view.see(event)
    return _end(kept)


@app.command(sort_key=2)
def replay(
    run: Id = "",
    /,
    *,
    speed: Annotated[float, Parameter(help="How many times as fast as it happened. Default: 1.")] = 1.0,
    events: Events = False,
    config: Config = None,
) -> int:
    """Show a run again as it happened, each event in its time.

    The exit status is 3 when the run has no answer.
    """
    if not speed > 0:
        raise ConfigError(f"--speed {speed:g}; fanin showed nothing. Give a number above 0, such as 2.")
    kept = _found(run, config)
    view, begun = choose_view(json=False, events=events, timeline=False), time.monotonic()
    with view:
        for event in _events(kept):
            time.sleep(max(0.0, begun + event.at / speed - time.monotonic()))
            view.see(event)
    return _end(kept)


@app.command(sort_key=3)
def export(
    runs: Annotated[tuple[str, ...], Parameter(negative=(), help="The ids of the runs. Default: all.")] = (),
    /,
    *,
    html: Annotated[bool, Parameter(negative=(), help="Print one run as a page, a file that opens offline.")] = False,
    config: Config = None,
) -> int:
    """Print runs with all their events, one JSON object a line."""
    if html:
        if len(runs) != 1:
            raise ConfigError("--html prints one run; fanin printed nothing. Name it by its id.")
        say_file(_as_page(_found(runs[0], config)))
        return 0

    async def write(store: RunStore) -> int:
        count = 0
        async for kept in _each(store, runs):
            say_json(dumps({**_fields(kept.summary), "events": list(kept.events)}))
            count += 1
        return count

    return 0 if _with_store(config, write) else NO_ANSWER


@app.command(sort_key=4)
def delete(
    runs: Annotated[tuple[str, ...], Parameter(negative=(), help="The ids of the runs.")] = (),
    /,
    *,
    all: Annotated[bool, Parameter(negative=(), help="Delete every kept run.")] = False,  # noqa: A002
    config: Config = None,
) -> int:
    """Delete runs with all that was kept of them."""
    if bool(runs) == all:
        raise ConfigError("Name the runs to delete by their ids, or give --all; fanin deleted nothing.")

    async def remove(store: RunStore) -> int:
        ids = runs or [each.id for each in await store.summaries(user=None, most=sys.maxsize)]
        if missing := [each for each in ids if not await store.delete(each, user=None)]:
            raise RunsError(f"There is no run {', '.join(missing)}; fanin deleted the others. `fanin runs` lists all.")
        return len(ids)

    deleted = _with_store(config, remove)
    say(f"Deleted {deleted} {'run' if deleted == 1 else 'runs'}.")
    return 0


async def _each(store: RunStore, ids: tuple[str, ...]) -> AsyncIterator[KeptRun]:
    for each in ids or [each.id for each in await store.summaries(user=None, most=sys.maxsize)]:
        if (kept := await store.find(each, user=None)) is None:
            raise RunsError(f"There is no run {each!r}; fanin exported none after it. `fanin runs` lists all.")
        yield kept


def _found(run: str, config: Config) -> KeptRun:
    """The run of this id, or the newest one; raises RunsError."""

    async def look(store: RunStore) -> KeptRun | None:
        newest = await store.summaries(user=None, most=1) if not run else ()
        return await store.find(run or "".join(each.id for each in newest), user=None)

    if (kept := _with_store(config, look)) is None:
        what = f"There is no run {run!r}" if run else "No run is kept"
        raise RunsError(f"{what}; fanin showed nothing. `fanin runs` lists those that are kept.")
    return kept


def _with_store[T](config: Config, work: Callable[[RunStore], Coroutine[Any, Any, T]]) -> T:
    store = load(find(config)).run_store()
    if store is None:
        raise ConfigError('[runs] keep is 0, so no run is kept; fanin did nothing. Set it to a duration: "30 days".')

    async def run() -> T:
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def _as_page(kept: KeptRun) -> str:
    """The run as a page, without who asked."""
    log, summary, answer = EventLog(), kept.summary, None
    for event in _events(kept):
        log.add(anonymous(event))
        answer = event.answer if isinstance(event, Answered) else None
    if answer is None:
        log.fail("This run ended without an answer.")
    values = {
        "id": summary.id,
        "question": summary.question,
        "asked_at": summary.asked_at,
        "status": summary.status,
    }
    return one_file(
        {
            "run": {**values, "answer": answer and plain(answer)},
            "events": [json_module.loads(each.text) for each in log.after(0)],
            "trace": answer and trace_events(answer.timeline),
        }
    )


def _events(kept: KeptRun) -> Iterator[Event]:
    try:
        yield from [from_json(each) for each in kept.events]
    except ValueError as error:
        raise RunsError(
            f"The run {kept.summary.id} was kept by another version of fanin; fanin cannot show it. `fanin runs export"
            f" {kept.summary.id}` prints it as it is."
        ) from error


def _end(kept: KeptRun) -> int:
    if kept.answer is None:
        say(f"This run has no answer: it {'was ' if kept.summary.status == 'cancelled' else ''}{kept.summary.status}.")
    return 0 if kept.summary.success else NO_ANSWER


def _fields(summary: RunSummary) -> dict[str, Any]:
    return {name: getattr(summary, name) for name in summary.__dataclass_fields__}


def _cells(each: RunSummary) -> tuple[str, ...]:
    asked = each.asked.isoformat(" ", "minutes")[:16]
    status = each.status if each.answered or each.status != "answered" else "no answer"
    return each.id, asked, status, f"{each.seconds:.2f} s", line(each.question, limit=200)
