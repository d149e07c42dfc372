"""A pool of workers with one queue: deadlines, cancellation and stuck jobs, for every kind of worker."""

import asyncio
import itertools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from fanin.errors import FailureKind, PoolError, describe
from fanin.log import logger
from fanin.model import Failure
from fanin.pools.inside.job import Reply
from fanin.pools.inside.references import runs_main_again
from fanin.pools.pool import Done, OnStart
from fanin.pools.schedule import Costs, Schedule
from fanin.pools.supervisor import START_TIMEOUT, Slot, Supervisor
from fanin.pools.workers.worker import MakeWorker, Order

GRACE = 0.05
"""Seconds after the deadline for Python code to stop; then the job fails as stuck."""

ABANDON_AFTER = 0.2
"""Seconds after that until its worker is abandoned: the machine may be busy, and a new worker costs CPU time."""

AHEAD = 0.001
"""Seconds of work that a worker may have queued behind its running job, so that it need not wait for the next."""

NO_GUARD = (
    "The main file starts a pool when a worker runs it again to import its process function; fanin started none."
    ' Put what starts the program under `if __name__ == "__main__":`, or the function into a module of its own.'
)


@dataclass(eq=False, slots=True)
class Job:
    """One call; `deadline` is an instant of the loop's clock, `until`, `sent` and `abandon_at` of time.monotonic."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    future: asyncio.Future[Done]
    deadline: float
    until: float
    group: str
    size: int
    on_start: OnStart | None = None
    number: int = 0
    timer: asyncio.TimerHandle | None = None
    slot: Slot | None = None
    sent: float = 0.0
    expected: float = 0.0
    abandon_at: float = math.inf
    stopping: bool = False


class WorkerPool:
    """A pool of workers, made by `make_worker`, with one queue; see `Schedule` for its order.

    It belongs to the event loop on which `warm` or `submit` was called first. `name` is the kind of its workers, which
    changes with `fallback`. With `ahead`, workers get the next jobs while they still work, if these are known to be
    short.
    """

    def __init__(
        self,
        name: str,
        make_worker: MakeWorker,
        *,
        workers: int | None = None,
        fallback: tuple[str, MakeWorker] | None = None,
        ahead: bool = True,
    ) -> None:
        self._supervisor = Supervisor(name, make_worker, self, workers=workers, fallback=fallback)
        self._slots = self._supervisor.slots
        self.workers = len(self._slots)
        self._ahead = AHEAD if ahead else 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting = Schedule[Job]()
        self._costs = Costs()
        self._numbers = itertools.count(1)
        self._submitted = self._failures = 0
        self._closed = False

    @property
    def name(self) -> str:
        """The kind of the workers."""
        return self._supervisor.name

    @property
    def ready_workers(self) -> int:
        """How many workers have started."""
        return sum([slot.ready for slot in self._slots])

    def warm(self) -> None:
        """Start the workers if they are not started; returns at once."""
        self._bind()

    async def ready(self) -> None:
        """Wait for the first worker. Raises PoolError if it could not start or cannot load the process function."""
        self._bind()
        if self._closed:
            raise PoolError(f"The pool {self.name!r} is closed; fanin did nothing. Make another.")
        try:
            error = await asyncio.wait_for(asyncio.shield(self._supervisor.loaded), START_TIMEOUT)
        except TimeoutError:
            # It may still start; jobs wait for it until their deadline.
            logger.warning("no worker of %s has started within %g s; fanin goes on without", self.name, START_TIMEOUT)
            return
        if error:
            raise PoolError(error)

    def submit(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        deadline: float,
        group: str = "",
        size: int = 0,
        on_start: OnStart | None = None,
    ) -> asyncio.Future[Done]:
        """Queue one call; see Pool."""
        loop = self._bind()
        now, future = loop.time(), loop.create_future()
        until = time.monotonic() + deadline - now
        job = Job(function, arguments, future, deadline, until, group, size, on_start)
        self._submitted += 1
        if self._closed:
            self._fail(job, FailureKind.CLOSED, "The pool is closed.")
        elif deadline <= now:
            self._fail(job, FailureKind.DEADLINE, "The deadline had passed before it began.")
        else:
            if deadline < math.inf:
                job.timer = loop.call_at(deadline, self._deadline_passed, job, loop)
            future.add_done_callback(partial(self._job_ended, job))
            self._wait(job)
            self._supervisor.ensure_worker()
            self.workers_changed()
        return future

    def statistics(self) -> dict[str, int]:
        """Counts since the start, and the current numbers of jobs `waiting` and `running`, and of workers `stuck`."""
        running = sum(len(slot.sent) for slot in self._slots)
        return {
            "workers": self.workers,
            "jobs": self._submitted,
            "failures": self._failures,
            **self._supervisor.counts,
            "waiting": len(self._waiting),
            "running": running,
            "stuck": len(self._supervisor.stuck),
        }

    async def close(self) -> None:
        """Fail waiting jobs, stop running ones, and end the workers; those that do not end soon are left."""
        if self._closed or self._loop is None:
            self._closed = True
            return
        self._closed = True
        while self._waiting:
            self._fail(self._waiting.pop(), FailureKind.CLOSED, "The pool was closed while it waited.")
        for job in [job for slot in self._slots for job in slot.sent]:
            self._fail(job, FailureKind.CLOSED, "The pool was closed while it ran.")
        await self._supervisor.close()

    def _bind(self) -> asyncio.AbstractEventLoop:
        """The running loop, to which the pool belongs from the first call on; starts the workers then."""
        loop = asyncio.get_running_loop()
        if runs_main_again.get():
            raise PoolError(NO_GUARD)
        if self._loop is None:
            self._loop = loop
            if not self._closed:
                self._supervisor.start(loop)
        elif self._loop is not loop:
            raise PoolError(f"The pool {self.name!r} belongs to another event loop; fanin did nothing. Make one each.")
        return loop

    # Jobs to workers.

    def _wait(self, job: Job) -> None:
        self._waiting.add(job, deadline=job.deadline, group=job.group, size=job.size)

    def workers_changed(self) -> None:
        """Send waiting jobs to workers; they fail if no worker is left."""
        while self._waiting:
            job = self._waiting.peek()
            if job.future.done():
                self._waiting.pop()
            elif (reason := self._supervisor.unavailable_reason()) is not None:
                self._fail(self._waiting.pop(), *reason)
            elif (slot := self._free(job)) is not None:
                self._send(self._waiting.pop(), slot)
            else:
                break

    def _free(self, job: Job) -> Slot | None:
        """The slot whose worker can start the job first, if that is soon."""
        job.expected = self._costs.expected(job.function, job.size)
        ready = [slot for slot in self._slots if slot.ready]
        best = min(ready, key=lambda slot: slot.ahead if slot.sent else 0.0, default=None)
        if best is None or not best.sent:
            return best
        # The first job is running; those queued behind it, and this one, must be short.
        return best if best.ahead + job.expected <= self._ahead else None

    def _send(self, job: Job, slot: Slot) -> None:
        assert slot.worker is not None  # noqa: S101 - a slot without a worker is not ready
        job.number, job.sent = next(self._numbers), time.monotonic()
        try:
            slot.worker.send(Order(job.number, job.until, job.function, job.arguments))
        except Exception as error:  # noqa: BLE001 - arguments may be anything, and pickling runs their code
            self._fail(job, _send_failure_kind(error), f"The job could not be sent: {describe(error)}.")
            if _send_failure_kind(error) is FailureKind.CRASHED:
                self._supervisor.replace(slot)
        else:
            job.slot = slot
            slot.sent.append(job)
            slot.ahead += job.expected
            self._report_start(slot)

    # Results of jobs.

    def replied(self, slot: Slot, reply: Reply, *, elsewhere: bool) -> None:
        """See Jobs."""
        job = self._first_done(slot)
        self._costs.record(job.function, job.size, reply.ended - reply.started)
        if elsewhere and not job.future.done() and not self._closed:
            self._wait(job)
            return
        failure = Failure(reply.kind, reply.message) if reply.kind else None
        self._settle(job, Done(reply.value, failure, slot.name, reply.started, reply.ended, reply.cpu))

    def worker_lost(self, slot: Slot, failure: tuple[FailureKind, str] | None) -> None:
        """See Jobs."""
        if slot.sent and failure is not None:
            self._fail(slot.sent[0], *failure)
        for job in slot.sent:
            job.slot, job.stopping = None, False
            if not job.future.done():
                self._wait(job)
        slot.sent.clear()
        slot.ahead = 0.0

    def _first_done(self, slot: Slot) -> Job:
        job = slot.sent.popleft()
        job.slot = None
        slot.ahead = slot.ahead - job.expected if slot.sent else 0.0
        if slot.sent and slot.sent[0].future.done():
            self._stop(slot.sent[0])
        self._report_start(slot)
        return job

    def _report_start(self, slot: Slot) -> None:
        """Report the start of the first job of a worker, the one that it runs."""
        if slot.sent and (on_start := slot.sent[0].on_start) is not None:
            slot.sent[0].on_start = None
            if not slot.sent[0].future.done():
                on_start(slot.name)

    def _deadline_passed(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        if job.slot is None or job.slot.sent[0] is not job:
            self._fail(
                job, FailureKind.DEADLINE, "Its deadline passed while it waited for a worker. Use more workers or time."
            )
        else:
            job.timer = loop.call_later(GRACE, self._overdue, job)

    def _overdue(self, job: Job) -> None:
        text = f"It did not stop within {GRACE:g} s after its deadline; its worker is abandoned if it stays stuck."
        self._fail(job, FailureKind.STUCK, text)

    def _job_ended(self, job: Job, _: object) -> None:
        """The future has a result or was cancelled: stop the job if it still runs, or else abandon its worker."""
        if job.timer is not None:
            job.timer.cancel()
        if job.slot is not None and job.slot.sent[0] is job:
            self._stop(job)

    def _stop(self, job: Job) -> None:
        if job.stopping or job.slot is None or job.slot.worker is None or self._loop is None or self._closed:
            return
        job.stopping = True
        job.slot.worker.stop(job.number)
        job.abandon_at = time.monotonic() + ABANDON_AFTER
        self._loop.call_later(ABANDON_AFTER, self._give_up, job, self._loop)

    def _give_up(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        if job.slot is None or self._closed:
            return
        if (left := job.abandon_at - time.monotonic()) > 0:  # the loop's clock may jump, time.monotonic does not
            loop.call_later(left, self._give_up, job, loop)
            return
        self._supervisor.give_up(job.slot)
        self.workers_changed()

    def _fail(self, job: Job, kind: FailureKind, message: str) -> None:
        ended = time.monotonic()
        worker = job.slot.name if job.slot else ""
        self._settle(job, Done(None, Failure(kind, message), worker, job.sent or ended, ended))

    def _settle(self, job: Job, done: Done) -> None:
        if not job.future.done():
            self._failures += done.failure is not None
            job.future.set_result(done)


def _send_failure_kind(error: Exception) -> FailureKind:
    match error:
        case ImportError():
            return FailureKind.IMPORT
        case OSError() | RuntimeError():  # the worker has ended, or the executor was shut down
            return FailureKind.CRASHED
        case _:
            return FailureKind.UNSENDABLE
