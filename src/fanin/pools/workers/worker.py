"""The protocols of a worker and of its listener."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from fanin.pools.inside.job import Reply


@dataclass(frozen=True, slots=True)
class Order:
    """A job for a worker, which may run until the instant `until` of time.monotonic; numbers rise with each job."""

    number: int
    until: float
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Listener(Protocol):
    """Is notified about workers; all methods are called on the event loop."""

    def started(self, worker: Worker, kind: str, message: str) -> None:
        """It is ready for jobs; kind and message say why it cannot load the pool's function, "" if it can."""
        ...

    def importing(self, worker: Worker) -> None:
        """Its job has to import a function first."""
        ...

    def replied(self, worker: Worker, number: int, reply: Reply) -> None:
        """A job has ended; the reply has the value that the function returned, or a failure."""
        ...

    def ended(self, worker: Worker, reason: str) -> None:
        """It has ended; `reason` says why if it was not asked to."""
        ...


class Worker(Protocol):
    """A worker, which runs one job after another; all methods are called on the event loop, and none blocks."""

    def start(self, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        """Start; the listener is notified when it has started."""
        ...

    def send(self, order: Order) -> None:
        """Send a job. Raises ImportError for a function that cannot be imported by name, OSError or RuntimeError if the
        worker has ended, and what pickle raises.
        """
        ...

    def stop(self, number: int) -> None:
        """Stop the running job, if it has that number."""
        ...

    def close(self) -> None:
        """End after the jobs that were sent, or do not start at all."""
        ...

    def abandon(self) -> bool:
        """Abandon a worker that does not stop: True if it was killed, False if it stays until its job returns."""
        ...

    def disconnect(self) -> None:
        """Stop listening to a worker that did not end in time."""
        ...


type MakeWorker = Callable[[], Worker]
