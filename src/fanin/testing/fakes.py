"""Fakes that keep the rules of the real things: a source with a script, a pool whose work takes virtual time."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fanin.errors import FailureKind
from fanin.model import Document, Failure, Question
from fanin.pools.inside import job
from fanin.pools.pool import Done, OnStart
from fanin.sources.source import Item, Source

REFUSALS = {FailureKind.DEADLINE: "The deadline came.", FailureKind.CLOSED: "The pool is closed."}

type Step = tuple[float, str | Document | BaseException | None]
"""Seconds to wait, then what to hand over, raise, or (None) nothing; `math.inf` seconds never end."""


@dataclass(slots=True)
class FakeSource:
    """A source that follows a script, and counts how often it was asked and how often it was stopped.

    `steps` are (seconds to wait, what comes then): a text, a document, an exception, or None for nothing; `math.inf`
    seconds never end. It ignores for `deaf` seconds that it was cancelled. One that `searches` may be
    asked again by a second round. `.source` is what an engine takes.
    """

    name: str
    steps: tuple[Step, ...]
    timeout: float = 5.0
    deaf: float = 0.0
    searches: bool = False
    asked: list[Question] = field(default_factory=list[Question])
    stopped: int = 0

    @property
    def source(self) -> Source:
        """The fake as an engine takes it."""
        return Source(self.name, self._fetch, timeout=self.timeout, searches=self.searches)

    async def _fetch(self, question: Question) -> AsyncIterator[Item]:
        self.asked.append(question)
        try:
            for seconds, thing in self.steps:
                await _wait(seconds)
                if isinstance(thing, BaseException):
                    raise thing.with_traceback(None)
                if thing is not None:
                    yield thing if isinstance(thing, Document) else Document(thing)
        except asyncio.CancelledError, GeneratorExit:
            self.stopped += 1
            await self._ignore()
            raise

    async def _ignore(self) -> None:
        end = asyncio.get_running_loop().time() + self.deaf
        while (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                await asyncio.sleep(left)
            except asyncio.CancelledError:
                continue


async def _wait(seconds: float) -> None:
    if seconds == math.inf:
        await asyncio.get_running_loop().create_future()
    elif seconds:
        await asyncio.sleep(seconds)


class FakePool:
    """A pool whose jobs take virtual time, for the jumping clock: first in, first out, `workers` at a time.

    `seconds(document)` says how long the work on a document takes. The work itself runs on the event loop when its
    time is over, and cannot be stopped there. A job that would end after its deadline fails at it, and does not run.
    """

    name = "fake"

    def __init__(self, *, workers: int = 2, seconds: Callable[[Document], float] = lambda _: 0.0) -> None:
        self.workers = workers
        self._seconds = seconds
        self._free_at = [0.0] * workers
        self._waiting: set[asyncio.Future[Done]] = set()
        self._jobs = 0
        self._failures = 0
        self.closed = False

    def warm(self) -> None:
        """Nothing to do."""

    def submit(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        deadline: float,
        group: str = "",  # noqa: ARG002 - first in, first out
        size: int = 0,  # noqa: ARG002
        on_start: OnStart | None = None,
    ) -> asyncio.Future[Done]:
        """As a pool does."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Done] = loop.create_future()
        self._jobs += 1
        if self.closed:
            self._refuse(future, FailureKind.CLOSED)
            return future
        worker = min(range(self.workers), key=lambda index: self._free_at[index])
        start = max(loop.time(), self._free_at[worker])
        cost = self._seconds(arguments[-1])
        end = min(start + cost, max(deadline, start))
        self._free_at[worker] = end
        if start >= deadline or start + cost > deadline:
            timer = loop.call_at(min(end, deadline), self._refuse, future, FailureKind.DEADLINE)
        else:
            timer = loop.call_at(end, self._work, future, partial(partial, function, *arguments), worker, start)
        if on_start is not None and start < deadline:
            loop.call_at(start, on_start, f"worker {worker + 1}")
        self._waiting.add(future)
        future.add_done_callback(lambda future: self._withdraw(timer, worker, end, future))
        return future

    def statistics(self) -> dict[str, int]:
        """Counts since the start."""
        return {
            "workers": self.workers,
            "jobs": self._jobs,
            "failures": self._failures,
            "abandoned": 0,
            "replaced": 0,
        }

    async def close(self) -> None:
        """End every job, and refuse those that come."""
        self.closed = True
        for future in tuple(self._waiting):
            self._refuse(future, FailureKind.CLOSED)

    def _refuse(self, future: asyncio.Future[Done], kind: FailureKind) -> None:
        if not future.done():
            now = time.monotonic()
            self._failures += 1
            future.set_result(Done(None, Failure(kind, REFUSALS[kind]), "", now, now))

    def _work(self, future: asyncio.Future[Done], load: job.Load, worker: int, start: float) -> None:
        if future.done():
            return
        took = asyncio.get_running_loop().time() - start
        reply = job.run_unwatched(load, job.keep_value)
        failure = Failure(reply.kind, reply.message) if reply.kind else None
        self._failures += failure is not None
        future.set_result(Done(reply.value, failure, f"worker {worker + 1}", reply.started - took, reply.started, took))

    def _withdraw(self, timer: asyncio.TimerHandle, worker: int, end: float, future: asyncio.Future[Done]) -> None:
        timer.cancel()
        self._waiting.discard(future)
        if future.cancelled() and self._free_at[worker] == end:
            self._free_at[worker] = asyncio.get_running_loop().time()
