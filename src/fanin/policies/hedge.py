"""Hedged requests: when a call is later than 95 of 100, ask a second time, and take whichever speaks first.

Dean and Barroso, "The Tail at Scale" (Communications of the ACM, 2013): with at most 5 % more calls, the slowest
answers are cut off.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from fanin.model import Document, Notice, Question
from fanin.policies.health import ENOUGH, Health
from fanin.sources.source import Item, Source, reading

LATE = 0.95
"""The share of calls that are faster than one which is hedged."""

EXTRA, SAVED = 0.05, 5.0
"""The share of calls that may be hedges, and how many of them can be saved up for a bad hour."""

LEAVE = 0.05
"""Seconds that the call which lost has to stop; a deaf one is left behind, and nothing is hedged until it is gone."""


def hedge_after(health: Health) -> float | None:
    """Seconds without a word after which a second call is made; None as long as too little is known, or too often."""
    return health.percentile(LATE, least=ENOUGH) if health.hedges >= 1.0 else None


def hedge(source: Source, health: Health) -> Source:
    """The source, asked a second time when the first call is late; the first document or end decides between them.

    A call that fails first leaves the field to the other one. The one that loses is cancelled.
    """
    deaf: set[asyncio.Task[None]] = set()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        health.hedges = min(SAVED, health.hedges + EXTRA)
        after = None if deaf else hedge_after(health)
        if after is None:
            async with reading(source, question) as stream:
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
        async with reading(source, question) as stream:
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
