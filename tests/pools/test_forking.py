"""A process that forks beside open interpreters learns how the child ended."""

import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, logging, os, threading, warnings
from fanin.model import Document
from fanin.pools.pool_choice import choose
from fanin.testing.pool_trials import count

warnings.simplefilter("ignore", DeprecationWarning)
logging.basicConfig(format="%(levelname)s %(message)s")

def fork():
    child = os.fork()
    if not child:
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

async def main():
    pool = choose({name!r}, workers=2, work=count)
    await pool.submit(count, "", Document("a"), deadline=asyncio.get_running_loop().time() + 30)
    if {while_open}:
        fork()
    await pool.close()

asyncio.run(main())
for thread in threading.enumerate():
    if thread.name == "fanin worker":
        thread.join()
fork()
"""


def forked(name: str, *, while_open: bool) -> tuple[list[str], list[str]]:
    """How the children ended, and what was logged."""
    program = PROGRAM.format(name=name, while_open=while_open)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=True)
    return done.stdout.split(), done.stderr.splitlines()


def test_a_fork_beside_open_interpreters_is_warned_of() -> None:
    _, logged = forked("interpreters", while_open=True)
    assert len(logged) == 1
    assert logged[0].startswith("WARNING a process is forked while ")


@pytest.mark.parametrize(("name", "while_open"), [("interpreters", False), ("threads", True), ("processes", True)])
def test_a_child_that_is_forked_beside_no_interpreter_lives(name: str, *, while_open: bool) -> None:
    assert forked(name, while_open=while_open) == (["0"] * (1 + while_open), [])
