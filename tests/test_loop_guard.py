"""The guard that every test runs under finds what blocks the event loop from fanin's code, and nothing else."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import fanin

BLOCKS = """
import time

async def blocks():
    time.sleep(0)

async def waits(event):
    event.wait(0.001)

async def calls(function):
    function()

def plain():
    time.sleep(0)
"""


def in_fanin(name: str) -> Any:
    """A function of fanin's, if one had this in a file."""
    names: dict[str, Any] = {}
    exec(compile(BLOCKS, str(Path(fanin.__file__).with_name("blocks.py")), "exec"), names)
    return names[name]


async def test_a_call_that_blocks_the_loop_is_found_with_its_place(loop_guard) -> None:
    await in_fanin("blocks")()
    await asyncio.create_task(in_fanin("blocks")())
    await in_fanin("waits")(threading.Event())
    found = [each.partition("\n")[0] for each in loop_guard.found]
    assert found == ["time.sleep", "time.sleep", "threading.Lock.acquire"]
    assert 'blocks.py", line 5, in blocks' in loop_guard.found[0]
    loop_guard.found.clear()


async def test_a_lock_that_another_thread_holds_for_a_moment_is_no_wait(loop_guard) -> None:
    lock = threading.Lock()
    lock.acquire()
    threading.Timer(0.01, lock.release).start()
    await in_fanin("calls")(lock.acquire)
    assert loop_guard.found == []


async def test_what_a_test_does_itself_is_not_fanins(loop_guard) -> None:
    def own() -> None:
        threading.Event().wait(0.001)

    in_fanin("plain")()
    await in_fanin("calls")(own)
    assert loop_guard.found == []


def test_a_plain_function_may_wait_where_no_loop_runs(loop_guard) -> None:
    in_fanin("plain")()
    assert loop_guard.found == []


async def test_a_thread_may_wait(loop_guard) -> None:
    await asyncio.to_thread(in_fanin("plain"))
    assert loop_guard.found == []
