"""Plain functions in threads of their own: where they are stopped, and where not."""

import _imp
import asyncio
import importlib
import sys
import threading
import time
from pathlib import Path

import pytest

import fanin
from fanin.engine import Engine

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
    went_on: list[float] = []

    @fanin.source(timeout=0.1)
    def importing(_: fanin.Question) -> str:
        importlib.import_module("slow_to_import")
        while True:
            went_on.append(time.monotonic())

    async with Engine([importing], pool="inline") as engine:
        answer = await engine.ask("What?")
    assert answer.sources["importing"].status == "timeout"
    end = time.monotonic() + 5.0
    while time.monotonic() < end and any(each.name == "fanin source" for each in threading.enumerate()):
        await asyncio.sleep(0.01)
    assert not any(each.name == "fanin source" for each in threading.enumerate())
    assert sys.modules["slow_to_import"].whole
    assert not _imp.lock_held()
    assert not went_on or went_on[-1] - went_on[0] < 1.0
