"""Where the work on a document is done: on the event loop when that is cheaper than handing it over, else in a pool."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from fanin.errors import describe
from fanin.model import Document, Failure
from fanin.pools.pool import Done, OnStart, Pool
from fanin.process import ANALYSIS
from fanin.text.cleaning import is_markup

START, CHARACTER, OTHER_SCRIPT = 60e-6, 1.0e-6, 3.0
"""Seconds that fanin's analysis takes for any document and for each character, and how many times as much for each when
not all of them are ASCII; `scripts/bench text` shows what they are on your machine."""

HAND_OVER = 0.5e-3
"""Seconds of analysis up to which a document stays on the loop. To hand it to a worker and to take back what it says
takes the loop about half of that, and the worker and the threads between them as much again."""

SLICE = 1e-3
"""Seconds of such work between two turns of the loop, so that it delays nothing else by more."""

WARM = 0.15
"""Seconds that a question takes before workers are started for documents that may be long: quick ones need none."""

LANE = "loop"
"""The name of the event loop in a timeline."""

type Work = Callable[[str, Document], Any]


def cost(work: Work, document: Document) -> float:
    """Seconds that the work takes, by the document's length; infinite when nobody knows.

    Nobody knows it of a function of the user's own, nor of HTML.
    """
    if work is not ANALYSIS.work or is_markup(document):
        return float("inf")
    each = CHARACTER if document.text.isascii() else OTHER_SCRIPT * CHARACTER
    return START + each * (len(document.text) + len(document.title))


@dataclass(eq=False, slots=True)
class _Job:
    call: Callable[[], Any]
    deadline: float
    seconds: float
    future: asyncio.Future[Done]
    on_start: OnStart | None


class Placement:
    """A pool, with the loop in front of it for what is `cheap` there; all questions of an engine share one."""

    def __init__(self, pool: Pool, *, cheap: bool) -> None:
        self._pool = pool
        self._cheap = cheap
        self._warm = False
        self._waiting: deque[_Job] = deque()
        self._spent = 0.0
        self._on_loop = 0

    def begin(self) -> asyncio.TimerHandle | None:
        """A question begins: start the workers, or give the timer that will, when it may do without them."""
        if self._cheap and not self._warm:
            return asyncio.get_running_loop().call_later(WARM, self._begin_pool)
        self._pool.warm()
        return None

    @property
    def pool_name(self) -> str:
        """The kind of the workers."""
        return self._pool.name

    @property
    def workers(self) -> int:
        """How many workers there are."""
        return self._pool.workers

    def submit(
        self, work: Work, question: str, document: Document, *, deadline: float, on_start: OnStart | None = None
    ) -> Done | asyncio.Future[Done]:
        """As `Pool.submit`, or at once what became of the job."""
        if not self._cheap or (seconds := cost(work, document)) > HAND_OVER:
            group, size = document.source, len(document.text)
            return self._pool.submit(
                work, question, document, deadline=deadline, group=group, size=size, on_start=on_start
            )
        loop = asyncio.get_running_loop()
        self._on_loop += 1
        if not self._spent and not self._waiting:
            loop.call_soon(self._turn, loop)
        if not self._waiting and self._spent + seconds <= SLICE:
            return self._do(partial(work, question, document), deadline, seconds, on_start, loop)
        job = _Job(partial(work, question, document), deadline, seconds, loop.create_future(), on_start)
        self._waiting.append(job)
        return job.future

    def statistics(self) -> dict[str, int]:
        """Those of the pool; `on_loop` are the documents that it was spared."""
        return {**self._pool.statistics(), "on_loop": self._on_loop}

    async def close(self) -> None:
        """Fail what waits, and close the pool."""
        while self._waiting:
            job = self._waiting.popleft()
            if not job.future.done():
                job.future.set_result(_refused("closed", "The pool was closed while it waited."))
        await self._pool.close()

    def _begin_pool(self) -> None:
        self._warm = True
        self._pool.warm()

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do what waits, as far as a slice goes: the loop has seen to everything else since the last one."""
        self._spent = 0.0
        while self._waiting and self._spent + self._waiting[0].seconds <= SLICE:
            job = self._waiting.popleft()
            if not job.future.done():
                job.future.set_result(self._do(job.call, job.deadline, job.seconds, job.on_start, loop))
        if self._spent or self._waiting:
            loop.call_soon(self._turn, loop)

    def _do(
        self,
        call: Callable[[], Any],
        deadline: float,
        seconds: float,
        on_start: OnStart | None,
        loop: asyncio.AbstractEventLoop,
    ) -> Done:
        if deadline <= loop.time():
            return _refused("deadline", "Its time was over before it began. Use more time.")
        if on_start is not None:
            on_start(LANE)
        value, failure, started = None, None, time.monotonic()
        try:
            value = call()
        except Exception as error:  # noqa: BLE001 - what a document makes of the analysis is its outcome
            failure = Failure("exception", f"The process function raised {describe(error)}.")
        ended = time.monotonic()
        took = ended - started  # nothing else runs in this thread meanwhile, so it is CPU time as well
        self._spent += max(seconds, took)
        return Done(value, failure, LANE, started, ended, took)


def _refused(kind: str, message: str) -> Done:
    now = time.monotonic()
    return Done(None, Failure(kind, message), "", now, now)
