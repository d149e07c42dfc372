"""Does a misbehaving source slow down the one beside it?

Run `python bench/hostile.py [rounds]`. A good source that takes a tenth of a second is asked alone, and then beside
each misbehaviour of `fanin.testing.hostile`, over one network, in turns within one run. Compared are the medians over
the rounds of the time that the good one took. Its server and the misbehaving one each have a process of their own.
"""

import asyncio
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import ExitStack

from fanin import Document, Engine, Question
from fanin.errors import SourceError
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.sources.source import Source
from fanin.testing.hostile import MISBEHAVIOURS, Asked, Hostile

REQUIRED = 1.1
"""Times as long as alone that a source may take beside a misbehaving one."""

PATIENCE = 0.15
"""Seconds for the misbehaving source, so that it is at work for as long as the good one."""


async def steady(asked: Asked) -> AsyncGenerator[bytes]:
    """A good answer whose last byte comes after a tenth of a second."""
    said = [piece async for piece in MISBEHAVIOURS["good"](asked)]
    for piece in said:
        await asyncio.sleep(0.1 / len(said))
        yield piece


async def serve() -> None:
    """The server: it says its port and stays until its input ends."""
    async with Hostile({**MISBEHAVIOURS, "steady": steady}) as hostile:
        print(hostile.url(""), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def asking(network: Network, url: str, name: str, timeout: float) -> Source:
    client = Client(network, allow_private=True)

    async def fetch(_: Question) -> AsyncIterator[Document]:
        value = await client.get_json(url)
        if not isinstance(value, dict):
            raise SourceError("It answered in another form.", kind="format")
        yield Document(str(value["text"]))

    return Source(name, fetch, timeout=timeout, close=client.close)


async def taken(good_url: str, bad_url: str | None) -> float:
    """The seconds that the good source took, alone or beside a bad one."""
    network = Network()
    sources = [asking(network, good_url, "good", 5.0)]
    if bad_url is not None:
        sources.append(asking(network, bad_url, "bad", PATIENCE))
    async with Engine(sources, process=measure, pool="inline") as engine:
        answer = await engine.ask("Is the harbour open?")
    if answer.sources["good"].status != "ok":
        raise RuntimeError(f"The good source failed: {answer.sources['good'].message}")
    return answer.sources["good"].fetching


def measure(_: str, document: Document) -> int:
    return len(document.text)


async def compared(bad: str, good: str, rounds: int) -> dict[str, float]:
    """By misbehaviour: the good source's time beside it, as a multiple of its time alone."""
    names = [name for name in MISBEHAVIOURS if name not in ("good", "parrot")]
    for name in names:
        await taken(f"{good}steady", bad + name)  # bombs are built when they are first asked for
    alone: list[float] = []
    beside: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            alone.append(await taken(f"{good}steady", None))
            beside[name].append(await taken(f"{good}steady", bad + name))
    usual = statistics.median(alone)
    print(f"alone: {usual * 1e3:.1f} ms, the slowest {max(alone) * 1e3:.1f} ms; medians of {rounds} rounds")
    return {name: statistics.median(times) / usual for name, times in beside.items()}


def main(rounds: int) -> None:
    cores = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)"
    print(f"machine: {platform.machine()}, {cores}, Python {platform.python_version()}")
    command = [sys.executable, __file__, "serve"]
    with ExitStack() as stack:
        servers = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(2)
        ]
        bad, good = (each.stdout.readline().strip() for each in servers if each.stdout is not None)
        ratios = asyncio.run(compared(bad, good, rounds))
    worst = sorted(ratios, key=ratios.__getitem__)[-5:]
    print(f"beside {len(ratios)} misbehaviours: {statistics.median(ratios.values()):.3f} times as long, the median")
    print(f"the worst: {', '.join(f'{name} {ratios[name]:.2f}' for name in reversed(worst))}")
    print(f"within the bound of {REQUIRED}: {sum(ratio <= REQUIRED for ratio in ratios.values())} of {len(ratios)}")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
