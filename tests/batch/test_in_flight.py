"""Work side by side: its order, its bounds, and that nothing remains of it."""

import asyncio
from contextlib import aclosing

import pytest

from fanin.batch.in_flight import in_flight
from fanin.testing import run_jumping


class Work:
    """Waits as many seconds as each item says, and counts how many wait at once."""

    def __init__(self) -> None:
        self.running = self.most = 0
        self.begun: list[float] = []

    async def __call__(self, seconds: float) -> float:
        self.running += 1
        self.most = max(self.most, self.running)
        self.begun.append(seconds)
        try:
            await asyncio.sleep(seconds)
            if seconds == 13.0:
                raise ValueError("thirteen")
            return seconds
        finally:
            self.running -= 1


async def taken(work, items, **options) -> list[float]:
    return [each async for each in in_flight(work, items, **options)]


@pytest.mark.parametrize(("ordered", "expected"), [(True, [3.0, 1.0, 2.0]), (False, [1.0, 2.0, 3.0])])
def test_results_come_in_the_order_of_the_items_or_as_soon_as_they_are_there(ordered: bool, expected: list) -> None:
    assert run_jumping(taken(Work(), [3.0, 1.0, 2.0], limit=lambda: 3, ordered=ordered)) == expected


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("most", [1, 2, 7])
def test_never_more_than_the_limit_run(ordered: bool, most: int) -> None:
    work = Work()
    items = [1.0 + number % 5 for number in range(50)]
    found = run_jumping(taken(work, items, limit=lambda: most, ordered=ordered))
    assert (sorted(found), work.most) == (sorted(items), most)


def test_a_limit_of_nothing_is_one() -> None:
    assert run_jumping(taken(Work(), [1.0, 2.0], limit=lambda: 0, ordered=True)) == [1.0, 2.0]


@pytest.mark.parametrize("ordered", [True, False])
def test_nothing_is_begun_ahead_of_who_takes_the_results(ordered: bool) -> None:
    work = Work()

    async def slowly() -> int:
        async with aclosing(in_flight(work, [1.0] * 100, limit=lambda: 4, ordered=ordered)) as results:
            await anext(results)
            await asyncio.sleep(1_000)
            return len(work.begun)

    assert run_jumping(slowly()) <= 5


@pytest.mark.parametrize("ordered", [True, False])
def test_leaving_early_leaves_nothing_running(ordered: bool) -> None:
    work = Work()

    async def left() -> tuple[int, int]:
        async with aclosing(in_flight(work, [1.0] * 100, limit=lambda: 4, ordered=ordered)) as results:
            await anext(results)
        return work.running, len(asyncio.all_tasks())

    assert run_jumping(left()) == (0, 1)


@pytest.mark.parametrize("ordered", [True, False])
def test_an_error_of_the_work_ends_the_rest(ordered: bool) -> None:
    work = Work()

    with pytest.raises(ValueError, match="thirteen"):
        run_jumping(taken(work, [1.0, 13.0, 500.0], limit=lambda: 3, ordered=ordered))
    assert work.running == 0


def test_items_that_come_slowly_hold_up_no_result() -> None:
    async def coming():
        yield 1.0
        await asyncio.sleep(100)
        yield 2.0

    async def first() -> float:
        clock = asyncio.get_running_loop().time
        begun = clock()
        async with aclosing(in_flight(Work(), coming(), limit=lambda: 3, ordered=False)) as results:
            await anext(results)
            return clock() - begun

    assert run_jumping(first()) == 1.0


def test_an_error_of_the_items_is_raised_after_what_they_gave() -> None:
    async def broken():
        yield 1.0
        raise OSError("the disk")

    seen = []

    async def found() -> None:
        async for each in in_flight(Work(), broken(), limit=lambda: 1, ordered=True):
            seen.append(each)

    with pytest.raises(OSError, match="the disk"):
        run_jumping(found())
    assert seen == [1.0]
