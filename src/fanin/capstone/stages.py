"""The same three fetches and the same three inferences, run in six ways from worst to best, against their bounds."""

import asyncio
import math
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import permutations

from fanin.capstone.agent import CITY, DIVIDED
from fanin.capstone.fetchers import LATENCIES, TIMEOUT, fetch_news, fetch_weather, query_knowledge_base
from fanin.capstone.inference import SECONDS, infer, units_of
from fanin.engine import Engine
from fanin.errors import PoolError
from fanin.model import Document, Processor, Question
from fanin.pools.pool import Done, Pool
from fanin.pools.pool_choice import choose
from fanin.sources.source import Source, source
from fanin.timeline import divisible_bounds

QUESTION = "What is AI-native development?"
"""The lesson's own."""

MAX_SECONDS = 120.0
"""Seconds until a stage is given up, many times what one takes."""


@dataclass(frozen=True, slots=True)
class Load:
    """What every stage has to do: wait for each of `latencies` (seconds), and `units` of work for each result."""

    latencies: Mapping[str, float]
    units: int
    cores: int


@dataclass(frozen=True, slots=True)
class Stage:
    """How one stage went: its wall and CPU seconds, how often faster than the first, and the best schedule's time."""

    name: str
    seconds: float
    speedup: float
    bound_seconds: float
    cpu_seconds: float

    @property
    def share(self) -> float:
        """The part of the time that no schedule could have saved; above 1.0 if the machine became faster meanwhile."""
        return self.bound_seconds / self.seconds


type Timed = tuple[float, float]
"""Wall seconds and CPU seconds."""

type Way = tuple[str, Callable[[Load], Awaitable[Timed]], Callable[[Sequence[float], float, int], float]]
"""A stage's name, how it runs, and its bound from the latencies, the seconds of an inference, and the cores."""


def load(*, scale: float = 1.0) -> Load:
    """The lesson's load on this machine's cores, with latencies and work `scale` times as long."""
    latencies = {name: seconds * scale for name, seconds in LATENCIES.items()}
    return Load(latencies, units_of(SECONDS * scale), os.process_cpu_count() or 1)


async def stages(load: Load) -> AsyncGenerator[Stage]:
    """Each stage when it is over. Bounds are made of the CPU seconds that the first stage measured for an inference.

    Raises PoolError when a worker failed.
    """
    first: Timed | None = None
    latencies = list(load.latencies.values())
    for name, run, bound in WAYS:
        seconds, cpu = await run(load)
        first = first or (seconds, cpu)
        best = bound(latencies, first[1] / len(latencies), load.cores)
        yield Stage(name, seconds, first[0] / seconds, best, cpu)


async def by_hand(load: Load, *, fetch_together: bool, work_together: bool) -> Timed:
    """All fetches, then all work; each of them one after another, or together."""
    async with _warmed(load) as pool:
        begun = time.perf_counter()
        fetches = [partial(_fetch, load, name) for name in load.latencies]
        documents = await _all(fetches, together=fetch_together)
        done = await _all([partial(_work, pool, document) for document in documents], together=work_together)
        return time.perf_counter() - begun, sum(each.cpu for each in done)


async def by_engine(load: Load, *, processor: Processor) -> Timed:
    """fanin's engine: work on a result begins as soon as it has arrived."""
    async with (
        _warmed(load) as pool,
        Engine(_sources(load), deadline=MAX_SECONDS, process=processor, pool=pool) as engine,
    ):
        begun = time.perf_counter()
        answer = await engine.ask(QUESTION)
        seconds = time.perf_counter() - begun
    if answer.errors or len(answer.inferences) != len(load.latencies):
        raise PoolError(f"Not everything was inferred ({answer.errors!r}); fanin stopped measuring. Try again.")
    return seconds, sum(span.cpu for span in answer.timeline.spans if span.kind == "process")


def best_makespan(jobs: Sequence[tuple[float, float]], cores: int) -> float:
    """The earliest end of a few undivided (arrival, seconds) jobs on so many cores, found by trying every order.

    Starting the jobs of a best schedule in the order of their starts, each on the first free core, is no later.
    """
    return min(_makespan(order, cores) for order in permutations(jobs))


def _makespan(jobs: Sequence[tuple[float, float]], cores: int) -> float:
    free = [0.0] * cores
    for arrival, seconds in jobs:
        core = free.index(min(free))
        free[core] = max(free[core], arrival) + seconds
    return max(free)


def _together(latencies: Sequence[float], seconds: float, cores: int) -> float:
    """The seconds of all the work, as many inferences at a time as there are cores."""
    return math.ceil(len(latencies) / cores) * seconds


WAYS: tuple[Way, ...] = (
    (
        "one after another",
        partial(by_hand, fetch_together=False, work_together=False),
        lambda latencies, seconds, _: sum(latencies) + seconds * len(latencies),
    ),
    (
        "concurrent fetch",
        partial(by_hand, fetch_together=True, work_together=False),
        lambda latencies, seconds, _: max(latencies) + seconds * len(latencies),
    ),
    (
        "parallel inference",
        partial(by_hand, fetch_together=False, work_together=True),
        lambda latencies, seconds, cores: sum(latencies) + _together(latencies, seconds, cores),
    ),
    (
        "both, with a barrier",
        partial(by_hand, fetch_together=True, work_together=True),
        lambda latencies, seconds, cores: max(latencies) + _together(latencies, seconds, cores),
    ),
    (
        "pipelined",
        partial(by_engine, processor=Processor(infer)),
        lambda latencies, seconds, cores: best_makespan([(each, seconds) for each in latencies], cores),
    ),
    (
        "pipelined, divided",
        partial(by_engine, processor=DIVIDED),
        lambda latencies, seconds, cores: max(divisible_bounds([(each, seconds) for each in latencies], cores)),
    ),
)


@asynccontextmanager
async def _warmed(load: Load) -> AsyncGenerator[Pool]:
    """Worker interpreters that have all begun to work, so that their start is not measured."""
    pool = choose("interpreters", workers=load.cores, work=infer)
    try:
        seen: set[str] = set()
        async with asyncio.timeout(MAX_SECONDS):
            while len(seen) < load.cores:
                trials = [_work(pool, Document("warm", metadata={"units": 20})) for _ in range(2 * load.cores)]
                seen.update(done.worker for done in await asyncio.gather(*trials))
        yield pool
    finally:
        await pool.close()


async def _work(pool: Pool, document: Document) -> Done:
    deadline = asyncio.get_running_loop().time() + MAX_SECONDS
    done = await pool.submit(infer, QUESTION, document, deadline=deadline)
    if done.failure is not None:
        raise PoolError(f"{done.failure.message} fanin stopped measuring. Try again.")
    return done


async def _all[T](calls: Sequence[Callable[[], Awaitable[T]]], *, together: bool) -> list[T]:
    if together:
        return list(await asyncio.gather(*(call() for call in calls)))
    return [await call() for call in calls]


async def _fetch(load: Load, name: str, _: Question | None = None) -> Document:
    latency = load.latencies[name]
    timeout = max(TIMEOUT, 2 * latency)
    match name:
        case "weather":
            result: object = await fetch_weather(CITY, timeout=timeout, latency=latency)
        case "news":
            result = await fetch_news(QUESTION, timeout=timeout, latency=latency)
        case _:
            result = await query_knowledge_base(QUESTION, timeout=timeout, latency=latency)
    return Document(str(result), title=name, metadata={"units": load.units})


def _sources(load: Load) -> list[Source]:
    return [source(name=name, timeout=math.inf)(partial(_fetch, load, name)) for name in load.latencies]
