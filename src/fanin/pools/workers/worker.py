"""What a pool asks of one worker, and what the worker tells the pool."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from fanin.pools.inside.job import Reply


@dataclass(frozen=True, slots=True)
class Order:
    """A call that may run until that instant of time.monotonic; numbers rise in the order of sending."""

    number: int
    until: float
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class Listener(Protocol):
    """Hears of a worker; everything is called on the event loop."""

    def started(self, worker: Worker, kind: str, message: str) -> None:
        """It takes jobs; kind and message say what keeps it from loading the pool's function, "" if nothing does."""
        ...

    def importing(self, worker: Worker) -> None:
        """Its job has to import a function first."""
        ...

    def replied(self, worker: Worker, number: int, reply: Reply) -> None:
        """A job is over; the value is as the function returned it, or the reply a failure."""
        ...

    def ended(self, worker: Worker, reason: str) -> None:
        """Nothing is left of it; `reason` says why if it was not asked to end."""
        ...


class Worker(Protocol):
    """One worker of one kind, which does one job after another; all is called on the event loop, and nothing waits."""

    def start(self, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        """Begin to start; the listener hears when it has."""
        ...

    def send(self, order: Order) -> None:
        """Hand over a job; raises ImportError for a function without a name, OSError or RuntimeError when the worker
        is gone, and what pickle raises."""
        ...

    def stop(self, number: int) -> None:
        """Stop the running job, whose number that is."""
        ...

    def close(self) -> None:
        """End after what was sent, or do not start at all."""
        ...

    def abandon(self) -> bool:
        """Give up a worker that does not stop: True if it was killed, False if it stays until it comes back itself."""
        ...

    def let_go(self) -> None:
        """Listen to it no more; it was told to end, and did not in time."""
        ...


type MakeWorker = Callable[[], Worker]
