"""Hedged requests: if a call takes longer than 95 % of all, make a second one, and use the first with a document.

Dean and Barroso, "The Tail at Scale" (Communications of the ACM, 2013): at most 5 % more calls avoid the slowest
answers.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from fanin.model import Document, Notice, Question
from fanin.policies.health import LATENCIES_NEEDED, Health
from fanin.sources.source import Item, Source, open_stream

HEDGE_PERCENTILE = 0.95
"""The percentile of the latencies after which a call is hedged."""

HEDGE_SHARE, MAX_SAVED_HEDGES = 0.05, 5.0
"""The share of calls that may be hedged, and the most unused hedges that are saved."""

CANCEL_TIMEOUT = 0.05
"""Seconds for the cancelled call to end; if it takes longer, no call is hedged until it has ended."""


def hedge_after(health: Health) -> float | None:
    """Seconds without a document after which a second call is made; None with too few latencies or hedges left."""
    return health.percentile(HEDGE_PERCENTILE, least=LATENCIES_NEEDED) if health.hedges >= 1.0 else None


def hedge(source: Source, health: Health) -> Source:
    """The source, called a second time if the first call is late; the call with the first document is used.

    If one call fails, the other one is used. The call that is not used is cancelled.
    """
    unstopped: set[asyncio.Task[None]] = set()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        health.hedges = min(MAX_SAVED_HEDGES, health.hedges + HEDGE_SHARE)
        after = None if unstopped else hedge_after(health)
        if after is None:
            async with open_stream(source, question) as stream:
                async for item in stream:
                    yield item
            return
        changed = asyncio.Event()
        calls = [_Call(source, question, changed)]
        cancel_timeout = None
        try:
            if not await _wait_for_result(calls, changed, after):
                health.hedges -= 1.0
                calls.append(_Call(source, question, changed))
                yield Notice("hedged")
                await _wait_for_result(calls, changed, None)
            winner = next((each for each in calls if each.has_result and not each.failed), calls[0])
            for other in calls:
                if other is not winner:
                    other.task.cancel()
            async for item in winner.items():
                yield item
            cancel_timeout = CANCEL_TIMEOUT
        finally:
            for task in await _cancel([each.task for each in calls], cancel_timeout):
                unstopped.add(task)
                task.add_done_callback(unstopped.discard)

    return replace(source, fetch=fetch)


async def _cancel(tasks: Sequence[asyncio.Task[None]], seconds: float | None) -> set[asyncio.Task[None]]:
    """Cancel the calls, and give those that have not ended after `seconds`; None waits for all."""
    left = [task for task in tasks if not task.done()]
    for task in left:
        task.cancel()
    return (await asyncio.wait(left, timeout=seconds))[1] if left else set()


class _Call:
    """One of the calls, read into a queue by its own task; `changed` is set at its first document and its end."""

    def __init__(self, source: Source, question: Question, changed: asyncio.Event) -> None:
        self.has_result = False
        self._queue: asyncio.Queue[Item | None] = asyncio.Queue()
        self._changed = changed
        self.task = asyncio.create_task(self._read(source, question))
        self.task.add_done_callback(self._end)

    @property
    def failed(self) -> bool:
        return self.task.done() and (self.task.cancelled() or self.task.exception() is not None)

    async def items(self) -> AsyncIterator[Item]:
        while (item := await self._queue.get()) is not None:
            yield item
        await self.task

    async def _read(self, source: Source, question: Question) -> None:
        async with open_stream(source, question) as stream:
            async for item in stream:
                self._queue.put_nowait(item)
                if not self.has_result and isinstance(item, Document):
                    self.has_result = True
                    self._changed.set()

    def _end(self, _: object) -> None:
        self.has_result = True
        self._queue.put_nowait(None)
        self._changed.set()


async def _wait_for_result(calls: Sequence[_Call], changed: asyncio.Event, seconds: float | None) -> bool:
    """Wait until a call has a document or has ended well, or all have failed; False after `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            while not any(each.has_result and not each.failed for each in calls) and not all(
                each.has_result for each in calls
            ):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        return False
    return True
