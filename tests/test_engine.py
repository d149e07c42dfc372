"""The engine as a program uses it: real clock, real workers, sources of every shape."""

import asyncio
import gc
import json
import logging
import threading
import time
from collections.abc import AsyncIterator
from functools import partial

import pytest

import fanin
from fanin import errors
from fanin.events import Processed, Started
from fanin.sources.simulated import simulated
from fanin.testing import FakePool, FakeSource, check_answer, check_source

TEXT = "The harbour is open until nine tonight."


async def returns_text(_: fanin.Question) -> str:
    return TEXT


async def returns_documents(question: fanin.Question) -> list[fanin.Document]:
    return [fanin.Document(TEXT, title=question.text), fanin.Document("Bread is baked at dawn.")]


async def yields(_: fanin.Question):
    yield TEXT
    yield [fanin.Document("Bread is baked at dawn."), "Snow falls."]


def plain(_: fanin.Question) -> str:
    return TEXT


def plain_generator(_: fanin.Question):
    yield TEXT
    yield fanin.Document("Bread is baked at dawn.")


class Callable:
    async def __call__(self, _: fanin.Question) -> str:
        return TEXT


@pytest.mark.parametrize(
    ("function", "documents"),
    [
        (returns_text, 1),
        (returns_documents, 2),
        (yields, 3),
        (plain, 1),
        (plain_generator, 2),
        (Callable(), 1),
        (partial(returns_text), 1),
        (lambda question: returns_text(question), 1),
        (lambda _: None, 0),
    ],
)
async def test_a_source_may_be_any_function_that_gives_documents(function, documents: int) -> None:
    async with fanin.Engine([function], pool="inline") as engine:
        answer = await engine.ask("Is the harbour open?")
    check_answer(answer, planned=list(engine.sources), deadline=15.0)
    (outcome,) = answer.sources.values()
    assert (outcome.status, outcome.documents) == ("ok" if documents else "empty", documents)


@pytest.mark.parametrize("thing", [7, b"bytes", {"text": "no"}, object()])
async def test_a_thing_that_is_no_document_is_told_by_its_type(thing) -> None:
    async with fanin.Engine([lambda _: thing], pool="inline") as engine:
        (outcome,) = (await engine.ask("x")).sources.values()
    assert (outcome.status, outcome.kind) == ("error", "type")
    assert type(thing).__name__ in outcome.message


async def test_a_plain_source_that_spins_is_stopped_in_its_thread() -> None:
    @fanin.source(timeout=0.2)
    def spins(_: fanin.Question) -> str:
        while True:
            pass

    async with fanin.Engine([spins, returns_text], pool="inline") as engine:
        answer = await engine.ask("harbour?")
    assert answer.sources["spins"].status == "timeout"
    assert answer.success
    for _ in range(100):
        if not any(thread.name == "fanin source" for thread in threading.enumerate()):
            return
        await asyncio.sleep(0.05)
    pytest.fail("the thread of the source still runs")


@pytest.mark.parametrize("pool", [None, "interpreters", "threads", "processes", "inline"])
async def test_the_built_in_processing_runs_in_every_pool(pool) -> None:
    async with fanin.Engine([returns_documents, returns_text], pool=pool) as engine:
        answer = await engine.ask("Is the harbour open?")
    assert [outcome.status for outcome in answer.sources.values()] == ["ok", "ok"]
    assert "harbour is open" in answer.text
    assert len(answer.inferences) == 3
    assert answer.cores_used >= 1


async def test_work_on_all_cores_is_stopped_by_the_deadline_and_the_answer_still_comes() -> None:
    async with fanin.Engine([returns_documents], process=spin, pool="interpreters") as engine:
        answer = await engine.ask("Is the harbour open?", deadline=1.0)
        assert answer.execution_time <= 1.25
        assert answer.sources["returns_documents"].status == "partial"
        assert "harbour is open" in answer.text
        assert (await engine.ask("Is the harbour open?", deadline=1.0)).success


def spin(question: str, document: fanin.Document) -> None:
    while True:
        pass


async def test_the_answer_is_json_with_the_keys_of_the_lesson_first() -> None:
    async with fanin.Engine([returns_documents], pool="inline") as engine:
        result = (await engine.ask("Is the harbour open?")).to_dict()
    keys = ["query", "success", "sources", "inferences", "errors", "execution_time", "cores_used"]
    assert list(result)[:7] == keys
    assert json.loads(json.dumps(result, allow_nan=False))["sources"]["returns_documents"]["status"] == "ok"


@pytest.mark.may_block("`fanin.ask` blocks, also whoever calls it in a notebook's loop")
def test_ask_works_in_a_script_and_inside_a_running_loop() -> None:
    assert fanin.ask("harbour?", [returns_text], pool="inline").success

    async def notebook() -> fanin.Answer:
        return fanin.ask("harbour?", [returns_text], pool="inline")

    assert asyncio.run(notebook()).success


async def test_misuse_is_told_before_anything_is_asked() -> None:
    fake = FakeSource("weather", ((0.0, TEXT),))
    engine = fanin.Engine([fake.source], pool=FakePool())
    with pytest.raises(errors.EngineClosed):
        await engine.ask("x")
    async with engine:
        with pytest.raises(errors.UnknownSource, match="Did you mean 'weather'"):
            await engine.ask("x", sources=["wether"])
        with pytest.raises(errors.ConfigError, match="empty"):
            await engine.ask("  ")
        for deadline in (0, -1, float("nan"), float("inf")):
            with pytest.raises(errors.ConfigError, match="deadline"):
                await engine.ask("x", deadline=deadline)
    assert not fake.asked
    for options in ({"enough": 0}, {"enough": 1.5}, {"workers": 0}, {"deadline": -1}):
        with pytest.raises(errors.ConfigError):
            fanin.Engine([returns_text], **options)
    with pytest.raises(errors.ConfigError, match="share a name"):
        fanin.Engine([returns_text, returns_text])


async def test_a_follow_up_is_asked_as_what_it_means() -> None:
    asked: list[str] = []

    async def harbour(question: fanin.Question) -> str:
        asked.append(question.text)
        return "The ferry to Elba leaves at nine. The ferry to Elba costs 12 euros."

    async with fanin.Engine([harbour]) as engine:
        first = await engine.ask("When does the ferry to Elba leave?")
        second = await engine.ask("how much does it cost?", history=[fanin.Turn(first.query, first)])
        events = [each async for each in engine.stream("why?", history=[fanin.Turn(second.query, second)])]
    alone = fanin.ask("How much is it?", [harbour], history=[fanin.Turn("Where is the lift?", "At the pier.")])
    assert asked == [
        "When does the ferry to Elba leave?",
        "How much does the ferry to Elba cost?",
        "How much does the ferry to Elba cost, and why?",
        "How much is the lift?",
    ]
    answers = [first, second, events[-1].answer, alone]
    assert [each.asked_as for each in answers] == ["", *asked[1:]]
    assert [each.query for each in answers] == [asked[0], "how much does it cost?", "why?", "How much is it?"]


async def test_a_history_that_holds_no_turns_is_told_before_anything_is_asked() -> None:
    async with fanin.Engine([simulated("fog", text="Fog.", latency=0.0)]) as engine:
        with pytest.raises(
            errors.ConfigError, match="history holds 'What is it\\?', which is no turn; fanin asked nothing"
        ):
            await engine.ask("and tomorrow?", history=["What is it?"])


async def test_named_sources_alone_are_asked() -> None:
    fakes = [FakeSource("a", ((0.0, TEXT),)), FakeSource("b", ((0.0, TEXT),))]
    async with fanin.Engine([fake.source for fake in fakes], pool="inline") as engine:
        answer = await engine.ask("harbour?", sources=["b"])
    assert list(answer.sources) == ["b"]
    assert not fakes[0].asked


async def test_sources_start_at_once_and_the_log_tells_the_story(caplog) -> None:
    caplog.set_level(logging.INFO, "fanin")
    async with fanin.Engine([simulated("a", latency=0.1, text=TEXT), simulated("b", fail="no", latency=0)]) as engine:
        events = [event async for event in engine.stream("harbour?")]
    started = [event.at for event in events if isinstance(event, Started)]
    assert max(started) - min(started) < 0.1
    assert any(isinstance(event, Processed) for event in events)
    assert "fetching a" in caplog.text
    assert "b: error" in caplog.text


async def test_many_questions_at_once_leave_no_task_and_no_run() -> None:
    async with fanin.Engine([returns_text, returns_documents], pool="inline") as engine:
        await engine.ask("first")
        before = asyncio.all_tasks()
        answers = await asyncio.gather(*(engine.ask(f"question {n}") for n in range(200)))
        assert all(answer.success for answer in answers)
        assert asyncio.all_tasks() == before
        assert engine.statistics()["running"] == 0
        gc.collect()


async def test_closing_the_engine_withdraws_what_runs() -> None:
    engine = fanin.Engine([simulated("slow", latency=30, text=TEXT, timeout=60)], pool="inline", deadline=60)
    async with engine:
        task = asyncio.create_task(engine.ask("x"))
        await asyncio.sleep(0.05)
        begun = time.monotonic()
    assert time.monotonic() - begun < 10.0
    assert (await task).sources["slow"].status == "cancelled"


@pytest.mark.parametrize(
    "make",
    [
        lambda: FakeSource("fake", ((0.01, TEXT), (0.01, TEXT))).source,
        lambda: simulated("simulated", latency=0.01, text=[TEXT, TEXT]),
        lambda: fanin.source(plain_generator),
        lambda: fanin.source(yields),
    ],
)
async def test_fakes_and_real_sources_pass_the_same_check(make) -> None:
    await check_source(make)


async def test_the_check_finds_a_bad_source() -> None:
    with pytest.raises(AssertionError, match="at least one document"):
        await check_source(lambda: simulated("silent", latency=0, text=""))


async def test_sources_are_closed_side_by_side_and_one_that_fails_keeps_no_other_open() -> None:
    closed: list[str] = []
    both = asyncio.Barrier(2)

    def closing(name: str) -> fanin.Source:
        async def fetch(_: fanin.Question) -> AsyncIterator[fanin.Document]:
            yield fanin.Document(name)

        async def close() -> None:
            await both.wait()  # would wait for ever if one were closed after the other
            closed.append(name)
            raise ValueError(name)

        return fanin.Source(name, fetch, close=close)

    async with asyncio.timeout(5.0):
        async with fanin.Engine([closing("a"), closing("b")], pool="inline"):
            pass
    assert sorted(closed) == ["a", "b"]


@pytest.mark.parametrize(("ordered", "expected"), [(True, ["0.3", "0.1", "0.2"]), (False, ["0.1", "0.2", "0.3"])])
async def test_many_questions_are_answered_in_their_order_or_as_they_come(ordered: bool, expected: list[str]) -> None:
    async def waits(question: fanin.Question) -> str:
        await asyncio.sleep(float(question.text))
        return "The harbour is open."

    async with fanin.Engine([waits], pool="inline") as engine:
        batch = engine.batch(["0.3", "0.1", "0.2"], concurrency=3, ordered=ordered)
        assert [answer.query async for answer in batch] == expected


async def test_a_batch_of_senseless_concurrency_is_refused() -> None:
    async with fanin.Engine([simulated("a", text="Open.")], pool="inline") as engine:
        with pytest.raises(errors.ConfigError, match="concurrency is 0"):
            await anext(engine.batch(["Open?"], concurrency=0))
