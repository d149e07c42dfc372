"""The reference is what the code says: pages made from it are up to date, and those written by hand name everything."""

import ast
import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import fanin
import fanin.testing
from fanin import errors
from fanin.config.kinds import KINDS
from fanin.errors import FailureKind
from fanin.model import Status

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
SOURCES = Path(fanin.__file__).parent

MADE_WITH = "PYTHONPATH=src .venv/bin/python scripts/reference"
WORD = re.compile(r"[a-z][a-z_]+$")
WITHOUT_FAILURES = {"testing", "interfaces", "capstone", "text", "writing"}
MAKERS = {"SourceError", "Writing", "ModelError", "JSONLimit", "Failure", "_fail", "_refuse"}
"""What is called with a kind among its arguments."""
OTHER_PAIRS = {
    *("processes", "title", "link", "content", "published", "partial", "sports"),
    *("date", "hour", "lines", "table", "text"),
}
"""Words that stand before a sentence or a value in some tuple, and are no kinds."""


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
    told = section(page("outcomes.md"), "## Statuses")
    assert {*headings(told, 3)} == {*get_args(Status.__value__)}


def test_every_kind_that_the_code_gives_has_a_heading_and_every_heading_is_a_kind() -> None:
    own = {each.kind for each in vars(errors).values() if isinstance(each, type) and "kind" in vars(each)}
    found = own | {*FailureKind} | {word for room in rooms() - WITHOUT_FAILURES for word in words(room)}
    assert {*headings(section(page("outcomes.md"), "## Kinds"), 4)} == found


@pytest.mark.parametrize("trait", ["transient", "refused", "blocked"])
def test_what_policies_act_on_is_a_row_with_the_kinds_of_which_it_is_true(trait: str) -> None:
    kinds = section(page("outcomes.md"), "## Kinds")
    (told,) = re.findall(rf"^\| `{trait}` \| (.*?) \|", kinds, re.MULTILINE)
    given = [*FailureKind, *(f"http_{status}" for status in (401, 403, 404, 500, 599))]
    known = {kind for kind in given if getattr(errors.SourceError("", kind), trait)}
    assert {*re.findall(r"`(\w+)`", told)} == known


def test_every_status_of_a_model_that_writes_has_a_row_and_every_row_is_one() -> None:
    told = re.findall(r"^\| `(\w+)` \|", section(page("outcomes.md"), "## Writing"), re.MULTILINE)
    assert {*told} == words("writing") | {"written"}


def rooms() -> set[str]:
    """The names of the packages and modules of fanin."""
    return {path.relative_to(SOURCES).parts[0] for path in SOURCES.rglob("*.py")}


def words(room: str) -> set[str]:
    """The kinds of failure that the code of a room can give."""
    files = [path for path in SOURCES.rglob("*.py") if path.relative_to(SOURCES).parts[0] == room]
    trees = [ast.parse(path.read_text("utf-8")) for path in files]
    found = {word for tree in trees for node in ast.walk(tree) for word in named(node)}
    return {word for word in found if WORD.match(word)} - OTHER_PAIRS


def named(node: ast.AST) -> Iterator[str]:
    """The words in a piece of code that stand where a kind stands."""
    match node:
        case ast.Call():
            yield from (text(each.value) for each in node.keywords if each.arg == "kind")
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called == "End":
                yield from map(text, node.args[1:2])
            if called in MAKERS or (called == "__init__" and node.args):
                yield from map(text, node.args)
        case ast.Tuple():
            # A kind and a sentence, as in `return "tls", f"There is no safe connection, {name}"`.
            yield from (text(word) for word, said in itertools.pairwise(node.elts) if is_sentence(said))
        case ast.FunctionDef(name="_kind"):
            yield from (text(each.value) for each in ast.walk(node) if isinstance(each, ast.Return) and each.value)
        case _:
            return


def text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr(values=[ast.Constant(value=str(value)), *_]):
            return value  # "http_" of f"http_{status}"
        case _:
            return ""


def is_sentence(node: ast.AST) -> bool:
    return isinstance(node, (ast.JoinedStr, ast.Call, ast.Name, ast.Attribute)) or " " in text(node)
