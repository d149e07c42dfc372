"""The picture of the way of a question is true: its modules, their names and its arrows are those of the code."""

import ast
import runpy
from pathlib import Path
from typing import Any

import pytest

import fanin

ROOT = Path(__file__).parent.parent
SOURCES = Path(fanin.__file__).parent
WAY = runpy.run_path(str(ROOT / "scripts" / "way.py"))
BOXES: dict[str, Any] = WAY["BOXES"]
PAGE = ROOT / "docs" / "explanation" / "way-of-a-question.md"


def tree(module: str) -> ast.Module:
    return ast.parse((SOURCES / module).read_text("utf-8"))


def imported(module: str) -> set[str]:
    """The files from which a file imports something, also through the `__init__` of a package."""
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fanin."):
            path = "/".join(str(node.module).split(".")[1:])
            if (SOURCES / path).is_dir():
                found |= imported(f"{path}/__init__.py")
            else:
                found.add(f"{path}.py")
    return found


def test_the_picture_is_what_the_script_draws() -> None:
    assert PAGE.with_suffix(".svg").read_text("utf-8") == WAY["picture"](), "run: .venv/bin/python scripts/way.py"


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_a_box_is_a_module_that_defines_this_name_and_that_the_page_describes(box: Any) -> None:
    defined = {
        name
        for node in tree(box.path).body
        for name in (getattr(node, "name", None), getattr(getattr(node, "name", None), "id", None))
    }
    assert box.name in defined
    assert f"`{box.path}`" in PAGE.read_text("utf-8")
    if box.name != "Event":
        assert f"`{box.name}`" in PAGE.read_text("utf-8")


@pytest.mark.parametrize(("start", "end"), WAY["ARROWS"])
def test_an_arrow_is_an_import(start: str, end: str) -> None:
    assert BOXES[end].path in imported(BOXES[start].path)
