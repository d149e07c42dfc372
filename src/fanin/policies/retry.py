"""Try again after a passing failure, with full jitter, and never past the question's deadline."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from fanin.errors import ConfigError, RateLimited, SourceError
from fanin.model import Document, Notice, Question
from fanin.sources.source import Item, Source

BASE = 0.1
"""Seconds before the second attempt at most, doubling with each further one up to `CAP`: the full jitter of
M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015."""

CAP = 1.0

PASSING = {"connection", "simulated", "truncated"}
"""Kinds of SourceError that may be gone at the next attempt; so may every status of 500 and above."""


def is_passing(error: BaseException) -> bool:
    """Whether the same request may succeed a moment later."""
    match error:
        case RateLimited():
            return True
        case SourceError():
            return error.kind in PASSING or error.kind.startswith("http_5")
        case _:
            return isinstance(error, (TimeoutError, OSError))


def next_wait(error: BaseException, *, attempt: int, retries: int, left: float, chance: float) -> float | None:
    """Seconds to wait after a failed attempt (the first is 1), or None to give up.

    `left` is seconds until the deadline, `chance` a number from 0 to 1 that spreads the waits. A wait that the source
    asked for is obeyed, and a retry that would begin after the deadline is not made.
    """
    if attempt > retries or not is_passing(error):
        return None
    wait = chance * min(CAP, BASE * 2 ** (attempt - 1))
    if isinstance(error, RateLimited) and error.retry_after is not None:
        wait += error.retry_after
    return wait if wait < left else None


def retry(source: Source, *, retries: int, chance: Callable[[], float] = random.random) -> Source:
    """The source, asked up to `retries` times more when it fails in passing before its first document.

    The source's timeout is for one attempt; the wrapped source's own is only the question's deadline.
    """
    if retries < 0:
        raise ConfigError(f"retries={retries!r} for {source.name!r}; fanin did not add it. Give 0 or more.")

    async def fetch(question: Question) -> AsyncIterator[Item]:
        loop = asyncio.get_running_loop()
        attempt = 1
        while True:
            begun = False
            try:
                async for item in _attempt(source, question):
                    begun = begun or isinstance(item, Document)
                    yield item
                return
            except Exception as error:
                left = question.deadline - loop.time()
                wait = next_wait(error, attempt=attempt, retries=retries, left=left, chance=chance())
                if begun or wait is None:
                    raise
                attempt += 1
                yield Notice("retrying", attempt=attempt, after=wait, message=str(error) or type(error).__name__)
                await asyncio.sleep(wait)

    return replace(source, fetch=fetch, timeout=float("inf")) if retries else source


async def _attempt(source: Source, question: Question) -> AsyncIterator[Item]:
    """One attempt within the source's timeout. The limit holds for each wait, so that none spans a hand-over."""
    limit = asyncio.get_running_loop().time() + source.timeout
    stream = source.fetch(question)
    try:
        while True:
            async with asyncio.timeout_at(limit):
                item = await anext(stream, None)
            if item is None:
                return
            yield item
    except TimeoutError as error:
        if error.args:
            raise
        raise TimeoutError(f"No answer within {source.timeout:g} s") from None
    finally:
        if (aclose := getattr(stream, "aclose", None)) is not None:
            await aclose()
