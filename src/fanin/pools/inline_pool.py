"""A pool without workers: jobs run on the event loop, at once."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from fanin.errors import FailureKind
from fanin.model import Failure
from fanin.pools.inside.job import raised
from fanin.pools.pool import Done, OnStart

WORKER = "worker 1"


class InlinePool:
    """Runs each job inside `submit`, for trivial work and for tests.

    It cannot stop a job, and blocks the loop meanwhile: a job that never ends hangs the program. A job whose deadline
    has passed before it begins fails; one that ends after its deadline does not.
    """

    name = "inline"
    workers = 1

    def __init__(self) -> None:
        self._jobs = self._failures = 0
        self._closed = False

    def warm(self) -> None:
        """Nothing to do."""

    def submit(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        deadline: float,
        group: str = "",  # noqa: ARG002 - no job ever waits
        size: int = 0,  # noqa: ARG002
        on_start: OnStart | None = None,
    ) -> asyncio.Future[Done]:
        """A finished future; see Pool."""
        future: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        future.set_result(self.run(function, arguments, deadline=deadline, on_start=on_start))
        return future

    def run(
        self, function: Callable[..., Any], arguments: Sequence[Any], *, deadline: float, on_start: OnStart | None
    ) -> Done:
        """What became of the job, which is done at once."""
        if self._closed:
            done = _failure(FailureKind.CLOSED, "The pool is closed.")
        elif deadline <= asyncio.get_running_loop().time():
            done = _failure(FailureKind.DEADLINE, "The deadline had passed before it began.")
        else:
            if on_start is not None:
                on_start(WORKER)
            done = _done(function, arguments)
        self._jobs += 1
        self._failures += done.failure is not None
        return done

    def statistics(self) -> dict[str, int]:
        """Counts since the start."""
        return {"workers": 1, "jobs": self._jobs, "failures": self._failures, "abandoned": 0, "replaced": 0}

    async def close(self) -> None:
        """Refuse further jobs."""
        self._closed = True


def _done(function: Callable[..., Any], arguments: Sequence[Any]) -> Done:
    """What became of the job. Nothing else runs in this thread meanwhile: all of its time counts as CPU time."""
    value, failure, started = None, None, time.monotonic()
    try:
        value = function(*arguments)
    except BaseException as error:  # noqa: BLE001 - whatever a function raises is the failure of its job
        failure = Failure(*raised(error))
    ended = time.monotonic()
    return Done(value, failure, WORKER, started, ended, ended - started)


def _failure(kind: FailureKind, message: str) -> Done:
    now = time.monotonic()
    return Done(None, Failure(kind, message), "", now, now)
