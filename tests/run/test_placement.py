"""Where work is done: short own analysis on the loop and a millisecond of it at a time, everything else in the pool."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import fanin
from fanin.engine import Engine
from fanin.model import Document, Question
from fanin.pools.pool import Done
from fanin.process import ANALYSIS
from fanin.run.placement import HAND_OVER, LANE, SLICE, Placement, cost
from fanin.testing import FakePool

SHORT = "The harbour is open until nine tonight."


def length(_: str, document: Document) -> int:
    return len(document.text)


@pytest.mark.parametrize(
    ("work", "document", "cheap"),
    [
        (ANALYSIS.work, Document(SHORT), True),
        (ANALYSIS.work, Document(SHORT * 50), False),
        (ANALYSIS.work, Document("天気" * 60), True),
        (ANALYSIS.work, Document("天気" * 100), False),
        (ANALYSIS.work, Document(f"<p>{SHORT}</p>", media_type="text/html"), False),
        (length, Document(SHORT), False),
    ],
)
def test_only_short_documents_of_known_cost_are_cheap(work: Any, document: Document, cheap: bool) -> None:
    assert (cost(work, document) <= HAND_OVER) is cheap


def result(job: Any) -> Done | None:
    """What became of the job, as far as that is known."""
    if isinstance(job, Done):
        return job
    return job.result() if job.done() else None


def jobs(placement: Placement, count: int, *, work: Any = ANALYSIS.work, deadline: float = 60.0) -> list[Any]:
    until = asyncio.get_running_loop().time() + deadline
    return [placement.submit(work, "harbour?", Document(f"{SHORT} {n}"), deadline=until) for n in range(count)]


async def test_what_is_cheap_is_done_at_once_and_named_as_work_of_the_loop() -> None:
    placement = Placement(FakePool(), cheap=True)
    (job,) = jobs(placement, 1)
    assert job.worker == LANE
    assert job.value == ANALYSIS.work("harbour?", Document(f"{SHORT} 0"))
    assert placement.statistics()["on_loop"] == 1
    assert placement.statistics()["jobs"] == 0


async def test_between_two_turns_of_the_loop_there_is_no_more_than_a_slice_of_it() -> None:
    placement = Placement(FakePool(), cheap=True)
    most = int(SLICE / cost(ANALYSIS.work, Document(f"{SHORT} 00")))
    waiting = jobs(placement, 10 * most)
    done = [sum(result(job) is not None for job in waiting)]
    while done[-1] < len(waiting):
        await asyncio.sleep(0)
        done.append(sum(result(job) is not None for job in waiting))
    assert max(after - before for before, after in zip([0, *done], done, strict=False)) <= most
    assert [ended.failure for ended in map(result, waiting) if ended] == [None] * len(waiting)


async def test_a_withdrawn_job_is_not_done_one_past_its_deadline_fails_and_closing_fails_the_rest() -> None:
    placement = Placement(FakePool(), cheap=True)
    waiting = jobs(placement, 100)
    late = jobs(placement, 1, deadline=-1.0)
    waiting[-2].cancel()
    await placement.close()
    assert waiting[-2].cancelled()
    assert waiting[-1].result().failure.kind == "closed"
    assert late[0].result().failure.kind == "closed"
    (job,) = jobs(Placement(FakePool(), cheap=True), 1, deadline=-1.0)
    assert job.failure.kind == "deadline"


async def test_a_function_of_the_users_own_goes_to_the_pool_however_short_the_document() -> None:
    placement = Placement(FakePool(), cheap=True)
    (job,) = jobs(placement, 1, work=length)
    assert not job.done()
    assert (await job).worker == "worker 1"
    assert placement.statistics()["on_loop"] == 0


async def short(_: Question) -> str:
    return SHORT


@pytest.mark.parametrize("given", ["pool", "executor", "none"])
async def test_what_is_given_to_a_pool_of_the_users_own_is_done_there(given: str) -> None:
    with ThreadPoolExecutor(1) as executor:
        pool: Any = {"pool": FakePool(), "executor": executor, "none": None}[given]
        async with Engine([short], pool=pool) as engine:
            answer = await engine.ask("Is the harbour open?")
    lanes = {span.lane for span in answer.timeline.spans if span.kind == "process"}
    assert (lanes == {LANE}) == (given == "none")


async def test_a_quick_question_starts_no_worker() -> None:
    async with Engine([short]) as engine:
        assert (await engine.ask("Is the harbour open?")).success
        assert engine.statistics()["pool"]["jobs"] == 0


async def test_questions_that_never_wait_leave_the_loop_its_turns() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with Engine([short], pool="inline") as engine:
        task = asyncio.create_task(other())
        for _ in range(20):
            await engine.ask("Is the harbour open?")
        task.cancel()
    assert turns >= 20


async def test_revisions_that_take_long_are_fewer_and_the_answer_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from fanin.run import run

    build = run.build_answer

    def slowly(*arguments: Any, **options: Any) -> Any:
        time.sleep(0.01 if options["revision"] else 0.0)
        return build(*arguments, **options)

    monkeypatch.setattr(run, "build_answer", slowly)
    sources = [fanin.Source(f"s{n}", fanin.source(short).fetch) for n in range(50)]
    async with Engine(sources, pool="inline") as engine:
        events = [event async for event in engine.stream("Is the harbour open?")]
    revisions = [event for event in events if type(event).__name__ == "Revised"]
    assert 1 <= len(revisions) < 40
    assert all(outcome.status == "ok" for outcome in events[-1].answer.sources.values())
