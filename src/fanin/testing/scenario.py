"""A whole question under the jumping clock, with its events, and every invariant checked on what happened."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fanin.engine import Engine
from fanin.events import Answered, Event, Fetched
from fanin.model import Answer
from fanin.sources.source import Source
from fanin.testing.clock import run_jumping
from fanin.testing.fakes import FakePool, FakeSource
from fanin.testing.invariants import check_answer, check_events, check_quotes


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happened: the answer, its events in order, and how many tasks were left behind when it was given."""

    answer: Answer
    events: tuple[Event, ...]
    left_behind: int


def run_scenario(
    sources: Sequence[FakeSource | Source],
    *,
    question: str = "What is happening now?",
    deadline: float = 15.0,
    pool: Any = None,
    slack: float = 0.0,
    **options: Any,
) -> Scenario:
    """Ask once under the jumping clock and check the invariants; `options` are those of the engine.

    The default pool is a FakePool without cost. Raises AssertionError for a broken invariant.
    """

    async def scenario() -> Scenario:
        async with Engine(_sources(sources), deadline=deadline, pool=pool or FakePool(), **options) as engine:
            return await observe(engine, question)

    result = run_jumping(scenario())
    names = [each.name for each in sources]
    check_answer(result.answer, planned=names, deadline=deadline, slack=slack)
    check_events(result.events, result.answer)
    documents = {f"{e.source}/{e.document.number}": e.document for e in result.events if isinstance(e, Fetched)}
    check_quotes(result.answer, documents)
    return result


async def observe(engine: Engine, question: str, *, deadline: float | None = None, fresh: bool = False) -> Scenario:
    """Stream one question to its end, and count the tasks that were not there before."""
    before = asyncio.all_tasks()
    events = [event async for event in engine.stream(question, deadline=deadline, fresh=fresh)]
    left = len(asyncio.all_tasks() - before)
    last = events[-1]
    if not isinstance(last, Answered):
        raise AssertionError(f"broken rule: the last event is the answer, not {last!r}")
    return Scenario(last.answer, tuple(events), left)


def _sources(sources: Sequence[FakeSource | Source]) -> list[Source]:
    return [each.source if isinstance(each, FakeSource) else each for each in sources]
