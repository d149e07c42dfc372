"""The reference is what the code says: pages made from it are up to date, and those written by hand name everything."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import fanin
import fanin.testing
from fanin import errors
from fanin.config.kinds import KINDS
from fanin.errors import FailureKind
from fanin.model import Status, WritingStatus

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
SOURCES = Path(fanin.__file__).parent

MADE_WITH = "PYTHONPATH=src .venv/bin/python scripts/reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level."""
    level = heading.split(" ")[0]
    (found,) = re.findall(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    return found


def headings(text: str, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.*)$", text, re.MULTILINE)


def test_the_pages_that_are_made_from_the_code_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts/reference", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), f"run: {MADE_WITH}"


def test_every_setting_of_every_kind_is_on_the_page_and_no_other() -> None:
    shared = page("settings.md").partition("## Every source")[2].partition("## Kinds")[0]
    for name, model in KINDS.items():
        own = section(page("settings.md"), f"### {name}")
        for setting in model.model_fields.keys() - {"kind"}:
            assert f"| `{setting}` |" in own + shared, f"{name}: {setting}"
        assert {*re.findall(r"^\| `(\w+)` \|", own, re.MULTILINE)} <= {*model.model_fields}


@pytest.mark.parametrize("module", [fanin, fanin.testing])
def test_every_public_name_has_a_heading_in_the_python_api(module: object) -> None:
    name, names = module.__name__, module.__all__
    found = headings(section(page("api.md"), f"## {name}"), 3)
    assert [each for each in found if each in names] == list(names)


def test_every_status_has_a_heading_and_every_heading_is_a_status() -> None:
    seen = section(page("outcomes.md"), "## Statuses")
    assert {*headings(seen, 3)} == {*get_args(Status.__value__)}


def test_every_kind_that_the_code_gives_has_a_heading_and_every_heading_is_a_kind() -> None:
    own = {each.kind for each in vars(errors).values() if isinstance(each, type) and "kind" in vars(each)}
    found = headings(section(page("outcomes.md"), "## Kinds"), 4)
    assert (len(found), {*found}) == (len({*found}), own | {*FailureKind} | {"http_"})


def test_no_other_module_has_a_class_with_a_kind_of_its_own() -> None:
    trees = {path.relative_to(SOURCES): ast.parse(path.read_text("utf-8")) for path in SOURCES.rglob("*.py")}
    found = {str(path) for path, tree in trees.items() for node in ast.walk(tree) if has_kind(node)}
    assert found == {"errors.py"}


def has_kind(node: ast.AST) -> bool:
    """Whether it is a class that gives all of its values one kind, as `kind = "config"` does."""
    assigned = [each for each in node.body if isinstance(each, ast.Assign)] if isinstance(node, ast.ClassDef) else []
    names = {ast.unparse(target) for each in assigned for target in each.targets}
    return "kind" in names


@pytest.mark.parametrize("trait", ["transient", "refused", "blocked"])
def test_what_policies_act_on_is_a_row_with_the_kinds_of_which_it_is_true(trait: str) -> None:
    kinds = section(page("outcomes.md"), "## Kinds")
    (seen,) = re.findall(rf"^\| `{trait}` \| (.*?) \|", kinds, re.MULTILINE)
    given = [*FailureKind, *(f"http_{status}" for status in (401, 403, 404, 500, 599))]
    known = {kind for kind in given if getattr(errors.SourceError("", kind), trait)}
    assert {*re.findall(r"`(\w+)`", seen)} == known


def test_every_status_of_a_model_that_writes_has_a_row_and_every_row_is_one() -> None:
    seen = re.findall(r"^\| `(\w+)` \|", section(page("outcomes.md"), "## Writing"), re.MULTILINE)
    assert seen == [*get_args(WritingStatus.__value__)]
