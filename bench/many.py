"""What do very many sources, documents and questions cost?

Run `python bench/many.py`. One question is asked of up to 2,000 sources with one short document each, and of one source
with as many documents, with vectors of meaning where the extra fanin[semantic] is there. Then 10,000 questions wait for
their sources at the same time, beside bare asyncio: what the process grows by is the memory of a question.
"""

import asyncio
import gc
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from multiprocessing import get_context
from pathlib import Path

from measuring import machine, verdict

from fanin import Document, Engine, Question, Source

SOURCES = (250, 500, 1000, 2000)
LIMIT = 5.0
"""Seconds that a question of the most sources may take."""

WAITING = 10_000
"""Questions in flight while memory is measured."""

NAMES = ("weather", "markets", "city", "forecast", "sport")


def text(number: int) -> Document:
    said = f"The harbour {number} is open until {number} tonight, says master{number}. Ships{number} sail."
    return Document(said, title=f"Harbour {number}")


def source(name: str, numbers: range) -> Source:
    async def fetch(_: Question) -> AsyncIterator[Document]:
        for number in numbers:
            yield text(number)

    return Source(name, fetch, timeout=20.0)


async def seconds(sources: list[Source]) -> tuple[float, str]:
    """How long the question takes, and how its passages were ranked."""
    async with Engine(sources, deadline=20.0) as engine:
        start = time.perf_counter()
        answer = await engine.ask("Is the harbour open tonight?")
        took = time.perf_counter() - start
    if not all(outcome.status == "ok" for outcome in answer.sources.values()):
        raise RuntimeError(f"Not every source was heard: {answer.errors[:3]!r}.")
    return took, answer.ranking


def growing() -> None:
    took = 0.0
    for count in SOURCES:
        sources = [source(f"s{number}", range(number, number + 1)) for number in range(count)]
        took, ranking = asyncio.run(seconds(sources))
        print(f"{count} sources with a document each: {took:.2f} s, {ranking}")
    print(verdict("seconds of the most sources", took, most=LIMIT))
    for count in (250, 500, 1000):
        took, ranking = asyncio.run(seconds([source("one", range(count))]))
        print(f"one source with {count} documents: {took:.2f} s, {ranking}")


def measure(_: str, document: Document) -> int:
    """Trivial processing."""
    return len(document.text)


def resident() -> int:
    """Bytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def growth(*, with_fanin: bool) -> float:
    """Kilobytes that a question in flight takes, when all of them wait for the same event."""
    gate = asyncio.Event()
    waiting = 0

    def source(name: str) -> Callable[[object], Awaitable[Document]]:
        async def speak(_: object) -> Document:
            nonlocal waiting
            waiting += 1
            await gate.wait()
            return Document(f"The weather in Lisbon is sunny today, says {name}.")

        speak.__name__ = name
        return speak

    sources = [source(name) for name in NAMES]

    async def one(speak: Callable[[object], Awaitable[Document]]) -> int:
        async with asyncio.timeout(60.0):
            return measure("", await speak(""))

    async def bare() -> None:
        async with asyncio.timeout(120.0), asyncio.TaskGroup() as group:
            for speak in sources:
                group.create_task(one(speak))

    async with Engine(sources, process=measure, pool="inline", deadline=120.0) as engine:
        gc.collect()
        before = resident()
        async with asyncio.TaskGroup() as group:
            for _ in range(WAITING):
                group.create_task(engine.ask("What is the weather in Lisbon?") if with_fanin else bare())
            while waiting < WAITING * len(NAMES):
                await asyncio.sleep(0.05)
            grown = resident() - before
            gate.set()
    return grown / WAITING / 1000


def kilobytes(*, with_fanin: bool) -> float:
    return asyncio.run(growth(with_fanin=with_fanin))


def main() -> None:
    print(machine())
    growing()
    taken: list[float] = []
    for which in (True, False):
        with get_context("spawn").Pool(1) as fresh:
            taken.append(fresh.apply(kilobytes, kwds={"with_fanin": which}))
    print(f"{WAITING} questions in flight: {taken[0]:.1f} kB each; bare asyncio {taken[1]:.1f} kB; none required")


if __name__ == "__main__":
    main()
