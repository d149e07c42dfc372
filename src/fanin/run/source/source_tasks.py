"""The task group of one run, with a task for each source, and the timeouts that end them."""

import asyncio
import math
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from fanin.model import Question
from fanin.pools.pool import Done
from fanin.run.source.source_run import SourceRun

STOP_SECONDS = 0.05
"""Seconds that cancelled sources have to stop: at most a third of the answer's reserve."""

TIMER_RESOLUTION = 0.001
"""Sources with the same timeout that begin within so many seconds share one timer, as few ever reach it."""


class SourceTask:
    """One source on the event loop: `fetching` is its task while it fetches, `jobs` what workers do for it.

    `late` is true once it was cancelled for its timeout. `questions` are what a second round asks it.
    """

    __slots__ = ("_waiter", "fetching", "jobs", "late", "questions", "run")

    def __init__(self, run: SourceRun, questions: Sequence[Question] = ()) -> None:
        self.run = run
        self.fetching: asyncio.Task[Any] | None = None
        self.late = False
        self.questions = questions
        self.jobs: set[asyncio.Future[Done]] = set()
        self._waiter: tuple[int, asyncio.Future[None]] | None = None

    async def wait_for_job(self, most: int) -> None:
        """Return once fewer jobs of this source than `most` are in work."""
        while len(self.jobs) >= most:
            came: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiter = most, came
            await came

    def left(self, job: asyncio.Future[Done]) -> None:
        """Count a job that has ended, and wake `wait_for_job`."""
        self.jobs.discard(job)
        if self._waiter is not None and len(self.jobs) < self._waiter[0]:
            if not self._waiter[1].done():
                self._waiter[1].set_result(None)
            self._waiter = None

    def withdraw_jobs(self) -> None:
        """Cancel its jobs."""
        for job in tuple(self.jobs):
            job.cancel()
        self.jobs.clear()


type Ask = Callable[[SourceTask], Coroutine[Any, Any, None]]

_NONE: tuple[float, list[SourceTask]] = -math.inf, []


class SourceTasks:
    """Tasks in one group, which end at the instant `until` of the loop's clock at the latest.

    The group is in a task of its own, so that an answer need not wait for a source that does not stop. `overdue` is
    called with sources of which some have not stopped soon after their timeout.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, until: float, overdue: Callable[[Sequence[SourceTask]], None]
    ) -> None:
        self._loop = loop
        self._until = until
        self._overdue = overdue
        self._stopped = self._waits = False
        self._group = asyncio.TaskGroup()
        self._eager: Mapping[str, Any] = {"eager_start": True} if _starts_eagerly(loop) else {}
        self._tasks: list[tuple[asyncio.Task[None], SourceTask | None]] = []
        self._timers: list[asyncio.TimerHandle] = []
        self._groups: dict[float, tuple[float, list[SourceTask]]] = {}
        self._unset: list[tuple[float, list[SourceTask]]] = []

    def begin(self, ask: Ask, sources: Sequence[SourceTask]) -> asyncio.Task[None]:
        """Start a task for each source; gives that of the group, which ends with the last of them."""
        return self._loop.create_task(self._gather(ask, sources), **self._eager)

    def start(self, work: Coroutine[Any, Any, None], source: SourceTask | None = None) -> asyncio.Task[None]:
        """Start one more task, perhaps of a source, while another one has not ended."""
        task = self._group.create_task(work, **self._eager)
        self._tasks.append((task, source))
        return task

    def stop(self) -> None:
        """Cancel every task but the one that calls this."""
        self._stopped = True
        current = asyncio.current_task(self._loop)
        for task, _ in self._tasks:
            if task is not current:
                task.cancel()

    def limit(self, source: SourceTask) -> float:
        """Now, as the instant at which the source begins; its task is cancelled when its timeout is over."""
        now, timeout = self._loop.time(), source.run.source.timeout
        begun, group = self._groups.get(timeout, _NONE)
        if now - begun > TIMER_RESOLUTION:
            group: list[SourceTask] = []
            self._groups[timeout] = now, group
            if self._waits:
                self._set_timer(now + timeout, group)
            else:
                self._unset.append((now + timeout, group))
        group.append(source)
        return now

    def wait(self) -> bool:
        """Whether any task has to be waited for; timers are set from now on, for those that need them."""
        self._waits = bool(self.running)
        if self._waits:
            for until, group in self._unset:
                self._set_timer(until, group)
        return self._waits

    def close(self) -> None:
        """Cancel the timers, and drop the callback, which would keep the run in a cycle of references."""
        for timer in self._timers:
            timer.cancel()
        self._overdue = _ignore

    @property
    def running(self) -> list[asyncio.Task[None]]:
        """Those that have not ended."""
        return [task for task, _ in self._tasks if not task.done()]

    @property
    def left_behind(self) -> list[tuple[asyncio.Task[Any], str]]:
        """The tasks of sources that have not ended, each with its source's name."""
        return [(task, each.run.source.name) for task, each in self._tasks if each is not None and not task.done()]

    async def _gather(self, ask: Ask, sources: Sequence[SourceTask]) -> None:
        async with self._group:
            for source in sources:
                if not self._stopped:
                    self._tasks.append((self._group.create_task(ask(source), **self._eager), source))

    def _set_timer(self, until: float, group: list[SourceTask]) -> None:
        self._timers.append(self._loop.call_at(min(until, self._until), self._time_over, group))

    def _time_over(self, group: Sequence[SourceTask]) -> None:
        for source in group:
            if source.fetching is not None:
                source.late = True
                source.fetching.cancel()
        self._timers.append(self._loop.call_later(STOP_SECONDS, self._overdue, group))


def _starts_eagerly(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether its tasks can begin when they are made: asyncio's can since 3.14, those of other loops may not."""
    return getattr(type(loop), "create_task", None) is asyncio.BaseEventLoop.create_task and not loop.get_task_factory()


def _ignore(_: Sequence[SourceTask]) -> None:
    """The callback of a group that is closed."""
