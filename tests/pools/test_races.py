"""A stop never lands outside of the job that it is for, however close the race."""

import asyncio
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pool_chores as chores
import pytest

from fanin.model import Document
from fanin.pools.inside import job
from fanin.pools.inside.watchdog import OrderPipe, Watchdog, worker_stopper
from fanin.pools.pool import Pool
from fanin.testing import pool_trials as trials


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    """A watchdog of this thread; threads take turns so often that it can strike anywhere."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    orders = OrderPipe()
    dog = Watchdog(worker_stopper(job.perform.__code__), orders.descriptors, disposable=True, daemon=True)
    yield dog
    sys.setswitchinterval(interval)
    dog.close()
    orders.close()


def run(watchdog: Watchdog, number: int, until: float, call: Callable[[], Any]) -> str:
    return job.run(watchdog, number, until, lambda: call, job.keep_value)[0]


def test_thousands_of_races_of_deadline_against_completion_leave_no_stray_exception(watchdog: Watchdog) -> None:
    chance = random.Random(7)
    kinds: list[str] = []
    for number in range(1, 2501):
        text = str(chance.uniform(0.0, 0.002))
        until = time.monotonic() + chance.uniform(0.0, 0.002)
        kinds.append(run(watchdog, number, until, partial(chores.busy, "", Document(text))))
        sum(range(chance.randrange(200)))  # Python code after the job, in which a stray exception would land
    assert set(kinds) == {"", "deadline"}
    assert min(kinds.count(""), kinds.count("deadline")) > 300


def test_thousands_of_stops_from_another_thread_leave_no_stray_exception(watchdog: Watchdog) -> None:
    chance, over, now = random.Random(8), threading.Event(), [0]

    def stop_at_random() -> None:
        while not over.wait(chance.uniform(0.0, 0.0006)):
            watchdog.stop(now[0])

    thread = threading.Thread(target=stop_at_random)
    thread.start()
    kinds: list[str] = []
    for now[0] in range(1, 4001):
        document = Document(str(chance.uniform(0.0, 0.0006)))
        kinds.append(run(watchdog, now[0], time.monotonic() + 9, partial(chores.busy, "", document)))
    over.set()
    thread.join()
    assert set(kinds) == {"", "deadline"}
    assert min(kinds.count(""), kinds.count("deadline")) > 300


def test_a_stop_that_comes_before_its_job_stops_it_and_no_other(watchdog: Watchdog) -> None:
    spin = partial(chores.busy, "", Document("5"))
    quick = partial(chores.busy, "", Document("0.001"))
    watchdog.stop(2)
    time.sleep(0.05)
    start = time.monotonic()
    assert run(watchdog, 2, start + 60, spin) == "deadline"
    assert time.monotonic() - start < 3.0
    assert [run(watchdog, number, time.monotonic() + 60, quick) for number in (3, 4)] == ["", ""]


def test_an_earlier_deadline_after_a_later_one_is_kept(watchdog: Watchdog) -> None:
    quick, spin = partial(chores.busy, "", Document("0.001")), partial(chores.busy, "", Document("5"))
    assert run(watchdog, 1, time.monotonic() + 60, quick) == ""
    time.sleep(0.02)
    start = time.monotonic()
    assert run(watchdog, 2, start + 0.1, spin) == "deadline"
    assert 0.1 <= time.monotonic() - start < 3.0


@pytest.mark.parametrize("name", ["interpreters", "threads"])
async def test_a_pool_races_deadlines_and_cancelling_and_stays_well(open_pool: Callable[..., Pool], name: str) -> None:
    chance, loop = random.Random(9), asyncio.get_running_loop()
    pool = open_pool(name, work=trials.count)
    await pool.submit(trials.count, "", Document(""), deadline=loop.time() + 30)
    for _ in range(60):
        jobs = [
            pool.submit(
                chores.busy, "", Document(str(chance.uniform(0, 0.002))), deadline=loop.time() + chance.uniform(0, 0.02)
            )
            for _ in range(20)
        ]
        await asyncio.sleep(chance.uniform(0, 0.005))
        for cancelled in chance.sample(jobs, 3):
            cancelled.cancel()
        done = await asyncio.gather(*(job for job in jobs if not job.cancelled()))
        assert {each.failure.kind for each in done if each.failure} <= {"deadline", "stuck"}
    last = await asyncio.gather(*(pool.submit(trials.count, "", Document(""), deadline=float("inf")) for _ in range(9)))
    assert [each.failure for each in last] == [None] * 9
