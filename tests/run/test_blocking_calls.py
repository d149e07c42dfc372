"""A source that holds up the event loop is named with the call, the file and the line; nothing else is."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import fanin
from fanin.engine import Engine
from fanin.events import Answered
from fanin.run import blocking_calls
from fanin.run.blocking_calls import BLOCKED, SAMPLE_INTERVAL, STARVED, Step

HERE = Path(__file__).name
TEXT = "The harbour is open until nine tonight."
LONG, LONGER = 2 * STARVED, 8 * STARVED
"""Seconds of what blocks nothing, and of what is to be noticed on a busy machine too, where samples are few."""


async def sleeps(_: fanin.Question) -> AsyncIterator[str]:
    await asyncio.sleep(0)
    time.sleep(LONGER)
    yield TEXT


async def computes(_: fanin.Question) -> str:
    end = time.monotonic() + LONGER
    while time.monotonic() < end:
        sorted(range(1_000))
    return TEXT


async def in_a_task(_: fanin.Question) -> str:
    async def inner() -> str:
        time.sleep(LONGER)
        return TEXT

    return await asyncio.create_task(inner())


def in_a_thread(_: fanin.Question) -> str:
    time.sleep(LONG)
    return TEXT


async def waits(_: fanin.Question) -> str:
    await asyncio.sleep(LONG)
    return TEXT


def slow(_: str, document: fanin.Document) -> int:
    time.sleep(LONG)
    return len(document.text)


def slow_rule(_: fanin.Answer) -> bool:
    time.sleep(LONG)
    return False


@pytest.mark.parametrize(
    ("source", "policy"),
    [
        (sleeps, fanin.Policy()),
        (sleeps, fanin.Policy(cache="1min", hedge=True, breaker=True)),
        (in_a_task, fanin.Policy()),
    ],
)
async def test_a_call_that_blocks_is_named_in_the_outcome_and_the_log(source, policy, caplog) -> None:
    with caplog.at_level(logging.WARNING, "fanin"):
        async with Engine([source, waits], policy=policy, semantic=False) as engine:
            outcomes = (await engine.ask("Is the harbour open?")).sources
            await asyncio.sleep(10 * SAMPLE_INTERVAL)
    seen = outcomes[source.__name__]
    assert seen.status == "ok"
    assert seen.message.startswith("It held up the event loop, and so every other source, for ")
    assert f"(time.sleep in {HERE}:" in seen.message
    assert outcomes["waits"].message == ""
    assert [source.__name__ in record.message for record in caplog.records] == [True]


async def test_work_that_blocks_is_named_as_well() -> None:
    async with Engine([computes], pool="inline") as engine:
        assert f" in {HERE}:" in (await engine.ask("Is the harbour open?")).sources["computes"].message


async def test_a_stream_tells_it_with_the_answer() -> None:
    async with Engine([sleeps], pool="inline") as engine:
        events = [event async for event in engine.stream("Is the harbour open?")]
    assert isinstance(events[-1], Answered)
    assert f"(time.sleep in {HERE}:" in events[-1].answer.sources["sleeps"].message


@pytest.mark.parametrize("source", [in_a_thread, waits])
async def test_a_source_that_lets_the_loop_run_is_not_named(source) -> None:
    async with Engine([source], pool="inline") as engine:
        assert (await engine.ask("Is the harbour open?")).sources[source.__name__].message == ""


async def test_other_functions_that_block_are_no_sources() -> None:
    async def harbour(_: fanin.Question) -> str:
        return TEXT

    async with Engine([harbour, waits], pool="inline", process=slow, enough=slow_rule) as engine:
        outcomes = (await engine.ask("Is the harbour open?")).sources
    assert [each.message for each in outcomes.values()] == ["", ""]


async def test_what_blocked_one_question_is_not_told_with_the_next() -> None:
    blocks = [True, False]

    async def at_first(_: fanin.Question) -> str:
        time.sleep(LONGER * blocks.pop(0))
        return TEXT

    async with Engine([at_first], pool="inline") as engine:
        messages = [(await engine.ask("Is the harbour open?")).sources["at_first"].message for _ in range(2)]
    assert [bool(each) for each in messages] == [True, False]


async def test_the_thread_sleeps_without_questions_and_ends_with_the_engine(monkeypatch) -> None:
    monkeypatch.setattr(blocking_calls, "IDLE_SAMPLES", 1)
    async with Engine([sleeps], pool="inline") as engine:
        for _ in range(2):
            await asyncio.sleep(20 * SAMPLE_INTERVAL)
            assert (await engine.ask("Is the harbour open?")).sources["sleeps"].message
        (thread,) = [each for each in threading.enumerate() if each.name == "fanin blocking calls"]
    thread.join(5.0)
    assert not thread.is_alive()


TICKS, LATE = round(BLOCKED / SAMPLE_INTERVAL), round(STARVED / (2 * SAMPLE_INTERVAL))


def sampled(*samples: tuple[int, float], cpu: float = 0.0) -> bool:
    """Whether a step blocks that was seen in these calls, each after so many seconds."""
    step = Step()
    for call, elapsed in samples:
        step.sample((call, 0), elapsed)
    return step.blocks(cpu)


@pytest.mark.parametrize(
    ("samples", "cpu", "blocks"),
    [
        ([(1, SAMPLE_INTERVAL)] * (TICKS + 2), 0.0, True),
        ([(1, SAMPLE_INTERVAL)] * (TICKS - 1), 0.0, False),
        ([(number, SAMPLE_INTERVAL) for number in range(TICKS + 2)], 0.0, False),
        ([(number, SAMPLE_INTERVAL) for number in range(TICKS + 2)], BLOCKED, True),
        ([(1, 2 * SAMPLE_INTERVAL)] * (LATE - 1), 0.01, False),
        ([(1, 2 * SAMPLE_INTERVAL)] * (LATE - 1), BLOCKED, True),
        ([(1, 10.0)], 0.0, False),
        ([(1, 2 * SAMPLE_INTERVAL)] * (LATE + 1), 0.0, True),
    ],
    ids=[
        *("one call", "short", "other calls wait for the GIL", "computing", "late samples", "computing with the GIL"),
        *("garbage collected", "long in any way"),
    ],
)
def test_a_step_blocks_in_one_call_or_computing_and_otherwise_much_later(samples, cpu: float, blocks: bool) -> None:
    assert sampled(*samples, cpu=cpu) is blocks


async def test_a_call_of_little_more_than_the_bound_is_noticed() -> None:
    """On a busy machine samples may be late: one of many calls will do."""

    async def naps(_: fanin.Question) -> str:
        time.sleep(BLOCKED + 3 * SAMPLE_INTERVAL)
        return TEXT

    noticed = False
    async with Engine([naps], pool="inline", semantic=False) as engine:
        for _ in range(100):
            noticed = noticed or bool((await engine.ask("Is the harbour open?")).sources["naps"].message)
            if noticed:
                break
    assert noticed


def test_the_end_of_the_thread_with_the_loop_is_no_error() -> None:
    async def ask() -> str:
        engine = Engine([waits], pool="inline", semantic=False)
        await engine.__aenter__()
        engines.append(engine)
        return (await engine.ask("Is the harbour open?")).text

    engines: list[Engine] = []
    loop = threading.Thread(target=lambda: asyncio.run(ask()))
    loop.start()
    loop.join()
    calls = engines[0]._blocking
    while calls._cpu():  # `join` returns a moment before the system has ended the thread
        time.sleep(0.001)
    calls._sample(None)
    assert (calls._cpu(), calls._found) == (0.0, {})
    calls.close()


TRIES = 3
"""What the code causes comes each time; that a busy machine runs no step of this process for a while comes and goes."""


async def test_a_source_that_waits_for_the_gil_of_other_threads_is_not_named() -> None:
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            sum(range(1_000))

    async def polite(_: fanin.Question) -> str:
        for _ in range(20):
            await asyncio.sleep(0)
        return TEXT

    threads = [threading.Thread(target=busy) for _ in range(3)]
    for each in threads:
        each.start()
    try:
        async with Engine([polite], pool="inline", semantic=False) as engine:
            messages = [(await engine.ask("Is the harbour open?")).sources["polite"].message for _ in range(TRIES)]
    finally:
        stop.set()
        for each in threads:
            each.join()
    assert "" in messages
