"""The tutorials run: each `console` block is typed as it stands, and shows what it says it shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import fanin

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorial").glob("*.md"))


def steps(page: Path) -> list[tuple[str, list[str]]]:
    """Each command of a page with the lines that are shown below it."""
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    typed = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, shown.splitlines()) for command, _, shown in (part.partition("\n") for part in typed)]


def pattern(line: str) -> str:
    """What a shown line means: "…" stands for anything."""
    return ".*".join(map(re.escape, line.split("…")))


@pytest.mark.timeout(180)
@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_works_as_it_stands(page: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(fanin.__file__).parents[1]),
        **{name: str(tmp_path / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")},
    }
    program = f'fanin() {{ {shlex.quote(sys.executable)} -m fanin "$@"; }}\n'
    assert steps(page)
    for command, shown in steps(page):
        done = subprocess.run(
            ["/bin/bash", "-c", program + command], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, (command, done.stderr)
        lines = done.stdout.splitlines()
        for line in filter(str.strip, shown):
            assert any(re.fullmatch(pattern(line), each) for each in lines), (command, line, done.stdout)
