"""Pools cost the event loop next to nothing, and workers import next to nothing."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx

import fanin
from fanin.pools.pool import Done, Pool
from fanin.testing import pool_trials as trials


@pytest.mark.parametrize("name", ["interpreters", "threads", "processes"])
async def test_nothing_blocks_the_event_loop(
    open_pool: Callable[..., Pool], do: Callable[..., asyncio.Future[Done]], name: str
) -> None:
    with blockbuster_ctx():
        pool = open_pool(name, work=trials.count)
        pool.warm()
        assert (await do(pool, trials.count)).failure is None
        assert (await do(pool, trials.sleep, "0.5", seconds=0.1)).failure is not None
        running = do(pool, trials.spin, "5")
        await asyncio.sleep(0.05)
        running.cancel()
        assert (await do(pool, trials.count)).failure is None
        await pool.close()


@pytest.mark.parametrize("name", ["interpreters", "threads", "processes"])
async def test_warming_returns_at_once(open_pool: Callable[..., Pool], name: str) -> None:
    pool = open_pool(name, work=trials.count)
    start = time.thread_time()
    pool.warm()
    pool.warm()
    assert time.thread_time() - start < 0.25  # a worker takes longer on a machine this slow


def test_a_worker_imports_only_what_it_needs() -> None:
    heavy = {"asyncio", "multiprocessing", "concurrent.futures", "socket", "logging", "aiohttp", "rich"}
    code = "import sys, fanin.pools.inside.serving; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(Path(fanin.__file__).parents[1])},
    )
    loaded = set(ran.stdout.split())
    assert "fanin.pools.inside.watchdog" in loaded
    assert not heavy & loaded
