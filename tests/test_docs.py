"""The documentation runs: each Python block of the README and the docs is a program that ends well."""

import ast
import inspect
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import fanin
from fanin.config import load
from fanin.config.kinds.common_settings import Context
from fanin.interfaces.cli.app import build
from fanin.net.network import Network

ROOT = Path(__file__).parent.parent
WEB = ("feeds", "hacker-news", "http", "open-meteo", "web", "wikipedia")
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


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


@pytest.mark.parametrize("block", [block for block in blocks("toml") if not block.id.startswith("third-party")])
def test_a_block_of_settings_is_valid_and_its_web_sources_can_be_made(block: str, tmp_path: Path) -> None:
    (tmp_path / "fanin.toml").write_text(block, "utf-8")
    for name in re.findall(r"\$\{file:([^}]+)\}", block):
        (tmp_path / name).write_text("a secret")
    settings = load(tmp_path / "fanin.toml")
    context = Context(Anything(), tmp_path, Network)
    for name, each in settings.sources.items():
        if settings.kinds()[name] in WEB:
            assert each.source(name, context).name == name


def test_the_package_of_the_page_on_third_party_kinds_brings_its_kind(tmp_path: Path) -> None:
    package, settings = [block.values[0] for block in blocks("toml") if block.id.startswith("third-party")]
    (code,) = [block.values[0] for block in blocks("python") if block.id.startswith("third-party")]
    points = tomllib.loads(package)["project"]["entry-points"]["fanin.sources"]
    installed = tmp_path / "ticket_kinds-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: ticket-kinds\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[fanin.sources]\ntickets = {points['tickets']}\n")
    (tmp_path / "ticket_kinds.py").write_text(code, "utf-8")
    (tmp_path / "fanin.toml").write_text(settings, "utf-8")
    command = [sys.executable, "-m", "fanin", "ask", "What is stuck in the harbour?", "--config", "fanin.toml"]
    paths = os.pathsep.join([str(tmp_path), str(Path(fanin.__file__).parents[1])])
    environment = {**os.environ, "PYTHONPATH": paths, "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=50, env=environment)
    assert "A ticket in harbour: the harbour lift is stuck. [1]" in done.stdout


@pytest.mark.parametrize("block", blocks("py"))
async def test_the_cells_of_a_notebook_run_where_an_event_loop_runs(block: str) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in block.replace("\nawait engine.ask", "\nanswer = await engine.ask").split("\n\n\n"):
        done = eval(compile(cell, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
        if inspect.isawaitable(done):
            await done
    assert names["answer"].success


@pytest.mark.parametrize("block", blocks("python"))
def test_a_block_of_python_runs(block: str, tmp_path: Path) -> None:
    program = tmp_path / "block.py"
    program.write_text(block, "utf-8")
    done = subprocess.run([sys.executable, program], cwd=tmp_path, capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stderr) == (0, "")


def commands() -> list[Any]:
    """Every call of fanin in a block of console or shell commands, and the page that it stands on."""
    typed = [
        (page, line.removeprefix("$ "))
        for page in PAGES
        for block in re.findall(r"^```(?:console|sh)\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
        for line in re.split(r"[|\n]| 2?> ", block)
        if re.match(r"(\$ )?fanin ", line)
    ]
    return [pytest.param(shlex.split(line, comments=True)[1:], id=f"{page.stem}: {line}") for page, line in typed]


@pytest.mark.parametrize("arguments", commands())
def test_a_command_that_a_page_shows_is_one_that_fanin_understands(arguments: list[str]) -> None:
    app = build(arguments[0])
    _, bound, _ = app.meta.parse_args(arguments, exit_on_error=False, print_error=False)
    rest = bound.arguments.get("arguments", ())
    command, _, _ = app.parse_args(rest, exit_on_error=False, print_error=False)
    only_shown = not rest or "--help" in rest
    assert command.__module__.partition(".")[0] == ("cyclopts" if only_shown else "fanin")


def anchors(page: Path) -> set[str]:
    """What a link can lead to within a page, as GitHub and the site name the headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    plain = [re.sub(r"[^\w\s-]", "", each).strip().lower() for each in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]
    return {"", *(re.sub(r"[-\s]+", "-", each) for each in plain)}


def links(page: Path) -> list[tuple[str, str]]:
    """The path and the anchor of each link to a place in this repository."""
    found = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
    return [tuple(each.partition("#")[::2]) for each in found if "://" not in each]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target, anchor in links(page):
        aim = (page.parent / target) if target else page
        assert aim.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(aim), f"{page.name}: {target}#{anchor}"


def test_every_page_is_in_the_table_of_contents_and_in_the_navigation_of_the_site() -> None:
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert {target for target, _ in links(DOCS / "index.md") if target.endswith(".md")} == pages - {"index.md"}
    sections = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"]
    assert {page for section in sections for listed in section.values() for page in listed} == pages
