"""One attempt: within the source's timeout, and timed."""

import asyncio
import logging
import os
import traceback
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from fanin.errors import FailureKind, FaninError, SourceError, describe
from fanin.model import Document, Question
from fanin.policies.breaker import refusal
from fanin.policies.health import Health
from fanin.sources.source import Item, Source, open_stream

_log = logging.getLogger("fanin")

_END = object()

_OURS = f"{Path(__file__).parents[1]}/"
_LIBRARIES = (f"{Path(os.__file__).parent}/", f"{Path(__file__).parents[2]}/", "<")


def attempt(source: Source, health: Health) -> Source:
    """The source with its timeout enforced for each call, whose latency `health` learns.

    The wrapped source has no timeout of its own any more: what surrounds it may ask several times. A source that
    exits or cancels itself fails with SourceError, so that no policy takes that for the end of the question.
    """

    async def fetch(question: Question) -> AsyncIterator[Item]:
        clock = asyncio.get_running_loop().time
        begun = clock()
        for circuit in (health.circuit, health.refused(question.user)):
            if circuit.state_at(begun) == "open":
                # It opened while this call, already let through, waited for its turn or its token.
                raise refusal(source.name, circuit, now=begun)
        health.calls += 1
        first: float | None = None
        try:
            async for item in _within_timeout(source, question, begun + source.timeout):
                if first is None and isinstance(item, Document):
                    first = clock() - begun
                yield item
        except Exception as error:
            health.failures += 1
            if not isinstance(error, (FaninError, TimeoutError)):
                _log.info("%s: %s%s", source.name, describe(error), _place(error))
            raise
        except (asyncio.CancelledError, SystemExit) as error:
            if _told_to_stop():
                raise
            health.failures += 1
            raise _gave_up(error) from error
        health.latencies.append(clock() - begun if first is None else first)

    return replace(source, fetch=fetch, timeout=float("inf"))


def _place(error: BaseException) -> str:
    """Where it was raised, as " (file, line 3, in function)": in the caller's own code if it came through that."""
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    places = [(code, line) for code, line in frames if not code.co_filename.startswith(_OURS)]
    own = [(code, line) for code, line in places if not code.co_filename.startswith(_LIBRARIES)]
    return "".join(f" ({code.co_filename}, line {line}, in {code.co_name})" for code, line in (own or places)[-1:])


def _told_to_stop() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _gave_up(error: BaseException) -> SourceError:
    if isinstance(error, SystemExit):
        return SourceError(describe(error), FailureKind.EXCEPTION)
    return SourceError("The source cancelled itself; fanin went on without it.", FailureKind.CANCELLED)


async def _within_timeout(source: Source, question: Question, limit: float) -> AsyncIterator[Item]:
    """The items until the limit, which holds for each wait, so that none spans a hand-over."""
    async with open_stream(source, question) as stream:
        while True:
            try:
                async with asyncio.timeout_at(limit):
                    item = await anext(stream, _END)
            except TimeoutError as error:
                if error.args:
                    raise
                raise TimeoutError(f"No answer within {source.timeout:g} s") from None
            if item is _END:
                return
            yield item  # pyright: ignore[reportReturnType] - all but _END is an item
