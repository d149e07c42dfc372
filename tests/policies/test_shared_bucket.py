"""A rate holds across processes that share a store, and a store that fails costs no call."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

import fanin
from fanin.model import Document
from fanin.policies.health import Bucket, Health
from fanin.policies.shared_bucket import PAUSE, SharedBucket
from fanin.storage.sqlite_store import SQLiteStore
from fanin.testing import run_jumping

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
        return True

    async def close(self) -> None:
        pass


def shared(store: object, *, wall: float = 1_000.0) -> SharedBucket:
    return SharedBucket(RATE, Health(), store, lambda: "rate:a", lambda: wall)


def test_what_one_takes_the_other_has_not() -> None:
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


def test_a_refusal_empties_the_bucket_of_all_and_pauses_its_own() -> None:
    async def take() -> tuple[float, float]:
        store = MemoryStore()
        one, other = shared(store), shared(store)
        await one.pause(7_200.0)
        return await one.take(), await other.take()

    assert run_jumping(take()) == (3_600.0, 720.0)  # a pause is an hour at most


@pytest.mark.parametrize("value", [b"", b"{}", b"[1]", b'["a", 2]', b"\xff"])
def test_a_value_that_is_no_bucket_is_a_full_one(value: bytes) -> None:
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
