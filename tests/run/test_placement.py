"""Where work is done: short own analysis on the loop and a millisecond of it at a time, everything else in the pool."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

import fanin
from fanin.engine import Engine
from fanin.model import Document, Failure, Question
from fanin.pools.pool import Done
from fanin.pools.worker_pool import WorkerPool
from fanin.pools.workers.interpreter_worker import InterpreterWorker
from fanin.process import ANALYSIS
from fanin.process.batch import analyze_each
from fanin.run.placement import BATCH, FEW, LANE, MAX_SECONDS_ON_LOOP, SLICE, WARM_AFTER, Placement, cost
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
    assert (cost(work, document) <= MAX_SECONDS_ON_LOOP) is cheap


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


class ParallelPool(FakePool):
    """As if its workers had cores of their own; its first jobs fail as `failing` says."""

    name = "interpreters"

    def __init__(self, *failing: str, workers: int = 3) -> None:
        super().__init__(workers=workers)
        self.failing = [*failing]
        self.batches: list[int] = []

    def submit(self, function: Any, *arguments: Any, **options: Any) -> asyncio.Future[Done]:
        if function is analyze_each:
            self.batches.append(len(arguments[0]))
        if self.failing:
            future = asyncio.get_running_loop().create_future()
            future.set_result(Done(None, Failure(self.failing.pop(0), "")))
            return future
        return super().submit(function, *arguments, **options)


async def handed_over(pool: ParallelPool, count: int, *, warm: bool = True) -> tuple[Placement, list[Done]]:
    placement = Placement(pool, cheap=True)
    placement.warm()
    waiting = jobs(placement, count)
    return placement, [each if isinstance(each, Done) else await each for each in waiting]


async def test_what_is_left_of_a_slice_is_done_by_workers_many_documents_in_one_job() -> None:
    pool = ParallelPool()
    placement, done = await handed_over(pool, 200)
    assert [each.value for each in done] == [ANALYSIS.work("harbour?", Document(f"{SHORT} {n}")) for n in range(200)]
    assert {each.worker for each in done} > {LANE}
    assert max(pool.batches) == BATCH
    assert placement.statistics()["on_loop"] == 200 - sum(pool.batches)
    assert all(each.started <= each.ended for each in done)


async def test_the_loop_does_what_waits_while_every_worker_that_may_help_has_a_batch() -> None:
    pool = ParallelPool(workers=2)
    placement = Placement(pool, cheap=True)
    placement.warm()
    waiting = jobs(placement, 300)
    await asyncio.sleep(0)
    assert pool.batches == [BATCH]
    await asyncio.gather(*[each for each in waiting if not isinstance(each, Done)])


async def test_the_loop_does_a_few_documents_itself_though_workers_are_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fanin.run.placement.SLICE", 1.5 * cost(ANALYSIS.work, Document(f"{SHORT} 0")))
    pool = ParallelPool()
    placement, done = await handed_over(pool, FEW)
    assert {each.worker for each in done} == {LANE}
    assert placement.statistics()["on_loop"] == FEW


class StuckPool(ParallelPool):
    """Never gives back a batch."""

    def submit(self, function: Any, *arguments: Any, **options: Any) -> asyncio.Future[Done]:
        self.batches.append(len(arguments[0]))
        return asyncio.get_running_loop().create_future()


async def test_while_a_worker_takes_long_the_loop_does_what_waits_for_the_next_batch() -> None:
    pool = StuckPool(workers=2)
    placement = Placement(pool, cheap=True)
    placement.warm()
    waiting = jobs(placement, 100)
    async with asyncio.timeout(10.0):
        last = await waiting[-1]
    assert last.worker == LANE
    assert pool.batches == [BATCH]
    assert placement.statistics()["on_loop"] == 100 - BATCH


async def test_documents_of_a_batch_that_failed_are_done_one_by_one() -> None:
    pool = ParallelPool("crashed", workers=2)
    _, done = await handed_over(pool, 30)
    assert [each.failure for each in done] == [None] * 30
    assert pool.statistics()["jobs"] == pool.batches[0] + len(pool.batches[1:])


async def test_a_document_that_fails_in_a_batch_is_the_only_one() -> None:
    number: Any = 7  # what no type checker saw
    well, failed = analyze_each([("harbour?", Document(SHORT)), ("harbour?", Document(number))])
    assert well.value == ANALYSIS.work("harbour?", Document(SHORT))
    assert failed.value is None
    assert "'int' object has no attribute" in failed.error


@pytest.mark.parametrize("kind", ["threads", "inline"])
async def test_workers_that_share_the_core_of_the_loop_get_no_batches(kind: str) -> None:
    pool = ParallelPool()
    pool.name = kind
    _, done = await handed_over(pool, 100)
    assert {each.worker for each in done} == {LANE}


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


async def test_quick_questions_that_keep_the_loop_busy_get_workers_which_help() -> None:
    until = time.monotonic() + 30.0
    async with Engine([short, fanin.Source("other", fanin.source(short).fetch)], workers=2, semantic=False) as engine:

        async def asks() -> None:
            while not engine.statistics()["pool"]["jobs"] and time.monotonic() < until:
                await engine.ask(f"Is the harbour open {time.monotonic()}")

        await asyncio.gather(*[asks() for _ in range(20)])
        assert engine.statistics()["pool"]["jobs"] >= 1


class StartingPool(WorkerPool):
    """Its workers have not started yet."""

    ready_workers = 0  # pyright: ignore[reportIncompatibleMethodOverride]


async def test_nothing_is_handed_over_to_workers_that_have_not_started() -> None:
    placement = Placement(StartingPool("interpreters", partial(InterpreterWorker, analyze_each)), cheap=True)
    placement.warm()
    waiting = jobs(placement, 100)
    done = [each if isinstance(each, Done) else await each for each in waiting]
    assert {each.worker for each in done} == {LANE}
    assert placement.statistics()["jobs"] == 0
    await placement.close()


async def numbered(question: Question) -> str:
    await asyncio.sleep(2 * WARM_AFTER)
    return f"The harbour is open until {question.text.split()[-1]} tonight."


async def test_many_questions_at_once_are_worked_on_by_the_loop_and_by_workers() -> None:
    async with Engine([numbered], pool="interpreters", workers=2, semantic=False) as engine:
        answers = await asyncio.gather(*[engine.ask(f"Until when is the harbour open {n}") for n in range(100)])
        statistics = engine.statistics()["pool"]
    assert [each.text for each in answers] == [f"The harbour is open until {n} tonight. [1]" for n in range(100)]
    assert statistics["jobs"] >= 1
    assert statistics["on_loop"] + statistics["jobs"] <= 100


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
