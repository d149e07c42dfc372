"""Fakes that keep the rules of the real things: a source with a script, a pool whose work takes virtual time."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from fanin.model import Document, Failure, Question
from fanin.pools.pool import Done
from fanin.sources.source import Item, Source

type Step = tuple[float, str | Document | BaseException | None]
"""Seconds to wait, then what to hand over, raise, or (None) nothing; `math.inf` seconds never end."""


@dataclass(slots=True)
class FakeSource:
    """A source that follows a script, and counts how often it was asked and how often it was stopped.

    With `deaf` seconds, it ignores being stopped for so long, as badly written code does. Use `.source`.
    """

    name: str
    steps: tuple[Step, ...]
    timeout: float = 5.0
    deaf: float = 0.0
    asked: list[Question] = field(default_factory=list[Question])
    stopped: int = 0

    @property
    def source(self) -> Source:
        """The fake as an engine takes it."""
        return Source(self.name, self._fetch, timeout=self.timeout)

    async def _fetch(self, question: Question) -> AsyncIterator[Item]:
        self.asked.append(question)
        try:
            for seconds, thing in self.steps:
                await _wait(seconds)
                if isinstance(thing, BaseException):
                    raise thing
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
    """A pool whose jobs take virtual time: `seconds(document)` each, on `workers` at a time, first in, first out.

    The work itself runs on the loop when its time is over. A job that would end after its deadline fails at it.
    """

    name = "fake"

    def __init__(self, *, workers: int = 2, seconds: Callable[[Document], float] = lambda _: 0.0) -> None:
        self.workers = workers
        self._seconds = seconds
        self._free_at = [0.0] * workers
        self._jobs = 0
        self._failures = 0
        self.closed = False

    def warm(self) -> None:
        """Nothing to do."""

    def submit(
        self, work: Callable[[str, Document], Any], question: str, document: Document, *, deadline: float
    ) -> asyncio.Future[Done]:
        """As a pool does."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Done] = loop.create_future()
        worker = min(range(self.workers), key=lambda index: self._free_at[index])
        start = max(loop.time(), self._free_at[worker])
        end = min(start + self._seconds(document), max(deadline, start))
        self._free_at[worker] = end
        self._jobs += 1
        if start >= deadline:
            job = _Job(future, start, deadline, "")
        else:
            job = _Job(future, start, end, f"worker {worker + 1}")
        late = start + self._seconds(document) > deadline
        timer = loop.call_at(job.end, lambda: self._done(job, work, question, document, late=late))
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
        """Remember that it was closed."""
        self.closed = True

    def _done(
        self, job: _Job, work: Callable[[str, Document], Any], question: str, document: Document, *, late: bool
    ) -> None:
        if job.future.done():
            return
        value, failure = None, Failure("deadline", "The deadline came.") if late else None
        if not late:
            try:
                value = work(question, document)
            except Exception as error:  # noqa: BLE001 - a worker never raises across the border
                failure = Failure("exception", f"{type(error).__name__}: {error}")
        self._failures += failure is not None
        shift = time.monotonic() - asyncio.get_running_loop().time()
        job.future.set_result(
            Done(value, failure, job.worker, job.start + shift, job.end + shift, max(0.0, job.end - job.start))
        )

    def _withdraw(self, timer: asyncio.TimerHandle, worker: int, end: float, future: asyncio.Future[Done]) -> None:
        timer.cancel()
        if future.cancelled() and self._free_at[worker] == end:
            self._free_at[worker] = asyncio.get_running_loop().time()


@dataclass(frozen=True, slots=True)
class _Job:
    future: asyncio.Future[Done]
    start: float
    end: float
    worker: str
