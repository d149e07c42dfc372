"""Supervises the workers of a pool: starts them, replaces lost ones, and abandons stuck ones."""

import asyncio
import os
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from fanin.errors import FailureKind
from fanin.log import logger
from fanin.pools.inside.job import Reply
from fanin.pools.workers.worker import MakeWorker, Worker

SHUTDOWN_TIMEOUT = 0.2
"""Seconds that closing waits for workers to end."""

START_TIMEOUT = 10.0
"""Seconds for a worker to start and import the pool's function, which usually takes less than 0.1 s."""

GIL_SHARE, GIL_INTERVAL = 0.0002, 0.002
"""Seconds for which the loop gives up the GIL while workers start, and seconds until it does so again."""

STUCK_PER_WORKER = 2
"""Stuck workers for each worker of the pool; with more, none is replaced until one of them has ended."""


@dataclass(eq=False, slots=True)
class Slot:
    """A slot for a worker; `sent` are its jobs, the first of which it runs now."""

    name: str
    worker: Worker | None = None
    made_by: MakeWorker | None = None
    ready: bool = False
    importing: bool = False
    sent: deque[Any] = field(default_factory=deque[Any])
    ahead: float = 0.0
    """The expected seconds of the jobs in `sent`."""


class Jobs(Protocol):
    """The owner of the jobs, which is notified about the workers."""

    def workers_changed(self) -> None:
        """A worker has become free, or no worker is left."""
        ...

    def replied(self, slot: Slot, reply: Reply, *, elsewhere: bool) -> None:
        """The first job of the slot has ended; `elsewhere`: another kind of worker has to run it again."""
        ...

    def worker_lost(self, slot: Slot, failure: tuple[FailureKind, str] | None) -> None:
        """The slot's worker was lost: its first job fails with this kind and message, the others wait again."""
        ...


class Supervisor:
    """The workers, made by `make_worker`; it is their listener.

    If a worker cannot load the function because a module refuses subinterpreters, or does not finish importing it,
    `fallback` (a name and another `make_worker`) replaces all workers. Everything runs on one event loop.
    """

    def __init__(
        self,
        name: str,
        make_worker: MakeWorker,
        jobs: Jobs,
        *,
        workers: int | None,
        fallback: tuple[str, MakeWorker] | None,
    ) -> None:
        cores = os.process_cpu_count() or 1
        self.name = name
        self.slots = [Slot(f"worker {number + 1}") for number in range(workers or cores)]
        self.stuck: set[Worker] = set()
        self.counts = {"abandoned": 0, "replaced": 0}
        self._make_worker = make_worker
        self._fallback = fallback
        self._jobs = jobs
        self._at_once = max(2, cores)
        self._to_start: deque[Slot] = deque()
        self._starting: dict[Worker, asyncio.TimerHandle] = {}
        self._by_worker: dict[Worker, Slot] = {}
        self._ending: set[Worker] = set()
        self._start_failure = ""
        self._sharing: asyncio.TimerHandle | None = None
        self._closed: asyncio.Future[None] | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start all workers, at most as many at the same time as there are cores; returns at once."""
        self._loop = loop
        self.loaded: asyncio.Future[str] = loop.create_future()
        for slot in self.slots:
            self._start(slot)

    def unavailable_reason(self) -> tuple[FailureKind, str] | None:
        """Kind and message of the reason why there is no worker; None if there is one."""
        if self._by_worker or self._to_start:
            return None
        if len(self.stuck) >= STUCK_PER_WORKER * len(self.slots):
            return (
                FailureKind.STUCK,
                f"{len(self.stuck)} workers are stuck in code that cannot be stopped; fanin starts no more.",
            )
        return FailureKind.CRASHED, self._start_failure

    def ensure_worker(self) -> None:
        """Start a worker if there is none and there may be one."""
        if (reason := self.unavailable_reason()) and reason[0] is not FailureKind.STUCK:
            self._start(self.slots[0])

    def replace(self, slot: Slot) -> None:
        """Replace a worker that may not take further jobs."""
        self._retire(slot)
        self._jobs.worker_lost(slot, None)
        self._replace(slot)

    def give_up(self, slot: Slot) -> None:
        """Abandon a worker that does not stop, and replace it unless too many are stuck."""
        worker = self._release(slot)
        killed = worker.abandon()
        self._starting_ended(worker)
        if killed:
            self._ending.add(worker)
        else:
            logger.warning("%s of %s is stuck; fanin abandoned it", slot.name, self.name)
            self.stuck.add(worker)
            self.counts["abandoned"] += 1
        if slot.importing:
            self.use_fallback(f"{slot.name} did not finish importing the process function.")
        self._jobs.worker_lost(slot, None)
        self._replace(slot)

    def use_fallback(self, message: str) -> str:
        """Replace all workers by those of the fallback. Gives "", or a message if there is none."""
        if self._fallback is None:
            return f"{message} The pool {self.name!r} cannot run it; use pool='processes', or name no pool."
        before, (self.name, self._make_worker), self._fallback = self.name, self._fallback, None
        logger.warning("%s fanin moves from %s to %s.", message, before, self.name)
        for slot in self.slots:
            if slot.ready and not slot.sent:
                self._retire(slot)
                self._replace(slot)
        return ""

    async def close(self) -> None:
        """End all workers; those that do not end soon are left, and do not keep the process from exiting."""
        self._closed = self._loop.create_future()
        self._to_start.clear()
        if not self.loaded.done():
            self.loaded.set_result("The pool was closed before its first worker had started.")
        busy = {slot.worker for slot in self.slots if slot.sent}
        for slot in self.slots:
            if slot.worker is not None:
                self._retire(slot)
        if self._ending:
            await asyncio.wait((self._closed,), timeout=SHUTDOWN_TIMEOUT)
        # Idle workers end soon, after some milliseconds of CPU time each.
        stuck = self._ending & busy
        self.counts["abandoned"] += len(stuck)
        self.stuck |= stuck
        for timer in self._starting.values():
            timer.cancel()
        for worker in self._ending | self.stuck:
            worker.disconnect()

    # The listener's methods.

    def started(self, worker: Worker, kind: str, message: str) -> None:
        """See Listener."""
        self._starting_ended(worker)
        if (slot := self._by_worker.get(worker)) is None:
            return
        slot.ready = True
        if kind == FailureKind.REFUSED and slot.made_by is self._make_worker:
            message = self.use_fallback(message)
        if slot.made_by is not self._make_worker:
            self.replace(slot)
            return
        if not self.loaded.done():
            self.loaded.set_result(message)
        self._jobs.workers_changed()

    def importing(self, worker: Worker) -> None:
        """See Listener."""
        if (slot := self._by_worker.get(worker)) is not None:
            slot.importing = True

    def replied(self, worker: Worker, number: int, reply: Reply) -> None:  # noqa: ARG002 - replies come in order
        """See Listener."""
        if (slot := self._by_worker.get(worker)) is None:
            return
        slot.importing = False
        refused = reply.kind == FailureKind.REFUSED
        if refused and slot.made_by is self._make_worker and (reason := self.use_fallback(reply.message)):
            reply, refused = reply._replace(kind="import", message=reason), False
        self._jobs.replied(slot, reply, elsewhere=refused)
        if reply.stopped or slot.made_by is not self._make_worker:
            self.replace(slot)
        self._jobs.workers_changed()

    def ended(self, worker: Worker, reason: str) -> None:
        """See Listener."""
        self._starting_ended(worker)
        self._ending.discard(worker)
        if self._closed is not None and not self._ending and not self._closed.done():
            self._closed.set_result(None)
        if worker in self.stuck:
            self._stuck_worker_ended(worker)
        elif (slot := self._by_worker.get(worker)) is not None:
            self._worker_died(slot, reason)
            self._jobs.workers_changed()

    def _stuck_worker_ended(self, worker: Worker) -> None:
        """A stuck worker has ended, so that another may be started."""
        self.stuck.discard(worker)
        for slot in [slot for slot in self.slots if slot.worker is None and slot not in self._to_start][:1]:
            self._replace(slot)

    def _worker_died(self, slot: Slot, reason: str) -> None:
        was_ready = slot.ready
        self._release(slot)
        if was_ready:
            self._jobs.worker_lost(
                slot, (FailureKind.CRASHED, f"{slot.name} was lost: {reason or 'it ended without a reason'}.")
            )
            self._replace(slot)
            return
        self._start_failure = f"A worker of the pool {self.name!r} could not start: {reason}."
        if not self.loaded.done():
            self.loaded.set_result(self._start_failure)

    # Slots.

    def _start(self, slot: Slot) -> None:
        self._to_start.append(slot)
        self._start_next()

    def _start_next(self) -> None:
        while self._to_start and len(self._starting) < self._at_once and self._closed is None:
            slot = self._to_start.popleft()
            worker = slot.worker = self._make_worker()
            slot.made_by = self._make_worker
            self._by_worker[worker] = slot
            self._starting[worker] = self._loop.call_later(START_TIMEOUT, self._start_overdue, slot, worker)
            worker.start(self._loop, self)
        if self._starting and self._sharing is None:
            self._sharing = self._loop.call_later(GIL_INTERVAL, self._share_gil)

    def _share_gil(self) -> None:
        """Let workers that start have the GIL of the main interpreter, which they need for each extension module.

        A busy loop gives it up for microseconds only, in which a waiting thread never gets it (nor asks for it, as it
        would after 5 ms of waiting without a sign).
        """
        self._sharing = None
        if self._starting and self._closed is None:
            time.sleep(GIL_SHARE)
            self._sharing = self._loop.call_later(GIL_INTERVAL, self._share_gil)

    def _starting_ended(self, worker: Worker) -> None:
        if (timer := self._starting.pop(worker, None)) is not None:
            timer.cancel()
            self._start_next()

    def _start_overdue(self, slot: Slot, worker: Worker) -> None:
        if slot.worker is worker:
            slot.importing = True
            self.give_up(slot)
            self._jobs.workers_changed()

    def _retire(self, slot: Slot) -> None:
        worker = self._release(slot)
        self._ending.add(worker)
        worker.close()

    def _release(self, slot: Slot) -> Worker:
        assert slot.worker is not None  # noqa: S101 - the caller has checked it
        worker, slot.worker, slot.ready = slot.worker, None, False
        del self._by_worker[worker]
        return worker

    def _replace(self, slot: Slot) -> None:
        if self._closed is None and len(self.stuck) < STUCK_PER_WORKER * len(self.slots):
            self.counts["replaced"] += 1
            self._start(slot)
