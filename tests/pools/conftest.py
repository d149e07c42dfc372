import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from fanin.model import Document
from fanin.pools.pool import Done, Pool
from fanin.pools.pool_choice import choose

CHORES = str(Path(__file__).parent / "chores")
if CHORES not in sys.path:
    sys.path.append(CHORES)

type Open = Callable[..., Pool]


@pytest.fixture
async def open_pool() -> AsyncIterator[Open]:
    """Makes pools of two workers, and closes them after the test."""
    pools: list[Pool] = []

    def make(name: Any = None, *, work: Callable[..., Any] = print, workers: int = 2) -> Pool:
        pools.append(choose(name, workers=workers, work=work))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close()


@pytest.fixture
def do() -> Callable[..., asyncio.Future[Done]]:
    """Submits a job with so many seconds of time."""

    def submit(pool: Pool, work: Callable[..., Any], text: str = "", *, seconds: float = 30.0) -> asyncio.Future[Done]:
        return pool.submit(work, "why?", Document(text), deadline=asyncio.get_running_loop().time() + seconds)

    return submit
