"""Where the work on a document is done: on the event loop when that is cheaper than handing it over, else in a pool."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fanin.documents.document_text import is_markup
from fanin.errors import FailureKind, describe
from fanin.model import Document, Failure
from fanin.pools.inline_pool import InlinePool
from fanin.pools.pool import Done, OnStart, Pool
from fanin.pools.pool_choice import ready_workers
from fanin.process import ANALYSIS
from fanin.process.batch import Analyzed, analyze_each

SECONDS_PER_DOCUMENT, SECONDS_PER_CHARACTER, NON_ASCII_FACTOR = 60e-6, 1.0e-6, 3.0
"""Seconds that fanin's analysis takes for any document and for each character, and how many times as much for each when
not all of them are ASCII; `scripts/bench text` shows what they are on your machine."""

MAX_SECONDS_ON_LOOP = 0.5e-3
"""Seconds of analysis up to which a document stays on the loop. To hand it to a worker and to take back what it says
takes the loop about half of that, and the worker and the threads between them as much again."""

SLICE = 1e-3
"""Seconds of such work between two turns of the loop, so that it delays nothing else by more."""

BATCH, PARALLEL = 64, ("interpreters", "processes")
"""Documents that are handed over together when more wait for the loop than a slice of its time, and the pools whose
workers can do them while the loop goes on."""

FEW = 4
"""Documents that are handed over together at least; for fewer, it takes the loop as long as to do the work."""

BATCH_INTERVAL, LONG_BATCH = 0.005, 0.02
"""Seconds after a batch for which documents wait for the next one, and that a batch may take before the loop helps."""

WARM_AFTER = 0.15
"""Seconds that a question takes before workers are started for documents that may be long: quick ones need none."""

BUSY, BUSY_INTERVAL = 0.25, 0.1
"""The share of the loop's time that such work takes, over so many seconds, from which workers are started to help."""

LANE = "loop"
"""The name of the event loop in a timeline."""

type Work = Callable[[str, Document], Any]


def cost(work: Work, document: Document) -> float:
    """Seconds that the work takes, by the document's length; infinite when it is not known.

    It is not known of a function of the user, nor of HTML.
    """
    if work is not ANALYSIS.work or is_markup(document):
        return float("inf")
    each = SECONDS_PER_CHARACTER if document.text.isascii() else NON_ASCII_FACTOR * SECONDS_PER_CHARACTER
    return SECONDS_PER_DOCUMENT + each * (len(document.text) + len(document.title))


@dataclass(eq=False, slots=True)
class _Job:
    """The analysis of a short document, which waits; `seconds` is its cost."""

    question: str
    document: Document
    deadline: float
    seconds: float
    future: asyncio.Future[Done]
    on_start: OnStart | None

    def settle(self, done: Done) -> None:
        """Give the result to whoever awaits the job, unless it was cancelled."""
        if not self.future.done():
            self.future.set_result(done)


class Placement:
    """A pool, with the loop in front of it for what is `cheap` there; all questions of an engine share one."""

    def __init__(self, pool: Pool, *, cheap: bool) -> None:
        self._pool = pool
        self._cheap = cheap
        self._warm = False
        self._waiting: deque[_Job] = deque()
        self._batches: set[asyncio.Future[Done]] = set()
        self._handed_over, self._spent = -math.inf, 0.0
        self._interval_began, self._spent_in_interval = -math.inf, 0.0
        self._on_loop = 0

    def begin(self) -> asyncio.TimerHandle | None:
        """A question begins: start the workers, or give the timer that will, when it may do without them."""
        if self._cheap and not self._warm:
            return asyncio.get_running_loop().call_later(WARM_AFTER, self.warm)
        self._pool.warm()
        return None

    def warm(self) -> None:
        """Start the workers if they are not started; they help the loop from then on."""
        self._pool.warm()
        self._warm = True  # only now: to a pool that refuses to start, nothing is handed over

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
        """As `Pool.submit`; gives the result itself if the job was done at once."""
        if not self._cheap or (seconds := cost(work, document)) > MAX_SECONDS_ON_LOOP:
            if isinstance(self._pool, InlinePool):
                return self._pool.run(work, (question, document), deadline=deadline, on_start=on_start)
            group, size = document.source, len(document.text)
            return self._pool.submit(
                work, question, document, deadline=deadline, group=group, size=size, on_start=on_start
            )
        loop = asyncio.get_running_loop()
        if not self._spent and not self._waiting:
            loop.call_soon(self._turn, loop)
        idle = not self._waiting and not self._batches and loop.time() - self._handed_over > BATCH_INTERVAL
        if idle and self._spent + seconds <= SLICE:
            return self._do(question, document, deadline, seconds, on_start, loop)
        job = _Job(question, document, deadline, seconds, loop.create_future(), on_start)
        self._waiting.append(job)
        return job.future

    def statistics(self) -> dict[str, int]:
        """Those of the pool; `on_loop` counts the documents that were processed on the event loop."""
        return {**self._pool.statistics(), "on_loop": self._on_loop}

    async def close(self) -> None:
        """Fail the waiting jobs, and close the pool."""
        while self._waiting:
            self._waiting.popleft().settle(_refused(FailureKind.CLOSED, "The pool was closed while it waited."))
        await self._pool.close()

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand the waiting jobs to a worker that is free, or do those that fit in a slice.

        The loop has seen to everything else since the last turn.
        """
        now = loop.time()
        if not self._warm:
            self._warm_if_busy(loop, now)
        self._spent = 0.0
        free = self._warm and len(self._batches) < self._parallel()
        if free and len(self._waiting) >= FEW:
            jobs = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            self._hand_over([job for job in jobs if not job.future.done()], now)
        keeps = BATCH if self._batches and now - self._handed_over < LONG_BATCH else 0
        while len(self._waiting) > keeps and self._spent + self._waiting[0].seconds <= SLICE:
            job = self._waiting.popleft()
            if not job.future.done():
                job.settle(self._do(job.question, job.document, job.deadline, job.seconds, job.on_start, loop))
        if self._spent or self._waiting:
            loop.call_soon(self._turn, loop)

    def _warm_if_busy(self, loop: asyncio.AbstractEventLoop, now: float) -> None:
        self._spent_in_interval += self._spent
        elapsed = now - self._interval_began
        if elapsed < BUSY_INTERVAL:
            return
        if self._spent_in_interval > BUSY * elapsed and self._pool.name in PARALLEL:
            loop.call_soon(self.warm)
        self._interval_began, self._spent_in_interval = now, 0.0

    def _parallel(self) -> int:
        """How many batches may be in work: the loop needs a core as well."""
        ready = ready_workers(self._pool) if self._pool.name in PARALLEL else 0
        return max(1, ready - 1) if ready else 0

    def _hand_over(self, jobs: Sequence[_Job], now: float) -> None:
        """Have one worker do all of these."""
        if not jobs:
            return
        self._handed_over = now
        pairs = [(job.question, job.document) for job in jobs]
        size, latest = sum([len(document.text) for _, document in pairs]), max([job.deadline for job in jobs])
        batch = self._pool.submit(analyze_each, pairs, deadline=latest, size=size, on_start=partial(_begun, jobs))
        self._batches.add(batch)
        batch.add_done_callback(partial(self._batch_done, jobs))

    def _batch_done(self, jobs: Sequence[_Job], batch: asyncio.Future[Done]) -> None:
        self._batches.discard(batch)
        done = batch.result()
        if done.failure is not None:
            # Whatever it was, such as a worker that was killed, it was not all of them.
            for job in jobs:
                self._alone(job)
            return
        analyzed: Sequence[Analyzed] = done.value
        for job, (value, error, started, ended) in zip(jobs, analyzed, strict=True):
            job.settle(Done(value, _raised(error) if error else None, done.worker, started, ended, ended - started))

    def _alone(self, job: _Job) -> None:
        if not job.future.done():
            again = self._pool.submit(ANALYSIS.work, job.question, job.document, deadline=job.deadline)
            again.add_done_callback(lambda again: job.settle(again.result()))

    def _do(
        self,
        question: str,
        document: Document,
        deadline: float,
        seconds: float,
        on_start: OnStart | None,
        loop: asyncio.AbstractEventLoop,
    ) -> Done:
        if deadline <= loop.time():
            return _refused(FailureKind.DEADLINE, "Its time was over before it began. Use more time.")
        self._on_loop += 1
        if on_start is not None:
            on_start(LANE)
        value, failure, started = None, None, time.monotonic()
        try:
            value = ANALYSIS.work(question, document)
        except Exception as error:  # noqa: BLE001 - what a document makes of the analysis is its outcome
            failure = _raised(describe(error))
        ended = time.monotonic()
        took = ended - started  # nothing else runs in this thread meanwhile, so it is CPU time as well
        self._spent += max(seconds, took)
        return Done(value, failure, LANE, started, ended, took)


def _begun(jobs: Sequence[_Job], worker: str) -> None:
    for job in jobs:
        if job.on_start is not None:
            job.on_start(worker)


def _raised(error: str) -> Failure:
    return Failure(FailureKind.EXCEPTION, f"The process function raised {error}.")


def _refused(kind: FailureKind, message: str) -> Done:
    now = time.monotonic()
    return Done(None, Failure(kind, message), "", now, now)
