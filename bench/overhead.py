"""What does fanin add to a question, when nothing has to be waited for and nothing computed?

Run `python bench/overhead.py [questions]`. Five instant sources and trivial processing, inline, against the least that
asks five sources on time: a bare task group with a timeout for each and one for all. Both are measured in turns within
one run, and medians are compared, since others may use the machine. Once with the same question over and over, and once
with a word in every question and sentence that was never there before, so that no cache knows it. A document is one
sentence in both.
"""

import asyncio
import itertools
import os
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from fanin import Document, Engine, Question

REQUIRED = 250.0
"""Microseconds that fanin may add to the control."""

WARM = 200
"""Questions asked of each before measuring, while CPython specializes the code and fanin fills its caches."""

QUESTION = "What is the weather in Lisbon"

SENTENCES = {
    "weather": "The weather in Lisbon is sunny today",
    "markets": "Stocks rose 2 percent on Monday",
    "city": "A new bridge opened in Porto",
    "forecast": "Rain is expected in the north of the country tomorrow",
    "sport": "Team A beat team B 3 to 1",
}


type Speak = Callable[[Question | str], Awaitable[Document]]


def instant(name: str) -> Speak:
    """A source that has its one sentence at hand."""

    async def say(question: Question | str) -> Document:
        word = str(question).removeprefix(QUESTION)
        return Document(f"{SENTENCES[name]}{word}.")

    say.__name__ = name
    return say


def measure(_: str, document: Document) -> int:
    """Trivial processing."""
    return len(document.text)


async def bare(sources: list[Speak], question: str) -> list[int]:
    """The control: everything at once, on time, and nothing else."""

    async def ask(source: Speak) -> int:
        async with asyncio.timeout(5.0):
            return measure(question, await source(question))

    async with asyncio.timeout(15.0), asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(source)) for source in sources]
    return [task.result() for task in tasks]


async def seconds(call: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await call()
    return time.perf_counter() - start


async def compared(questions: int, words: Iterator[str]) -> tuple[float, float]:
    """The median microseconds of a question that ends in the next word, with fanin and with the control."""
    sources = [instant(name) for name in SENTENCES]
    pairs: list[tuple[float, float]] = []
    async with Engine(sources, process=measure, pool="inline") as engine:
        answer = await engine.ask(QUESTION)
        if answer.coverage < 1 or len(answer.inferences) != len(sources):
            raise RuntimeError(f"Not every source was heard and processed: {answer.errors!r}.")
        for word in itertools.islice(words, WARM + questions):
            question = QUESTION + word
            pairs.append(
                (await seconds(partial(engine.ask, question)), await seconds(partial(bare, sources, question)))
            )
    with_fanin, control = zip(*pairs[WARM:], strict=True)
    return statistics.median(with_fanin) * 1e6, statistics.median(control) * 1e6


def main(questions: int) -> None:
    cores = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)"
    print(f"machine: {platform.machine()}, {cores}, Python {platform.python_version()}")
    ways = {
        "the same question": itertools.repeat(""),
        "a new question every time": map(" Lisbon{}".format, itertools.count()),
    }
    for name, words in ways.items():
        with_fanin, control = asyncio.run(compared(questions, words))
        print(f"{name}, {len(SENTENCES)} instant sources: {with_fanin:.0f} µs; control {control:.0f} µs; medians")
        print(f"overhead: {with_fanin - control:.0f} µs; required: at most {REQUIRED:.0f} µs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
