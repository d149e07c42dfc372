"""Hedged requests: when a call is later than 95 of 100, make a second one, and use the first that gives a document.

Dean and Barroso, "The Tail at Scale" (Communications of the ACM, 2013): at most 5 % more calls cut off the
slowest answers.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from fanin.model import Document, Notice, Question
from fanin.policies.health import ENOUGH, Health
from fanin.sources.source import Item, Source, open_stream

LATE = 0.95
"""The share of calls that are faster than one which is hedged."""

EXTRA, SAVED = 0.05, 5.0
"""The share of calls that may be hedges, and how many unused ones are saved up."""

LEAVE = 0.05
"""Seconds that the cancelled call has to end; if it takes longer, nothing is hedged until it has ended."""


def hedge_after(health: Health) -> float | None:
    """Seconds without a document after which a second call is made; None with too few latencies or hedges left."""
    return health.percentile(LATE, least=ENOUGH) if health.hedges >= 1.0 else None


def hedge(source: Source, health: Health) -> Source:
    """The source, asked a second time when the first call is late; the first document or end decides between them.

    If one call fails, the other one decides. The call that is not used is cancelled.
    """
    deaf: set[asyncio.Task[None]] = set()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        health.hedges = min(SAVED, health.hedges + EXTRA)
        after = None if deaf else hedge_after(health)
        if after is None:
            async with open_stream(source, question) as stream:
                async for item in stream:
                    yield item
            return
        changed = asyncio.Event()
        calls = [_Call(source, question, changed)]
        patience = None
        try:
            if not await _spoken(calls, changed, after):
                health.hedges -= 1.0
                calls.append(_Call(source, question, changed))
                yield Notice("hedged")
                await _spoken(calls, changed, None)
            winner = next((each for each in calls if each.spoke and not each.failed), calls[0])
            for other in calls:
                if other is not winner:
                    other.task.cancel()
            async for item in winner.items():
                yield item
            patience = LEAVE
        finally:
            for task in await _stopped([each.task for each in calls], patience):
                deaf.add(task)
                task.add_done_callback(deaf.discard)

    return replace(source, fetch=fetch)


async def _stopped(tasks: Sequence[asyncio.Task[None]], seconds: float | None) -> set[asyncio.Task[None]]:
    """Stop the calls, and give those that did not stop within the seconds; None waits for all, as the run counts it."""
    left = [task for task in tasks if not task.done()]
    for task in left:
        task.cancel()
    return (await asyncio.wait(left, timeout=seconds))[1] if left else set()


class _Call:
    """One of the calls, read into a queue by a task of its own; `changed` is set when it speaks or ends."""

    def __init__(self, source: Source, question: Question, changed: asyncio.Event) -> None:
        self.spoke = False
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
                if not self.spoke and isinstance(item, Document):
                    self.spoke = True
                    self._changed.set()

    def _end(self, _: object) -> None:
        self.spoke = True
        self._queue.put_nowait(None)
        self._changed.set()


async def _spoken(calls: Sequence[_Call], changed: asyncio.Event, seconds: float | None) -> bool:
    """Wait until a call has a document or an end, or all have failed; False if none has within the seconds."""
    try:
        async with asyncio.timeout(seconds):
            while not any(each.spoke and not each.failed for each in calls) and not all(each.spoke for each in calls):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        return False
    return True
