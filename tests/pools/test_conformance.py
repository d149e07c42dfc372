"""Every pool passes the one check, and pools with one mistake each do not."""

import asyncio
from collections.abc import Callable
from concurrent.futures import InterpreterPoolExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

from fanin.model import Document
from fanin.pools.inline_pool import InlinePool
from fanin.pools.pool import Done
from fanin.pools.pool_choice import choose
from fanin.testing import FakePool, check_pool, run_jumping
from fanin.testing import pool_trials as trials


@pytest.mark.parametrize("name", ["interpreters", "threads", "processes", "inline", None])
async def test_our_pools_pass_the_check(name: str | None) -> None:
    await check_pool(lambda: choose(name, workers=2, work=trials.count))


async def test_a_pool_of_one_worker_passes_the_check() -> None:
    await check_pool(lambda: choose("interpreters", workers=1, work=trials.count))


def stated_seconds(document: Document) -> float:
    """The seconds that a job of the check says that it takes."""
    try:
        return float(document.text)
    except ValueError:
        return 0.0


async def test_the_fake_passes_the_check() -> None:
    await check_pool(lambda: FakePool(seconds=stated_seconds))


def test_the_fake_passes_the_check_under_the_jumping_clock() -> None:
    run_jumping(check_pool(lambda: FakePool(seconds=stated_seconds)))


@pytest.mark.parametrize(
    "executor",
    [
        lambda: ThreadPoolExecutor(4),
        lambda: InterpreterPoolExecutor(4),
        lambda: ProcessPoolExecutor(4, mp_context=get_context("forkserver")),
    ],
    ids=["threads", "interpreters", "processes"],
)
async def test_executors_of_others_pass_the_check(executor: Callable[[], Any]) -> None:
    with executor() as theirs:
        await check_pool(lambda: choose(theirs, workers=2, work=trials.count))


class Raising(InlinePool):
    """Lets the function's error through."""

    def submit(self, function: Any, *arguments: Any, deadline: float, **options: Any) -> asyncio.Future[Done]:
        done = super().submit(function, *arguments, deadline=deadline)
        if (failure := done.result().failure) is not None:
            done = asyncio.get_running_loop().create_future()
            done.set_exception(ValueError(failure.message))
        return done


class Tardy(InlinePool):
    """Begins jobs whose deadline is over."""

    def submit(self, function: Any, *arguments: Any, deadline: float, **options: Any) -> asyncio.Future[Done]:
        return super().submit(function, *arguments, deadline=float("inf"))


class Immortal(InlinePool):
    """Works on after it was closed."""

    async def close(self) -> None:
        """Nothing."""


class Stack(InlinePool):
    """Does the latest job first, a little later."""

    def __init__(self) -> None:
        super().__init__()
        self._jobs_waiting: list[tuple[asyncio.Future[Done], Any]] = []

    def submit(self, function: Any, *arguments: Any, deadline: float, **options: Any) -> asyncio.Future[Done]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Done] = loop.create_future()
        now = super().submit
        self._jobs_waiting.append((future, lambda: now(function, *arguments, deadline=deadline).result()))
        loop.call_later(0.001, self._next)
        return future

    def _next(self) -> None:
        future, result = self._jobs_waiting.pop()
        if not future.cancelled():
            future.set_result(result())


@pytest.mark.parametrize(
    ("bad", "promise"),
    [
        (Raising, "ValueError"),
        (Tardy, "whose deadline is over"),
        (Immortal, "closed"),
        (Stack, "first in, first out"),
    ],
)
async def test_a_bad_pool_fails_the_check(bad: type[InlinePool], promise: str) -> None:
    with pytest.raises((AssertionError, ValueError), match=promise if bad is not Raising else None):
        await check_pool(bad)
