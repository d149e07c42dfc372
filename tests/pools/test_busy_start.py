"""Workers start within a moment, also while the event loop never rests."""

import asyncio
import time
from functools import partial

from fanin.pools.worker_pool import WorkerPool
from fanin.pools.workers.interpreter_worker import InterpreterWorker
from fanin.process import ANALYSIS


async def test_a_loop_that_is_never_idle_lets_workers_start() -> None:
    """Each turn takes less than the 5 ms after which a waiting thread asks for the GIL."""
    for _ in range(3):
        pool = WorkerPool("interpreters", partial(InterpreterWorker, ANALYSIS.work), workers=2)
        pool.warm()
        began = time.monotonic()
        while not pool.ready_workers and time.monotonic() - began < 5.0:
            turn = time.monotonic()
            while time.monotonic() - turn < 0.001:
                pass
            await asyncio.sleep(0)
        assert pool.ready_workers
        await pool.close()
