"""Scenario tables: (script of each source) → (status, kind, instant of the answer), at exact times."""

import asyncio
import math
import time
from itertools import pairwise
from typing import Any

import pytest

import fanin
from fanin.errors import RateLimited
from fanin.events import Answered, Finished, Processed, Revised
from fanin.model import Document, Processor
from fanin.testing import FakePool, FakeSource, observe, run_jumping, run_scenario

NEVER = math.inf
TEXT = "The harbour is open until nine tonight."


def one_second(_: Document) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("steps", "status", "kind", "at"),
    [
        pytest.param(((2.0, TEXT),), "ok", "", 2.0, id="answers"),
        pytest.param(((4.0, None),), "empty", "", 4.0, id="has nothing to say"),
        pytest.param(((1.0, "   "),), "empty", "", 1.0, id="gives blank text"),
        pytest.param(((1.0, "\u200b\u2060"),), "empty", "", 1.0, id="gives only hidden characters"),
        pytest.param(((6.0, TEXT),), "timeout", "timeout", 5.0, id="too slow"),
        pytest.param(((NEVER, TEXT),), "timeout", "timeout", 5.0, id="never answers"),
        pytest.param(((1.0, TEXT), (NEVER, TEXT)), "partial", "timeout", 5.0, id="hangs half-way"),
        pytest.param(((1.0, ValueError("odd")),), "error", "exception", 1.0, id="raises"),
        pytest.param(((1.0, TEXT), (1.0, ValueError("odd"))), "partial", "exception", 2.0, id="raises half-way"),
        pytest.param(((1.0, ConnectionResetError("gone")),), "error", "connection", 1.0, id="connection lost"),
        pytest.param(((1.0, RateLimited("slow down", 9.0)),), "rate_limited", "rate_limited", 1.0, id="limited"),
        pytest.param(((1.0, SystemExit(3)),), "error", "exception", 1.0, id="tries to exit"),
        pytest.param(((1.0, asyncio.CancelledError()),), "cancelled", "cancelled", 1.0, id="cancels itself"),
        pytest.param(((1.0, TimeoutError()),), "timeout", "timeout", 1.0, id="has a timeout of its own"),
        pytest.param(((1.0, ExceptionGroup("", [OSError("x")])),), "error", "connection", 1.0, id="raises a group"),
    ],
)
def test_a_source_ends_in_one_outcome_and_its_sibling_is_untouched(steps, status, kind, at) -> None:
    scenario = run_scenario([FakeSource("odd", steps), FakeSource("good", ((0.5, TEXT + " Bring a coat."),))])
    outcome = scenario.answer.sources["odd"]
    assert (outcome.status, outcome.kind) == (status, kind)
    assert scenario.answer.execution_time == max(at, 0.5)
    assert scenario.answer.sources["good"].status == "ok"
    assert scenario.left_behind == 0


def test_the_lesson_takes_five_seconds_of_virtual_time_with_a_weather_that_sleeps_six() -> None:
    begun = time.thread_time()
    scenario = run_scenario(
        [
            FakeSource("weather", ((6.0, TEXT),)),
            FakeSource("news", ((1.5, "The ferry sails again."),)),
            FakeSource("knowledge_base", ((3.0, "Harbours are places where ships are safe."),)),
        ]
    )
    assert [each.status for each in scenario.answer.sources.values()] == ["timeout", "ok", "ok"]
    assert scenario.answer.execution_time == 5.0
    assert time.thread_time() - begun < 5.0


def test_the_answer_comes_at_the_deadline_from_what_has_arrived() -> None:
    scenario = run_scenario([FakeSource("a", ((0.5, TEXT),)), FakeSource("b", ((2.0, TEXT),))], deadline=1.0)
    assert scenario.answer.execution_time == 0.9
    assert (scenario.answer.sources["b"].status, scenario.answer.sources["b"].kind) == ("timeout", "deadline")
    assert scenario.answer.coverage == 0.5
    assert "harbour is open" in scenario.answer.text


def test_a_document_that_no_worker_finished_is_quoted_from_its_opening() -> None:
    pool = FakePool(seconds=lambda _: 60.0)
    scenario = run_scenario([FakeSource("a", ((0.5, TEXT),))], pool=pool, deadline=2.0)
    outcome = scenario.answer.sources["a"]
    assert (outcome.status, outcome.kind, outcome.kept) == ("partial", "deadline", 1)
    assert "harbour is open" in scenario.answer.text
    assert scenario.answer.execution_time <= 2.0


def test_a_source_that_is_deaf_to_its_timeout_is_left_behind_and_counted() -> None:
    async def story() -> tuple[fanin.Answer, int]:
        deaf = FakeSource("deaf", ((NEVER, TEXT),), timeout=1.0, deaf=3.0)
        good = FakeSource("good", ((0.5, TEXT),))
        async with fanin.Engine([deaf.source, good.source], pool=FakePool()) as engine:
            answer = await engine.ask("harbour?")
            stuck = engine.statistics()["stuck"]
            await asyncio.sleep(10)
            assert engine.statistics()["stuck"] == 0
        return answer, stuck

    answer, stuck = run_jumping(story())
    assert (answer.sources["deaf"].status, answer.sources["deaf"].kind) == ("timeout", "stuck")
    assert answer.execution_time == pytest.approx(1.1)
    assert stuck == 1


def test_work_begins_when_a_document_lands_and_not_when_all_have() -> None:
    steps = [("weather", 2.0), ("news", 1.5), ("knowledge_base", 3.0)]
    sources = [FakeSource(name, ((at, f"{name}: {TEXT}"),)) for name, at in steps]
    scenario = run_scenario(sources, pool=FakePool(workers=2, seconds=lambda _: 2.0), deadline=15.0)
    assert scenario.answer.execution_time == 5.5
    assert scenario.answer.timeline.sequential() == pytest.approx(12.5, abs=0.5)
    assert scenario.answer.timeline.lower_bound(2) == pytest.approx(4.5, abs=0.5)


def test_a_source_overlaps_its_own_fetching_with_processing() -> None:
    sources = [FakeSource("pages", ((1.0, "First page."), (1.0, "Second page."), (1.0, "Third page.")))]
    scenario = run_scenario(sources, pool=FakePool(workers=1, seconds=one_second))
    assert scenario.answer.execution_time == 4.0


def halves(document: Document) -> list[Document]:
    middle = len(document.text) // 2
    texts = ((0, document.text[:middle]), (middle, document.text[middle:]))
    return [
        Document(text, source=document.source, number=document.number, part=part, parts=2, start=start)
        for part, (start, text) in enumerate(texts, 1)
    ]


def length(_: str, document: Document) -> int:
    return len(document.text)


def test_a_divided_document_is_worked_on_by_idle_cores_and_merged() -> None:
    processor = Processor(length, split=halves, merge=sum)
    sources = [FakeSource("a", ((1.0, TEXT),))]
    scenario = run_scenario(sources, pool=FakePool(workers=2, seconds=one_second), process=processor)
    assert scenario.answer.execution_time == 2.0
    assert [each.value for each in scenario.answer.inferences] == [len(TEXT)]
    assert scenario.answer.cores_used == min(2, scenario.answer.timeline.cores)
    assert sum(isinstance(event, Processed) for event in scenario.events) == 1


@pytest.mark.parametrize(
    ("enough", "at"),
    [(1, 1.0), (2, 2.0), (0.5, 2.0), (1.0, 3.0), (lambda answer: len(answer.citations) >= 2, 2.0), (None, 3.0)],
)
def test_enough_ends_a_question_early(enough, at) -> None:
    texts = ["Ferries sail at nine.", "Bakers bake bread at dawn.", "Mountains are covered with snow."]
    sources = [FakeSource(f"s{n}", ((float(n), text),)) for n, text in enumerate(texts, 1)]
    scenario = run_scenario(sources, question="What now?", enough=enough)
    assert scenario.answer.execution_time == at
    for outcome in list(scenario.answer.sources.values())[int(at) :]:
        assert (outcome.status, outcome.kind) == ("cancelled", "enough")


def test_a_rule_for_enough_that_raises_costs_nothing_but_a_note() -> None:
    sources = [FakeSource("a", ((1.0, TEXT),)), FakeSource("b", ((2.0, TEXT),))]
    scenario = run_scenario(sources, enough=lambda _: 1 / 0)
    assert scenario.answer.sources["a"].status == "ok"
    assert "ZeroDivisionError" in scenario.answer.errors[0]


def test_revisions_grow_and_keep_their_numbers() -> None:
    texts = ["The ferry sails at nine.", "On Sundays a larger ferry sails at eleven.", "Ferry crews sleep ashore."]
    sources = [FakeSource(f"s{n}", ((float(n), text),)) for n, text in enumerate(texts, 1)]
    scenario = run_scenario(sources, question="When does the ferry sail?")
    revisions = [event.answer for event in scenario.events if isinstance(event, Revised)]
    assert [each.revision for each in revisions] == [1, 2]  # with the last source comes the answer itself
    assert len(revisions[0].citations) < len(scenario.answer.citations)


def test_sources_that_end_at_once_make_one_revision() -> None:
    at_once = [FakeSource(f"s{n}", ((1.0, f"Ferry number {n} sails at {n}."),)) for n in range(1, 6)]
    sources = [*at_once, FakeSource("late", ((2.0, "The last ferry sails at ten."),))]
    scenario = run_scenario(sources, question="When does the ferry sail?")
    revisions = [event for event in scenario.events if isinstance(event, Revised)]
    assert [(event.at, len(event.answer.passages)) for event in revisions] == [(1.0, 5)]


async def test_a_revision_waits_five_times_as_long_as_the_one_before_took(monkeypatch: pytest.MonkeyPatch) -> None:
    from fanin.run import run

    built, build = [], run.build_answer

    def slowly(*arguments: Any, **options: Any) -> Any:
        if options["revision"]:
            built.append(time.monotonic())
            time.sleep(0.02)
        return build(*arguments, **options)

    monkeypatch.setattr(run, "build_answer", slowly)

    fakes = [FakeSource(f"s{n}", ((n / 100, f"Ferry number {n} sails at {n}."),)) for n in range(20)]
    async with fanin.Engine([each.source for each in fakes], pool="inline") as engine:
        assert [event async for event in engine.stream("When does the ferry sail?")]
    assert built
    assert all(later - earlier >= 0.12 for earlier, later in pairwise(built))


@pytest.mark.parametrize("instant", [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5])
@pytest.mark.parametrize("way", ["ask", "stream"])
def test_cancelling_at_any_moment_leaves_nothing_behind(instant: float, way: str) -> None:
    async def story() -> None:
        fakes = [FakeSource("a", ((0.5, TEXT), (1.0, TEXT))), FakeSource("b", ((NEVER, TEXT),), timeout=2.0)]
        pool = FakePool(seconds=lambda _: 0.5)
        async with fanin.Engine([each.source for each in fakes], pool=pool) as engine:
            before = asyncio.all_tasks()
            work = engine.ask("harbour?") if way == "ask" else observe(engine, "harbour?")
            task = asyncio.create_task(work)
            await asyncio.sleep(instant)
            task.cancel()
            await asyncio.wait((task,))
            if instant != 2.0:  # then both happen at the same instant
                assert task.cancelled() == (instant < 2.0)
            assert asyncio.all_tasks() == before
            assert engine.statistics()["running"] == 0
            assert (await engine.ask("harbour?")).success

    run_jumping(story())


def test_leaving_a_stream_early_stops_the_sources() -> None:
    async def story() -> None:
        fake = FakeSource("a", ((1.0, TEXT), (NEVER, TEXT)))
        async with fanin.Engine([fake.source], pool=FakePool()) as engine:
            before = asyncio.all_tasks()
            stream = engine.stream("harbour?")
            async for _ in stream:
                break
            await asyncio.sleep(0.1)
            await stream.aclose()
            assert fake.stopped == 1
            assert asyncio.all_tasks() == before

    run_jumping(story())


def test_a_process_function_that_raises_is_a_failure_of_that_document_alone() -> None:
    scenario = run_scenario(
        [
            FakeSource("a", ((1.0, TEXT), (1.0, "Other words."))),
        ],
        process=refuses,
    )
    outcome = scenario.answer.sources["a"]
    assert (outcome.status, outcome.kind, len(outcome.failures)) == ("partial", "exception", 1)
    assert [each.value for each in scenario.answer.inferences] == ["Other words."]


def refuses(_: str, document: Document) -> str:
    if "harbour" in document.text:
        raise ValueError("no harbours here")
    return document.text


def test_the_last_event_is_the_answer_and_every_source_has_finished() -> None:
    scenario = run_scenario([FakeSource("a", ((1.0, TEXT),)), FakeSource("b", ((2.0, ValueError()),))])
    assert isinstance(scenario.events[-1], Answered)
    assert [e.source for e in scenario.events if isinstance(e, Finished)] == ["a", "b"]


def test_the_same_arrivals_give_the_same_bytes() -> None:
    def once() -> str:
        texts = ["The ferry sails at nine.", "Ferry tickets cost 4 crowns."]
        sources = [FakeSource(f"s{n}", ((float(n), text),)) for n, text in enumerate(texts)]
        answer = run_scenario(sources, question="When does the ferry sail?").answer
        return repr((answer.text, answer.citations, answer.passages, answer.inferences))

    assert once() == once()


@pytest.mark.parametrize("factory", [False, True])
async def test_sources_after_the_one_that_suffices_are_cancelled_whether_or_not_tasks_start_at_once(
    factory: bool,
) -> None:
    loop = asyncio.get_running_loop()
    if factory:  # such a loop starts its tasks later
        loop.set_task_factory(lambda loop, coro, **named: asyncio.Task(coro, loop=loop, **named))

    @fanin.source(name="first")
    async def first(_: fanin.Question) -> str:
        return "The harbour is open until nine tonight."

    @fanin.source(name="second")
    async def second(_: fanin.Question) -> str:
        await asyncio.sleep(60.0)
        return "It never says so."

    try:
        async with fanin.Engine([first, second], pool="inline", semantic=False, enough=1) as engine:
            answer = await engine.ask("Is the harbour open?", deadline=30.0)
    finally:
        loop.set_task_factory(None)
    assert answer.answered
    assert {name: each.status for name, each in answer.sources.items()} == {"first": "ok", "second": "cancelled"}
    assert answer.sources["second"].kind == "enough"
