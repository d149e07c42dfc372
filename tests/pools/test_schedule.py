"""Which job is next, and how long it is likely to take: pure values."""

import asyncio
import math
from collections.abc import Callable

import pool_chores as chores
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.pools.pool import Pool
from fanin.pools.schedule import Costs, Schedule
from fanin.testing import pool_trials as trials

type Open = Callable[..., Pool]


def order(*jobs: tuple[str, float, str, int]) -> str:
    """The names of the jobs, each with its deadline, group and size, in the order in which they are taken."""
    schedule = Schedule[str]()
    for name, deadline, group, size in jobs:
        schedule.add(name, deadline=deadline, group=group, size=size)
    return "".join(schedule.pop() for _ in jobs)


def test_the_earliest_deadline_goes_first() -> None:
    assert order(("a", 3.0, "", 1), ("b", 1.0, "", 9), ("c", 2.0, "", 5), ("d", math.inf, "", 0)) == "bcad"


def test_jobs_that_are_equal_go_in_order() -> None:
    assert order(*((name, 1.0, "x", 7) for name in "abcdef")) == "abcdef"


def test_groups_have_their_turn_one_after_the_other() -> None:
    large = [(name, 1.0, "large", 100) for name in "abcd"]
    assert order(*large, ("x", 1.0, "small", 100), ("y", 1.0, "small", 100)) == "axbycd"


def test_of_one_group_the_smallest_goes_first() -> None:
    assert order(("a", 1.0, "x", 30), ("b", 1.0, "x", 10), ("c", 1.0, "x", 20)) == "bca"


def test_a_group_that_comes_later_waits_for_one_job_of_each_other_only() -> None:
    schedule = Schedule[str]()
    for name in "abc":
        schedule.add(name, deadline=1.0, group="first", size=1)
    assert schedule.pop() == "a"
    schedule.add("x", deadline=1.0, group="second", size=1)
    assert [schedule.pop() for _ in range(3)] == ["b", "x", "c"]
    with pytest.raises(IndexError):
        schedule.pop()


JOBS = st.lists(
    st.tuples(st.sampled_from((1.0, 2.0, math.inf)), st.sampled_from("abc"), st.integers(0, 3)), max_size=40
)


@given(JOBS)
def test_each_job_is_taken_once_and_what_is_next_is_what_is_taken(jobs: list[tuple[float, str, int]]) -> None:
    schedule = Schedule[int]()
    for number, (deadline, group, size) in enumerate(jobs):
        schedule.add(number, deadline=deadline, group=group, size=size)
    assert len(schedule) == len(jobs)
    taken: list[int] = []
    while schedule:
        coming = schedule.peek()
        taken.append(schedule.pop())
        assert taken[-1] == coming
    assert sorted(taken) == list(range(len(jobs)))
    deadlines = [jobs[number][0] for number in taken]
    assert deadlines == sorted(deadlines)


def test_what_a_call_costs_is_known_from_earlier_calls_in_proportion_to_their_size() -> None:
    costs = Costs()
    assert costs.expected(len, 0) == math.inf
    costs.record(len, 1000, 0.002)
    assert costs.expected(len, 1000) == pytest.approx(0.002)
    assert costs.expected(len, 3000) == pytest.approx(0.004)
    assert costs.expected(max, 1000) == math.inf


def test_a_longer_call_counts_at_once_and_a_shorter_one_little_by_little() -> None:
    costs = Costs()
    costs.record(len, 0, 0.001)
    costs.record(len, 0, 1.0)
    assert costs.expected(len, 0) == pytest.approx(1.0)
    costs.record(len, 0, 0.0)
    assert costs.expected(len, 0) == pytest.approx(0.8)


CALLS = st.lists(st.tuples(st.integers(0, 10_000), st.floats(0.0, 60.0)), min_size=1, max_size=20)


@given(CALLS, st.integers(0, 10_000), st.integers(0, 10_000))
def test_what_is_expected_lies_between_what_calls_took_and_grows_with_the_size(
    calls: list[tuple[int, float]], size: int, more: int
) -> None:
    costs = Costs()
    for taken, seconds in calls:
        costs.record(len, taken, seconds)
        assert costs.expected(len, taken) >= seconds * (1 - 1e-9)
    rates = [seconds / (taken + Costs.BASE) for taken, seconds in calls]
    assert min(rates) * (1 - 1e-9) <= costs.expected(len, size) / (size + Costs.BASE) <= max(rates) * (1 + 1e-9)
    assert costs.expected(len, size) <= costs.expected(len, size + more)
    assert costs.expected(max, size) == math.inf


def test_a_program_that_makes_functions_as_it_goes_fills_no_memory() -> None:
    costs = Costs()
    for _ in range(1000):
        costs.record(lambda: None, 0, 0.001)
    assert len(costs._rates) <= 64


async def test_a_small_document_does_not_wait_behind_the_parts_of_a_large_one(open_pool: Open) -> None:
    pool = open_pool("interpreters", work=chores.busy, workers=1)
    deadline = asyncio.get_running_loop().time() + 30
    first = trials.Document("0.03")
    await pool.submit(chores.busy, "", first, deadline=deadline)
    parts = [pool.submit(chores.busy, "", first, deadline=deadline, group="large", size=20_000) for _ in range(12)]
    small = pool.submit(chores.busy, "", trials.Document("0.001"), deadline=deadline, group="small", size=10)
    await small
    assert sum(part.done() for part in parts) <= 2
    await asyncio.gather(*parts)


async def test_short_jobs_are_handed_over_ahead_and_long_ones_are_not(open_pool: Open) -> None:
    pool = open_pool("interpreters", work=trials.count, workers=1)
    deadline = asyncio.get_running_loop().time() + 30
    for _ in range(30):
        await pool.submit(trials.count, "a", trials.Document("a"), deadline=deadline)
    short = [pool.submit(trials.count, "a", trials.Document("a"), deadline=deadline) for _ in range(9)]
    assert pool.statistics()["running"] > 1
    await asyncio.gather(*short)
    await pool.submit(chores.busy, "", trials.Document("0.05"), deadline=deadline)
    long = [pool.submit(chores.busy, "", trials.Document("0.01"), deadline=deadline) for _ in range(4)]
    assert pool.statistics()["running"] == 1
    await asyncio.gather(*long)


async def test_what_was_handed_over_ahead_is_done_by_another_worker_when_the_first_one_is_stopped(
    open_pool: Open,
) -> None:
    pool = open_pool("interpreters", work=trials.count, workers=1)
    loop = asyncio.get_running_loop()
    for _ in range(30):
        await pool.submit(trials.count, "a", trials.Document("a"), deadline=loop.time() + 30)
    pool._costs.record(chores.endless, 0, 0.0)
    endless = pool.submit(chores.endless, "", trials.Document(""), deadline=loop.time() + 0.1)
    behind = [pool.submit(trials.count, "a", trials.Document("aa"), deadline=loop.time() + 30) for _ in range(3)]
    assert pool.statistics()["running"] > 1
    assert (await endless).failure.kind in ("deadline", "stuck")
    assert [(await each).value["count"] for each in behind] == [2, 2, 2]
