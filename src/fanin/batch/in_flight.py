"""Work on many items side by side, never on more than a limit, and never ahead of who takes the results."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable
from contextlib import aclosing
from typing import Any


async def in_flight[T, R](
    work: Callable[[T], Coroutine[Any, Any, R]],
    items: AsyncIterable[T] | Iterable[T],
    *,
    limit: Callable[[], int],
    ordered: bool,
) -> AsyncGenerator[R]:
    """What the work gives for each item: in the order of the items, or as soon as it is there.

    An item is read only when fewer than `limit()` are in work or wait to be taken, so that memory does not grow with
    the items, whoever is slow. An error of the work or of the items is raised in its place, and ends the rest.
    """
    flight = _Flight[T, R](work, limit, ordered=ordered)
    async with aclosing(_each(items)) as source:
        reading = asyncio.ensure_future(anext(source, None))
        reading.add_done_callback(flight.wake)
        try:
            async for result in flight.results(source, reading):
                yield result
        finally:
            await flight.stop()


class _Flight[T, R]:
    """The tasks of items that are in work or wait to be taken."""

    def __init__(self, work: Callable[[T], Coroutine[Any, Any, R]], limit: Callable[[], int], *, ordered: bool) -> None:
        self._work = work
        self._limit = limit
        self._ordered = ordered
        self._tasks = dict[asyncio.Task[R], None]()
        self._ended = deque[asyncio.Task[R]]()
        self._reading: asyncio.Future[tuple[T] | None] | None = None
        self._changed = asyncio.Event()

    async def results(
        self, source: AsyncGenerator[tuple[T]], reading: asyncio.Future[tuple[T] | None]
    ) -> AsyncIterator[R]:
        """The results, until the source and the work on all that it gave have ended."""
        self._reading, over = reading, False
        while self._tasks or not over:
            self._changed.clear()
            if (task := self._next()) is not None:
                del self._tasks[task]
                yield task.result()
                continue
            if self._reading is not None and self._reading.done():
                item, self._reading = self._reading.result(), None
                over = item is None
                if item is not None:
                    self._start(item[0])
                continue
            if self._reading is None and not over and len(self._tasks) < max(1, self._limit()):
                self._reading = asyncio.ensure_future(anext(source, None))
                self._reading.add_done_callback(self.wake)
            await self._changed.wait()

    def wake(self, _: object) -> None:
        """Something has changed."""
        self._changed.set()

    async def stop(self) -> None:
        """Cancel what is still in work, and return once it has ended."""
        rest = [*self._tasks, *([self._reading] if self._reading is not None else [])]
        for each in rest:
            each.cancel()
        if rest:
            await asyncio.wait(rest)
        for each in rest:
            if not each.cancelled():
                each.exception()  # asyncio warns of exceptions that are never retrieved

    def _start(self, item: T) -> None:
        task = asyncio.create_task(self._work(item))
        self._tasks[task] = None
        task.add_done_callback(self._task_ended)

    def _task_ended(self, task: asyncio.Task[R]) -> None:
        self._ended.append(task)
        self._changed.set()

    def _next(self) -> asyncio.Task[R] | None:
        """The task whose result is to be given now."""
        if not self._ordered:
            return self._ended.popleft() if self._ended else None
        first = next(iter(self._tasks), None)
        return first if first is not None and first.done() else None


async def _each[T](items: AsyncIterable[T] | Iterable[T]) -> AsyncGenerator[tuple[T]]:
    """Each item in a tuple, so that None can be one."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield (item,)
    else:
        for item in items:
            yield (item,)
