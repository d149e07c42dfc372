"""Workers that are threads: for functions that release the GIL, or that cannot be imported by name."""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from fanin.pools.inside import job
from fanin.pools.inside.watchdog import Watchdog
from fanin.pools.workers.crew import Order
from fanin.pools.workers.leaving import LoneThread


class ThreadWorker:
    """A thread with a watchdog beside it.

    Pure Python uses one core, however many threads there are. Code in C that keeps the GIL, such as a regular
    expression that never ends, holds up the whole program; nothing in Python can help that.
    """

    interpreter = 0

    def __init__(self) -> None:
        self._thread = LoneThread(ThreadPoolExecutor(1, thread_name_prefix="fanin thread"))
        self._watchdog: Watchdog | None = None
        self._closed = False

    def start(self) -> tuple[str, str]:
        """Start the thread, and its watchdog in it."""
        self._watchdog = self._thread.start(partial(Watchdog, daemon=True))
        return "", ""

    def send(self, order: Order) -> Future[job.Reply]:
        """Hand over the function itself."""
        call = partial(order.work, order.question, order.document)
        return self._thread.submit(job.run, self._watchdog, order.number, order.until, lambda: call, job.itself)

    def take(self, value: Any) -> Any:
        """The value itself."""
        return value

    def stop(self, number: int) -> None:
        """Have the watchdog raise in the job."""
        if self._watchdog is not None:
            self._watchdog.stop(number)

    def close(self) -> None:
        """End the watchdog and the thread when the job is over."""
        if not self._closed:
            self._closed = True
            last = self._watchdog.quit if self._watchdog else int
            if not self._thread.close(last):
                last()

    def join(self, timeout: float) -> bool:
        """Wait until both threads have ended."""
        return self._thread.join(timeout) and (self._watchdog is None or self._watchdog.join(timeout))
