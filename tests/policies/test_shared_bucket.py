"""A rate holds across processes that share a store, and a store that fails costs no call."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

import fanin
from fanin.model import Document, Policy, Question
from fanin.policies.health import Bucket, Health
from fanin.policies.identity import Identity, make_identity
from fanin.policies.shared_bucket import PAUSE, SharedBucket
from fanin.policies.stack import stack
from fanin.sources.source import Source
from fanin.storage.sqlite_store import SQLiteStore
from fanin.testing import FakeSource, run_jumping

RATE = (5, 3600.0)

TAKES = """
import asyncio, sys, time
from pathlib import Path
from fanin.policies.health import Health
from fanin.policies.shared_bucket import PAUSE, SharedBucket
from fanin.storage.sqlite_store import SQLiteStore

async def main(path):
    store = SQLiteStore(Path(path))
    bucket = SharedBucket((40, 36000.0), Health(), store, lambda: "rate:a")
    taken, wait = 0, 0.0
    while wait <= PAUSE:
        wait = await bucket.take()
        taken += not wait
    await store.close()
    print(taken)

asyncio.run(main(*sys.argv[1:]))
"""


class MemoryStore:
    """A store in memory; the first `lost` swaps find that another process was first."""

    def __init__(self, *, lost: int = 0) -> None:
        self.values: dict[str, bytes] = {}
        self.seconds: list[float] = []
        self.lost = lost

    async def get(self, key: str) -> bytes | None:
        return self.values.get(key)

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        self.values[key] = value

    async def swap(self, key: str, old: bytes | None, new: bytes, *, seconds: float) -> bool | None:
        if self.lost:
            self.lost -= 1
            return False
        if self.values.get(key) != old:
            return False
        self.values[key] = new
        self.seconds.append(seconds)
        return True

    async def close(self) -> None:
        pass


def shared(store: object, *, wall: float = 1_000.0) -> SharedBucket:
    return SharedBucket(RATE, Health(), store, lambda: "rate:a", lambda: wall)


def test_a_token_that_one_process_takes_is_gone_for_the_others() -> None:
    async def take() -> list[float]:
        store = MemoryStore()
        one, other = shared(store), shared(store)
        return [await each.take() for each in (one, other, one, other, one, other, one)]

    assert run_jumping(take()) == [0.0] * 5 + [720.0] * 2


def test_tokens_come_back_by_the_time_of_day_whatever_the_clock_of_a_loop_says() -> None:
    store = MemoryStore()

    async def take(wall: float, loop_time: float) -> list[float]:
        await asyncio.sleep(loop_time)
        bucket = shared(store, wall=wall)
        return [await bucket.take() for _ in range(6)]

    assert run_jumping(take(1_000.0, 0.0)) == [0.0] * 5 + [720.0]
    assert run_jumping(take(1_720.0, 400.0)) == [0.0] + [720.0] * 5
    assert run_jumping(take(2_440.0, 7.0)) == [0.0] + [720.0] * 5


def test_a_swap_that_another_process_wins_is_tried_again_and_then_waited_for() -> None:
    async def take(lost: int) -> float:
        return await shared(MemoryStore(lost=lost)).take()

    assert run_jumping(take(7)) == 0.0
    assert run_jumping(take(8)) == PAUSE


@pytest.mark.parametrize(("asked", "wait"), [(None, 720.0), (1_000.0, 1_000.0), (7_200.0, 3_600.0)])
def test_a_refusal_empties_the_bucket_and_pauses_all_processes_an_hour_at_most(
    asked: float | None, wait: float
) -> None:
    async def take() -> list[float]:
        store = MemoryStore()
        one, other = shared(store), shared(store)
        await other.take()
        await one.pause(asked)
        return [await each.take() for each in (one, other, shared(store))]

    assert run_jumping(take()) == [wait] * 3


def test_a_pause_is_never_made_shorter_by_one_of_another_process() -> None:
    async def take() -> list[float]:
        store = MemoryStore()
        one, other = shared(store), shared(store)
        await one.pause(2_000.0)
        await other.pause(1.0)
        return [await each.take() for each in (one, other)]

    assert run_jumping(take()) == [2_000.0] * 2


class StoreWithoutSwap:
    """A store whose values cannot be swapped; it has a bucket that is paused."""

    async def get(self, key: str) -> bytes:
        return b"[0, 1000, 4000]"

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        pass

    async def close(self) -> None:
        pass


def test_a_store_that_cannot_swap_is_not_used() -> None:
    assert run_jumping(shared(StoreWithoutSwap()).take()) == 0.0


async def asked_once(source: Source, **shared: Any) -> None:
    limited = stack(source, Policy(rate=(5, 60.0)), health=Health(), **shared)
    async for _ in limited.fetch(Question("Open?", deadline=1_000.0)):
        pass


@pytest.mark.parametrize(
    ("identity", "stored"), [(make_identity("a key of twenty letters"), [[4.0, 500.0, 0.0]] * 2), (None, [])]
)
def test_each_source_has_a_bucket_of_its_own_by_the_time_of_day_where_there_is_an_identity(
    identity: Identity | None, stored: list[list[float]]
) -> None:
    store = MemoryStore()

    async def ask() -> None:
        for name in ("harbour", "ferry"):
            fake = FakeSource(name, ((0.0, "Open."),)).source
            await asked_once(fake, store=store, identity=identity, wall=lambda: 500.0)

    run_jumping(ask())
    assert [json.loads(value) for value in store.values.values()] == stored


@pytest.mark.parametrize(("seconds", "stored"), [(60.0, 3_600.0), (7_200.0, 7_200.0)])
def test_a_bucket_is_stored_for_the_time_of_its_rate_and_for_the_longest_pause(seconds: float, stored: float) -> None:
    store = MemoryStore()
    run_jumping(SharedBucket((5, seconds), Health(), store, lambda: "rate:a", lambda: 1_000.0).take())
    assert store.seconds == [stored]


def test_a_pause_from_a_clock_that_is_wrong_is_an_hour_at_most() -> None:
    async def take() -> float:
        store = MemoryStore()
        await shared(store, wall=90_000.0).pause(3_600.0)
        return await shared(store).take()

    assert run_jumping(take()) == 3_600.0


def test_a_pause_that_loses_all_swaps_holds_in_its_own_process() -> None:
    async def take() -> list[float]:
        bucket = shared(MemoryStore(lost=8))
        await bucket.pause(900.0)
        return [await bucket.take()]

    assert run_jumping(take()) == [900.0]


@pytest.mark.parametrize(("end_pause", "wait"), [(SharedBucket.take, 720.0), (SharedBucket.end_pause, 0.0)])
def test_a_reset_ends_the_pause_of_all_processes(
    end_pause: Callable[[SharedBucket], Awaitable[object]], wait: float
) -> None:
    async def take() -> list[float]:
        store, clock = MemoryStore(), asyncio.get_running_loop().time
        one, other = (SharedBucket(RATE, Health(), store, lambda: "rate:a", clock) for _ in range(2))
        await one.pause(2_000.0)
        await asyncio.sleep(720.0)
        waits = [await other.take()]
        one.health.reset()
        await end_pause(one)
        assert not one.health.ends_pause
        return [*waits, await other.wait()]

    assert run_jumping(take()) == [1_280.0, wait]


def test_without_a_reset_the_end_of_a_process_ends_no_pause() -> None:
    async def take() -> float:
        bucket = shared(MemoryStore())
        await bucket.pause(900.0)
        await bucket.end_pause()
        return await bucket.take()

    assert run_jumping(take()) == 900.0


@pytest.mark.parametrize("value", [b"", b"{}", b"[1]", b"[1, 2]", b'["a", 2, 3]', b"\xff"])
def test_a_stored_value_that_is_no_bucket_counts_as_a_full_one(value: bytes) -> None:
    async def take() -> float:
        store = MemoryStore()
        store.values["rate:a"] = value
        return await shared(store).take()

    assert run_jumping(take()) == 0.0


def test_without_a_store_the_tokens_are_those_of_the_process() -> None:
    async def take() -> Bucket | None:
        bucket = SharedBucket(RATE, Health())
        assert [await bucket.take() for _ in range(6)] == [0.0] * 5 + [720.0]
        return bucket.health.bucket

    assert run_jumping(take()) == Bucket(0.0, 0.0)


async def test_a_store_that_is_broken_costs_no_call(tmp_path: Path, caplog) -> None:
    (tmp_path / "answers.db").write_bytes(b"nonsense" * 99)
    store = SQLiteStore(tmp_path / "answers.db")
    bucket = SharedBucket(RATE, Health(), store, lambda: "rate:a")
    assert [await bucket.take() for _ in range(5)] == [0.0] * 5
    assert await bucket.take() > 0
    await store.close()


async def test_processes_together_take_no_more_than_the_rate(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TAKES, str(tmp_path / "answers.db")]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(2)]
    ended = [await asyncio.to_thread(each.communicate, None, 50.0) for each in running]
    assert sum(int(out) for out, _ in ended) == 40


async def test_two_engines_with_one_store_share_the_rate_of_a_source(tmp_path: Path) -> None:
    @fanin.source(name="harbour", rate=(2, 3600.0))
    async def harbour(_: fanin.Question) -> Document:
        return Document("The harbour is open.")

    path = tmp_path / "answers.db"
    async with (
        fanin.Engine([harbour], pool="inline", store=path) as one,
        fanin.Engine([harbour], pool="inline", store=path) as other,
    ):
        answers = [await each.ask("Open?", deadline=5.0) for each in (one, other, one, other)]
    assert [each.sources["harbour"].status for each in answers] == ["ok", "ok", "rate_limited", "rate_limited"]


@pytest.mark.parametrize("of_engine", [True, False])
async def test_the_pause_that_one_engine_was_asked_for_holds_in_another_until_a_third_is_reset(
    tmp_path: Path, of_engine: bool
) -> None:
    refused: list[str] = []
    policy = Policy(rate=(2, 0.001))

    @fanin.source(name="harbour", **({} if of_engine else {"rate": policy.rate}))
    async def harbour(question: fanin.Question) -> Document:
        if question.text == "First?":
            refused.append(question.text)
            raise fanin.RateLimited("Slow down.", 600.0)
        return Document("The harbour is open.")

    def engine() -> fanin.Engine:
        path = tmp_path / "answers.db"
        return fanin.Engine(
            [harbour], pool="inline", store=path, deadline=5.0, policy=policy if of_engine else Policy()
        )

    async with engine() as one, engine() as other:
        statuses = [
            (await each.ask(text)).sources["harbour"].status for each, text in ((one, "First?"), (other, "Second?"))
        ]
        async with engine() as third:
            third.reset("harbour")
        statuses.append((await other.ask("Third?")).sources["harbour"].status)
    assert (statuses, refused) == (["rate_limited", "rate_limited", "ok"], ["First?"])
