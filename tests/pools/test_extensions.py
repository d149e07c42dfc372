"""Which modules of C worker interpreters import: those that are covered here, many at once, and no other."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import extension_work as work
import pytest

import fanin
from fanin.pools.inside.extensions import STANDARD
from fanin.pools.pool import Pool

type Open = Callable[..., Pool]

STRESS = """
import sys, threading
from concurrent import interpreters

CODE = '''
from fanin.pools.inside.extensions import STANDARD, allow_only_tested
allow_only_tested()
import importlib
for name in sorted(STANDARD, reverse={reverse}):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        pass
import extension_work
extension_work.use_everything()
'''

def live(number):
    for _ in range(2):
        interpreter = interpreters.create()
        interpreter.exec(f"import sys; sys.path[:] = {sys.path!r}")
        interpreter.exec(CODE.format(reverse=bool(number % 2)))
        interpreter.close()
        ended.append(number)

ended = []
threads = [threading.Thread(target=live, args=(number,)) for number in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(ended))
"""


def test_a_dozen_interpreters_import_and_use_every_covered_module_at_once() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", STRESS], capture_output=True, text=True, timeout=55, check=False, env=environment()
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "24\n", "")


def environment() -> dict[str, str]:
    paths = [str(Path(fanin.__file__).parents[1]), str(Path(work.__file__).parent)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def test_ctypes_is_not_covered() -> None:
    assert not {"_ctypes", "_ctypes_test", "readline", "faulthandler"} & STANDARD


@pytest.mark.parametrize("function", [work.with_ctypes, work.with_ctypes_later])
async def test_a_function_that_needs_a_module_that_is_not_covered_moves_to_processes_and_says_so(
    open_pool: Open, caplog: pytest.LogCaptureFixture, function: Callable[[], int]
) -> None:
    pool = open_pool(None, work=function)
    with caplog.at_level(logging.WARNING, "fanin"):
        done = await pool.submit(function, deadline=asyncio.get_running_loop().time() + 30)
    assert (done.failure, done.value) == (None, 4)
    assert pool.name == "processes"
    assert "_ctypes is an extension module that fanin has not tested in a subinterpreter" in caplog.text


async def test_a_module_that_can_do_without_its_c_part_stays_in_interpreters(open_pool: Open) -> None:
    pool = open_pool(None, work=work.with_a_choice)
    done = await pool.submit(work.with_a_choice, deadline=asyncio.get_running_loop().time() + 30)
    assert (done.value, pool.name) == ("without", "interpreters")


async def test_workers_import_no_ctypes_by_themselves(open_pool: Open) -> None:
    pool = open_pool("interpreters", work=work.loaded_modules)
    done = await pool.submit(work.loaded_modules, deadline=asyncio.get_running_loop().time() + 30)
    assert "fanin.process" in done.value
    assert not {"ctypes", "_ctypes"} & set(done.value)
