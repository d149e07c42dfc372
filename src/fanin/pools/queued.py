"""The queue in front of the workers: deadlines, cancelling and stuck jobs, the same for every kind of worker."""

import asyncio
import itertools
import math
import time
from collections import deque
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from fanin.errors import PoolError, describe
from fanin.log import logger
from fanin.model import Document, Failure
from fanin.pools.inside.job import Reply, Work, runs_main_again
from fanin.pools.pool import Done
from fanin.pools.workers.crew import Crew, Hire, Order, Slot, Worker

GRACE = 0.05
"""Seconds after its deadline in which Python code lets itself be stopped; then the job fails as stuck."""

PATIENCE = 0.2
"""Seconds after that until its worker is given up: a busy machine may be slow, and a new worker costs CPU time."""

START = 10.0
"""Seconds that opening waits for the first worker, which takes some hundredths; a program must never hang there."""

NO_GUARD = (
    "The main file starts a pool when a worker runs it again to get at its process function; fanin started none."
    ' Put what starts the program under `if __name__ == "__main__":`, or the function into a module of its own.'
)


@dataclass(eq=False, slots=True)
class Job:
    """One call; `deadline` is an instant of the loop's clock, `sent` and `patience` are instants of time.monotonic."""

    order: Order
    future: asyncio.Future[Done]
    deadline: float
    timer: asyncio.TimerHandle | None = None
    slot: Slot | None = None
    sent: float = 0.0
    patience: float = math.inf


class QueuedPool:
    """A pool of workers that `hire` makes, behind one queue that is first in, first out.

    All state is touched on one event loop only, the one on which `warm` or `submit` was called first. `name` is the
    kind of its workers, another kind once it had to move.
    """

    def __init__(
        self, name: str, hire: Hire, *, workers: int | None = None, refuge: tuple[str, Hire] | None = None
    ) -> None:
        self._crew = Crew(name, hire, workers=workers, refuge=refuge)
        self.name = name
        self.workers = len(self._crew.slots)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: deque[Job] = deque()
        self._numbers = itertools.count(1)
        self._jobs = self._failures = 0
        self._closed = False

    def warm(self) -> None:
        """Start the workers if they are not started; returns at once."""
        self._bind()

    async def ready(self) -> None:
        """Wait for the first worker; raises PoolError if it could not start or cannot load the process function."""
        self._bind()
        if self._closed:
            raise PoolError(f"The pool {self.name!r} is closed; fanin did nothing. Make another.")
        try:
            trouble = await asyncio.wait_for(asyncio.shield(self._crew.loaded), START)
        except TimeoutError:
            # It may still come: jobs wait for it no longer than for their deadline.
            logger.warning("no worker of %s has started within %g s; fanin goes on without", self.name, START)
            return
        if trouble:
            raise PoolError(trouble)

    def submit(self, work: Work, question: str, document: Document, *, deadline: float) -> asyncio.Future[Done]:
        """Queue one job; see Pool."""
        loop = self._bind()
        now, future = loop.time(), loop.create_future()
        order = Order(next(self._numbers), time.monotonic() + deadline - now, work, question, document)
        job = Job(order, future, deadline)
        self._jobs += 1
        if self._closed:
            self._fail(job, "closed", "The pool is closed.")
        elif deadline <= now:
            self._fail(job, "deadline", "The deadline was over before it began.")
        else:
            future.add_done_callback(partial(self._over, job))
            self._queue(job, loop)
        return future

    def statistics(self) -> dict[str, int]:
        """Counts since the start; and of now: jobs `waiting` and `running`, and workers `stuck`."""
        return {
            "workers": self.workers,
            "jobs": self._jobs,
            "failures": self._failures,
            **self._crew.counts,
            "waiting": sum(not job.future.done() for job in self._waiting),
            "running": sum(slot.busy > 0 for slot in self._crew.slots),
            "stuck": len(self._crew.stuck),
        }

    async def close(self) -> None:
        """Fail what waits, stop what runs, end the workers; those that do not end in a second are left behind."""
        self._closed = True
        if self._loop is not None:
            for job in self._waiting:
                self._fail(job, "closed", "The pool was closed while it waited.")
            self._waiting.clear()
            for job in tuple(self._running):
                self._fail(job, "closed", "The pool was closed while it ran.")
            await self._crew.close()

    def _bind(self) -> asyncio.AbstractEventLoop:
        """The running loop, to which the pool belongs from the first call on; starts the workers then."""
        loop = asyncio.get_running_loop()
        if runs_main_again.get():
            raise PoolError(NO_GUARD)
        if self._loop is None:
            self._loop, self._running = loop, set[Job]()
            if not self._closed:
                self._crew.start(loop, self._fill)
        elif self._loop is not loop:
            raise PoolError(f"The pool {self.name!r} belongs to another event loop; fanin did nothing. Make one each.")
        return loop

    def _queue(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        if job.deadline < math.inf:
            job.timer = loop.call_at(job.deadline, self._deadline_came, job, loop)
        self._waiting.append(job)
        self._crew.hope()
        self._fill()

    def _fill(self) -> None:
        """Hand waiting jobs to free workers; where no worker is left to wait for, they fail."""
        self.name = self._crew.name
        while self._waiting:
            if self._waiting[0].future.done():
                self._waiting.popleft()
            elif (lost := self._crew.lost()) is not None:
                self._fail(self._waiting.popleft(), *lost)
            elif (slot := self._crew.pick()) is not None:
                self._send(self._waiting.popleft(), slot)
            else:
                break

    def _send(self, job: Job, slot: Slot) -> None:
        assert slot.worker is not None  # noqa: S101 - a slot without a worker is never picked
        sent = time.monotonic()
        try:
            answer = slot.worker.send(job.order)
        except Exception as error:  # noqa: BLE001 - metadata may be anything, and pickling runs its code
            kind = _unsent(error)
            self._fail(job, kind, f"The job could not be sent: {describe(error)}.")
            self._crew.back(slot, slot.worker, well=kind != "crashed")
        else:
            job.slot, slot.busy, job.sent = slot, job.order.number, sent
            self._running.add(job)
            answer.add_done_callback(partial(self._answered, job, slot.worker))

    def _answered(self, job: Job, worker: Worker, answer: Future[Reply]) -> None:
        """Hand the answer to the loop; this runs in a thread of the worker's."""
        done, well = _done(answer, worker, job)
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._returned, job, worker, done, well)

    def _returned(self, job: Job, worker: Worker, done: Done | None, well: bool) -> None:
        assert job.slot is not None  # noqa: S101 - it was sent
        slot, job.slot = job.slot, None
        self._running.discard(job)
        if done is not None and done.failure is not None and done.failure.kind == "refused":
            if trouble := self._crew.move(slot, done.failure.message):
                done = replace(done, failure=Failure("import", trouble))
            elif not job.future.done() and not self._closed:
                self._waiting.appendleft(job)
                done = None
        self._crew.back(slot, worker, well=well)
        if done is not None:
            self._settle(job, done)
        self._fill()

    def _deadline_came(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        if job.slot is None:
            self._fail(job, "deadline", "Its time was over while it waited for a worker. Use more workers or time.")
        else:
            job.timer = loop.call_later(GRACE, self._overdue, job)

    def _overdue(self, job: Job) -> None:
        text = f"It did not stop within {GRACE:g} s after its deadline; its worker is left behind if it stays stuck."
        self._fail(job, "stuck", text)

    def _over(self, job: Job, _: object) -> None:
        """The future has a result or was cancelled: a job that still runs is stopped, or else its worker given up."""
        if job.timer is not None:
            job.timer.cancel()
        if job.slot is not None and job.slot.worker is not None and self._loop is not None:
            job.slot.worker.stop(job.order.number)
            job.patience = time.monotonic() + PATIENCE
            self._loop.call_later(PATIENCE, self._give_up, job, self._loop)

    def _give_up(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        if job.slot is None or self._closed:
            return
        if (left := job.patience - time.monotonic()) > 0:  # the loop's clock may jump, the worker's does not
            loop.call_later(left, self._give_up, job, loop)
            return
        self._running.discard(job)
        self._crew.give_up(job.slot)
        self._fill()

    def _fail(self, job: Job, kind: str, message: str) -> None:
        ended = time.monotonic()
        worker = job.slot.name if job.slot else ""
        self._settle(job, Done(None, Failure(kind, message), worker, job.sent or ended, ended))

    def _settle(self, job: Job, done: Done) -> None:
        if not job.future.done():
            self._failures += done.failure is not None
            job.future.set_result(done)


def _unsent(error: Exception) -> str:
    match error:
        case ImportError():
            return "import"
        case RuntimeError():  # the executor was shut down, or broke
            return "crashed"
        case _:
            return "unsendable"


def _done(answer: Future[Reply], worker: Worker, job: Job) -> tuple[Done, bool]:
    """What a worker's answer means, and whether the worker is well."""
    name = job.slot.name if job.slot else ""
    try:
        kind, message, value, started, ended, cpu = answer.result()
    except CancelledError:
        return Done(None, Failure("deadline", "It was withdrawn before it began."), name), True
    except BaseException as error:  # noqa: BLE001 - whatever ended the worker
        failure = Failure("crashed", f"{name} was lost: {describe(error)}.")
        return Done(None, failure, name, job.sent, time.monotonic()), False
    try:
        value = None if kind else worker.take(value)
    except Exception as error:  # noqa: BLE001 - unpickling runs code of the value's class
        kind, message = "unsendable", f"The value could not be read here: {describe(error)}."
        value = None
    now = time.monotonic()
    shift = 0.0 if job.sent <= started <= ended <= now else now - ended  # the clock of another machine
    failure = Failure(kind, message) if kind else None
    return Done(value, failure, name, started + shift, ended + shift, cpu), True
