"""The tutorials run: files with a title are written, each `console` block is typed and shows what it says it shows."""

import os
import re
import shlex
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


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_works_as_it_stands(page: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(fanin.__file__).parents[1]),
        **{name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")},
    }
    python = shlex.quote(sys.executable)
    program = f'fanin() {{ {python} -m fanin "$@"; }}\npython() {{ {python} "$@"; }}\n'
    for step in steps(page):
        if isinstance(step, File):
            (tmp_path / step.name).write_text(step.text, "utf-8")
            continue
        done = subprocess.run(
            ["/bin/bash", "-c", program + step.typed], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, (step.typed, done.stdout, done.stderr)
        lines = done.stdout.splitlines()
        for line in filter(str.strip, step.shown):
            assert any(re.fullmatch(pattern(line), each) for each in lines), (step.typed, line, done.stdout)
