"""What do policies cost when they have nothing to do, and what does a cached answer cost?

Run `python bench/policies.py`. Three questions of the machine, each against a control in the same run, in turns, by
medians: a source with every policy on but idle against the same source bare; a hit in memory against a source that
has its documents at hand, for a short answer and for one of 20 kB; and how many calls a hundred callers of one cold
question make.
"""

import asyncio
import itertools
import os
import platform
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from fanin import Document, Engine, Policy, Question, Source
from fanin.policies.health import Health
from fanin.policies.stack import stack

IDLE, HIT = 100.0, 50.0
"""Microseconds that idle policies may add to a source, and that a hit may cost."""

ALL = Policy(retries=2, rate=(1_000_000, 1.0), concurrency=1000, breaker=True, hedge=True)
ROUNDS, CALLS = 40, 100


def at_hand(size: int) -> Source:
    """A source that has one document of so many characters."""
    document = Document("The harbour is open. "[:size] * (size // 21 + 1))

    async def fetch(_: Question) -> AsyncIterator[Document]:
        yield document

    return Source("at hand", fetch)


async def read(source: Source, question: Question) -> None:
    async for _ in source.fetch(question):
        pass


async def microseconds(call: Callable[[], Awaitable[None]]) -> float:
    """One call, as the mean of many in a row."""
    begun = time.perf_counter()
    for _ in range(CALLS):
        await call()
    return (time.perf_counter() - begun) / CALLS * 1e6


async def compared(one: Callable[[], Awaitable[None]], other: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """The medians of both, measured in turns after a warm-up."""
    pairs = [(await microseconds(one), await microseconds(other)) for _ in range(ROUNDS)][5:]
    firsts, seconds = zip(*pairs, strict=True)
    return statistics.median(firsts), statistics.median(seconds)


async def idle() -> None:
    """Every policy but the cache, with nothing to do, against the bare source."""
    bare = at_hand(200)
    wrapped = stack(bare, ALL, health=Health())
    question = Question("Is the harbour open?", deadline=asyncio.get_running_loop().time() + 3600)
    full, control = await compared(lambda: read(wrapped, question), lambda: read(bare, question))
    print(f"all policies on but idle: {full:.1f} µs; the bare source {control:.1f} µs; medians")
    print(f"added: {full - control:.1f} µs; required: at most {IDLE:g} µs")


async def hit(size: int) -> None:
    """A fresh answer in memory, against the source that has it at hand anyway."""
    bare = at_hand(size)
    cached = stack(bare, Policy(cache=3600.0), health=Health())
    question = Question("Is the harbour open?", deadline=asyncio.get_running_loop().time() + 3600)
    full, control = await compared(lambda: read(cached, question), lambda: read(bare, question))
    print(
        f"a hit of {size:,} characters: {full:.1f} µs; the bare source {control:.1f} µs; required: at most {HIT:g} µs"
    )


async def crowd(callers: int = 100) -> None:
    """How many calls so many callers of one cold question make."""
    calls = itertools.count()
    bare = at_hand(200)

    async def slow(question: Question) -> AsyncIterator[Document]:
        next(calls)
        await asyncio.sleep(0.05)
        async for item in bare.fetch(question):
            yield item  # pyright: ignore[reportReturnType]

    source = replace(bare, fetch=slow, policy=Policy(cache=60.0))
    async with Engine([source], pool="inline") as engine:
        answers = await asyncio.gather(*(engine.ask("Is the harbour open?") for _ in range(callers)))
    right = sum(answer.sources["at hand"].status == "ok" for answer in answers)
    print(f"{callers} callers of one cold question: {next(calls)} call, {right} answers; required: 1 call")


async def main() -> None:
    cores = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)"
    print(f"machine: {platform.machine()}, {cores}, Python {platform.python_version()}")
    await idle()
    await hit(200)
    await hit(20_000)
    await crowd()


if __name__ == "__main__":
    asyncio.run(main())
