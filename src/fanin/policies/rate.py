"""The rate limit, a token bucket that pauses when the source asks for fewer calls, and the concurrency limit."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from fanin.errors import FailureKind, RateLimited, SourceError
from fanin.model import Notice, Question
from fanin.sources.source import Item, Source, reading

WAITING = 10
"""Calls that may wait for each turn; a call beyond that is shed at once instead of waiting in vain."""

LONGEST = 3600.0
"""Seconds that a source can ask not to be asked; a longer time is taken for a mistake."""


HARDLY = 1e-6
"""Seconds that are no wait: what rounding leaves of one."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens at the instant `at`, one for each call that may begin; none is given before `paused`."""

    tokens: float
    at: float = 0.0
    paused: float = 0.0

    def wait(self, rate: tuple[int, float], *, now: float, ahead: int = 0) -> float:
        """Seconds until a call may begin when so many others that wait are ahead of it."""
        calls, seconds = rate
        start = max(now, self.paused)
        missing = 1.0 + ahead - self._held(rate, start)
        wait = start - now + max(0.0, missing * seconds / calls)
        return wait if wait > HARDLY else 0.0

    def taken(self, rate: tuple[int, float], *, now: float) -> Bucket:
        """The bucket after a call that had not to wait took its token."""
        return replace(self, tokens=max(0.0, self._held(rate, now) - 1.0), at=now)

    def pausing(self, after: float | None, *, now: float) -> Bucket:
        """The bucket once the source asked for fewer calls, and for a pause of so many seconds if it said."""
        pause = min(max(after or 0.0, 0.0), LONGEST)
        return Bucket(0.0, now, max(self.paused, now + pause))

    def _held(self, rate: tuple[int, float], now: float) -> float:
        calls, seconds = rate
        return min(float(calls), self.tokens + max(0.0, now - self.at) * calls / seconds)


def rate_limit(source: Source, rate: tuple[int, float]) -> Source:
    """The source, asked at most `rate` = (calls, seconds) often, evenly after a first burst; calls wait in a row.

    Raises RateLimited (`blocked`) at once when a call's turn would come after the question's deadline.
    """
    bucket = Bucket(float(rate[0]))
    row = asyncio.Lock()
    ahead = 0

    async def admitted(question: Question) -> None:
        # Whoever waits reckons anew each time, for a pause may have come, and whoever left took no token.
        nonlocal bucket
        clock = asyncio.get_running_loop().time
        async with row:
            while wait := bucket.wait(rate, now=clock()):
                _refuse_late(source.name, rate, wait, left=question.deadline - clock())
                await asyncio.sleep(wait)
            bucket = bucket.taken(rate, now=clock())

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal bucket, ahead
        clock = asyncio.get_running_loop().time
        begun = clock()
        wait = bucket.wait(rate, now=begun, ahead=ahead)
        _refuse_late(source.name, rate, wait, left=question.deadline - begun)
        ahead += 1
        try:
            if wait:
                yield Notice("waiting", after=wait, message="rate")
            await admitted(question)
        finally:
            ahead -= 1
        if waited := clock() - begun:
            yield Notice("waited", after=waited)
        try:
            async with reading(source, question) as stream:
                async for item in stream:
                    yield item
        except RateLimited as error:
            bucket = bucket.pausing(error.retry_after, now=clock())
            raise

    return replace(source, fetch=fetch)


def _refuse_late(name: str, rate: tuple[int, float], wait: float, *, left: float) -> None:
    if wait and wait >= left:
        raise RateLimited(
            f"{name} may be asked {rate[0]} times in {rate[1]:g} s, and the next call may begin in {wait:.1f} s;"
            " fanin did not ask it. Ask again later, or raise its rate.",
            wait,
            blocked=True,
        )


def concurrency_limit(source: Source, at_once: int) -> Source:
    """The source, called `at_once` times at the same time; a call that finds too many waiting is shed (kind "shed")."""
    slots = asyncio.Semaphore(at_once)
    waiting = 0

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal waiting
        if slots.locked() and waiting >= WAITING * at_once:
            raise SourceError(
                f"{waiting} calls of {source.name} wait already; fanin did not ask it. Ask again later, or raise its"
                " concurrency.",
                FailureKind.SHED,
            )
        clock = asyncio.get_running_loop().time
        begun = clock()
        waiting += 1
        try:
            if slots.locked():
                yield Notice("waiting", message="concurrency")
            await slots.acquire()
        finally:
            waiting -= 1
        try:
            if (waited := clock() - begun) > 0:
                yield Notice("waited", after=waited)
            async with reading(source, question) as stream:
                async for item in stream:
                    yield item
        finally:
            slots.release()

    return replace(source, fetch=fetch)
