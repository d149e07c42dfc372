"""Which pool a process function gets, and what happens when it cannot run there."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pool_chores as chores
import pytest
import refusing_chores

import fanin
from fanin.errors import ConfigError, PoolError
from fanin.model import Document
from fanin.pools.inline_pool import InlinePool
from fanin.pools.pool import Done, Pool
from fanin.pools.pool_choice import NAMES, choose, wait_until_ready
from fanin.testing import pool_trials as trials

type Open = Callable[..., Pool]
type Do = Callable[..., asyncio.Future[Done]]


def unnamed() -> list[Any]:
    def local(_: str, __: Document) -> None: ...

    return [local, lambda _, __: None, partial(trials.count), trials.Path.cwd]


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_means_exactly_that_pool(open_pool: Open, name: str) -> None:
    assert open_pool(name, work=trials.count).name == name


async def test_no_name_means_interpreters_one_for_each_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.process_cpu_count", lambda: 3)
    pool = choose(None, workers=None, work=trials.count)
    assert (pool.name, pool.workers) == ("interpreters", 3)


async def test_a_pool_is_taken_as_it_is() -> None:
    mine = InlinePool()
    assert choose(mine, workers=7, work=trials.count) is mine


async def test_an_executor_keeps_its_size_and_stays_open(open_pool: Open, do: Do) -> None:
    with ThreadPoolExecutor(3) as executor:
        pool = choose(executor, workers=None, work=trials.count)
        assert (pool.name, pool.workers) == ("executor", 3)
        assert (await do(pool, trials.count)).failure is None
        await pool.close()
        assert executor.submit(int).result() == 0


async def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"'fibres'.*interpreters, threads, processes, inline"):
        choose("fibres", workers=None, work=trials.count)


@pytest.mark.parametrize("index", range(4))
async def test_a_function_without_a_name_moves_to_threads_and_says_so(
    open_pool: Open, caplog: pytest.LogCaptureFixture, index: int
) -> None:
    with caplog.at_level(logging.WARNING, "fanin"):
        assert open_pool(None, work=unnamed()[index]).name == "threads"
    assert "cannot be imported by name" in caplog.text


@pytest.mark.parametrize("name", ["interpreters", "processes"])
@pytest.mark.parametrize("index", range(4))
async def test_a_function_without_a_name_is_refused_by_a_named_pool(name: str, index: int) -> None:
    with pytest.raises(PoolError, match=r"cannot be imported by name.*pool='threads'"):
        choose(name, workers=1, work=unnamed()[index])


async def test_a_function_that_refuses_subinterpreters_moves_to_processes_and_says_so(
    open_pool: Open, do: Do, caplog: pytest.LogCaptureFixture
) -> None:
    pool = open_pool(None, work=refusing_chores.work)
    with caplog.at_level(logging.WARNING, "fanin"):
        done = await asyncio.gather(*(do(pool, refusing_chores.work, f"{number}") for number in range(5)))
    assert [each.value for each in done] == [("faulthandler", f"{number}") for number in range(5)]
    assert pool.name == "processes"
    assert caplog.text.count("fanin moves from interpreters to processes") == 1
    assert "faulthandler does not support loading in subinterpreters" in caplog.text
    assert pool.statistics()["failures"] == 0


async def test_a_later_function_that_refuses_subinterpreters_moves_the_pool_too(open_pool: Open, do: Do) -> None:
    pool = open_pool(None, work=trials.count)
    assert (await do(pool, trials.count)).failure is None
    assert pool.name == "interpreters"
    mixed = [do(pool, work) for work in (trials.count, refusing_chores.work, trials.count, refusing_chores.work) * 3]
    assert [each.failure for each in await asyncio.gather(*mixed)] == [None] * 12
    assert pool.name == "processes"


async def test_a_function_that_refuses_subinterpreters_is_refused_by_the_named_pool(open_pool: Open, do: Do) -> None:
    pool = open_pool("interpreters", work=refusing_chores.work)
    with pytest.raises(PoolError, match=r"faulthandler.*subinterpreters.*pool='processes'"):
        await wait_until_ready(pool)
    done = await do(pool, refusing_chores.work)
    assert done.failure is not None
    assert done.failure.kind == "import"
    assert "pool='processes'" in done.failure.message
    assert (await do(pool, trials.count)).failure is None


@pytest.mark.parametrize("name", [*NAMES, None])
async def test_a_pool_that_can_run_the_function_gets_ready(open_pool: Open, do: Do, name: str | None) -> None:
    pool = open_pool(name, work=chores.pid)
    await wait_until_ready(pool)
    assert (await do(pool, chores.pid)).failure is None


async def test_an_executor_that_its_owner_shut_down_fails_the_jobs(open_pool: Open, do: Do) -> None:
    with ThreadPoolExecutor(1) as executor:
        pool = open_pool(executor)
        assert (await do(pool, trials.count)).failure is None
    done = [await do(pool, trials.count) for _ in range(3)]
    assert [each.failure.kind for each in done if each.failure] == ["crashed"] * 3


async def test_whoever_waits_for_a_pool_to_get_ready_hears_that_it_was_closed(open_pool: Open) -> None:
    pool = open_pool("interpreters", work=trials.count)
    waiting = asyncio.create_task(wait_until_ready(pool))
    await asyncio.sleep(0)
    await pool.close()
    for waits in (waiting, wait_until_ready(pool)):
        with pytest.raises(PoolError, match="closed"):
            await waits


async def test_workers_that_cannot_start_fail_the_jobs_with_the_reason(
    open_pool: Open, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fanin.pools.workers.process_worker.serve.__module__", "no_such_module")
    pool = open_pool("processes", work=trials.count)
    with pytest.raises(PoolError, match="could not start"):
        await wait_until_ready(pool)
    done = await do(pool, trials.count)
    assert done.failure is not None
    assert (done.failure.kind, "could not start" in done.failure.message) == ("crashed", True)
    monkeypatch.undo()
    assert (await do(pool, trials.count)).failure is None


@pytest.mark.parametrize("name", [None, "interpreters", "processes"])
@pytest.mark.parametrize("how", ["file", "module"])
def test_functions_of_the_main_program_work(tmp_path: Path, name: str | None, how: str) -> None:
    ran = program(tmp_path, GUARDED.format(name=name), how)
    assert (ran.returncode, ran.stderr) == (0, "")
    chosen = name or "interpreters"
    assert ran.stdout.split() == ["once", "42", chosen]


def test_a_program_without_the_main_guard_gets_told_so(tmp_path: Path) -> None:
    ran = program(tmp_path, UNGUARDED, "file")
    assert ran.stdout.count("kind='import'") == 1
    assert '__name__ == "__main__"' in ran.stdout
    assert ran.stderr == ""


@pytest.mark.parametrize("how", ["command", "pipe"])
def test_functions_typed_at_a_prompt_move_to_threads(tmp_path: Path, how: str) -> None:
    ran = program(tmp_path, GUARDED.format(name=None), how)
    assert (ran.returncode, ran.stdout.split()) == (0, ["once", "42", "threads"])


GUARDED = """
import asyncio
from fanin.model import Document
from fanin.pools.pool_choice import choose

SIX = 6

def work(question, document):
    return SIX * len(document.text)

async def main():
    pool = choose({name!r}, workers=1, work=work)
    done = await pool.submit(work, "", Document("seven!!"), deadline=asyncio.get_running_loop().time() + 20)
    print(done.value or done.failure, pool.name)
    await pool.close()

if __name__ == "__main__":
    print("once")
    asyncio.run(main())
"""

UNGUARDED = """
import asyncio
from fanin.model import Document
from fanin.pools.pool_choice import choose

def work(question, document):
    return 42

async def main():
    pool = choose(None, workers=1, work=work)
    done = await pool.submit(work, "", Document(""), deadline=asyncio.get_running_loop().time() + 20)
    print(done.value or done.failure, pool.name)
    await pool.close()

asyncio.run(main())
"""


def program(folder: Path, text: str, how: str) -> subprocess.CompletedProcess[str]:
    """Run a program the way users do."""
    file = folder / "a_program.py"
    file.write_text(text)
    arguments = {"file": [str(file)], "module": ["-m", "a_program"], "command": ["-c", text], "pipe": ["-"]}[how]
    return subprocess.run(
        [sys.executable, *arguments],
        input=text if how == "pipe" else None,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(fanin.__file__).parents[1])},
    )
