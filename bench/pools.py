"""What does a pool cost, and do worker interpreters use the cores as well as processes do?

Run `python bench/pools.py [rounds]`. Everything is measured in turns within one run, and medians are compared, since
others may use the machine.
"""

import asyncio
import multiprocessing
import operator
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import InterpreterPoolExecutor
from functools import partial

from fanin.model import Document
from fanin.pools.inside import job
from fanin.pools.inside.watchdog import OrderPipe, Watchdog, worker_stopper
from fanin.pools.pool import Pool
from fanin.pools.pool_choice import choose, wait_until_ready
from fanin.testing import pool_trials as trials

WORKERS = 2
TRIPS = 100
"""Round trips of each kind in a round."""

CHUNKS = 40
"""Jobs of CPU work for the two workers in a round."""

TASKS = 2000
"""Calls with and without a watchdog in a round."""

DOCUMENT = Document("The quick brown fox jumps over the lazy dog. " * 40, title="Fox", source="bench")


def nothing(_: str, __: Document) -> None:
    """No work at all."""


def count_words(question: str, document: Document) -> int:
    """CPU work in pure Python, 20 ms or so: count and sort the words of the text again and again."""
    found = 0
    for _ in range(500):
        counts: dict[str, int] = {}
        for word in document.text.lower().split():
            counts[word.strip(".,")] = counts.get(word.strip(".,"), 0) + 1
        found += sum(count for word, count in sorted(counts.items()) if word in question)
    return found


async def trip(pool: Pool, work: Callable[..., object] = nothing) -> None:
    await pool.submit(work, "why?", DOCUMENT, deadline=asyncio.get_running_loop().time() + 15)


async def timed(call: Callable[[], Awaitable[object]], times: int = 1) -> list[float]:
    taken: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        await call()
        taken.append(time.perf_counter() - start)
    return taken


async def round_trips(rounds: int) -> None:
    """(a) One no-op job at a time, through every pool and through the bare executor."""
    loop = asyncio.get_running_loop()
    pools = {name: choose(name, workers=1, work=nothing) for name in ("interpreters", "threads", "processes", "inline")}
    with InterpreterPoolExecutor(1) as bare:
        trips: dict[str, Callable[[], Awaitable[object]]] = {name: partial(trip, pool) for name, pool in pools.items()}
        trips["bare InterpreterPoolExecutor"] = lambda: loop.run_in_executor(bare, nothing, "why?", DOCUMENT)
        taken: dict[str, list[float]] = {name: [] for name in trips}
        for number in range(rounds + 1):
            for name in random.sample(list(trips), len(trips)):
                taken[name] += (await timed(trips[name], TRIPS))[: TRIPS * (number > 0)]
    for pool in pools.values():
        await pool.close()
    medians = {name: statistics.median(times) * 1e6 for name, times in taken.items()}
    for name, microseconds in medians.items():
        print(f"(a) no-op round trip, {name}: {microseconds:.1f} µs")
    ratio = medians["interpreters"] / medians["bare InterpreterPoolExecutor"]
    print(f"(a) interpreters pool / bare executor: {ratio:.2f}")


async def cores(rounds: int) -> None:
    """(b) The same CPU work on two workers of the pool, on two plain processes, and on one core."""
    pool = choose("interpreters", workers=WORKERS, work=count_words)
    await wait_until_ready(pool)
    with PlainProcesses() as plain:
        ways: dict[str, SearchMode] = {
            "interpreters": partial(in_pool, pool),
            "processes": plain.work,
            "one core": in_turn,
        }
        walls: dict[str, list[float]] = {name: [] for name in ways}
        cpus: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds + 1):
            for name in random.sample(list(ways), len(ways)):
                start = time.perf_counter()
                cpu = await ways[name]()
                if number:
                    walls[name].append(time.perf_counter() - start)
                    cpus[name].append(cpu / CHUNKS)
    await pool.close()
    for name in ways:
        speed, cpu = CHUNKS / statistics.median(walls[name]), statistics.median(cpus[name]) * 1e3
        print(f"(b) CPU work, {name}: {speed:.1f} jobs/s, {cpu:.2f} ms of CPU time a job; medians of {rounds} rounds")
    ratio = statistics.median(walls["processes"]) / statistics.median(walls["interpreters"])
    pairs = statistics.median(map(operator.truediv, walls["processes"], walls["interpreters"], strict=True))
    print(f"(b) two worker interpreters reach {ratio:.1%} of two plain processes (median of the rounds: {pairs:.1%})")


type SearchMode = Callable[[], Awaitable[float]]
"""Does CHUNKS jobs and gives the CPU seconds that they took."""


async def in_pool(pool: Pool) -> float:
    deadline = asyncio.get_running_loop().time() + 60
    jobs = [pool.submit(count_words, "fox", DOCUMENT, deadline=deadline) for _ in range(CHUNKS)]
    return sum([(await job).cpu for job in jobs])


async def in_turn() -> float:
    start = time.process_time()
    for _ in range(CHUNKS):
        count_words("fox", DOCUMENT)
    return time.process_time() - start


class PlainProcesses:
    """Two processes that each do half of the work when told to, with nothing else to do."""

    def __enter__(self) -> PlainProcesses:
        context = multiprocessing.get_context("forkserver")
        pipes = [context.Pipe() for _ in range(WORKERS)]
        self._ours = [ours for ours, _ in pipes]
        self._processes = [context.Process(target=half, args=(theirs,), daemon=True) for _, theirs in pipes]
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.join()

    async def work(self) -> float:
        for ours in self._ours:
            ours.send(CHUNKS // WORKERS)
        return sum(ours.recv() for ours in self._ours)


def half(connection: multiprocessing.connection.Connection) -> None:
    while True:
        jobs, start = connection.recv(), time.process_time()
        for _ in range(jobs):
            count_words("fox", DOCUMENT)
        connection.send(time.process_time() - start)


def watching(rounds: int) -> None:
    """(c) What arming and disarming the watchdog adds to a call, with deadlines like those of real questions."""
    orders = OrderPipe()
    watchdog = Watchdog(worker_stopper(job.perform.__code__), orders.descriptors, disposable=True, daemon=True)
    call = partial(nothing, "why?", DOCUMENT)
    with_it: list[float] = []
    without: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        for number in range(1, TASKS + 1):
            job.run(watchdog, number, time.monotonic() + 15, lambda: call, job.keep_value)
        middle = time.perf_counter()
        for _ in range(TASKS):
            job.run_unwatched(lambda: call, job.keep_value)
        with_it.append((middle - start) / TASKS)
        without.append((time.perf_counter() - middle) / TASKS)
    watchdog.close()
    orders.close()
    cost = (statistics.median(with_it) - statistics.median(without)) * 1e6
    print(f"(c) watchdog: {cost:.2f} µs a task when it need not strike")


async def starting(rounds: int) -> None:
    """(d) From nothing to the first value, for each kind of worker."""
    for name in ("interpreters", "threads", "processes"):
        taken: list[float] = []
        for _ in range(rounds):
            pool = choose(name, workers=1, work=trials.count)
            taken += await timed(partial(trip, pool, trials.count))
            await pool.close()
        print(f"(d) first value of a new pool, {name}: {statistics.median(taken) * 1e3:.1f} ms")


def main(rounds: int) -> None:
    cpus, python = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)", platform.python_version()
    print(f"machine: {platform.machine()}, {cpus}, Python {python}")
    asyncio.run(round_trips(rounds))
    asyncio.run(cores(rounds))
    watching(rounds)
    asyncio.run(starting(min(rounds, 7)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
