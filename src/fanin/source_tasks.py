"""The tasks of one run, one for each source, and the timeouts that end them."""

import asyncio
import math
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fanin.landing import Landing

GRACE = 0.05
"""Seconds that sources have to stop once they are told to; a third of what is kept for the answer."""

TOGETHER = 0.001
"""Seconds within which sources begin together: those with the same timeout share one timer, for few ever reach it."""

_NONE: tuple[float, list[Landing]] = -math.inf, []


class SourceTasks:
    """Tasks that begin at once, and end at the instant `until` of the loop's clock at the latest.

    `overdue` is called with sources of which some have not stopped soon after their timeout.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, until: float, overdue: Callable[[Sequence[Landing]], None]
    ) -> None:
        self._loop = loop
        self._until = until
        self._overdue = overdue
        self._tasks: list[tuple[asyncio.Task[None], Landing | None]] = []
        self._timers: list[asyncio.TimerHandle] = []
        self._groups: dict[float, tuple[float, list[Landing]]] = {}

    def start(self, work: Coroutine[Any, Any, None], landing: Landing | None = None) -> None:
        """Begin with it at once; where nothing has to be waited for, it is over when this returns."""
        task = asyncio.Task(work, loop=self._loop, eager_start=True)
        if not task.done():
            self._tasks.append((task, landing))

    def stop(self) -> None:
        """Tell every task to stop, but for the one that calls this."""
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
        """Forget the timeouts."""
        for timer in self._timers:
            timer.cancel()

    @property
    def running(self) -> list[asyncio.Task[None]]:
        """Those that have not ended."""
        return [task for task, _ in self._tasks if not task.done()]

    @property
    def left_behind(self) -> list[tuple[asyncio.Task[Any], str]]:
        """The tasks of sources that have not ended, each with its source's name."""
        return [(task, landing.source.name) for task, landing in self._tasks if landing is not None and not task.done()]

    def _time_over(self, group: Sequence[Landing]) -> None:
        for landing in group:
            if landing.task is not None:
                landing.late = True
                landing.task.cancel()
        self._timers.append(self._loop.call_later(GRACE, self._overdue, group))
