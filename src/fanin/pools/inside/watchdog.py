"""The thread that stops Python code whose time is over: it raises an exception in the thread that works.

Nothing outside of an interpreter can stop a thread in it, so each worker has its own watchdog, next to its work. It
cannot stop C code: an exception waits until the thread is back in Python, and C code that keeps the interpreter's
lock does not even let the watchdog run. Such a worker has to be left behind by whoever waits for it.
"""

import ctypes
import math
import os
import select
import sys
import threading
import time
from contextlib import suppress

AGAIN = 0.02
"""Seconds until a function that ate the exception gets the next one."""

LONGEST = 3600.0
"""Seconds that one wait takes at most; `poll` counts milliseconds in 31 bits."""

LOOK = 0
QUIT = -1
ORDER = 8
"""Bytes of an order in the watchdog's pipe: LOOK, QUIT, or the number of the job to stop."""


class Stop(BaseException):
    """Raised in the middle of a job whose time is over; no Exception, so that `except Exception` lets it through."""


# A private prototype: setting argument types on the shared ctypes.pythonapi would change them for everybody.
# void PyThreadState_SetAsyncExc(unsigned long id, PyObject *exc); a NULL exception takes back one that waits.
_raise_in = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p)(
    ("PyThreadState_SetAsyncExc", ctypes.pythonapi)
)


class Watchdog:
    """Watches the thread that made it; `arm` and `disarm` are called there, `stop` and `quit` from anywhere.

    The exception never lands outside of the job that it is for. `arm` sets `inside` last and the end of the work
    clears it first, by plain assignment; the watchdog compares it in the same breath (no bytecode in between lets
    another thread run) in which it raises. So after that assignment at most the one exception that already waits can
    land, and `disarm` takes it back. On builds without the GIL the lock stands in for the one breath.
    """

    def __init__(self, *, daemon: bool) -> None:
        self.inside = 0
        self._until = math.inf
        self._stopped = 0
        self._fired = 0
        self._wakes = math.inf
        self._lock = threading.Lock()
        self._worker = threading.get_ident()
        self._ear, self.orders = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self.orders, False)
        self._thread = threading.Thread(target=self._watch, name="fanin watchdog", daemon=daemon)
        self._thread.start()

    def arm(self, number: int, until: float) -> None:
        """Raise Stop here at the instant `until` of time.monotonic, or at once if the job was already stopped."""
        self._until = until = until if number > self._stopped else 0.0
        self.inside = number
        if until < self._wakes:
            tell(self.orders, LOOK)

    def disarm(self) -> bool:
        """Raise no more, and take back an exception that has not landed; True if this job was told to stop.

        The caller has set `inside` to 0. Stop may come out of here once; call it again then.
        """
        _raise_in(self._worker, None)
        try:  # noqa: SIM105 - nothing of ours may be called in between
            self._lock.acquire()  # the watchdog may be between looking and raising, if threads run truly side by side
        except Stop:
            pass  # an exception lands after the acquiring, never instead of it
        self._lock.release()
        _raise_in(self._worker, None)
        fired, self._fired = self._fired, 0
        return bool(fired)

    def stop(self, number: int) -> None:
        """Stop the job of that number, now or when it begins."""
        tell(self.orders, number)

    def quit(self) -> None:
        """End the watchdog; no job may follow."""
        tell(self.orders, QUIT)

    def join(self, timeout: float) -> bool:
        """Wait until the watchdog has ended; False if it has not within `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._ear, select.POLLIN)
        orders = [LOOK]
        while QUIT not in orders:
            self._stopped = max(self._stopped, *orders)
            self._wakes = math.inf  # said first: a job armed while we look writes an order, and the wait ends at once
            self._wakes = self._look(time.monotonic())
            wait = min(self._wakes - time.monotonic(), LONGEST)
            poll.poll(max(0, math.ceil(wait * 1000)) if self._wakes < math.inf else None)
            orders = _read(self._ear)
        os.close(self.orders)
        os.close(self._ear)

    def _look(self, now: float) -> float:
        """Raise Stop if the job's time is over, and tell when to look again."""
        job, until = self.inside, self._until
        if not job:
            return math.inf
        if now < until and job > self._stopped:
            return until
        with self._lock:
            self._fired = job if self.inside == job else 0
            if self.inside == job:  # nothing may stand between this line and the next: see the class
                _raise_in(self._worker, id(Stop))
        return now + AGAIN


def tell(orders: int, order: int) -> None:
    """Write an order into a watchdog's pipe; when the pipe is full, the watchdog cannot run and an order is in vain."""
    with suppress(BlockingIOError):
        os.write(orders, order.to_bytes(ORDER, "little", signed=True))


def _read(ear: int) -> list[int]:
    try:
        raw = os.read(ear, 512 * ORDER)
    except BlockingIOError:
        return [LOOK]
    return [int.from_bytes(raw[at : at + ORDER], "little", signed=True) for at in range(0, len(raw), ORDER)]


def hush() -> None:
    """Keep quiet about a Stop that landed where Python can only print it, as in a `__del__`; the next one follows."""
    before = sys.unraisablehook

    def hook(unraisable: sys.UnraisableHookArgs) -> None:
        if unraisable.exc_type is not Stop:
            before(unraisable)

    sys.unraisablehook = hook
