"""Work that would hold up the loop is divided or done elsewhere; what does hold it up is noticed."""

import asyncio
import re
import threading
import time

import pytest

from fanin.background import in_daemon_thread
from fanin.loop_time import TimeSlice, off_loop
from fanin.testing.stalls import watch_loop


def work(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def test_a_task_that_works_on_and_on_lets_others_run() -> None:
    ran = 0

    async def other() -> None:
        nonlocal ran
        while True:
            ran += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    working = TimeSlice()
    for _ in range(50):
        work(0.001)
        await working.checkpoint()
    task.cancel()
    assert ran >= 10


async def test_what_a_function_gives_or_raises_comes_from_a_daemon_thread() -> None:
    def fails() -> None:
        raise ValueError("no")

    assert await off_loop(lambda: threading.current_thread().daemon)
    with pytest.raises(ValueError, match="no"):
        await off_loop(fails)


async def test_only_one_function_at_a_time_works_beside_the_loop() -> None:
    at_work = most = 0

    def count() -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        work(0.005)
        at_work -= 1

    await asyncio.gather(*(off_loop(count) for _ in range(8)))
    assert most == 1


async def test_a_stall_is_noticed_whether_it_is_of_the_loop_or_of_a_thread_that_keeps_the_lock() -> None:
    async with watch_loop() as stalls:
        await asyncio.sleep(0.02)
        work(0.1)
        await asyncio.sleep(0.02)
    assert stalls.longest > 0.08

    async with watch_loop() as stalls:
        # A pattern keeps the interpreter's lock until it has failed in every possible way.
        await in_daemon_thread(re.match, "(a|a)*$", "a" * 21 + "b")
    assert stalls.longest > 0.05


async def test_work_in_slices_or_in_a_thread_is_no_stall() -> None:
    async with watch_loop() as stalls:
        working = TimeSlice()
        for _ in range(100):
            work(0.001)
            await working.checkpoint()
        await off_loop(work, 0.1)
    assert stalls.longest < 0.05


async def test_a_process_that_gets_no_time_is_not_stalled() -> None:
    async with watch_loop() as stalls:
        time.sleep(0.2)  # as if the machine did something else
        await asyncio.sleep(0.01)
    assert stalls.longest < 0.05
