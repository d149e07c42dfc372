"""The thread that stops a job whose time is over: it has an exception raised in the thread that works.

Nothing outside of an interpreter can stop a thread in it, so each worker has its own watchdog next to its work. It
stops Python code only: code in C that does not come back leaves the worker stuck, and whoever waits for it abandons it.
"""

import math
import os
import select
import threading
import time
from contextlib import suppress
from types import CodeType

from fanin.pools.stopping import Stopper, anywhere

LOOPS_ONLY = 0.004
"""Seconds in which a job is stopped at the end of a turn of a loop only; after that, at a call too."""

AGAIN = 0.02
"""Seconds of CPU time that code which swallowed the exception gets until it is raised again."""

FORCED_AFTER = 0.1
"""Seconds after which a worker that is thrown away anyhow is stopped even in `__enter__` and the like."""

LONGEST_WAIT = 3600.0
"""Seconds that one wait takes at most; `poll` counts milliseconds in 31 bits."""

LOOK, QUIT, STOP_ALL = 0, -1, -2
ORDER_BYTES = 8
"""An order in the watchdog's pipe is LOOK, QUIT, STOP_ALL (this job and all that follow), or the number of the job to
stop, in so many bytes."""


class Stop(BaseException):
    """Raised in the middle of a job whose time is over; no Exception, so that `except Exception` lets it through."""


class Watchdog:
    """Watches the thread that made it; `arm` and `disarm` are called there, `stop` from anywhere in the process.

    `stopper` raises Stop in that thread. `orders` are the descriptors of an `OrderPipe`, which stays the caller's to
    close. With `disposable`, the worker is thrown away after a stop, so that nothing in
    it needs to be spared in the end.
    """

    def __init__(self, stopper: Stopper, orders: tuple[int, int], *, disposable: bool, daemon: bool) -> None:
        self._stopper = stopper
        self._listening, self._orders = orders
        self._disposable = disposable
        self._running = 0
        self._until = math.inf
        self._stopped: set[int] = set()
        self._late_since = math.inf
        self._next_strike = 0.0
        self._wakes = math.inf
        self._lock = threading.Lock()
        self._cpu_clock = _cpu_clock(stopper.thread)
        self._thread = threading.Thread(target=self._watch, name="fanin watchdog", daemon=daemon)
        self._thread.start()

    def arm(self, number: int, until: float) -> None:
        """Raise Stop here at the instant `until` of time.monotonic, or at once if the job was already stopped."""
        self._until = until
        self._running = number  # said before looking at the stops: either we see a stop, or the watchdog sees the job
        if until < self._wakes or self._is_stopped(number):
            send_order(self._orders, LOOK)

    def disarm(self) -> bool:
        """Raise no more; True if Stop was raised in this job."""
        self._running = 0
        with self._lock:  # the watchdog may be between looking and requesting
            if self._late_since < math.inf:
                self._stopper.withdraw()
                self._late_since = math.inf
            raised, self._stopper.raised = self._stopper.raised, 0
        return raised > 0

    def stop(self, number: int) -> None:
        """Stop the job of that number, now or when it begins."""
        send_order(self._orders, number)

    def close(self) -> None:
        """End the watchdog and wait until its thread is gone; no job may follow."""
        send_order(self._orders, QUIT)
        self._thread.join()

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._listening, select.POLLIN)
        orders = [LOOK]
        while QUIT not in orders:
            keep = max(1, self._running)
            self._stopped = {order for order in self._stopped.union(orders) if order >= keep or order == STOP_ALL}
            self._wakes = math.inf  # said first: a job armed while we look writes an order, and the wait ends at once
            self._wakes = self._look(time.monotonic())
            wait = min(self._wakes - time.monotonic(), LONGEST_WAIT)
            poll.poll(max(0, math.ceil(wait * 1000)) if self._wakes < math.inf else None)
            orders = _read(self._listening)

    def _look(self, now: float) -> float:
        """Request a stop if the job's time is over, and tell when to look again."""
        number, until = self._running, self._until
        if not number:
            return math.inf
        if now < until and not self._is_stopped(number):
            return until
        with self._lock:
            if self._running == number:
                self._strike(now)
        return now + LOOPS_ONLY

    def _is_stopped(self, number: int) -> bool:
        return number in self._stopped or STOP_ALL in self._stopped

    def _strike(self, now: float) -> None:
        stopper, cpu = self._stopper, self._cpu()
        if self._late_since == math.inf:
            self._late_since, self._next_strike, stopper.force = now, 0.0, False
        if stopper.requested or cpu >= self._next_strike:
            late = now - self._late_since
            stopper.force = self._disposable and late >= FORCED_AFTER
            stopper.request(calls=late >= LOOPS_ONLY / 2)
            self._next_strike = cpu + AGAIN

    def _cpu(self) -> float:
        """Seconds of CPU time of the thread; of the clock where the system does not tell another thread's."""
        return time.monotonic() if self._cpu_clock is None else time.clock_gettime(self._cpu_clock)


class OrderPipe:
    """A pipe for a watchdog's orders; neither end blocks, and any thread may send and close."""

    def __init__(self) -> None:
        self.descriptors = os.pipe()
        for end in self.descriptors:
            os.set_blocking(end, False)
        self._lock = threading.Lock()
        self._open = True

    def send(self, order: int) -> None:
        """Send the order, unless the pipe is closed."""
        with self._lock:
            if self._open:
                send_order(self.descriptors[1], order)

    def close(self) -> None:
        """Close both ends; safe to call twice."""
        with self._lock:
            was_open, self._open = self._open, False
            for end in self.descriptors if was_open else ():
                os.close(end)


def send_order(orders: int, order: int) -> None:
    """Write an order into a watchdog's pipe; when the pipe is full, the watchdog cannot run and an order is in vain."""
    with suppress(BlockingIOError):
        os.write(orders, order.to_bytes(ORDER_BYTES, "little", signed=True))


def worker_stopper(below: CodeType) -> Stopper:
    """What stops the calling thread in an interpreter or a process of its own."""
    return Stopper(thread=threading.get_ident(), below=below, error=Stop, may_stop=anywhere, everywhere=True)


def _read(listening: int) -> list[int]:
    try:
        raw = os.read(listening, 512 * ORDER_BYTES)
    except BlockingIOError:
        return [LOOK]
    return [int.from_bytes(raw[at : at + ORDER_BYTES], "little", signed=True) for at in range(0, len(raw), ORDER_BYTES)]


def _cpu_clock(thread: int) -> int | None:
    clock_of = getattr(time, "pthread_getcpuclockid", None)
    return clock_of(thread) if clock_of else None
