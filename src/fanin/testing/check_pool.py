"""A conformance check for any pool, including your own."""

import asyncio
import math
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fanin.errors import FailureKind
from fanin.model import Document
from fanin.pools.pool import Done, Pool
from fanin.testing import pool_trials as trials
from fanin.testing.pool_trials import Work

SOON = 10.0
"""Seconds that stand for "soon": far more than a pool needs, so that a busy machine does not fail the check."""

FAILING: tuple[tuple[Work, FailureKind], ...] = (
    (trials.fail, FailureKind.EXCEPTION),
    (trials.raise_silently, FailureKind.EXCEPTION),
    (trials.leave, FailureKind.EXIT),
    (trials.interrupt, FailureKind.EXIT),
    (trials.recurse, FailureKind.RECURSION),
    (trials.exhaust_memory, FailureKind.MEMORY),
)


async def check_pool(make_pool: Callable[[], Pool]) -> None:
    """Raise AssertionError unless the pool that `make_pool` gives keeps the rules of a pool; takes five to ten seconds.

    It runs functions, reports failures with the right kind, keeps order, obeys deadlines and cancelling, stays
    usable, and closes. A pool that does each job inside `submit` need not stop or cancel jobs.
    """
    pool = make_pool()
    try:
        await _gives_values(pool)
        await _fails_with_a_kind(pool)
        await _refuses_what_is_late(pool)
        if not await _works_at_once(pool):
            await _keeps_order(pool)
            await _withdraws_what_waits(pool)
            await _outlives_spinning(pool)
            await _outlives_cancelling(pool)
        _counts(pool)
        await _closes(pool)
    finally:
        await pool.close()


async def _gives_values(pool: Pool) -> None:
    before = time.monotonic()
    pool.warm()
    done = await _do(pool, trials.count, "a banana", question="an", number=7)
    _require(done.failure is None, f"a good job succeeds, not {done.failure}")
    _require(done.value == {"count": 2, "number": 7}, f"its value is what the function returned, not {done.value!r}")
    _require(bool(done.worker), "it names the worker")
    times = f"from {done.started - before:.6f} to {done.ended - before:.6f} of {time.monotonic() - before:.6f}"
    _require(before <= done.started <= done.ended <= time.monotonic(), f"its times are of time.monotonic, not {times}")
    _require(0 <= done.cpu < SOON, f"its CPU time is in seconds, not {done.cpu}")


async def _fails_with_a_kind(pool: Pool) -> None:
    for trial, kind in FAILING:
        done = await _do(pool, trial, "too bad")
        _failed(done, trial.__name__, kind)
        _require(done.value is None, "a failed job has no value")
    done = await _do(pool, trials.fail, "too bad")
    _require(done.failure is not None and "too bad" in done.failure.message, "a failure tells the error's message")
    done = await _do(pool, trials.secret)
    failure_kind = done.failure and done.failure.kind
    _require(
        failure_kind == FailureKind.UNSENDABLE or callable(done.value),
        f"what cannot be sent fails as 'unsendable', not {failure_kind!r}",
    )
    await _still_works(pool, "failures")


async def _refuses_what_is_late(pool: Pool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "touched"
        done = await _do(pool, trials.touch, str(file), seconds=-1.0)
        _failed(done, "a job whose deadline is over", FailureKind.DEADLINE)
        _require(not file.exists(), "a job whose deadline is over does not begin")


async def _works_at_once(pool: Pool) -> bool:
    future = _submit(pool, trials.count)
    at_once = future.done()
    await future
    return at_once


async def _keeps_order(pool: Pool) -> None:
    # Executors start their workers late: all of them should be there before the order is looked at.
    await _within(SOON * 3, asyncio.gather(*(_submit(pool, trials.sleep, "0.02") for _ in range(6 * pool.workers))))
    jobs = [_submit(pool, trials.sleep, "0.02", number=number) for number in range(6 * pool.workers)]
    done = await _within(SOON + 1, asyncio.gather(*jobs))
    _require([each.value for each in done] == list(range(len(jobs))), "each future gets its own job's value")
    apart = 3 * pool.workers
    ordered = all(early.started < late.started for early, late in zip(done, done[apart:], strict=False))
    _require(ordered, "the queue is first in, first out")


async def _withdraws_what_waits(pool: Pool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("late", "cancelled")]
        sleeps = [_submit(pool, trials.sleep, "0.4") for _ in range(pool.workers)]
        late, cancelled = (_submit(pool, trials.touch, str(file), seconds=0.1) for file in files)
        cancelled.cancel()
        done = await _within(SOON, late)
        failure_kind = done.failure and done.failure.kind
        _require(
            failure_kind == FailureKind.DEADLINE,
            f"a job whose deadline comes while it waits fails as 'deadline', not {failure_kind!r}",
        )
        await _within(SOON, asyncio.gather(*sleeps))
        await _still_works(pool, "withdrawn jobs")
        _require(not any(file.exists() for file in files), "a job that was withdrawn does not begin")


async def _outlives_spinning(pool: Pool) -> None:
    for trial in (trials.spin, trials.spin_ignoring_stops, trials.suppress_the_stop):
        start = time.monotonic()
        jobs = [_submit(pool, trial, "2", seconds=0.2) for _ in range(pool.workers)]
        for done in await _within(SOON, asyncio.gather(*jobs)):
            failure_kind = done.failure and done.failure.kind
            _require(
                failure_kind in (FailureKind.DEADLINE, FailureKind.STUCK),
                f"a job past its deadline fails as 'deadline', not {failure_kind!r}",
            )
        took = time.monotonic() - start
        _require(took < 1.2, f"its future is done soon after the deadline, not {took - 0.2:.3f} s later")
        await _still_works(pool, trial.__name__)


async def _outlives_cancelling(pool: Pool) -> None:
    jobs = [_submit(pool, trials.spin, "2") for _ in range(pool.workers)]
    await asyncio.sleep(0.1)
    for job in jobs:
        job.cancel()
    await _still_works(pool, "the cancelling of running jobs")
    _require(all(job.cancelled() for job in jobs), "a cancelled future stays cancelled")


def _counts(pool: Pool) -> None:
    counts = pool.statistics()
    names = {"workers", "jobs", "failures", "abandoned", "replaced"}
    _require(names <= counts.keys(), f"statistics have {sorted(names)}, not {sorted(counts)}")
    _require(counts["workers"] == pool.workers, "statistics count the workers")
    _require(counts["jobs"] > counts["failures"] > len(FAILING), f"statistics count jobs and failures, not {counts}")


async def _closes(pool: Pool) -> None:
    jobs = [_submit(pool, trials.sleep, "0.3", seconds=math.inf) for _ in range(2 * pool.workers)]
    start = time.monotonic()
    await pool.close()
    _require(time.monotonic() - start < SOON, "it closes soon")
    done = await _within(SOON, asyncio.gather(*jobs))
    _require(
        all(each.failure is None or each.failure.kind == FailureKind.CLOSED for each in done), "closing ends every job"
    )
    done = await _do(pool, trials.count)
    _failed(done, "a job for a closed pool", FailureKind.CLOSED)
    await pool.close()


def _submit(
    pool: Pool, work: Work, text: str = "", *, question: str = "why?", number: int = 1, seconds: float = 60.0
) -> asyncio.Future[Done]:
    deadline = asyncio.get_running_loop().time() + seconds
    return pool.submit(work, question, Document(text, number=number), deadline=deadline)


async def _do(
    pool: Pool, work: Work, text: str = "", *, question: str = "why?", number: int = 1, seconds: float = 60.0
) -> Done:
    return await _within(20.0, _submit(pool, work, text, question=question, number=number, seconds=seconds))


async def _still_works(pool: Pool, after: str) -> None:
    """It may refuse jobs for a while, if too many workers are stuck."""
    end = time.monotonic() + 2 * SOON
    while True:
        jobs = [_submit(pool, trials.count) for _ in range(2 * pool.workers)]
        done = await _within(SOON, asyncio.gather(*jobs))
        if all(each.failure is None for each in done):
            return
        refused = all(each.failure is None or each.failure.kind == FailureKind.STUCK for each in done)
        _require(refused and time.monotonic() < end, f"it works after {after}, not {done}")
        await asyncio.sleep(0.1)


async def _within[T](seconds: float, future: asyncio.Future[T]) -> T:
    done, _ = await asyncio.wait((future,), timeout=seconds)
    _require(bool(done), f"every future is done in time, not after {seconds} s")
    return future.result()


def _failed(done: Done, what: str, *kinds: FailureKind) -> None:
    kind = done.failure and done.failure.kind
    _require(kind in kinds, f"{what} fails as {kinds[0]!r}, not {kind!r} ({done})")


def _require(holds: bool, rule: str) -> None:
    if not holds:
        raise AssertionError(f"not a good pool: {rule}")
