"""Events come while things happen, at exact times of a jumping clock."""

import asyncio
from collections.abc import AsyncIterator

import pytest

import fanin
from fanin.engine import Engine
from fanin.errors import SourceError
from fanin.events import Cached, CircuitOpened, Event, Hedged, Planned, Processing, Retrying, Skipped, Waiting
from fanin.model import Document, Policy
from fanin.testing import FakePool, FakeSource, run_jumping, run_scenario

TEXT = "The harbour is open until nine tonight."


def of(kind: type[Event], events: tuple[Event, ...] | list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def test_the_plan_tells_of_the_workers_and_why_a_source_is_not_asked() -> None:
    async def weather(_: fanin.Question) -> str:
        return TEXT

    sources = [fanin.source(name="weather", topics=("weather",))(weather), fanin.source(name="all")(weather)]
    events = run_scenario(sources, question="Who wrote Hamlet?", pool=FakePool(workers=3)).events
    assert [(event.sources, event.skipped, event.pool, event.workers) for event in of(Planned, events)] == [
        (("all",), ("weather",), "fake", 3)
    ]
    (skipped,) = of(Skipped, events)
    assert (skipped.at, skipped.source) == (0.0, "weather")
    assert "does not fit its topics (weather)" in skipped.reason


def test_work_on_a_document_is_told_when_it_begins() -> None:
    source = FakeSource("s", ((1.0, TEXT), (0.0, TEXT)))
    events = run_scenario([source], pool=FakePool(workers=1, seconds=lambda _: 2.0)).events
    assert of(Processing, events) == [Processing(1.0, "s", 1, "worker 1"), Processing(3.0, "s", 2, "worker 1")]


async def asked_twice(policy: Policy, *, apart: float = 0.0) -> list[Event]:
    """The events of the second of two equal questions to a source that takes a second."""

    async def slow(_: fanin.Question) -> AsyncIterator[str]:
        await asyncio.sleep(1.0)
        yield TEXT

    async with Engine([fanin.source(name="s")(slow)], policy=policy, pool=FakePool()) as engine:
        first = asyncio.create_task(engine.ask("Is the harbour open?"))
        await asyncio.sleep(apart or 0.1)
        events = [event async for event in engine.stream("Is the harbour open?")]
        await first
    return events


def test_a_wait_for_the_rate_is_told_when_it_begins_with_its_length() -> None:
    events = run_jumping(asked_twice(Policy(rate=(1, 4.0))))
    (waiting,) = of(Waiting, events)
    assert (waiting.at, waiting.source, waiting.reason, round(waiting.after, 6)) == (0.0, "s", "rate", 3.9)


def test_a_wait_for_a_turn_is_told_when_it_begins() -> None:
    events = run_jumping(asked_twice(Policy(concurrency=1)))
    assert of(Waiting, events) == [Waiting(0.0, "s", "concurrency")]


def test_an_answer_from_the_cache_is_told_with_its_age() -> None:
    events = run_jumping(asked_twice(Policy(cache=60.0), apart=5.0))
    assert [(event.source, event.reason) for event in of(Cached, events)] == [("s", "")]


def test_a_second_call_is_told_when_it_is_made() -> None:
    asked = 0

    async def late_once(_: fanin.Question) -> str:
        nonlocal asked
        asked += 1
        await asyncio.sleep(1.0 if asked <= 2 else 4.0 if asked == 29 else 0.5)
        return f"{TEXT} {asked}"

    async def scenario() -> list[Event]:
        async with Engine([fanin.source(name="s", hedge=True)(late_once)], pool=FakePool()) as engine:
            for number in range(28):
                await engine.ask(f"Question {number}?")
            return [event async for event in engine.stream("Is the harbour open?")]

    assert of(Hedged, run_jumping(scenario())) == [Hedged(1.0, "s")]


def test_a_circuit_breaker_that_opens_is_told_by_the_question_that_opened_it() -> None:
    async def broken(_: fanin.Question) -> str:
        raise SourceError("It broke.", "http_500")

    async def scenario() -> list[list[Event]]:
        async with Engine([fanin.source(name="s", breaker=True)(broken)], pool=FakePool()) as engine:
            return [[event async for event in engine.stream("Is the harbour open?")] for _ in range(4)]

    seen = [of(CircuitOpened, events) for events in run_jumping(scenario())]
    assert [len(each) for each in seen] == [0, 0, 1, 0]
    (opened,) = seen[2]
    assert (opened.source, opened.after, opened.message) == ("s", 5.0, "It broke.")


def test_a_retry_is_told_before_its_wait_which_is_waiting_on_the_clock() -> None:
    source = FakeSource("s", ((0.5, SourceError("Gone.", "connection")),))

    async def once_more(question: fanin.Question) -> AsyncIterator[Document]:
        if source.asked:
            yield Document(TEXT)
            return
        async for item in source.source.fetch(question):
            yield item

    result = run_scenario([fanin.source(name="s", retries=2)(once_more)])
    (retrying,) = of(Retrying, result.events)
    assert (retrying.at, retrying.attempt, retrying.message) == (0.5, 2, "Gone.")
    assert result.answer.sources["s"].waiting == pytest.approx(retrying.after)
