"""Python code of every kind is stopped at its deadline, and nothing is left taken or half done."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import endless_work as work
import pytest

from fanin.pools.inside import job
from fanin.pools.inside.watchdog import OrderPipe, Stop, Watchdog, worker_stopper
from fanin.pools.pool import Pool
from fanin.pools.stopping import STANDARD_LIBRARY, Stopper, anywhere, in_own_code

type Open = Callable[..., Pool]

MONITORING = sys.monitoring


def nothing() -> str:
    return "nothing"


@pytest.fixture
def stop_after():
    """Runs work in this thread, stopped after so many seconds; gives the kind of its reply, and whether by force."""

    def run(function: Callable[[], Any], seconds: float, *, disposable: bool = True) -> job.Reply:
        orders = OrderPipe()
        if disposable:
            stopper = worker_stopper(job.perform.__code__)
        else:
            stopper = Stopper(
                thread=threading.get_ident(),
                below=job.perform.__code__,
                error=Stop,
                may_stop=in_own_code(function),
                everywhere=False,
            )
        dog = Watchdog(stopper, orders.descriptors, disposable=disposable, daemon=True)
        try:
            return job.run(dog, 1, time.monotonic() + seconds, lambda: function, job.keep_value)
        finally:
            dog.close()
            orders.close()

    return run


@pytest.mark.parametrize("name", ["interpreters", "processes"])
@pytest.mark.parametrize("function", work.ENDLESS, ids=lambda function: function.__name__)
async def test_a_worker_of_its_own_is_stopped_in_endless_work_of_every_kind_and_replaced(
    open_pool: Open, name: str, function: Callable[[], Any]
) -> None:
    pool = open_pool(name, work=nothing, workers=1)
    loop = asyncio.get_running_loop()
    assert (await pool.submit(nothing, deadline=loop.time() + 30)).failure is None
    start = loop.time()
    done = await pool.submit(function, deadline=start + 0.1)
    assert done.failure is not None
    assert done.failure.kind in ("deadline", "stuck")  # stuck: on a busy machine, or by what it swallowed
    assert loop.time() - start < 2.0
    assert (await pool.submit(nothing, deadline=loop.time() + 30)).value == "nothing"
    assert pool.statistics()["replaced"] == 1


STOPPED_IN_THREADS = [function for function in work.ENDLESS if function is not work.endless_enter]


@pytest.mark.parametrize("function", STOPPED_IN_THREADS, ids=lambda function: function.__name__)
def test_a_thread_of_the_program_is_stopped_in_the_callers_own_code(stop_after, function: Callable[[], Any]) -> None:
    start = time.monotonic()
    assert stop_after(function, 0.05, disposable=False).kind == "deadline"
    assert time.monotonic() - start < 20.0  # it has to be seen in code of its own, which asyncio seldom runs


@pytest.mark.parametrize("disposable", [True, False], ids=["worker", "thread"])
@pytest.mark.parametrize("function", work.LOCKING, ids=lambda function: function.__name__)
def test_a_stop_leaves_no_lock_taken_and_nothing_half_done(
    stop_after, function: Callable[[], Any], disposable: bool
) -> None:
    for number in range(25):
        assert stop_after(function, 0.004 + 0.0003 * number, disposable=disposable).kind == "deadline"
        cleaned = work.COUNTS["cleaned"]
        assert work.left_taken() == []
        assert cleaned == (function is work.long_finally)


def test_nothing_is_raised_within_enter_in_a_thread_of_the_program() -> None:
    class Slow:
        def __enter__(self) -> None:
            stopper.request(calls=True)
            end = time.monotonic() + 0.1
            while time.monotonic() < end:
                sum(range(20))
            raised.append(stopper.raised)
            stopper.withdraw()

        def __exit__(self, *_: object) -> None: ...

    def below() -> None:
        with Slow():
            pass

    raised: list[int] = []
    stopper = Stopper(
        thread=threading.get_ident(), below=below.__code__, error=Stop, may_stop=anywhere, everywhere=False
    )
    below()
    assert raised == [0]


def test_only_the_callers_own_code_is_stopped_in_the_main_interpreter() -> None:
    may_stop = in_own_code(test_only_the_callers_own_code_is_stopped_in_the_main_interpreter)

    def in_file(name: str) -> bool:
        return may_stop(nothing.__code__.replace(co_filename=name))

    assert may_stop(nothing.__code__)
    assert in_file("/home/somebody/program.py")
    assert in_file("<stdin>")
    assert not in_file(STANDARD_LIBRARY + "queue.py")
    assert not in_file("<frozen os>")
    assert not in_file("/usr/lib/python3/dist-packages/somebody/loops.py")
    assert not may_stop(job.perform.__code__)


def test_code_of_an_installed_package_is_stopped_when_the_function_is_the_packages_own() -> None:
    may_stop = in_own_code(pytest.fixture)
    assert may_stop(pytest.main.__code__.replace(co_filename=str(sys.modules["_pytest"].__path__[0]) + "/x.py"))


def test_without_a_free_tool_id_nothing_is_stopped_and_the_worker_is_abandoned() -> None:
    code = """
import asyncio, sys
import endless_work
from fanin.pools.pool_choice import choose

for number in range(6):
    if sys.monitoring.get_tool(number) is None:
        sys.monitoring.use_tool_id(number, "other")

async def main():
    pool = choose("threads", workers=1, work=endless_work.loop)
    done = await pool.submit(endless_work.loop, deadline=asyncio.get_running_loop().time() + 0.1)
    print(done.failure.kind)
    done = await pool.submit(len, "seven", deadline=asyncio.get_running_loop().time() + 20)
    print(done.value, pool.statistics()["abandoned"])
    await pool.close()

asyncio.run(main())
"""
    assert run_program(code) == ["stuck", "5 1"]


def test_a_worker_keeps_its_tool_id_when_the_work_takes_all_others(stop_after) -> None:
    taken: list[int] = []

    def take_all_and_loop() -> None:
        for number in range(6):
            if MONITORING.get_tool(number) is None:
                MONITORING.use_tool_id(number, "other")
                taken.append(number)
        work.loop()

    try:
        assert stop_after(take_all_and_loop, 0.05).kind == "deadline"
        assert taken
    finally:
        for number in taken:
            MONITORING.free_tool_id(number)


def test_a_debugger_or_coverage_that_is_on_changes_nothing(stop_after) -> None:
    lines: list[int] = []

    def coverage_on() -> None:
        MONITORING.use_tool_id(MONITORING.PROFILER_ID, "coverage of a test")
        MONITORING.register_callback(
            MONITORING.PROFILER_ID, MONITORING.events.LINE, lambda _, line: lines.append(line) or MONITORING.DISABLE
        )
        MONITORING.register_callback(MONITORING.PROFILER_ID, MONITORING.events.JUMP, lambda *_: MONITORING.DISABLE)
        MONITORING.set_events(MONITORING.PROFILER_ID, MONITORING.events.LINE | MONITORING.events.JUMP)
        try:
            work.loop()
        finally:
            MONITORING.set_events(MONITORING.PROFILER_ID, 0)
            MONITORING.free_tool_id(MONITORING.PROFILER_ID)

    def debugger_on() -> None:
        before = sys.gettrace()
        sys.settrace(lambda *_: None)
        try:
            work.loop()
        finally:
            sys.settrace(before)

    for function in (coverage_on, debugger_on):
        assert stop_after(function, 0.05).kind == "deadline"
    assert lines


def shared() -> int:
    total = 0
    while True:
        for number in range(50):
            total += number
        if OVER.is_set():
            return total


OVER = threading.Event()


def test_code_that_several_threads_run_is_stopped_in_the_one_thread_only(stop_after) -> None:
    OVER.clear()
    values: list[int] = []
    threads = [threading.Thread(target=lambda: values.append(shared())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for disposable in (True, False, True, False):
        assert stop_after(shared, 0.02, disposable=disposable).kind == "deadline"
    OVER.set()
    for thread in threads:
        thread.join()
    assert len(values) == 3


def test_after_a_stop_no_event_is_left_on(stop_after) -> None:
    assert stop_after(work.loop, 0.02).kind == "deadline"
    fanins = [number for number in range(6) if MONITORING.get_tool(number) == "fanin"]
    assert len(fanins) == 1
    assert MONITORING.get_events(fanins[0]) == 0
    assert MONITORING.get_local_events(fanins[0], work.loop.__code__) == 0


def run_program(code: str) -> list[str]:
    import os
    import subprocess
    from pathlib import Path

    import fanin

    paths = [str(Path(fanin.__file__).parents[1]), str(Path(work.__file__).parent)]
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=40,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    return ran.stdout.splitlines()
