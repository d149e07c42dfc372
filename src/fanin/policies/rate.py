"""The rate limit, a token bucket that pauses when the source asks for fewer calls, and the concurrency limit."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from fanin.errors import FailureKind, RateLimited, SourceError
from fanin.model import Notice, Question
from fanin.policies.health import Bucket, Health
from fanin.sources.source import Item, Source, open_stream

WAITING = 10
"""Calls that may wait for each slot; a call beyond that is shed at once."""


def rate_limit(source: Source, rate: tuple[int, float], health: Health) -> Source:
    """The source, asked at most `rate` = (calls, seconds) often, evenly after a first burst; other calls wait in order.

    The tokens are kept in `health`. Raises RateLimited (`blocked`) at once when a call's turn would come after the
    question's deadline.
    """
    full = Bucket(float(rate[0]))
    row = asyncio.Lock()
    ahead = 0

    async def admitted(question: Question) -> None:
        # Recompute the delay after every wake-up, since a pause may have begun; cancelled waiters consume no token.
        clock = asyncio.get_running_loop().time
        async with row:
            while wait := (health.bucket or full).wait(rate, now=clock()):
                _refuse_late(source.name, rate, wait, left=question.deadline - clock())
                await asyncio.sleep(wait)
            health.bucket = (health.bucket or full).taken(rate, now=clock())

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal ahead
        clock = asyncio.get_running_loop().time
        begun = clock()
        wait = (health.bucket or full).wait(rate, now=begun, ahead=ahead)
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
            async with open_stream(source, question) as stream:
                async for item in stream:
                    yield item
        except RateLimited as error:
            health.bucket = (health.bucket or full).pausing(error.retry_after, now=clock())
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
            async with open_stream(source, question) as stream:
                async for item in stream:
                    yield item
        finally:
            slots.release()

    return replace(source, fetch=fetch)
