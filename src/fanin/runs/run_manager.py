"""All runs of a server: starts them, finds them while they happen and afterwards, and hands them to what keeps them."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from fanin.background import in_daemon_thread
from fanin.errors import RunsError, describe
from fanin.events import Event, Fetched, Planned
from fanin.model import Turn
from fanin.runs.live_run import Asked, LiveRun
from fanin.runs.run_record import PLAIN, AskedBy, EndedRun, KeptRun, RunStore, new_id
from fanin.streams.event_json import from_json

HELD_SECONDS = 300.0
"""How long an ended run is found where none is kept."""

MOST_HELD, MOST_UNWRITTEN = 200, 200_000_000
"""Ended runs that are held where none is kept; and characters of those that may wait to be written, beyond which they
are lost."""

EVENT_CHARACTERS = 1_000
"""What an event without its document counts."""

_log = logging.getLogger("fanin")


class Asks(Protocol):
    """What answers questions: an engine."""

    def stream(
        self,
        question: str,
        *,
        deadline: float | None = None,
        sources: Sequence[str] | None = None,
        fresh: bool = False,
        user: str = "",
        history: Sequence[Turn] = (),
        writer: str | None = None,
    ) -> AsyncGenerator[Event]:
        """The events of one question."""
        ...

    def finish(self, question: str) -> None:
        """Answer the question of this id now, with what has arrived."""
        ...


class RunManager:
    """Starts runs and finds them again. `store` keeps those that ended; without one, they are held for some time.

    `ended` is called with each run that has ended.
    """

    def __init__(
        self,
        engine: Asks,
        store: RunStore | None,
        *,
        ended: Callable[[LiveRun], object] = lambda _: None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._store = store
        self._ended = ended
        self._wall = wall
        self._runs: dict[str, LiveRun] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self.unwritten = 0
        self.lost = 0
        self._waiting = 0

    @property
    def running(self) -> list[LiveRun]:
        """The runs that have not ended."""
        return [run for run in self._runs.values() if run.status is None]

    async def start(self, question: str, *, user: str = "", request: AskedBy = PLAIN, **asking: Any) -> LiveRun:
        """Ask a question, and give its run once it has begun; `asking` are arguments of `Engine.stream`.

        The run goes on when its readers leave. Raises what the engine raises for a question that cannot be asked.
        """
        asked = Asked(new_id(), user, question, self._wall(), request)
        run = LiveRun(asked, self._engine.finish)
        self._runs[run.asked.run] = run
        task = asyncio.get_running_loop().create_task(self._follow(run, asking))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await run.begun()
        return run

    async def find(self, run: str, *, user: str) -> LiveRun | None:
        """The run of this id and user: one that happens, that ended just now, or that was kept. Raises RunsError."""
        if (live := self._runs.get(run)) is not None:
            return live if live.asked.user == user else None
        if self._store is None or (kept := await self._store.find(run, user=user)) is None:
            return None
        return restored(kept, await in_daemon_thread(events_of, kept))

    async def repeated(self, key: str, *, seconds: float) -> tuple[str, str] | None:
        """The id and the digest of the body of a kept run that a request with this key began in the last seconds."""
        try:
            return await self._store.repeated(key, since=self._wall() - seconds) if self._store is not None else None
        except RunsError as error:
            _log.warning("No earlier run was looked for: %s", error)
            return None

    async def delete(self, run: str, *, user: str) -> bool:
        """Remove a run, which ends if it happens now; false if there is none of this user. Raises RunsError."""
        live = await self.find(run, user=user)
        if live is None:
            return False
        live.cancel()
        await live.ended()
        await self.written(run)
        self._forget(run)
        if self._store is not None:
            await self._store.delete(run, user=user)
        return True

    async def deleted(self, runs: Collection[str]) -> set[str]:
        """Those of these runs that are kept no longer, as another process may have deleted them. Raises RunsError."""
        written = {*runs} - self._runs.keys()
        return written - await self._store.kept(written) if written and self._store is not None else set()

    async def written(self, run: str) -> None:
        """Wait until this run, which has ended, is kept."""
        while run in self._runs and self._store is not None and self._tasks:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def drain(self) -> None:
        """Wait until every run has ended and was written."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """End every run now with what has arrived, keep them, and forget them."""
        for run in self.running:
            run.cancel()
        await self.drain()
        for run in tuple(self._runs):
            self._forget(run)
        if self._store is not None:
            await self._store.close()

    async def _follow(self, run: LiveRun, asking: dict[str, Any]) -> None:
        try:
            async with aclosing(self._engine.stream(run.asked.question, user=run.asked.user, **asking)) as events:
                async for event in events:
                    run.see(event)
        except Exception as error:  # noqa: BLE001 - readers of the run get it
            run.fail(error, describe(error))
        if run.log.events:
            self._ended(run)
            await self._keep(run)
        else:
            self._forget(run.asked.run)

    async def _keep(self, run: LiveRun) -> None:
        if self._store is None:
            self._hold(run)
            return
        record = run.record()
        characters = _characters(record)
        if self._waiting + characters > MOST_UNWRITTEN and self.unwritten:
            kept = False
        else:
            self.unwritten, self._waiting = self.unwritten + 1, self._waiting + characters
            kept = await self._store.keep(record)
            self.unwritten, self._waiting = self.unwritten - 1, self._waiting - characters
        self._forget(run.asked.run)
        if not kept:
            self.lost += 1
            if self.lost.bit_count() == 1:  # each time that they have doubled
                _log.warning("%d runs were not kept; %d wait to be written.", self.lost, self.unwritten)

    def _hold(self, run: LiveRun) -> None:
        loop = asyncio.get_running_loop()
        self._timers[run.asked.run] = loop.call_later(HELD_SECONDS, partial(self._forget, run.asked.run))
        if len(self._timers) > MOST_HELD:
            self._forget(next(iter(self._timers)))

    def _forget(self, run: str) -> None:
        self._runs.pop(run, None)
        if (timer := self._timers.pop(run, None)) is not None:
            timer.cancel()


def _characters(run: EndedRun) -> int:
    """About how much a run has to be written."""
    documents = [len(each.document.text) for each in run.events if isinstance(each, Fetched)]
    return sum(documents) + EVENT_CHARACTERS * len(run.events)


def restored(kept: KeptRun, events: Iterable[Event]) -> LiveRun:
    """A kept run with these events, as readers follow it."""
    found = kept.summary
    run = LiveRun(Asked(found.id, found.user, found.question, found.asked_at, kept.request), lambda _: None)
    for each in events:
        run.log.add(each)
    if not run.log.over:
        run.log.fail("This run ended without an answer.")
    run.status = found.status
    return run


def anonymous(event: Event) -> Event:
    """The event without who asked."""
    return replace(event, question=replace(event.question, user="")) if isinstance(event, Planned) else event


def events_of(kept: KeptRun) -> Sequence[Event]:
    """The events of a kept run. Raises RunsError for one that another version of fanin kept."""
    try:
        return [from_json(each) for each in kept.events]
    except ValueError as error:
        raise RunsError(
            f"The run {kept.summary.id} was kept by another version of fanin; fanin cannot show it. Export it with"
            " `fanin runs export`, or delete it."
        ) from error
