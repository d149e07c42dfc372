"""Sources that give more than there is room for: they wait for the workers, and hold up nobody else."""

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any

import fanin
from fanin.events import Event, Fetched
from fanin.pools.pool import Done
from fanin.testing import FakePool, FakeSource, run_jumping, run_scenario

AT_ONCE = 64
"""Documents that one source hands over before others have their turn, and those of it that are in work at a time."""


def never_waits(count: int) -> fanin.Source:
    """A source of so many documents that never gives the loop a turn by itself."""

    @fanin.source(name="greedy")
    async def greedy(_: fanin.Question) -> AsyncIterator[str]:
        for number in range(count):
            yield f"The harbour has berth {number}."

    return greedy


class CountingPool(FakePool):
    """Knows how many jobs it had at a time."""

    most = 0

    def submit(self, *arguments: Any, **settings: Any) -> asyncio.Future[Done]:
        job = super().submit(*arguments, **settings)
        self.most = max(self.most, len(self._waiting))
        return job


def test_a_source_that_is_faster_than_the_workers_waits_for_them() -> None:
    pool = CountingPool(workers=1, seconds=lambda _: 0.01)
    scenario = run_scenario([never_waits(3 * AT_ONCE)], pool=pool)
    assert (pool.most, scenario.answer.sources["greedy"].documents) == (AT_ONCE, 3 * AT_ONCE)


def test_a_source_that_never_waits_lets_others_have_their_turn() -> None:
    async def events() -> list[Event]:
        quick = FakeSource("quick", ((0.0, "The harbour is open."),))
        async with fanin.Engine([never_waits(3 * AT_ONCE), quick.source], pool="inline") as engine:
            return [event async for event in engine.stream("Is the harbour open?")]

    fetched = [event.source for event in run_jumping(events()) if isinstance(event, Fetched)]
    assert fetched.index("quick") == AT_ONCE


def test_a_source_whose_calls_are_all_stuck_is_shed_until_one_returns() -> None:
    deaf = FakeSource("deaf", ((math.inf, "late"),), timeout=1.0, deaf=1000.0)

    async def scenario() -> list[tuple[str, str]]:
        async with fanin.Engine([deaf.source], pool=FakePool(), limits=fanin.Limits(stuck_calls=3)) as engine:
            answers = [await engine.ask("Is the harbour open?") for _ in range(4)]
            await asyncio.sleep(1000.0)
            answers.append(await engine.ask("Is the harbour open?"))
            return [(each.sources["deaf"].status, each.sources["deaf"].kind) for each in answers]

    stuck, shed = ("timeout", "stuck"), ("shed", "stuck")
    assert run_jumping(scenario()) == [*[stuck] * 3, shed, stuck]
    assert len(deaf.asked) == 4
