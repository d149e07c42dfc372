"""Workers that are processes: for functions that refuse subinterpreters, that hang in C, or that may crash."""

import pickle
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fanin.pools.inside import job
from fanin.pools.inside.process import serve
from fanin.pools.workers.crew import Order
from fanin.pools.workers.leaving import LoneThread

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

FAREWELL = 0.5
"""Seconds that a process gets to end by itself when it is closed, before it is killed."""


class ProcessWorker:
    """A process, with a thread here that talks to it. What does not stop by itself is killed."""

    interpreter = 0

    def __init__(self, work: job.Work | None = None) -> None:
        self._work = work
        self._thread = LoneThread(ThreadPoolExecutor(1, thread_name_prefix="fanin process"))
        self._process: BaseProcess | None = None

    def start(self) -> tuple[str, str]:
        """Start the process, which imports the function."""
        return self._thread.start(self._launch)

    def send(self, order: Order) -> Future[job.Reply]:
        """Send the function by name, and the rest as bytes."""
        packed = job.pack(order.question, order.document)
        return self._thread.submit(self._exchange, (order.number, order.until, job.refer(order.work), packed))

    def take(self, value: Any) -> Any:
        """The value from its bytes."""
        return pickle.loads(value)  # noqa: S301 - it comes from a child of this very program

    def stop(self, number: int) -> None:  # noqa: ARG002 - there is only one
        """Kill the process."""
        if self._process is not None:
            with suppress(ValueError):  # it has just ended
                self._process.kill()

    def close(self) -> None:
        """End the process when its job is over."""
        self._thread.close(self._farewell)

    def join(self, timeout: float) -> bool:
        """Wait until the process and the thread have ended."""
        return self._thread.join(timeout)

    def _launch(self) -> tuple[str, str]:
        import multiprocessing  # it takes 10 ms, which the event loop must not pay

        self._connection, theirs = multiprocessing.Pipe()
        reference = job.refer(self._work) if self._work else None
        with theirs:
            self._process = _process(theirs, reference)
        return self._receive()

    def _exchange(self, order: tuple[int, float, job.Reference, bytes]) -> job.Reply:
        with suppress(BrokenPipeError):  # it has ended; the reading tells how
            self._connection.send(order)
        return self._receive()

    def _receive(self) -> Any:
        try:
            return self._connection.recv()
        except EOFError, OSError:
            self._farewell()
            raise ChildProcessError(f"its process ended with exit code {self._exit_code}") from None

    def _farewell(self) -> None:
        """Let the process end, or make it, and forget it; runs in the thread, once or twice."""
        process = self._process
        if process is not None and not self._connection.closed:
            self._connection.close()
            process.join(FAREWELL)
            if process.is_alive():
                process.kill()
                process.join()
            self._exit_code = process.exitcode
            if threading.main_thread().is_alive():  # else the program ends, and multiprocessing looks after it
                process.close()


def _process(*arguments: object) -> BaseProcess:
    """A started process that serves; never a fork of this one, which crashes with open interpreters (gh-139759)."""
    import multiprocessing

    if sys.platform == "linux":
        kind = multiprocessing.get_context("forkserver").Process
    else:
        kind = multiprocessing.get_context("spawn").Process
    process = kind(target=serve, args=arguments, name="fanin worker", daemon=True)
    process.start()
    return process
