"""What follows once every source has ended: when a model's plan counts, how much time is left, and what is reopened."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

import fanin
from fanin.model import Answer, Document, Processor
from fanin.plan.plan import Plan
from fanin.plan.planned_question import PlannedQuestion
from fanin.run.rounds.improvement import Improvement, reopened, still_running
from fanin.run.rounds.second_round import SecondRound
from fanin.run.source.source_input import COMPLETE
from fanin.run.source.source_run import SourceRun
from fanin.run.source.source_tasks import SourceTask
from fanin.sources.source import Source
from fanin.testing import run_jumping
from fanin.writing.planning import ModelPlan

ASKED, DEADLINE = 10.0, 30.0
QUESTION = PlannedQuestion("When does the Elba ferry leave?", "q-1", DEADLINE)
WIKI = replace(fanin.source(name="wiki")(lambda _: None), searches=True)
PLAN = Plan[Source](QUESTION, [WIKI], ASKED, DEADLINE)
PLANNED = ModelPlan("", (("What does the Elba ferry cost?", ("wiki",)),))


class NoModels:
    """The models of an engine that has none, or one that compares by meaning, which says until when it was to."""

    def __init__(self, choice: object = None) -> None:
        self.meaning = choice
        self.until: list[float] = []

    def similarity_choice(self, _: object, *, until: float) -> Any:
        self.until.append(until)
        return self.meaning


class Choice:
    def __init__(self, *, good: bool) -> None:
        self.good = good

    def suffices(self, _: Answer) -> bool:
        return self.good

    async def compare(self, _: Answer) -> dict[str, object]:
        return {"wiki": "near"}


def ended() -> SourceTask:
    """The task of a source that had nothing to say."""
    run = SourceRun(WIKI, Processor(lambda question, document: None), ASKED)
    run.receive(COMPLETE, 11.0)
    return SourceTask(run)


def planner(after: float, plan: ModelPlan = PLANNED) -> Callable[..., Coroutine[Any, Any, ModelPlan]]:
    async def planned(*, until: float) -> ModelPlan:
        assert until == 12.0  # a tenth of the twenty seconds after the question was asked
        await asyncio.sleep(after)
        return plan

    return planned


def improvement(p95: float | None = 0.1, **options: Any) -> Improvement:
    percentile = None if p95 is None else lambda _: p95
    return Improvement(PLAN, options.get("models", NoModels()), p95=percentile, planner=options.get("planner"))


def second_round(now: float, **options: Any) -> tuple[SecondRound | None, float]:
    """The second round, asked for at an instant after the planner has begun, and the instant at which it is known."""

    async def decided() -> tuple[SecondRound | None, float]:
        await asyncio.sleep(ASKED)
        made, clock = improvement(**options), asyncio.get_running_loop().time
        made.begin()
        await asyncio.sleep(now - ASKED)
        found = await made.second_round(PLAN, None, [ended()])
        made.close()
        return found, clock()

    return run_jumping(decided())


@pytest.mark.parametrize(
    ("after", "now", "planned", "at"),
    [
        (0.5, 11.0, True, 11.0),  # it was there before the sources
        (1.5, 11.0, True, 11.5),
        (2.5, 11.0, False, 12.0),  # late: nobody waits longer for it
        (2.5, 12.25, False, 12.25),
    ],
)
def test_a_model_has_a_tenth_of_the_time_to_plan(after: float, now: float, planned: bool, at: float) -> None:
    found, known_at = second_round(now, planner=planner(after))
    asked = [] if found is None else [each.text for each in found.asked["wiki"]]
    assert (asked, known_at) == (["What does the Elba ferry cost?"] * planned, at)


def test_without_latencies_of_sources_nobody_is_asked_again() -> None:
    assert second_round(11.0, p95=None, planner=planner(0.0)) == (None, 11.0)


@pytest.mark.parametrize(("now", "asked"), [(28.9, True), (29.0, False)])
def test_what_is_left_for_a_second_round_ends_before_the_deadline(now: float, asked: bool) -> None:
    assert (second_round(now, p95=1.0, planner=planner(0.0))[0] is not None) == asked


def test_planning_that_is_stopped_plans_nothing() -> None:
    async def stopped() -> SecondRound | None:
        made = improvement(planner=planner(1.0))
        made.begin()
        made.close()
        return await made.second_round(PLAN, None, [ended()])

    assert run_jumping(stopped()) is None


@pytest.mark.parametrize(
    ("p95", "meaning", "possible"), [(None, None, False), (0.1, None, True), (None, "model", True)]
)
def test_there_is_something_to_do_with_latencies_or_a_model(p95: float | None, meaning: object, possible: bool) -> None:
    async def made() -> bool:
        return improvement(p95, models=NoModels(meaning)).possible

    assert run_jumping(made()) == possible


@pytest.mark.parametrize(
    ("choice", "compared"), [(None, None), (Choice(good=True), None), (Choice(good=False), {"wiki": "near"})]
)
def test_passages_are_compared_unless_the_answer_is_good_enough(choice: object, compared: object) -> None:
    models = NoModels(choice)

    async def made() -> object:
        answer: Any = None
        comparing = improvement(models=models).comparing(PLAN, answer)
        return None if comparing is None else await comparing

    assert run_jumping(made()) == compared
    assert models.until == [29.95]


@pytest.mark.parametrize(("meant", "parts"), [(None, 0), (replace(QUESTION, text="What does it cost?"), 1)])
def test_a_known_document_is_processed_again_for_another_meaning(meant: PlannedQuestion | None, parts: int) -> None:
    run = SourceRun(WIKI, Processor(lambda question, document: None), ASKED)
    run.receive(Document("The ferry leaves at nine."), 11.0)
    run.take_parts()
    run.receive(COMPLETE, 11.0)
    task = reopened(SourceTask(run), SecondRound({"wiki": [QUESTION]}, "why", 1.0, meant))
    run.receive(Document("The ferry leaves at nine."), 12.0)
    assert (task.run, list(task.questions), len(run.take_parts())) == (run, [QUESTION], parts)


def test_a_source_that_is_not_asked_again_keeps_its_task() -> None:
    task = ended()
    assert reopened(task, SecondRound({"other": [QUESTION]}, "why", 1.0)) is task
    assert task.run.ended


@pytest.mark.parametrize(
    ("seconds", "deaf", "left", "at"),
    [(0.5, 0.0, False, 0.5), (2.0, 0.0, False, 1.0), (2.0, 0.04, False, 1.04), (2.0, 5.0, True, 1.05)],
)
def test_a_task_that_is_late_is_stopped_and_has_a_moment_to_end(
    seconds: float, deaf: float, left: bool, at: float
) -> None:
    async def task() -> None:
        try:
            await asyncio.sleep(seconds)
        finally:
            await asyncio.sleep(deaf if seconds > 1.0 else 0.0)

    async def waited() -> tuple[bool, float]:
        running = asyncio.create_task(task())
        found = await still_running([running], seconds=1.0), asyncio.get_running_loop().time()
        running.cancel()
        await asyncio.wait((running,))
        return found

    found, ended_at = run_jumping(waited())
    assert (found, round(ended_at, 6)) == (left, at)
