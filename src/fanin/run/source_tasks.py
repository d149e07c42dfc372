"""The task group of one run, with a task for each source, and the timeouts that end them."""

import asyncio
import math
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fanin.run.source_run import Landing

GRACE = 0.05
"""Seconds that sources have to stop once they are told to; a third of what is kept for the answer."""

TOGETHER = 0.001
"""Seconds within which sources begin together: those with the same timeout share one timer, for few ever reach it."""

type Ask = Callable[[Landing], Coroutine[Any, Any, None]]

_NONE: tuple[float, list[Landing]] = -math.inf, []


class SourceTasks:
    """Tasks in one group, which end at the instant `until` of the loop's clock at the latest.

    The group is in a task of its own, so that whoever waits for an answer need not wait for a source that refuses to
    stop. `overdue` is called with sources of which some have not stopped soon after their timeout.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, until: float, overdue: Callable[[Sequence[Landing]], None]
    ) -> None:
        self._loop = loop
        self._until = until
        self._overdue = overdue
        self._stopped = False
        self._group = asyncio.TaskGroup()
        self._tasks: list[tuple[asyncio.Task[None], Landing | None]] = []
        self._timers: list[asyncio.TimerHandle] = []
        self._groups: dict[float, tuple[float, list[Landing]]] = {}

    def begin(
        self, ask: Callable[[Landing], Coroutine[Any, Any, None]], landings: Sequence[Landing]
    ) -> asyncio.Task[None]:
        """Start a task for each source; gives that of the group, which ends with the last of them."""
        return self._loop.create_task(self._gather(ask, landings))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start one more task, while another one has not ended."""
        self._tasks.append((self._group.create_task(work), None))

    def stop(self) -> None:
        """Tell every task to stop, but for the one that calls this."""
        self._stopped = True
        current = asyncio.current_task(self._loop)
        for task, _ in self._tasks:
            if task is not current:
                task.cancel()

    def limit(self, landing: Landing) -> float:
        """Now, as the instant at which the source begins; its task is told to stop when its timeout is over."""
        now, timeout = self._loop.time(), landing.source.timeout
        begun, group = self._groups.get(timeout, _NONE)
        if now - begun > TOGETHER:
            group = list[Landing]()
            self._groups[timeout] = now, group
            self._timers.append(self._loop.call_at(min(now + timeout, self._until), self._time_over, group))
        group.append(landing)
        return now

    def close(self) -> None:
        """Forget the timeouts, and whom to tell of them: a run in a circle would stay until garbage is collected."""
        for timer in self._timers:
            timer.cancel()
        self._overdue = _nobody

    @property
    def running(self) -> list[asyncio.Task[None]]:
        """Those that have not ended."""
        return [task for task, _ in self._tasks if not task.done()]

    @property
    def left_behind(self) -> list[tuple[asyncio.Task[Any], str]]:
        """The tasks of sources that have not ended, each with its source's name."""
        return [(task, landing.source.name) for task, landing in self._tasks if landing is not None and not task.done()]

    async def _gather(self, ask: Callable[[Landing], Coroutine[Any, Any, None]], landings: Sequence[Landing]) -> None:
        async with self._group:
            if not self._stopped:
                self._tasks = [(self._group.create_task(ask(landing)), landing) for landing in landings]

    def _time_over(self, group: Sequence[Landing]) -> None:
        for landing in group:
            if landing.task is not None:
                landing.late = True
                landing.task.cancel()
        self._timers.append(self._loop.call_later(GRACE, self._overdue, group))


def _nobody(_: Sequence[Landing]) -> None:
    """Nobody is to be told any more."""
