"""The tutorials run: files with a title are written, each `console` block is typed and shows what it says it shows."""

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import fanin

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorial").glob("*.md"))


@dataclass(frozen=True)
class File:
    name: str
    text: str


@dataclass(frozen=True)
class Command:
    typed: str
    shown: list[str]


def steps(page: Path) -> Iterator[File | Command]:
    """The files that a page lets its reader write and the commands that it lets them type, in order."""
    block = r"^```(?:console|\w+ title=\"([^\"]+)\")\n(.*?)^```"
    for name, text in re.findall(block, page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        if name:
            yield File(name, text)
            continue
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            typed, _, shown = part.partition("\n")
            yield Command(typed, shown.splitlines())


def pattern(line: str) -> str:
    """What a shown line means: "…" stands for anything."""
    return ".*".join(map(re.escape, line.split("…")))


def typed(command: str, folder: Path, environment: dict[str, str]) -> tuple[int, str, str]:
    """The status of a command, and what it showed; files, not pipes, which what it leaves running would hold open."""
    shown, told = folder / "shown", folder / "told"
    with shown.open("w") as output, told.open("w") as errors:
        words = ["/bin/bash", "-c", command]
        done = subprocess.run(words, cwd=folder, env=environment, stdout=output, stderr=errors, timeout=60)
    return done.returncode, shown.read_text("utf-8"), told.read_text("utf-8")


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_works_as_it_stands(page: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for name, words in (("fanin", "-m fanin "), ("python", "")):
        program = tmp_path / "bin" / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {words}"$@"\n')
        program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(fanin.__file__).parents[1]),
        **{f"XDG_{name}_HOME": str(tmp_path / name) for name in ("DATA", "CONFIG", "CACHE", "STATE")},
    }
    port = str(free_port())
    try:
        for step in steps(page):
            if isinstance(step, File):
                (tmp_path / step.name).write_text(step.text.replace("8321", port), "utf-8")
                continue
            status, shown, told = typed(step.typed.replace("8321", port), tmp_path, environment)
            assert status == 0, (step.typed, shown, told)
            lines = shown.splitlines()
            for line in filter(str.strip, step.shown):
                assert any(re.fullmatch(pattern(line), each) for each in lines), (step.typed, line, shown)
    finally:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((tmp_path / "serve.pid").read_text()), signal.SIGKILL)
