"""Retries of transient failures, with full jitter, within the question's deadline and the source's retry budget."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from fanin.errors import SourceError, describe, is_transient
from fanin.model import Document, Notice, Question
from fanin.sources.source import Item, Source, open_stream

BASE = 0.1
"""Seconds before the second attempt at most, doubling with each further one up to `CAP`: the full jitter of
M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015."""

CAP = 1.0

SPARE, EACH, MOST = 2.0, 0.1, 10.0
"""Retries that a source may have at once, those that come back each second (one in ten), and the most saved up: the
retry budget of Finagle, which grows with the calls besides."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How many retries a source has left at the instant `at`."""

    left: float = SPARE
    at: float = 0.0

    def earned(self, *, now: float, share: float) -> Budget:
        """The budget after one more call, of which `share` retries are allowed, and the time since the last one."""
        return Budget(min(MOST, self._at(now) + share), now)

    def spent(self, *, now: float) -> Budget | None:
        """The budget after one retry; None when there is none left."""
        left = self._at(now)
        return Budget(left - 1.0, now) if left >= 1.0 else None

    def _at(self, now: float) -> float:
        return min(MOST, max(self.left, min(SPARE, self.left + EACH * (now - self.at))))


def next_wait(
    error: BaseException, *, attempt: int, retries: int, left: float, chance: float, quickest: float = 0.0
) -> float | None:
    """Seconds to wait after a failed attempt (the first is 1), or None to give up.

    `left` is seconds until the deadline, `chance` a number from 0 to 1 that spreads the waits. The wait that
    the source asked for is added. No retry is made that could not finish even in the `quickest` seconds.
    """
    if attempt > retries or not is_transient(error):
        return None
    wait = chance * min(CAP, BASE * 2 ** min(attempt - 1, 10))
    if isinstance(error, SourceError) and error.retry_after is not None:
        wait += max(0.0, error.retry_after)
    return wait if wait + quickest < left else None


def retry(
    source: Source,
    *,
    retries: int,
    budget: float = 0.2,
    chance: Callable[[], float] = random.random,
    quickest: Callable[[], float] = float,
) -> Source:
    """The source, called up to `retries` times more when it fails with a transient error before its first document.

    `budget` is the share of all calls that may be retries, besides one in ten seconds. `quickest` gives the seconds
    that an attempt takes at least.
    """
    account = Budget()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        nonlocal account
        clock = asyncio.get_running_loop().time
        account = account.earned(now=clock(), share=budget)
        attempt = 1
        while True:
            begun = False
            try:
                async with open_stream(source, question) as stream:
                    async for item in stream:
                        begun = begun or isinstance(item, Document)
                        yield item
                return
            except Exception as error:
                left = question.deadline - clock()
                wait = next_wait(
                    error, attempt=attempt, retries=retries, left=left, chance=chance(), quickest=quickest()
                )
                if begun or wait is None or (after := account.spent(now=clock())) is None:
                    raise
                account, attempt = after, attempt + 1
                yield Notice("retrying", attempt=attempt, after=wait, message=describe(error))
                await asyncio.sleep(wait)

    return replace(source, fetch=fetch)
