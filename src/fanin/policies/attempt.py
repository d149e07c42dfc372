"""One attempt: enforces the source's timeout, and measures the latency."""

import asyncio
import logging
import os
import traceback
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from fanin.errors import FailureKind, FaninError, SourceError, describe
from fanin.model import Document, Question
from fanin.policies.breaker import open_circuit_error
from fanin.policies.health import Health
from fanin.sources.source import Item, Source, open_stream

_log = logging.getLogger("fanin")

_END = object()

_FANIN = f"{Path(__file__).parents[1]}/"
_LIBRARIES = (f"{Path(os.__file__).parent}/", f"{Path(__file__).parents[2]}/", "<")


def attempt(source: Source, health: Health) -> Source:
    """The source with its timeout enforced for each call; the latency is added to `health`.

    The result has no timeout of its own, since other policies may call it several times. A source that exits or
    cancels itself fails with SourceError, so that no policy mistakes that for the cancellation of the question.
    """

    async def fetch(question: Question) -> AsyncIterator[Item]:
        clock = asyncio.get_running_loop().time
        started_at = clock()
        for circuit in (health.circuit, health.user_circuit(question.user)):
            if circuit.state_at(started_at) == "open":
                # The circuit opened after this call was admitted, while it waited for its slot or token.
                raise open_circuit_error(source.name, circuit, now=started_at)
        health.calls += 1
        first: float | None = None
        try:
            async for item in _within_timeout(source, question, started_at + source.timeout):
                if first is None and isinstance(item, Document):
                    first = clock() - started_at
                yield item
        except Exception as error:
            health.failures += 1
            if not isinstance(error, (FaninError, TimeoutError)):
                _log.info("%s: %s%s", source.name, describe(error), _location(error))
            raise
        except (asyncio.CancelledError, SystemExit) as error:
            if _is_cancelled():
                raise
            health.failures += 1
            raise _own_exit(error) from error
        health.latencies.append(clock() - started_at if first is None else first)

    return replace(source, fetch=fetch, timeout=float("inf"))


def _location(error: BaseException) -> str:
    """Where it was raised, as " (file, line 3, in function)": the last place in the caller's own code, if any."""
    places = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    frames = [(code, line) for code, line in places if not code.co_filename.startswith(_FANIN)]
    own = [(code, line) for code, line in frames if not code.co_filename.startswith(_LIBRARIES)]
    return "".join(f" ({code.co_filename}, line {line}, in {code.co_name})" for code, line in (own or frames)[-1:])


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _own_exit(error: BaseException) -> SourceError:
    if isinstance(error, SystemExit):
        return SourceError(describe(error), FailureKind.EXCEPTION)
    return SourceError("The source cancelled itself; fanin went on without it.", FailureKind.CANCELLED)


async def _within_timeout(source: Source, question: Question, limit: float) -> AsyncIterator[Item]:
    """The items until the instant `limit`; each wait has its own timeout, since one may not span a `yield`."""
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
