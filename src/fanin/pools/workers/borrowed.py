"""Workers that are somebody else's: any `concurrent.futures.Executor`, be it Dask's, Ray's or your own."""

import pickle
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from fanin.pools.inside import job
from fanin.pools.workers.crew import Order


class BorrowedWorker:
    """One job at a time in an executor, which stays its owner's to shut down.

    A job that runs there cannot be stopped: its future gets a failure at its deadline all the same, and the executor
    is busy with it until it ends. `local` is for executors whose workers share this interpreter's objects.
    """

    interpreter = 0

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._local = type(executor) is ThreadPoolExecutor
        self._answer: Future[Any] | None = None

    def start(self) -> tuple[str, str]:
        """Nothing to start."""
        return "", ""

    def send(self, order: Order) -> Future[job.Reply]:
        """Submit the job: the function by name if it has one, or else as it is."""
        if self._local:
            find: job.Find = partial(partial, order.work, order.question, order.document)
            give = job.itself
        else:
            find, give = _sendable(order), job.pickled
        self._answer = self._executor.submit(job.unwatched, find, give)
        return self._answer

    def take(self, value: Any) -> Any:
        """The value, from its bytes where it had to be sent."""
        return value if self._local else pickle.loads(value)  # noqa: S301 - it comes from the caller's own executor

    def stop(self, number: int) -> None:  # noqa: ARG002 - there is only one
        """Withdraw the job if the executor has not begun it."""
        if self._answer is not None:
            self._answer.cancel()

    def close(self) -> None:
        """Nothing to end: the executor is not ours."""

    def join(self, timeout: float) -> bool:  # noqa: ARG002 - it cannot wait
        """True unless the executor is still busy with the job."""
        return self._answer is None or self._answer.done()


def _sendable(order: Order) -> job.Find:
    try:
        return partial(job.prepare, job.refer(order.work), job.pack(order.question, order.document))
    except ImportError:  # the executor may know how to send a function that has no name
        return partial(partial, order.work, order.question, order.document)
