"""Real programs end soon, with their own exit status and all of their output, whatever their workers do."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = """
import asyncio, re, sys, time
from fanin.model import Document
from fanin.pools.pool_choice import choose

def regex(question, document):
    re.match(r"(a+)+$", "a" * 40 + "b")

def sleep(question, document):
    time.sleep(60)

def undying(question, document):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue

def good(question, document):
    return "good"

def nap(question, document):
    time.sleep(0.1)

async def main():
    loop = asyncio.get_running_loop()
    pool = choose({name!r}, workers=2, work=good)
    if {work} is not good:  # the time of the jobs is not for the start of their workers
        await asyncio.gather(*(pool.submit(nap, "", Document(""), deadline=loop.time() + 30) for _ in range(4)))
    jobs = [pool.submit({work}, "", Document(""), deadline=loop.time() + {seconds}) for _ in range(2)]
    {body}

async def answers(pool, jobs):
    print(*[(await job).failure.kind for job in jobs])
    done = await pool.submit(good, "", Document(""), deadline=asyncio.get_running_loop().time() + 30)
    print(done.value or done.failure)
    await pool.close()
    print(pool.statistics()["abandoned"], "left behind")

if __name__ == "__main__":
    {start}
    asyncio.run(main())
    print("x" * 100_000)
    print("ended", time.time())
    {end}
"""


STUCK = "fanin: 2 worker(s) did not stop; fanin ended the process without them.\n"


@dataclass(frozen=True)
class Ended:
    status: int
    lines: list[str]
    errors: str
    seconds: float


@pytest.fixture
def end(tmp_path: Path):
    def run(
        name: str,
        work: str,
        body: str = "await answers(pool, jobs)",
        end: str = "sys.exit(3)",
        start: str = "pass",
    ) -> Ended:
        program = tmp_path / "program.py"
        seconds = 1.5 if "answers" in body else 60.0
        program.write_text(PROGRAM.format(name=name, work=work, body=body, end=end, start=start, seconds=seconds))
        ran = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=100, check=False)
        now = time.time()
        before, _, after = ran.stdout.partition("x" * 100_000 + "\n")
        ended, *atexit = after.splitlines() or [""]
        assert ended.startswith("ended "), ran
        return Ended(ran.returncode, [*before.splitlines(), *atexit], ran.stderr, now - float(ended.split()[1]))

    return run


@pytest.mark.parametrize("work", ["regex", "sleep", "undying"])
def test_a_program_ends_although_every_interpreter_is_stuck(end, work: str) -> None:
    ended = end("interpreters", work)
    assert ended.lines == ["stuck stuck", "good", "2 left behind"]
    assert (ended.status, ended.errors) == (3, STUCK)
    assert ended.seconds < 4.0


@pytest.mark.parametrize(("name", "work"), [("threads", "sleep"), ("threads", "undying"), ("processes", "regex")])
def test_a_program_ends_although_every_thread_or_process_is_stuck(end, name: str, work: str) -> None:
    ended = end(name, work)
    assert ended.lines == ["stuck stuck", "good", f"{0 if name == 'processes' else 2} left behind"]
    assert (ended.status, ended.errors) == (3, "")
    assert ended.seconds < 4.0


def test_an_exception_that_nobody_catches_still_ends_the_program_with_status_1(end) -> None:
    ended = end("interpreters", "regex", end="raise LookupError('for all to see')")
    assert ended.status == 1
    assert "for all to see" in ended.errors
    assert "subinterpreters" not in ended.errors
    assert ended.seconds < 4.0


@pytest.mark.parametrize("name", ["interpreters", "threads", "processes"])
@pytest.mark.parametrize("work", ["good", "undying"])
def test_a_program_that_forgets_to_close_its_pool_ends_all_the_same(end, name: str, work: str) -> None:
    ended = end(name, work, body="await asyncio.sleep(1.0)")
    assert (ended.status, ended.errors) == (3, STUCK if (name, work) == ("interpreters", "undying") else "")
    assert ended.seconds < 4.0


@pytest.mark.parametrize("name", ["interpreters", "threads"])
@pytest.mark.parametrize("milliseconds", [0, 5, 15, 30])
def test_a_program_may_end_while_its_workers_start(end, name: str, milliseconds: int) -> None:
    ended = end(name, "good", body=f"await asyncio.sleep({milliseconds / 1000})")
    assert (ended.status, ended.errors) == (3, "")


ENDINGS = [("pass", 0), ("sys.exit()", 0), ("sys.exit(4)", 4), ("sys.exit('no')", 1), ("raise KeyboardInterrupt", 130)]


@pytest.mark.parametrize(("last", "status"), [*ENDINGS, ("raise LookupError", 1)])
def test_a_program_with_stuck_workers_ends_with_its_own_status_after_its_atexit_functions(
    end, last: str, status: int
) -> None:
    later = "atexit.register(print, 'registered later')"
    ended = end("interpreters", "regex", end=f"{later}; {last}", start="import atexit; atexit.register(print, 'first')")
    assert ended.status == status
    assert ended.lines[3:] == ["registered later", "first"]
