"""Stores: a SQLite file between processes and in every bad state, and Redis, small and real."""

import asyncio
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import fanin
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.limits import Limits
from fanin.model import Document
from fanin.storage import open_store
from fanin.storage.redis_store import RedisStore
from fanin.storage.sqlite_store import SQLiteStore

TEXT = "The harbour is open until nine tonight."

PUTS = """
import asyncio, sys
from pathlib import Path
from fanin.storage.sqlite_store import SQLiteStore

async def main(path, name, count):
    store = SQLiteStore(Path(path))
    for n in range(int(count)):
        await store.put(f"{name} {n}", f"{name} said {n}".encode(), seconds=60.0)
        assert await store.get(f"{name} {n}") in (f"{name} said {n}".encode(), None)
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_share_one_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "answers.db"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", PUTS, str(path), name, "150"], env={**os.environ, "PYTHONWARNINGS": "error"}
        )
        for name in ("one", "two")
    ]
    assert [await asyncio.to_thread(each.wait, 40) for each in writers] == [0, 0]
    store = SQLiteStore(path)
    found = [await store.get(f"{name} {n}") for name in ("one", "two") for n in range(150)]
    await store.close()
    right = [f"{name} said {n}".encode() for name in ("one", "two") for n in range(150)]
    assert all(each in (None, expected) for each, expected in zip(found, right, strict=True))
    assert sum(each is not None for each in found) >= 290  # a value may be lost to a lock that is held too long


async def test_a_second_engine_finds_in_the_file_what_the_first_one_learnt(tmp_path: Path) -> None:
    asked: list[str] = []

    @fanin.source(cache=60.0, breaker=True)
    async def harbour(question: fanin.Question) -> str:
        asked.append(str(question))
        return TEXT

    for cached in (False, True):
        async with Engine([harbour], pool="inline", store=open_store(tmp_path / "fanin.db")) as engine:
            outcome = (await engine.ask("Is the harbour open?")).sources["harbour"]
            assert (outcome.status, outcome.cached) == ("ok", cached)
            assert engine.statistics()["sources"]["harbour"]["calls"] == 1
    assert len(asked) == 1
    assert not [each for each in threading.enumerate() if each.name.startswith("fanin store")]


async def test_what_was_put_is_there_until_its_time_is_over(tmp_path: Path) -> None:
    now = [100.0]
    store = SQLiteStore(tmp_path / "fanin.db", wall=lambda: now[0])
    await store.put("a", b"1", seconds=10.0)
    await store.put("a", b"2", seconds=10.0)
    assert await store.get("a") == b"2"
    now[0] = 110.0
    assert await store.get("a") is None
    await store.put("b", b"3", seconds=10.0)
    await store.close()
    with sqlite3.connect(tmp_path / "fanin.db") as file:
        assert file.execute("select key from kept").fetchall() == [("b",)]
    file.close()


async def test_the_file_holds_only_so_many_values(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "fanin.db", limits=Limits(stored_values=3))
    for n in range(6):
        await store.put(str(n), b"x", seconds=60.0 + n)
    assert [await store.get(str(n)) for n in range(6)] == [None] * 3 + [b"x"] * 3
    await store.close()


def broken(path: Path) -> None:
    path.write_bytes(b"This is no database, however long one looks at it. " * 100)


def cut(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("create table kept (other)")
    file.close()


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("spoil", [broken, cut, folder])
async def test_a_file_that_cannot_be_used_is_told_once_and_fails_nothing(tmp_path: Path, spoil, caplog) -> None:
    path = tmp_path / "fanin.db"
    spoil(path)
    store = SQLiteStore(path)
    with caplog.at_level(logging.WARNING, "fanin"):
        for _ in range(3):
            await store.put("a", b"1", seconds=60.0)
            assert await store.get("a") is None
    assert [each.message for each in caplog.records if "cannot be used" in each.message] == [caplog.records[0].message]
    assert len(caplog.records) == 1
    await store.close()


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_may_only_be_read_fails_nothing(tmp_path: Path, caplog) -> None:
    tmp_path.chmod(0o500)
    await forgets(SQLiteStore(tmp_path / "fanin.db"), caplog)


async def test_a_place_where_there_can_be_no_file_fails_nothing(caplog) -> None:
    await forgets(SQLiteStore(Path("/proc/fanin/fanin.db")), caplog)


async def forgets(store: SQLiteStore, caplog) -> None:
    await store.put("a", b"1", seconds=60.0)
    assert await store.get("a") is None
    assert len(caplog.records) == 1
    await store.close()


async def test_a_file_that_another_process_locks_is_waited_for_shortly_and_used_later(tmp_path: Path) -> None:
    path = tmp_path / "fanin.db"
    store = SQLiteStore(path)
    await store.put("a", b"1", seconds=60.0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin exclusive")
    await store.put("a", b"2", seconds=60.0)
    other.execute("rollback")
    other.close()
    assert await store.get("a") == b"1"
    await store.put("a", b"3", seconds=60.0)
    assert await store.get("a") == b"3"
    await store.close()


SWAPS = [(None, b"1", True), (None, b"2", False), (b"2", b"3", False), (b"1", b"4", True)]


async def test_a_value_is_swapped_only_for_the_one_that_is_there(tmp_path: Path, small_redis) -> None:
    for store in (SQLiteStore(tmp_path / "answers.db"), RedisStore(small_redis.url)):
        done = [await store.swap("a", old, new, seconds=60.0) for old, new, _ in SWAPS]
        assert done == [each for _, _, each in SWAPS]
        assert await store.get("a") == b"4"
        await store.close()


async def test_a_value_that_has_expired_is_none_for_a_swap(tmp_path: Path) -> None:
    now = [100.0]
    store = SQLiteStore(tmp_path / "answers.db", wall=lambda: now[0])
    await store.put("a", b"1", seconds=5.0)
    now[0] = 106.0
    assert await store.swap("a", None, b"2", seconds=5.0)
    await store.close()


async def test_a_file_that_is_broken_swaps_nothing(tmp_path: Path, caplog) -> None:
    (tmp_path / "answers.db").write_bytes(b"nonsense" * 99)
    store = SQLiteStore(tmp_path / "answers.db")
    assert await store.swap("a", None, b"1", seconds=5.0) is None
    await store.close()


async def test_redis_keeps_a_value(small_redis) -> None:
    store = RedisStore(small_redis.url)
    assert await store.get("a") is None
    await store.put("a", b"\x00\xff", seconds=60.0)
    assert await store.get("a") == b"\x00\xff"
    assert small_redis.kept == {b"fanin:a": b"\x00\xff"}
    await store.close()


@pytest.mark.parametrize("mood", ["silent", "-OOM no memory\r\n", "?nonsense\r\n", "-NOAUTH who are you\r\n"], ids=repr)
async def test_a_redis_that_misbehaves_is_told_once_and_left_in_peace(small_redis, mood: str, caplog) -> None:
    store = RedisStore(small_redis.url)
    await store.put("a", b"1", seconds=60.0)
    small_redis.mood = mood
    small_redis.asked.clear()
    for _ in range(5):
        assert await store.get("a") is None
        await store.put("a", b"2", seconds=60.0)
    assert sum(each in (b"GET", b"SET") for each in small_redis.asked) == 1
    assert len(caplog.records) == 1
    await store.close()


async def test_a_redis_that_comes_back_is_used_again(small_redis, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    monkeypatch.setattr("fanin.storage.redis_store.PAUSE", 0.0)
    store = RedisStore(small_redis.url)
    await store.put("a", b"1", seconds=60.0)
    small_redis.mood = "-LOADING\r\n"
    assert await store.get("a") is None
    small_redis.mood = ""
    assert await store.get("a") == b"1"
    await store.close()


async def test_no_redis_at_all_fails_nothing(unused_tcp_port: int, caplog) -> None:
    store = RedisStore(f"redis://127.0.0.1:{unused_tcp_port}/0")
    assert await store.get("a") is None
    await store.put("a", b"1", seconds=60.0)
    assert len(caplog.records) == 1
    await store.close()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="not an address of Redis"):
        open_store("redis://127.0.0.1:port/0")


@pytest.mark.all
async def test_a_real_redis_serves_two_engines_and_forgets_in_time(real_redis: str) -> None:
    calls: list[int] = []

    @fanin.source(name="harbour", cache=60.0)
    async def counted(_: fanin.Question) -> Document:
        calls.append(1)
        return Document(TEXT, title="Hafen", metadata={"tide": 3})

    for cached in (False, True):
        async with Engine([counted], pool="inline", store=open_store(real_redis)) as engine:
            assert (await engine.ask("Open?")).sources["harbour"].cached is cached
    store = RedisStore(real_redis)
    await store.put("short", b"1", seconds=0.05)
    assert await store.get("short") == b"1"
    await asyncio.sleep(0.1)
    assert await store.get("short") is None
    await store.close()
    assert calls == [1]


@pytest.mark.all
async def test_a_real_redis_that_is_killed_midway_costs_no_answer_and_is_used_again(
    redis_program, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    monkeypatch.setattr("fanin.storage.redis_store.PAUSE", 0.0)
    port, start = redis_program
    place = f"redis://127.0.0.1:{port}/0"

    @fanin.source(name="harbour", cache=60.0)
    async def harbour(_: fanin.Question) -> Document:
        return Document(TEXT)

    process = start()
    try:
        async with Engine([harbour], pool="inline", store=open_store(place), store_key="k" * 16) as engine:
            assert (await engine.ask("Open 0?")).success
            process.send_signal(signal.SIGSTOP)  # so that a question waits for it when it dies
            asking = asyncio.create_task(engine.ask("Open 1?"))
            await asyncio.sleep(0.1)
            process.kill()
            process.wait(20)
            answers = [await asking, *[await engine.ask(f"Open {number}?") for number in range(2, 6)]]
            assert [each.sources["harbour"].status for each in answers] == ["ok"] * 5
            process = start()
            assert (await engine.ask("Open 6?")).success
        assert sum("Redis does not answer" in each.message for each in caplog.records) == 1
        async with Engine([harbour], pool="inline", store=open_store(place), store_key="k" * 16) as engine:
            assert (await engine.ask("Open 6?")).sources["harbour"].cached
            assert not (await engine.ask("Open 0?")).sources["harbour"].cached  # the first server took that along
    finally:
        process.kill()
        process.wait(20)
