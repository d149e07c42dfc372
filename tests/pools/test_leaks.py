"""After closing a pool, everything is back to where it was."""

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent import interpreters
from pathlib import Path

import pool_chores as chores
import pytest

from fanin.pools.pool import Done, Pool
from fanin.pools.pool_choice import choose
from fanin.testing import pool_trials as trials

pytestmark = pytest.mark.alone


type Do = Callable[..., asyncio.Future[Done]]


def inventory() -> dict[str, int]:
    return {
        "threads": threading.active_count(),
        "interpreters": len(interpreters.list_all()),
        "children": len(multiprocessing.active_children()),
        "descriptors": len([*Path("/proc/self/fd").iterdir()]),
        "tasks": len(asyncio.all_tasks()),
    }


async def use(pool: Pool, do: Do) -> None:
    """Good jobs, failures, stops, cancelling, a crash or a stuck worker, and work that is under way at the end."""
    await asyncio.gather(*(do(pool, trials.count) for _ in range(20)))
    await do(pool, trials.fail)
    await do(pool, trials.spin, "1", seconds=0.05)
    do(pool, trials.spin, "1").cancel()
    await (
        do(pool, chores.exit_process, "1") if pool.name == "processes" else do(pool, chores.sleep, "0.5", seconds=0.1)
    )
    do(pool, trials.spin, "1")
    do(pool, trials.spin, "1")
    await asyncio.sleep(0.05)
    await pool.close()


async def at_rest() -> dict[str, int]:
    """What is there when a second changes nothing of it: what earlier jobs left behind has ended by then."""
    before, now = dict[str, int](), inventory()
    while now != before:
        await asyncio.sleep(1.0)
        before, now = now, inventory()
    return now


async def settled(before: dict[str, int]) -> dict[str, int]:
    """What is there when it has come back to what it was, or after 20 seconds."""
    end = time.monotonic() + 20.0
    while (now := inventory()) != before and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return now


@pytest.mark.parametrize("name", ["interpreters", "threads", "processes", "inline"])
async def test_closing_leaves_no_thread_interpreter_child_or_descriptor(do: Do, name: str) -> None:
    if name != "inline":
        await use(choose(name, workers=2, work=trials.count), do)  # the first time, Python keeps some for good
    before = await at_rest()
    for _ in range(3):
        pool = choose(name, workers=2, work=trials.count)
        if name != "inline":
            await use(pool, do)
    assert await settled(before) == before
