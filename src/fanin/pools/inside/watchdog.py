"""The watchdog thread, which stops a job at its deadline: it has an exception raised in the thread that works.

Nothing outside of an interpreter can stop a thread in it, so each worker has a watchdog of its own. It stops only
Python code: code in C that does not return leaves the worker stuck, and the pool abandons it.
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
"""Seconds in which a job is stopped only at the end of a loop iteration; after that, at a call too."""

REPEAT_AFTER = 0.02
"""Seconds of CPU time after which the exception is raised again in code that caught it."""

FORCED_AFTER = 0.1
"""Seconds after which a disposable worker is stopped even in `__enter__` and the like."""

LONGEST_WAIT = 3600.0
"""Seconds of one wait at most, since `poll` counts milliseconds in 31 bits."""

LOOK, QUIT, STOP_ALL = 0, -1, -2
ORDER_BYTES = 8
"""Bytes of an order in the watchdog's pipe: LOOK, QUIT, STOP_ALL (this job and all further ones), or the number of the
job to stop."""


class Stop(BaseException):
    """Raised inside a job at its deadline; not an Exception, so that `except Exception` does not catch it."""


class Watchdog:
    """Watches the thread that made it; `arm` and `disarm` are called there, `stop` from anywhere in the process.

    `stopper` raises Stop in that thread. `orders` are the descriptors of an `OrderPipe`, which the caller closes. A
    `disposable` worker is not used after a stop, so that its state does not matter.
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
        self._wakes_at = math.inf
        self._lock = threading.Lock()
        self._cpu_clock = _cpu_clock(stopper.thread)
        self._thread = threading.Thread(target=self._watch, name="fanin watchdog", daemon=daemon)
        self._thread.start()

    def arm(self, number: int, until: float) -> None:
        """Raise Stop here at the instant `until` of time.monotonic, or at once if the job was already stopped."""
        self._until = until
        self._running = number  # set before checking for stops: either this sees a stop, or the watchdog sees the job
        if until < self._wakes_at or self._is_stopped(number):
            send_order(self._orders, LOOK)

    def disarm(self) -> bool:
        """Do not raise any more. True if Stop was raised in this job."""
        self._running = 0
        with self._lock:  # the watchdog may be between its check and its request
            if self._late_since < math.inf:
                self._stopper.withdraw()
                self._late_since = math.inf
            raised, self._stopper.raised = self._stopper.raised, 0
        return raised > 0

    def stop(self, number: int) -> None:
        """Stop the job of that number, now or when it begins."""
        send_order(self._orders, number)

    def close(self) -> None:
        """End the watchdog and wait until its thread has ended; no job may follow."""
        send_order(self._orders, QUIT)
        self._thread.join()

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._listening, select.POLLIN)
        orders = [LOOK]
        while QUIT not in orders:
            keep = max(1, self._running)
            self._stopped = {order for order in self._stopped.union(orders) if order >= keep or order == STOP_ALL}
            self._wakes_at = math.inf  # set first: a job that is armed meanwhile sends an order, which ends the wait
            self._wakes_at = self._check(time.monotonic())
            wait = min(self._wakes_at - time.monotonic(), LONGEST_WAIT)
            poll.poll(max(0, math.ceil(wait * 1000)) if self._wakes_at < math.inf else None)
            orders = _read(self._listening)

    def _check(self, now: float) -> float:
        """Request a stop if the job's deadline has passed. Gives the instant of the next check."""
        number, until = self._running, self._until
        if not number:
            return math.inf
        if now < until and not self._is_stopped(number):
            return until
        with self._lock:
            if self._running == number:
                self._request_stop(now)
        return now + LOOPS_ONLY

    def _is_stopped(self, number: int) -> bool:
        return number in self._stopped or STOP_ALL in self._stopped

    def _request_stop(self, now: float) -> None:
        stopper, cpu = self._stopper, self._cpu()
        if self._late_since == math.inf:
            self._late_since, self._next_strike, stopper.force = now, 0.0, False
        if stopper.requested or cpu >= self._next_strike:
            late = now - self._late_since
            stopper.force = self._disposable and late >= FORCED_AFTER
            stopper.request(calls=late >= LOOPS_ONLY / 2)
            self._next_strike = cpu + REPEAT_AFTER

    def _cpu(self) -> float:
        """Seconds of CPU time of the thread; of the clock where the system does not give those of another thread."""
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
    """Write an order into a watchdog's pipe; if that is full, the watchdog cannot run, and the order is dropped."""
    with suppress(BlockingIOError):
        os.write(orders, order.to_bytes(ORDER_BYTES, "little", signed=True))


def worker_stopper(below: CodeType) -> Stopper:
    """The stopper of the calling thread, for an interpreter or process of its own."""
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
