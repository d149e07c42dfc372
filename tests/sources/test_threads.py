"""Plain functions in threads of their own: where they are stopped, and where not."""

import _imp
import asyncio
import importlib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

import fanin
from fanin.engine import Engine
from fanin.sources.threads import AHEAD, in_thread

SLOW = """
import time
for _ in range(60):
    time.sleep(0.01)
whole = True
"""


async def test_a_source_is_not_stopped_within_an_import_but_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_to_import.py").write_text(SLOW, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    @fanin.source(timeout=0.1)
    def importing(_: fanin.Question) -> str:
        importlib.import_module("slow_to_import")
        while True:
            pass

    async with Engine([importing], pool="inline") as engine:
        answer = await engine.ask("What?")
    assert answer.sources["importing"].status == "timeout"
    end = time.monotonic() + 20.0
    while time.monotonic() < end and any(each.name == "fanin source" for each in threading.enumerate()):
        await asyncio.sleep(0.01)
    assert not any(each.name == "fanin source" for each in threading.enumerate())
    assert sys.modules["slow_to_import"].whole
    assert not _imp.lock_held()


async def test_a_thread_that_is_faster_than_its_reader_waits_for_it() -> None:
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(10_000):
            made.append(number)
            yield number

    async with aclosing(in_thread(numbers)) as items:
        seen = [await anext(items) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert seen == [0, 1, 2]
        assert len(made) <= AHEAD + len(seen) + 1
        assert [item async for item in items] == list(range(3, 10_000))
