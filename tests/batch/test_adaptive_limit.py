"""How many questions at a time: more while they are as quick, fewer when they are slower."""

import asyncio

import pytest

from fanin.batch.adaptive_limit import MOST, AdaptiveLimit
from fanin.testing import run_jumping


def settled(seconds_at, *, count: int = 20_000) -> float:
    """The average limit of the last questions, of which each takes what `seconds_at` says for the limit."""
    limit, limits = AdaptiveLimit(), []
    for _ in range(count):
        limit.see(seconds_at(limit()), running=limit())
        limits.append(limit())
    return sum(limits[count // 2 :]) / (count - count // 2)


def test_it_rises_to_the_most_where_nothing_becomes_slower() -> None:
    assert settled(lambda _: 0.1) > 0.9 * MOST


@pytest.mark.parametrize("capacity", [10, 40, 100])
def test_it_settles_near_what_a_server_of_some_places_takes(capacity: int) -> None:
    found = settled(lambda limit: 0.1 * max(1.0, limit / capacity))
    assert capacity <= found <= 4 * capacity


def test_it_falls_when_questions_become_slower() -> None:
    limit = AdaptiveLimit(first=100)
    for _ in range(600):
        limit.see(0.1, running=100)
    before = limit()
    for _ in range(5 * before):
        limit.see(2.0, running=limit())
    assert limit() < before / 2


def test_what_is_quick_is_found_anew_when_all_has_become_slower() -> None:
    limit = AdaptiveLimit()
    for seconds in [0.1] * 3_000 + [0.5] * 30_000:
        limit.see(seconds, running=limit())
    assert limit() > MOST / 3


def test_few_running_questions_say_nothing() -> None:
    limit = AdaptiveLimit(first=50)
    for _ in range(200):
        limit.see(0.1, running=10)
    assert limit() == 50


def test_a_fixed_one_stays() -> None:
    limit = AdaptiveLimit(first=7, fixed=True)
    for _ in range(100):
        limit.see(0.1, running=7)
    assert limit() == 7


def test_questions_are_measured_while_they_run_and_errors_are_not() -> None:
    async def measured() -> list[tuple[float, int]]:
        seen: list[tuple[float, int]] = []
        limit = AdaptiveLimit()
        limit.see = lambda seconds, *, running: seen.append((seconds, running))

        async def one(seconds: float) -> None:
            with limit.measured():
                await asyncio.sleep(seconds)
                if seconds == 5.0:
                    raise OSError

        await asyncio.gather(one(1.0), one(5.0), one(3.0), return_exceptions=True)
        return seen

    assert run_jumping(measured()) == [(1.0, 1), (3.0, 3)]
