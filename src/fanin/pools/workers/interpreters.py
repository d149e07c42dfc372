"""Workers that are interpreters of their own in this process: each has its own lock, so they use every core."""

import pickle
import sys
from concurrent.futures import Future, InterpreterPoolExecutor
from concurrent.interpreters import get_current
from typing import Any

from fanin.pools.inside import interpreter, job
from fanin.pools.inside.watchdog import tell
from fanin.pools.workers.crew import Order
from fanin.pools.workers.leaving import LoneThread


class InterpreterWorker:
    """An interpreter with a watchdog inside. Code that never leaves C is left behind; `os._exit` ends the process."""

    def __init__(self, work: job.Work | None = None) -> None:
        self.interpreter = 0
        self._work = work
        self._orders = -1
        self._thread = LoneThread(InterpreterPoolExecutor(1, thread_name_prefix="fanin interpreter"))

    def start(self) -> tuple[str, str]:
        """Make the interpreter and import the function; takes 40 ms or so, most of it imports."""
        self.interpreter = self._thread.start(get_current).id
        # A new interpreter has the path that Python began with: without the script's folder, and what was added since.
        self._thread.submit(exec, f"import sys; sys.path[:] = {[*map(str, sys.path)]!r}").result()
        self._orders = self._thread.submit(interpreter.start).result()
        return self._thread.submit(job.load, job.refer(self._work)).result() if self._work else ("", "")

    def send(self, order: Order) -> Future[job.Reply]:
        """Send the function by name, and the rest as bytes."""
        packed = job.pack(order.question, order.document)
        return self._thread.submit(interpreter.run, order.number, order.until, job.refer(order.work), packed)

    def take(self, value: Any) -> Any:
        """The value from its bytes."""
        return pickle.loads(value)  # noqa: S301 - it comes from this very program

    def stop(self, number: int) -> None:
        """Have the watchdog raise in the job."""
        tell(self._orders, number)

    def close(self) -> None:
        """Close the interpreter when its job is over."""
        self._thread.close()

    def join(self, timeout: float) -> bool:
        """Wait until the interpreter is closed."""
        return self._thread.join(timeout)
