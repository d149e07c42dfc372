"""The workers of a pool: started, replaced when they are lost, left behind when they are stuck, ended at last."""

import asyncio
import atexit
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from fanin.errors import describe
from fanin.log import logger
from fanin.model import Document
from fanin.pools.inside.job import Reply, Work
from fanin.pools.workers.leaving import unlink

FAREWELL = 1.0
"""Seconds that closing waits for workers to end."""

LAST_CALL = 1.0
"""Seconds that the end of the process waits for the workers of a pool that nobody closed."""

STUCK_SHARE = 2
"""Stuck workers left behind for each worker; past that none is replaced until one of them comes back."""


@dataclass(frozen=True, slots=True)
class Order:
    """A job as a worker gets it; it may run until that instant of time.monotonic."""

    number: int
    until: float
    work: Work
    question: str
    document: Document


class Worker(Protocol):
    """One worker of one kind, which does one job at a time."""

    interpreter: int
    """The id of an interpreter of its own, or 0."""

    def start(self) -> tuple[str, str]:
        """Be ready; gives kind and message of what keeps it from loading the function, or "".

        Blocks, is called in a daemon thread, and raises whatever keeps the worker from working.
        """
        ...

    def send(self, order: Order) -> Future[Reply]:
        """Begin a job; raises ImportError for a function without a name, or what pickle raises."""
        ...

    def take(self, value: Any) -> Any:
        """The value out of a reply; raises what pickle raises."""
        ...

    def stop(self, number: int) -> None:
        """Stop the job of that number, if that can be done."""
        ...

    def close(self) -> None:
        """End after the running job; does not wait."""
        ...

    def join(self, timeout: float) -> bool:
        """Wait until nothing is left of it; False if that took longer than `timeout` seconds."""
        ...


type Hire = Callable[[], Worker]


@dataclass(eq=False, slots=True)
class Slot:
    """A place for a worker, empty when its worker could not start or was not replaced; `busy` with that job."""

    name: str
    hire: Hire
    worker: Worker | None = None
    busy: int = 0


class Crew:
    """As many workers as `hire` should make; `changed` is called on the loop when one is free or all are lost.

    When a worker cannot load the function because a module refuses subinterpreters, `refuge`, a name and another
    `hire`, takes over.
    """

    def __init__(self, name: str, hire: Hire, *, workers: int | None, refuge: tuple[str, Hire] | None) -> None:
        self.name = name
        self.slots = [Slot(f"worker {number + 1}", hire) for number in range(workers or os.process_cpu_count() or 1)]
        self.stuck: list[Worker] = []
        self.counts = {"abandoned": 0, "replaced": 0}
        self._hire = hire
        self._refuge = refuge
        self._idle: deque[Slot] = deque()
        self._starting: dict[Worker, threading.Thread] = {}
        self._retired: list[Worker] = []
        self._trouble = ""
        self._closed = False

    def start(self, loop: asyncio.AbstractEventLoop, changed: Callable[[], None]) -> None:
        """Start every worker; returns at once."""
        self._loop, self._changed = loop, changed
        self.loaded: asyncio.Future[str] = loop.create_future()
        atexit.register(self._at_exit)
        for slot in self.slots:
            self._begin(slot)

    def pick(self) -> Slot | None:
        """A slot whose worker is free, the one that worked last; None if there is none."""
        return self._idle.pop() if self._idle and not self._closed else None

    def lost(self) -> tuple[str, str] | None:
        """Kind and message of why there is no worker to wait for; None if there is one."""
        if any(slot.worker for slot in self.slots):
            return None
        if len(self.stuck) >= STUCK_SHARE * len(self.slots):
            return "stuck", f"{len(self.stuck)} workers are stuck in code that cannot be stopped; fanin starts no more."
        return "crashed", self._trouble

    def hope(self) -> None:
        """Start a worker if there is none and there may be one."""
        if (lost := self.lost()) and lost[0] != "stuck":
            self._begin(self.slots[0])

    def back(self, slot: Slot, worker: Worker, *, well: bool) -> None:
        """Take back a worker whose job is over."""
        if slot.worker is not worker:
            self._recover(worker)
            return
        slot.busy = 0
        if well and slot.hire is self._hire:
            self._idle.append(slot)
        else:
            self._retire(slot)
            self._replace(slot)

    def give_up(self, slot: Slot) -> None:
        """Leave a stuck worker behind and start another in its place, unless too many are stuck."""
        if (worker := slot.worker) is not None:
            logger.warning("%s of %s is stuck; fanin left it behind", slot.name, self.name)
            self._retire(slot)
            self._retired.remove(worker)
            self.stuck.append(worker)
            self.counts["abandoned"] += 1
            self._replace(slot)

    def move(self, slot: Slot, message: str) -> str:
        """Have all workers replaced by those of the refuge; gives "", or a message if there is no other kind."""
        if self._refuge and slot.hire is self._hire:
            before, (self.name, self._hire), self._refuge = self.name, self._refuge, None
            logger.warning("%s fanin moves from %s to %s.", message, before, self.name)
            for each in tuple(self._idle):
                self._retire(each)
                self._replace(each)
        if slot.hire is not self._hire:
            return ""
        return f"{message} The pool {self.name!r} cannot run it; use pool='processes', or name no pool."

    async def close(self) -> None:
        """End every worker; one that does not end in a second is left behind."""
        self._closed = True
        if not self.loaded.done():
            self.loaded.set_result("The pool was closed before its first worker had started.")
        for slot in self.slots:
            self._retire(slot)
        end = time.monotonic() + FAREWELL
        # Looking again and again, for threads end without telling anybody.
        while (left := self._staying()) and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        self.counts["abandoned"] += len(left)
        self.stuck += left
        self._retired.clear()
        if all(worker.join(0) for worker in self.stuck):
            atexit.unregister(self._at_exit)

    def _begin(self, slot: Slot) -> None:
        slot.hire, slot.worker = self._hire, self._hire()
        starter = threading.Thread(target=self._launch, args=(slot, slot.worker), name="fanin starter", daemon=True)
        self._starting[slot.worker] = starter
        starter.start()

    def _launch(self, slot: Slot, worker: Worker) -> None:
        """Start a worker in a thread of its own, a daemon because the worker's thread has to be one."""
        try:
            complaint, error = worker.start(), None
        except Exception as raised:  # noqa: BLE001 - told on the loop
            complaint, error = ("", ""), raised
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._started, slot, worker, complaint, error)

    def _started(self, slot: Slot, worker: Worker, complaint: tuple[str, str], error: Exception | None) -> None:
        self._starting.pop(worker, None)
        if slot.worker is not worker:
            worker.close()
            return
        kind, message = complaint
        if kind == "refused":
            message = self.move(slot, message)
        if error is not None:
            message = f"A worker of the pool {self.name!r} could not start: {describe(error)}."
            self._retire(slot)
            self._trouble = message
        elif slot.hire is not self._hire:
            self._retire(slot)
            self._replace(slot)
            return
        else:
            self._idle.appendleft(slot)
        if not self.loaded.done():
            self.loaded.set_result(message)
        self._changed()

    def _retire(self, slot: Slot) -> None:
        """Send the slot's worker home, its job stopped."""
        if (worker := slot.worker) is not None:
            if slot.busy:
                worker.stop(slot.busy)
            if worker not in self._starting:
                worker.close()
            self._retired = [*self._staying(), worker]
            if slot in self._idle:
                self._idle.remove(slot)
            slot.worker, slot.busy = None, 0

    def _staying(self) -> list[Worker]:
        """Those of the retired workers that have not ended."""
        return [worker for worker in self._retired if worker in self._starting or not worker.join(0)]

    def _replace(self, slot: Slot) -> None:
        if not self._closed and len(self.stuck) < STUCK_SHARE * len(self.slots):
            self.counts["replaced"] += 1
            self._begin(slot)

    def _recover(self, worker: Worker) -> None:
        """A worker that was left behind came back: it ends, and there is room for another."""
        if worker in self.stuck:
            self.stuck.remove(worker)
            self._retired.append(worker)
            for slot in [slot for slot in self.slots if slot.worker is None][:1]:
                self._replace(slot)

    def _at_exit(self) -> None:
        """The process ends, and the pool was not closed or some of its workers are stuck."""
        end = time.monotonic() + LAST_CALL
        for slot in self.slots:
            self._retire(slot)
        for worker, starter in self._starting.items():
            starter.join(max(0.0, end - time.monotonic()))
            worker.close()
        for worker in self._retired:
            worker.join(max(0.0, end - time.monotonic()))
        workers = (*self._retired, *self.stuck)
        unlink({worker.interpreter for worker in workers if worker.interpreter and not worker.join(0)})
