"""Measures how long an event loop was blocked, apart from times when the machine was busy with other processes."""

import asyncio
import gc
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

BEAT = 0.005
"""Seconds between two looks at the clocks."""


@dataclass(slots=True)
class Stalls:
    """`longest` is seconds for which no other task could run, `at` when that began (seconds since the first look)."""

    longest: float = 0.0
    at: float = 0.0


@asynccontextmanager
async def watch_loop() -> AsyncGenerator[Stalls]:
    """Measure the longest time for which the running event loop was held up while the block lasts.

    It looks at the clocks every 5 ms. A look that comes late may only mean that the machine was busy with something
    else, so the smaller of two figures counts: the delay, and the CPU time that this process used meanwhile in all of
    its threads. `time.sleep` on the loop uses no CPU time, and is not noticed.
    """
    stalls = Stalls()
    gc.freeze()  # no search for garbage among older objects meanwhile
    beating = asyncio.create_task(_beat(stalls))
    try:
        await asyncio.sleep(0)
        yield stalls
        await asyncio.sleep(BEAT)
    finally:
        beating.cancel()
        gc.unfreeze()


async def _beat(stalls: Stalls) -> None:
    begun = wall = time.perf_counter()
    cpu = time.process_time()
    while True:
        await asyncio.sleep(BEAT)
        now, used = time.perf_counter(), time.process_time()
        stall = min(now - wall - BEAT, used - cpu)
        if stall > stalls.longest:
            stalls.longest, stalls.at = stall, wall - begun
        wall, cpu = now, used
