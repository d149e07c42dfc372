"""The documentation runs: each Python block of the README and the docs is a program that ends well."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fanin.config import load
from fanin.config.kinds.common import Context
from fanin.net.network import Network

ROOT = Path(__file__).parent.parent
WEB = ("feeds", "hacker-news", "http", "open-meteo", "web", "wikipedia")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(language: str) -> list[Any]:
    """Every block of a language, with the page that it stands on."""
    return [
        pytest.param(block, id=f"{page.stem}-{number}")
        for page in PAGES
        for number, block in enumerate(
            re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL), 1
        )
    ]


class Anything(dict[str, str]):
    """An environment in which every variable is set."""

    def __missing__(self, name: str) -> str:
        return f"the value of {name}"

    def get(self, name: str, default: object = None) -> str:
        return self[name]


@pytest.mark.parametrize("block", blocks("toml"))
def test_a_block_of_settings_is_valid_and_its_web_sources_can_be_made(block: str, tmp_path: Path) -> None:
    if "[project" in block or 'kind = "tickets"' in block:
        pytest.skip("these are settings of a package that is not installed")
    (tmp_path / "fanin.toml").write_text(block, "utf-8")
    for name in re.findall(r"\$\{file:([^}]+)\}", block):
        (tmp_path / name).write_text("a secret")
    settings = load(tmp_path / "fanin.toml")
    context = Context(Anything(), tmp_path, Network)
    for name, each in settings.sources.items():
        if settings.kinds()[name] in WEB:
            assert each.source(name, context).name == name


@pytest.mark.parametrize("block", blocks("python"))
def test_a_block_of_python_runs(block: str, tmp_path: Path) -> None:
    program = tmp_path / "block.py"
    program.write_text(block, "utf-8")
    done = subprocess.run([sys.executable, program], cwd=tmp_path, capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_link_to_a_file_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
