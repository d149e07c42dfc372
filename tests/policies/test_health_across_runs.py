"""What is known of a source in the next run: its breaker and its rate, by its definition, settings and secrets."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from memory_store import MemoryStore

import fanin
from fanin.engine import Engine
from fanin.errors import RateLimited
from fanin.policies.health import Bucket, Health
from fanin.sources.source import Source, function_identity
from fanin.testing import FakePool, run_jumping

TEXT = "The harbour is open until nine tonight."
KEY = "store key of this test"


def run(
    store: MemoryStore, source: Source, begins: float, *, asks: int = 1, reset: bool = False
) -> tuple[list[str], str]:
    """How the source ends in a run that begins at this time of day, and its breaker afterwards."""

    async def scenario() -> tuple[list[str], str]:
        def now() -> datetime:
            return datetime.fromtimestamp(begins + asyncio.get_running_loop().time(), UTC)

        async with Engine([source], deadline=2.0, pool=FakePool(), store=store, store_key=KEY, now=now) as engine:
            if reset:
                engine.reset(source.name)
            answers = [await engine.ask(f"Question {number}") for number in range(asks)]
            breaker = engine.statistics()["sources"][source.name]["breaker"]
        return [answer.sources[source.name].status for answer in answers], breaker

    return run_jumping(scenario())


def harbour(*, down: bool = False, **settings: Any) -> Source:
    async def fails(_: fanin.Question) -> str:
        raise ConnectionResetError("gone")

    async def answers(_: fanin.Question) -> str:
        return TEXT

    function = fails if down else answers
    function.__qualname__ = "harbour"
    return fanin.source(name="harbour", **settings)(function)


def test_a_rate_holds_across_runs() -> None:
    store, source = MemoryStore(), harbour(rate="2/min")
    assert run(store, source, 1_000.0, asks=3) == (["ok", "ok", "rate_limited"], "closed")
    assert run(store, source, 1_020.0) == (["rate_limited"], "closed")
    assert run(store, source, 1_031.0, asks=2) == (["ok", "rate_limited"], "closed")


def test_a_pause_that_a_source_asked_for_holds_across_runs_until_it_is_reset() -> None:
    async def busy(_: fanin.Question) -> str:
        raise RateLimited("slow down", 600.0)

    store, source = MemoryStore(), fanin.source(rate="9/min")(busy)
    assert run(store, source, 1_000.0)[0] == ["rate_limited"]
    assert Health().bucket is None
    health = taken_up(store)
    assert health.bucket == Bucket(0.0, 1_000.0, 1_600.0)
    health.reset()
    assert health.bucket == Bucket(0.0, 1_000.0)


def taken_up(store: MemoryStore) -> Health:
    (value,) = store.kept.values()
    health = Health()
    health.load(value, shift=0.0)
    return health


def test_an_open_breaker_stays_open_in_the_next_run() -> None:
    store, source = MemoryStore(), harbour(down=True, breaker=True)
    assert run(store, source, 1_000.0, asks=3) == (["error"] * 3, "open")
    assert run(store, source, 1_001.0) == (["open_circuit"], "open")


def test_a_source_that_is_reset_is_asked_at_once_and_in_the_next_run() -> None:
    store, source = MemoryStore(), harbour(down=True, breaker=True)
    run(store, source, 1_000.0, asks=3)
    assert run(store, source, 1_001.0, asks=0, reset=True) == ([], "closed")
    assert run(store, source, 1_002.0) == (["error"], "closed")


async def test_a_source_that_is_not_there_cannot_be_reset() -> None:
    async with Engine([harbour()], pool="inline") as engine:
        with pytest.raises(fanin.UnknownSource, match="Did you mean 'harbour'"):
            engine.reset("harbor")


@pytest.mark.parametrize("changed", [{"timeout": "3s"}, {"retries": 1}])
def test_a_changed_setting_closes_the_breaker_and_keeps_what_else_is_known(changed: dict[str, Any]) -> None:
    store = MemoryStore()
    run(store, harbour(down=True, breaker=True), 1_000.0, asks=3)
    assert run(store, harbour(down=True, breaker=True, **changed), 1_001.0) == (["error"], "closed")
    assert len(store.kept) == 1


def test_a_corrected_function_is_asked_at_once() -> None:
    store = MemoryStore()
    run(store, harbour(down=True, breaker=True), 1_000.0, asks=3)
    assert run(store, harbour(breaker=True), 1_001.0) == (["ok"], "closed")


API = "https://one.example"


def reads_module(_: fanin.Question) -> str:
    return API


def closed_over(address: str) -> Callable[[fanin.Question], Awaitable[str]]:
    async def source(_: fanin.Question) -> str:
        return address if address in {"a", "b", "c"} else ""

    return source


def test_a_function_is_another_one_when_it_reads_another_value(monkeypatch) -> None:
    before = function_identity(reads_module)
    assert function_identity(reads_module) == before
    monkeypatch.setitem(reads_module.__globals__, "API", "https://two.example")
    assert function_identity(reads_module) != before
    assert function_identity(closed_over("a")) == function_identity(closed_over("a"))
    assert function_identity(closed_over("a")) != function_identity(closed_over("b"))


PROGRAM = """
from fanin.sources.source import function_identity
def source(question):
    return [each for each in "abc" if each in {"a", "b", "c", "d"}]
print(function_identity(source))
"""


def test_a_function_is_the_same_in_every_process() -> None:
    seen = {
        subprocess.run([sys.executable, "-c", PROGRAM], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        .stdout.decode()
        .strip()
        for seed in "123"
    }
    assert [len(each) for each in seen] == [64]


def test_what_is_kept_is_told_by_the_time_of_day_however_long_the_run_was() -> None:
    async def fails_late(_: fanin.Question) -> str:
        await asyncio.sleep(1.0)
        raise ConnectionResetError("gone")

    store, source = MemoryStore(), fanin.source(name="harbour", breaker=True)(fails_late)
    assert run(store, source, 1_000.0, asks=3) == (["error"] * 3, "open")
    (value,) = store.kept.values()
    assert json.loads(value)["circuit"]["until"] == 1_008.0
    assert [key.partition(":")[0] for key in store.kept] == ["health"]
