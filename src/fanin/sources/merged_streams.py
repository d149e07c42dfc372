"""Merges several streams of documents into one, in the order of arrival."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from typing import cast

_END = object()


async def merge_streams[T](streams: Iterable[AsyncIterator[T]], *, at_once: int) -> AsyncGenerator[T]:
    """The items of all streams, of which `at_once` are read at the same time.

    A stream that fails does not stop the others: the first error is raised when all have ended.
    """
    queue: asyncio.Queue[object] = asyncio.Queue()
    slots = asyncio.Semaphore(at_once)
    tasks = [asyncio.create_task(_drain(stream, slots, queue)) for stream in streams]
    try:
        ends = 0
        while ends < len(tasks):
            item = await queue.get()
            if item is _END:
                ends += 1
            else:
                yield cast("T", item)
        for task in tasks:
            await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _drain[T](stream: AsyncIterator[T], slots: asyncio.Semaphore, queue: asyncio.Queue[object]) -> None:
    try:
        async with slots, aclosing(stream):  # pyright: ignore[reportArgumentType] - any async generator can be closed
            async for item in stream:
                queue.put_nowait(item)
    finally:
        queue.put_nowait(_END)
