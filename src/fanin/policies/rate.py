"""The rate limit, a token bucket that pauses when the source asks for fewer calls, and the concurrency limit."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Unpack

from fanin.errors import FailureKind, RateLimited, SourceError
from fanin.limits import LIMITS
from fanin.model import Notice, Question
from fanin.policies.health import Health
from fanin.policies.shared_bucket import Sharing, shared_bucket
from fanin.sources.source import Item, Source, open_stream


def rate_limit(source: Source, rate: tuple[int, float], health: Health, **sharing: Unpack[Sharing]) -> Source:
    """The source, called at most at `rate` = (calls, seconds), evenly after a first burst; other calls wait in order.

    The tokens are those of `shared_bucket`. Raises RateLimited (`blocked`) at once if a call could only start after the
    question's deadline.
    """
    bucket = shared_bucket(source, rate, health, **sharing)
    lock, ahead = asyncio.Lock(), 0

    async def admit(question: Question) -> None:
        # Recompute the delay after every wake-up, since a pause may have begun; cancelled waiters consume no token.
        clock = asyncio.get_running_loop().time
        async with lock:
            while wait := await bucket.take():
                _raise_if_too_late(source.name, rate, wait, left=question.deadline - clock())
                await asyncio.sleep(wait)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal ahead
        clock = asyncio.get_running_loop().time
        started_at = clock()
        wait = await bucket.wait(ahead=ahead)
        _raise_if_too_late(source.name, rate, wait, left=question.deadline - started_at)
        ahead += 1
        try:
            if wait:
                yield Notice("waiting", after=wait, message="rate")
            await admit(question)
        finally:
            ahead -= 1
        if waited := clock() - started_at:
            yield Notice("waited", after=waited)
        try:
            async with open_stream(source, question) as stream:
                async for item in stream:
                    yield item
        except RateLimited as error:
            await bucket.pause(error.retry_after)
            raise

    return replace(source, fetch=fetch)


def _raise_if_too_late(name: str, rate: tuple[int, float], wait: float, *, left: float) -> None:
    if wait and wait >= left:
        raise RateLimited(
            f"{name} may be asked {rate[0]} times in {rate[1]:g} s, and the next call may begin in {wait:.1f} s;"
            " fanin did not ask it. Ask again later, or raise its rate.",
            wait,
            blocked=True,
        )


def concurrency_limit(source: Source, at_once: int, *, most_waiting: int = LIMITS.waiting) -> Source:
    """The source, with at most `at_once` calls at the same time; one more than `most_waiting` for each is shed."""
    slots = asyncio.Semaphore(at_once)
    waiting = 0

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal waiting
        if slots.locked() and waiting >= most_waiting * at_once:
            raise SourceError(
                f"{waiting} calls of {source.name} wait already; fanin did not ask it. Ask again later, or raise its"
                " concurrency.",
                FailureKind.SHED,
            )
        clock = asyncio.get_running_loop().time
        started_at = clock()
        waiting += 1
        try:
            if slots.locked():
                yield Notice("waiting", message="concurrency")
            await slots.acquire()
        finally:
            waiting -= 1
        try:
            if (waited := clock() - started_at) > 0:
                yield Notice("waited", after=waited)
            async with open_stream(source, question) as stream:
                async for item in stream:
                    yield item
        finally:
            slots.release()

    return replace(source, fetch=fetch)
