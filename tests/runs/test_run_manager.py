"""Runs are started, followed, cancelled, kept and found again; whoever leaves stops nothing (under a jumping clock)."""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from fanin.engine import Engine
from fanin.errors import ConfigError, UnknownSource
from fanin.events import Planned
from fanin.model import Question
from fanin.runs import run_manager
from fanin.runs.run_manager import RunManager
from fanin.runs.run_record import EndedRun, KeptRun, summary_of
from fanin.streams.event_json import values_of
from fanin.testing import FakePool, FakeSource, run_jumping

QUESTION = "Is the harbour open?"


class MemoryRuns:
    """A store that keeps runs in a dict, and takes its time."""

    def __init__(self, *, seconds: float = 0.0) -> None:
        self.kept: dict[str, EndedRun] = {}
        self.closed = False
        self._seconds = seconds

    async def keep(self, run: EndedRun) -> bool:
        await asyncio.sleep(self._seconds)
        self.kept[run.id] = run
        return True

    async def repeated(self, key: str, *, since: float) -> tuple[str, str] | None:
        return next(((each.id, each.request.body) for each in self.kept.values() if each.request.key == key), None)

    async def find(self, run: str, *, user: str | None) -> KeptRun | None:
        found = self.kept.get(run)
        if found is None or user not in (None, found.user):
            return None
        return KeptRun(summary_of(found), tuple(json.loads(json.dumps(values_of(each))) for each in found.events))

    async def summaries(self, **_: Any) -> Any:
        return [summary_of(each) for each in self.kept.values()]

    async def delete(self, run: str, *, user: str | None) -> bool:
        return self.kept.pop(run, None) is not None

    async def close(self) -> None:
        self.closed = True


def within(
    work: Callable[[RunManager], Awaitable[None]],
    *,
    store: MemoryRuns | None = None,
    steps=((1.0, "The harbour is open until nine."), (1.0, "The harbour lift is stuck.")),
) -> None:
    """Do it with a manager whose one source follows the steps, and check that nothing is left behind."""

    async def scenario() -> None:
        async with Engine([FakeSource("news", steps).source], pool=FakePool(), deadline=15.0) as engine:
            manager = RunManager(engine, store, wall=lambda: 1_000.0)
            await work(manager)
            await manager.close()
        assert len(asyncio.all_tasks()) == 1

    run_jumping(scenario())


async def told(run, after: int | None = None) -> list[dict]:
    return [json.loads(each.text) async for each in run.lines(after)]


def test_a_run_gives_its_answer_and_is_kept() -> None:
    store = MemoryRuns()

    async def work(manager: RunManager) -> None:
        run = await manager.start(QUESTION, user="anna")
        assert (manager.running, run.status, run.answer) == ([run], None, None)
        answer = await run.ended()
        assert answer.text.startswith("The harbour is open until nine. [1]")
        assert (manager.running, run.status) == ([], "answered")
        await manager.drain()
        (kept,) = store.kept.values()
        assert (kept.user, kept.question, kept.asked_at, kept.status) == ("anna", QUESTION, 1_000.0, "answered")
        assert kept.answer == answer
        found = await manager.find(run.asked.run, user="anna")
        assert (found.answer, found.status, await told(found, 0)) == (answer, "answered", await told(run, 0))

    within(work, store=store)
    assert store.closed


def test_every_reader_gets_all_events_wherever_it_joins() -> None:
    async def work(manager: RunManager) -> None:
        run = await manager.start(QUESTION)
        first = asyncio.create_task(told(run, 0))
        await asyncio.sleep(1.5)
        late, back = asyncio.create_task(told(run)), asyncio.create_task(told(run, 2))
        await run.ended()
        whole = await first
        assert [each["id"] for each in whole] == list(range(1, len(whole) + 1))
        assert await back == whole[2:]
        snapshot, *rest = await late
        assert snapshot["event"] == "snapshot"
        assert rest == whole[snapshot["id"] :]
        assert 2 < snapshot["id"] < len(whole)

    within(work)


def test_a_reader_that_leaves_stops_nothing_and_can_come_back() -> None:
    async def work(manager: RunManager) -> None:
        run = await manager.start(QUESTION)
        seen = []
        lines = run.lines(0)
        async for each in lines:
            seen.append(each.id)
            if each.event == "fetched":
                break
        await lines.aclose()
        assert run.readers == 0
        rest = [each["id"] for each in await told(run, seen[-1])]
        assert seen + rest == list(range(1, run.log.last + 1))
        assert run.status == "answered"

    within(work)


def test_a_reader_that_does_not_read_holds_up_nobody() -> None:
    async def work(manager: RunManager) -> None:
        run = await manager.start(QUESTION)
        slow = run.lines(0)
        first = await anext(slow)
        whole = await told(run, 0)
        assert [first.id, *[each.id async for each in slow]] == [each["id"] for each in whole]

    within(work)


def test_a_cancelled_run_ends_at_once_with_what_has_arrived() -> None:
    store = MemoryRuns()

    async def work(manager: RunManager) -> None:
        run, other = await manager.start(QUESTION), await manager.start(QUESTION)
        await asyncio.sleep(1.5)
        run.cancel()
        answer = await run.ended()
        assert 1.5 <= answer.execution_time < 1.7
        assert answer.text == "The harbour is open until nine. [1]"
        assert (run.status, other.status) == ("cancelled", None)
        run.cancel()
        await other.ended()
        assert other.status == "answered"
        await manager.drain()
        assert {each.status for each in store.kept.values()} == {"cancelled", "answered"}
        assert len(await told(await manager.find(run.asked.run, user=""), 0)) == run.log.last

    within(work, store=store, steps=((1.0, "The harbour is open until nine."), (1.0, "The lift is stuck.")))


@pytest.mark.parametrize(
    ("question", "asking", "error"),
    [
        ("", {}, ConfigError),
        (QUESTION, {"sources": ["nowhere"]}, UnknownSource),
        (QUESTION, {"deadline": 0}, ConfigError),
    ],
)
def test_a_question_that_cannot_be_asked_raises_and_leaves_no_run(question, asking, error) -> None:
    store = MemoryRuns()

    async def work(manager: RunManager) -> None:
        with pytest.raises(error):
            await manager.start(question, **asking)
        await manager.drain()
        assert (manager.running, store.kept) == ([], {})

    within(work, store=store)


def test_no_user_finds_or_deletes_the_run_of_another() -> None:
    store = MemoryRuns()

    async def work(manager: RunManager) -> None:
        run = await manager.start(QUESTION, user="anna")
        for _ in ("while it happens", "afterwards"):
            assert await manager.find(run.asked.run, user="bert") is None
            assert await manager.find(run.asked.run, user="") is None
            assert not await manager.delete(run.asked.run, user="bert")
            await manager.drain()
        assert [*store.kept] == [run.asked.run]
        assert await manager.delete(run.asked.run, user="anna")
        assert (store.kept, await manager.find(run.asked.run, user="anna")) == ({}, None)

    within(work, store=store)


def test_deleting_a_run_that_happens_ends_it_and_leaves_no_record() -> None:
    store = MemoryRuns(seconds=0.5)

    async def work(manager: RunManager) -> None:
        run = await manager.start(QUESTION)
        await asyncio.sleep(0.5)
        assert await manager.delete(run.asked.run, user="")
        assert run.status == "cancelled"
        await manager.drain()
        assert (store.kept, await manager.find(run.asked.run, user="")) == ({}, None)

    within(work, store=store, steps=((math.inf, None),))


def test_without_a_store_an_ended_run_is_held_for_five_minutes() -> None:
    async def work(manager: RunManager) -> None:
        run = await manager.start(QUESTION)
        await run.ended()
        await asyncio.sleep(299)
        assert await manager.find(run.asked.run, user="") is run
        await asyncio.sleep(2)
        assert await manager.find(run.asked.run, user="") is None

    within(work)


def test_without_a_store_no_more_than_so_many_are_held(monkeypatch) -> None:
    monkeypatch.setattr(run_manager, "MOST_HELD", 2)

    async def work(manager: RunManager) -> None:
        runs = []
        for _ in range(4):
            runs.append(await manager.start(QUESTION))
            await manager.drain()
        found = [await manager.find(each.asked.run, user="") for each in runs]
        assert [each is not None for each in found] == [False, False, True, True]

    within(work)


def test_a_slow_disk_delays_no_answer_and_costs_records_at_worst(monkeypatch, caplog) -> None:
    monkeypatch.setattr(run_manager, "MOST_UNWRITTEN", 30_000)
    store = MemoryRuns(seconds=60.0)

    async def work(manager: RunManager) -> None:
        loop = asyncio.get_running_loop()
        runs = [await manager.start(QUESTION) for _ in range(4)]
        for each in runs:
            await each.ended()
        assert len(runs[0].log.events) in range(10, 15)  # two of them have room, and not three
        assert loop.time() < 3
        await manager.drain()
        assert (len(store.kept), manager.lost, manager.unwritten) == (2, 2, 0)
        assert "2 runs were not kept; 2 wait to be written." in caplog.text

    within(work, store=store)


def test_a_burst_of_runs_is_kept_however_slow_the_disk_is() -> None:
    store = MemoryRuns(seconds=60.0)

    async def work(manager: RunManager) -> None:
        runs = [await manager.start(QUESTION) for _ in range(300)]
        for each in runs:
            await each.ended()
        await asyncio.sleep(1)
        assert manager.unwritten == 300
        await manager.drain()
        assert (len(store.kept), manager.lost) == (300, 0)

    within(work, store=store)


def test_closing_ends_runs_with_what_has_arrived_and_keeps_them() -> None:
    store = MemoryRuns()

    async def work(manager: RunManager) -> None:
        await manager.start(QUESTION)
        await asyncio.sleep(1.5)
        await manager.close()
        (kept,) = store.kept.values()
        assert (kept.status, kept.answer.text) == ("cancelled", "The harbour is open until nine. [1]")

    within(work, store=store)


class Breaks:
    """An engine with a defect."""

    async def stream(self, question: str, *, user: str):
        yield Planned(0.0, Question(question, "1", 2.0), ("news",), 1.0)
        raise RuntimeError("a defect")

    def finish(self, question: str) -> None: ...


async def test_a_defect_ends_the_run_and_whoever_reads_it_is_told() -> None:
    store = MemoryRuns()
    manager = RunManager(Breaks(), store)
    run = await manager.start(QUESTION)
    assert (await run.ended(), run.status) == (None, "failed")
    assert (await told(run, 0))[-1] == {"id": 2, "event": "failed", "message": "RuntimeError: a defect"}
    await manager.drain()
    again = await manager.find(run.asked.run, user="")
    assert (await told(again, 1), again.status) == (
        [{"id": 2, "event": "failed", "message": "This run ended without an answer."}],
        "failed",
    )
