"""The command as a process: it ends soon, with its own status, after its answer, after Ctrl-C, when nobody reads."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SETTINGS = """
deadline = "20s"
[sources.quick]
kind = "simulated"
latency = "0s"
text = "The harbour is open until nine tonight."
[sources.slow]
kind = "simulated"
latency = "15s"
text = "The harbour is open until ten tonight."
"""

STUCK_SOURCE = """
import time
from fanin import Document

def harbour(question):
    yield Document("The harbour is open until nine tonight.")
    time.sleep(60)
"""


class Command:
    """`fanin ask` as a process of its own."""

    def __init__(self, folder: Path, *options: str, python: tuple[str, ...] = ()) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *python, "-m", "fanin", "ask", "Is the harbour open?", "--config", "fanin.toml", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(folder)},
        )

    def wait_for(self, text: str) -> None:
        """Read the standard error until the text stands there."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if text in line:
                return
        raise AssertionError(f"{text!r} was never said")

    def end(self) -> tuple[int, str, float]:
        """Its status and what else it said, and how long it took to end."""
        start = time.monotonic()
        out, errors = self.process.communicate(timeout=30)
        assert "Traceback" not in errors
        return self.process.returncode, out, time.monotonic() - start


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "fanin.toml").write_text(SETTINGS)
    return tmp_path


def test_ctrl_c_ends_the_question_with_what_there_is(folder: Path) -> None:
    command = Command(folder)
    command.wait_for("quick: ok")
    command.process.send_signal(signal.SIGINT)
    status, out, seconds = command.end()
    assert status == 130
    assert "open until nine" in out
    assert "slow" in out
    assert seconds < 5.0


def test_ctrl_c_ends_json_with_an_answer_too(folder: Path) -> None:
    command = Command(folder, "--events")
    assert command.process.stdout is not None
    while json.loads(command.process.stdout.readline())["event"] != "finished":
        pass
    command.process.send_signal(signal.SIGINT)
    status, out, _ = command.end()
    assert status == 130
    last = json.loads(out.splitlines()[-1])
    assert last["event"] == "answered"
    assert last["answer"]["sources"]["slow"]["kind"] == "finished"


def test_a_second_ctrl_c_ends_the_process_at_once(folder: Path) -> None:
    (folder / "deaf.py").write_text(STUCK_SOURCE)
    command = Command(folder)
    command.wait_for("quick: ok")
    for _ in range(2):
        command.process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    status, _, seconds = command.end()
    assert status == 130
    assert seconds < 5.0


@pytest.mark.parametrize("module", ["cyclopts", "asyncio", "fanin.engine"])
def test_ctrl_c_while_it_still_imports_shows_no_traceback(folder: Path, module: str) -> None:
    command = Command(folder, python=("-X", "importtime"))
    command.wait_for(f" {module}\n")
    command.process.send_signal(signal.SIGINT)
    status, _, seconds = command.end()
    assert status == 130
    assert seconds < 5.0


def test_a_closed_standard_output_ends_the_question(folder: Path) -> None:
    command = Command(folder)
    command.wait_for("quick: ok")
    assert command.process.stdout is not None
    command.process.stdout.close()
    start = time.monotonic()
    assert command.process.wait(30) == 1
    assert time.monotonic() - start < 5.0
    assert command.process.stderr is not None
    assert "Traceback" not in command.process.stderr.read()
    command.process.stderr.close()


def test_the_process_ends_although_a_thread_of_a_source_does_not(folder: Path) -> None:
    (folder / "fanin.toml").write_text('deadline = "1s"\n[sources.deaf]\nkind = "python"\nfunction = "deaf:harbour"\n')
    (folder / "deaf.py").write_text(STUCK_SOURCE)
    status, out, seconds = Command(folder).end()
    assert status == 0
    assert "open until nine" in out
    assert seconds < 10.0
