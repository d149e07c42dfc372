"""Retries of transient failures, with full jitter, within the question's deadline and the source's retry budget."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from fanin.errors import SourceError, describe, is_transient
from fanin.model import Document, Notice, Question
from fanin.sources.source import Item, Source, open_stream

FIRST_DELAY = 0.1
"""The longest wait before the second attempt in seconds, doubled with each further one up to `MAX_DELAY`: the full
jitter of M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015."""

MAX_DELAY = 1.0

INITIAL_RETRIES, RETRIES_PER_SECOND, MAX_RETRIES = 2.0, 0.1, 10.0
"""The initial retries of a source, those added each second, and the most that are saved: the retry budget of Finagle,
which also grows with each call."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The retries that a source has left at the instant `at`."""

    left: float = INITIAL_RETRIES
    at: float = 0.0

    def earn(self, *, now: float, share: float) -> Budget:
        """The budget after one more call, which adds `share` retries."""
        return Budget(min(MAX_RETRIES, self._at(now) + share), now)

    def spend(self, *, now: float) -> Budget | None:
        """The budget after one retry; None when there is none left."""
        left = self._at(now)
        return Budget(left - 1.0, now) if left >= 1.0 else None

    def _at(self, now: float) -> float:
        return min(MAX_RETRIES, max(self.left, min(INITIAL_RETRIES, self.left + RETRIES_PER_SECOND * (now - self.at))))


def next_wait(
    error: BaseException, *, attempt: int, retries: int, left: float, jitter: float, fastest: float = 0.0
) -> float | None:
    """Seconds to wait after a failed attempt (the first is 1), or None to give up.

    `left` is seconds until the deadline, `jitter` a random number from 0 to 1. The wait for which the source asked is
    added. No retry is made that could not end before the deadline even if it took only `fastest` seconds.
    """
    if attempt > retries or not is_transient(error):
        return None
    wait = jitter * min(MAX_DELAY, FIRST_DELAY * 2 ** min(attempt - 1, 10))
    if isinstance(error, SourceError) and error.retry_after is not None:
        wait += max(0.0, error.retry_after)
    return wait if wait + fastest < left else None


def retry(
    source: Source,
    *,
    retries: int,
    budget: float = 0.2,
    jitter: Callable[[], float] = random.random,
    fastest: Callable[[], float] = float,
) -> Source:
    """The source, called up to `retries` more times if it fails with a transient error before its first document.

    `budget` is the share of all calls that may be retries, in addition to one every ten seconds. `fastest` gives the
    seconds that an attempt takes at least.
    """
    balance = Budget()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal balance
        clock = asyncio.get_running_loop().time
        balance = balance.earn(now=clock(), share=budget)
        attempt = 1
        while True:
            delivered = False
            try:
                async with open_stream(source, question) as stream:
                    async for item in stream:
                        delivered = delivered or isinstance(item, Document)
                        yield item
                return
            except Exception as error:
                left = question.deadline - clock()
                wait = next_wait(error, attempt=attempt, retries=retries, left=left, jitter=jitter(), fastest=fastest())
                if delivered or wait is None or (after := balance.spend(now=clock())) is None:
                    raise
                balance, attempt = after, attempt + 1
                yield Notice("retrying", attempt=attempt, after=wait, message=describe(error))
                await asyncio.sleep(wait)

    return replace(source, fetch=fetch)
