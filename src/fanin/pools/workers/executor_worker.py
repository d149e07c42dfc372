"""Workers in an executor of the user: any `concurrent.futures.Executor`, such as Dask's or Ray's."""

import asyncio
import pickle
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from fanin.errors import FailureKind, describe
from fanin.pools.inside import job
from fanin.pools.inside.job import Reply
from fanin.pools.inside.references import Reference, reference_to, resolve
from fanin.pools.workers.worker import Listener, Order


class ExecutorWorker:
    """One job at a time in an executor, which its owner shuts down.

    A running job cannot be stopped: its future gets a failure at its deadline, and the executor is busy until it ends.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        # Only workers of a thread pool share this interpreter's objects.
        self._local = type(executor) is ThreadPoolExecutor
        self._answer: Future[Any] | None = None
        self._closed = False

    def start(self, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        """Nothing has to be started."""
        self._loop, self._listener = loop, listener
        loop.call_soon(listener.started, self, "", "")

    def send(self, order: Order) -> None:
        """Submit the job: the function by name if it has one, or else itself."""
        if self._local:
            find: job.Load = partial(partial, order.function, *order.arguments)
            give = job.keep_value
        else:
            find, give = _sendable(order), job.pickle_value
        self._answer = self._executor.submit(job.run_unwatched, find, give)
        self._answer.add_done_callback(partial(self._done, order.number, time.monotonic()))

    def stop(self, number: int) -> None:  # noqa: ARG002 - there is only one
        """Withdraw the job if the executor has not begun it."""
        if self._answer is not None:
            self._answer.cancel()

    def close(self) -> None:
        """Withdraw jobs that have not begun; the executor is not closed."""
        if not self._closed:
            self._closed = True
            self.stop(0)
            if self._answer is None or self._answer.done():
                self._loop.call_soon(self._listener.ended, self, "")

    def abandon(self) -> bool:
        """False: it stays until the executor has ended the job."""
        self.close()
        return False

    def disconnect(self) -> None:
        """Nothing has to be closed."""

    def _done(self, number: int, sent: float, answer: Future[Any]) -> None:
        """Pass the result to the loop; this runs in a thread of the executor."""
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._replied, number, sent, answer)

    def _replied(self, number: int, sent: float, answer: Future[Any]) -> None:
        now = time.monotonic()
        try:
            reply = self._read(answer.result(), sent, now)
        except CancelledError:
            reply = Reply(FailureKind.DEADLINE, "It was withdrawn before it began.", None, now, now, 0.0)
        except BaseException as error:  # noqa: BLE001 - any failure of the executor
            reply = Reply(FailureKind.CRASHED, f"The executor failed: {describe(error)}.", None, sent, now, 0.0)
        self._listener.replied(self, number, reply)
        if self._closed:
            self._listener.ended(self, "")

    def _read(self, reply: Reply, sent: float, now: float) -> Reply:
        """The reply with its value unpickled, and its times on this machine's clock."""
        if not sent <= reply.started <= reply.ended <= now:  # the clock of another machine
            shift = now - reply.ended
            reply = reply._replace(started=reply.started + shift, ended=now)
        if self._local or reply.kind:
            return reply
        try:
            return reply._replace(value=pickle.loads(reply.value))  # noqa: S301 - from the caller's own executor
        except Exception as error:  # noqa: BLE001 - unpickling runs code of the value's class
            message = f"The value could not be read here: {describe(error)}."
            return reply._replace(kind=FailureKind.UNSENDABLE, message=message, value=None)


def _sendable(order: Order) -> job.Load:
    try:
        return partial(_prepare, reference_to(order.function), job.pickle_value(order.arguments))
    except ImportError:  # the executor may know how to send a function that has no name
        return partial(partial, order.function, *order.arguments)


def _prepare(reference: Reference, packed: bytes) -> Callable[[], Any]:
    return partial(resolve(*reference), *pickle.loads(packed))  # noqa: S301 - it comes from this very program
