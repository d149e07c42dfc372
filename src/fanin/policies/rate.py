"""How often, and how many at a time: a token bucket that heeds what the source says, and turns."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from fanin.errors import RateLimited, SourceError
from fanin.model import Notice, Question
from fanin.sources.source import Item, Source, reading

WAITING = 10
"""Calls that may wait for each turn; a call beyond that is shed at once instead of waiting in vain."""

LONGEST = 3600.0
"""Seconds that a source can ask not to be asked; a longer time is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens at the instant `at`; below zero are those promised to calls that wait. None is given before `paused`."""

    tokens: float
    at: float = 0.0
    paused: float = 0.0

    def taken(self, rate: tuple[int, float], *, now: float) -> tuple[Bucket, float]:
        """The bucket after one call took its token, and the seconds until that call may begin."""
        calls, seconds = rate
        tokens = min(float(calls), self.tokens + (now - self.at) * calls / seconds) - 1.0
        wait = max(0.0, -tokens * seconds / calls, self.paused - now)
        return replace(self, tokens=tokens, at=now), wait

    def pausing(self, after: float | None, *, now: float) -> Bucket:
        """The bucket once the source asked for fewer calls, and for a pause of so many seconds if it said."""
        return replace(self, tokens=min(self.tokens, 0.0), paused=now + min(max(after or 0.0, 0.0), LONGEST))


def rate_limit(source: Source, rate: tuple[int, float]) -> Source:
    """The source, asked at most `rate` = (calls, seconds) often, evenly after a first burst; a call waits its turn.

    Raises RateLimited at once when that turn would come after the question's deadline.
    """
    bucket = Bucket(float(rate[0]))

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal bucket
        clock = asyncio.get_running_loop().time
        after, wait = bucket.taken(rate, now=clock())
        if wait >= question.deadline - clock():
            raise RateLimited(
                f"{source.name} may be asked {rate[0]} times in {rate[1]:g} s, and its next turn is in {wait:.1f} s;"
                " fanin did not ask it. Ask again later, or raise its rate.",
                wait,
            )
        bucket = after
        if wait:
            yield Notice("waited", after=wait)
            await asyncio.sleep(wait)
        try:
            async with reading(source, question) as stream:
                async for item in stream:
                    yield item
        except RateLimited as error:
            bucket = bucket.pausing(error.retry_after, now=clock())
            raise

    return replace(source, fetch=fetch)


def in_turns(source: Source, at_once: int) -> Source:
    """The source, asked `at_once` times at a time; a call that finds too many waiting is shed (kind "shed")."""
    turns = asyncio.Semaphore(at_once)
    waiting = 0

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal waiting
        if turns.locked() and waiting >= WAITING * at_once:
            raise SourceError(
                f"{waiting} calls of {source.name} wait already; fanin did not ask it. Ask again later, or raise its"
                " concurrency.",
                kind="shed",
            )
        clock = asyncio.get_running_loop().time
        begun = clock()
        waiting += 1
        try:
            await turns.acquire()
        finally:
            waiting -= 1
        try:
            if (waited := clock() - begun) > 0:
                yield Notice("waited", after=waited)
            async with reading(source, question) as stream:
                async for item in stream:
                    yield item
        finally:
            turns.release()

    return replace(source, fetch=fetch)
