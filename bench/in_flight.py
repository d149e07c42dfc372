"""How does fanin bear many questions at once: its throughput beside bare asyncio, and the memory of a question?

Run `python bench/in_flight.py [rounds]`. Five sources that take 50 ms each and trivial processing, inline; 100
questions are always in flight. fanin and the control take turns of a second within one run, and medians are compared,
since others may use the machine. Memory is what the process grows by while 10,000 questions wait for their sources.
"""

import asyncio
import gc
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from fanin import Document, Engine, Question

QUESTION = "What is the weather in Lisbon?"
SENTENCE = "The weather in Lisbon is sunny today, says {}."
NAMES = ("weather", "markets", "city", "forecast", "sport")

IN_FLIGHT = 100
WAITING = 0.05
"""Seconds that a source takes."""

TURN = 1.0
"""Seconds of a turn."""

SHARE = 0.65
"""The least share of the control's throughput."""

MANY = 10_000
"""Questions in flight while memory is measured."""

type Speak = Callable[[Question | str], Awaitable[Document]]
type Ask = Callable[[], Awaitable[object]]


def source(name: str, wait: Callable[[], Awaitable[object]]) -> Speak:
    async def speak(_: Question | str) -> Document:
        await wait()
        return Document(SENTENCE.format(name))

    speak.__name__ = name
    return speak


def measure(_: str, document: Document) -> int:
    """Trivial processing."""
    return len(document.text)


async def bare(sources: list[Speak]) -> list[int]:
    """The control: everything at once, on time, and nothing else."""

    async def ask(source: Speak) -> int:
        async with asyncio.timeout(60.0):
            return measure(QUESTION, await source(QUESTION))

    async with asyncio.timeout(120.0), asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(source)) for source in sources]
    return [task.result() for task in tasks]


async def asked(engine: Engine) -> None:
    answer = await engine.ask(QUESTION, deadline=120.0)
    if len(answer.inferences) != len(NAMES):
        raise RuntimeError(f"Not every source was heard and processed: {answer.errors!r}.")


async def per_second(ask: Ask) -> float:
    """Questions answered in a second, with IN_FLIGHT of them always on their way."""
    start = time.perf_counter()

    async def keep_asking() -> int:
        count = 0
        while time.perf_counter() < start + TURN:
            await ask()
            count += 1
        return count

    async with asyncio.TaskGroup() as group:
        askers = [group.create_task(keep_asking()) for _ in range(IN_FLIGHT)]
    return sum(asker.result() for asker in askers) / (time.perf_counter() - start)


async def throughput(rounds: int) -> tuple[float, float]:
    """Median questions a second, of fanin and of the control; the first round warms up."""
    sources = [source(name, partial(asyncio.sleep, WAITING)) for name in NAMES]
    async with Engine(sources, process=measure, pool="inline") as engine:
        turns = [
            (await per_second(partial(asked, engine)), await per_second(partial(bare, sources)))
            for _ in range(rounds + 1)
        ]
    with_fanin, control = zip(*turns[1:], strict=True)
    return statistics.median(with_fanin), statistics.median(control)


def resident() -> int:
    """Bytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def growth(*, with_fanin: bool) -> float:
    """Kilobytes that a question in flight takes, when MANY of them wait for the same event."""
    gate = asyncio.Event()
    waiting = 0

    async def wait() -> None:
        nonlocal waiting
        waiting += 1
        await gate.wait()

    sources = [source(name, wait) for name in NAMES]
    async with Engine(sources, process=measure, pool="inline") as engine:
        ask = partial(asked, engine) if with_fanin else partial(bare, sources)
        gc.collect()
        before = resident()
        async with asyncio.TaskGroup() as group:
            for _ in range(MANY):
                group.create_task(ask())
            while waiting < MANY * len(NAMES):
                await asyncio.sleep(0.05)
            grown = resident() - before
            gate.set()
    return grown / MANY / 1000


def kilobytes(*, with_fanin: bool) -> float:
    return asyncio.run(growth(with_fanin=with_fanin))


def main(rounds: int) -> None:
    cores = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)"
    print(f"machine: {platform.machine()}, {cores}, Python {platform.python_version()}")
    with_fanin, control = asyncio.run(throughput(rounds))
    print(f"{IN_FLIGHT} in flight: {with_fanin:.0f} questions/s; control {control:.0f}; medians of {rounds} rounds")
    print(f"share of the control: {with_fanin / control:.0%}; required: at least {SHARE:.0%}")
    taken: list[float] = []
    for which in (True, False):
        with get_context("spawn").Pool(1) as fresh:
            taken.append(fresh.apply(kilobytes, kwds={"with_fanin": which}))
    print(f"{MANY} in flight, all answered: {taken[0]:.1f} kB a question; control {taken[1]:.1f} kB; none required")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
