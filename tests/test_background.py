"""Blocking calls in daemon threads: values, errors, order, an end that nothing holds up."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from fanin.background import DaemonThreads, in_daemon_thread


async def test_a_call_gives_what_the_function_returns_or_raises() -> None:
    assert await in_daemon_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await in_daemon_thread(divmod, 7, 0)


def test_as_many_threads_work_as_there_are_calls_and_no_more_than_was_said() -> None:
    barrier = threading.Barrier(3)
    with DaemonThreads(3, name="test") as threads:
        calls = [threads.submit(barrier.wait, 20) for _ in range(6)]
        assert sorted(call.result(30) for call in calls) == [0, 0, 1, 1, 2, 2]
        names = {threads.submit(lambda: threading.current_thread().name).result(30) for _ in range(20)}
        assert len(names) <= 3


def test_calls_of_one_thread_go_in_order() -> None:
    seen: list[int] = []
    with DaemonThreads(1, name="test") as threads:
        calls = [threads.submit(seen.append, number) for number in range(100)]
        for call in calls:
            call.result(30)
    assert seen == list(range(100))


def test_after_its_end_it_takes_no_calls_and_those_that_wait_can_be_withdrawn() -> None:
    go_on, threads = threading.Event(), DaemonThreads(1, name="test")
    running, waiting = threads.submit(go_on.wait, 30), threads.submit(int)
    while not running.running():
        time.sleep(0.001)
    threads.shutdown(cancel_futures=True)
    assert waiting.cancelled()
    with pytest.raises(RuntimeError, match="closed"):
        threads.submit(int)
    go_on.set()
    assert running.result(30)


def test_a_program_ends_although_a_call_does_not() -> None:
    code = """
import asyncio, time
from fanin.background import DaemonThreads, in_daemon_thread

async def main():
    DaemonThreads(1, name="test").submit(time.sleep, 60)
    try:
        await asyncio.wait_for(in_daemon_thread(time.sleep, 60), 0.1)
    except TimeoutError:
        print("on time")

asyncio.run(main())
"""
    start = time.monotonic()
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout == "on time\n"
    assert time.monotonic() - start < 20


async def test_a_caller_that_leaves_disturbs_nobody() -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(in_daemon_thread(time.sleep, 0.2), 0.01)
    await asyncio.sleep(0.3)
