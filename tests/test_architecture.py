"""The arrows of the design: which room may know which. An import against an arrow fails here."""

import ast
from pathlib import Path

import pytest

import fanin

ROOT = Path(fanin.__file__).parent

GROUND = {"background", "sanitize", "errors", "durations", "loop_time", "timeline", "model"}
STAGES = {"process", "fuse", "answer"}
MAY_KNOW = {
    "sanitize": set(),
    "errors": {"sanitize"},
    "private": set(),
    "loop_time": {"background"},
    "durations": {"errors"},
    "arguments": GROUND,
    "timeline": set(),
    "model": {"sanitize", "errors", "durations", "timeline"},
    "events": GROUND,
    "log": GROUND | {"events"},
    "text": GROUND,
    "plan": GROUND | {"text"},
    "semantic": GROUND | {"log", "text"},
    "process": GROUND | {"semantic", "text"},
    "analysis": GROUND | {"pools", "process", "semantic", "text"},
    "fuse": GROUND | {"text"},
    "answer": GROUND | {"text"},
    "stopping": set(),
    "pools": GROUND | {"log", "stopping"},
    "knowledge": GROUND | {"private", "process", "pools", "semantic", "text"},
    "net": GROUND,
    "sources": GROUND | {"arguments", "knowledge", "log", "net", "plan", "stopping", "text"},
    "policies": GROUND | {"private", "sources"},
    "landing": GROUND | {"process", "pools", "sources"},
    "writing": GROUND | {"answer", "net", "text"},
    "compose": GROUND | {"fuse", "answer", "landing", "plan"},
    "enough": GROUND | {"log"},
    "answer_writing": GROUND | {"answer", "source_tasks", "writing"},
    "source_tasks": GROUND | {"landing"},
    "weighing": GROUND | {"landing", "semantic"},
    "readers": GROUND | {"compose", "landing", "semantic", "weighing", "writing"},
    "placement": GROUND | {"pools", "process", "text"},
    "run": GROUND
    | {"answer_writing", "compose", "enough", "events", "landing", "log", "placement", "pools", "readers"}
    | {"source_tasks", "sources", "weighing"},
    "engine": GROUND
    | {"semantic", "policies", "events", "log", "plan", "run", "placement", "pools", "readers", "sources", "process"}
    | {"arguments", "enough", "writing"},
    "config": GROUND | {"arguments", "engine", "net", "policies", "private", "sources", "writing"},
}
"""What each room may import of fanin. Interfaces, testing and the lesson stand on top and may know everything."""


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("fanin."):
            names.add(node.module.split(".")[1])
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("fanin.")}
    return names


@pytest.mark.parametrize("name", sorted(MAY_KNOW))
def test_a_room_knows_only_what_the_design_lets_it_know(name: str) -> None:
    files = [path for path in ROOT.rglob("*.py") if room(path) == name]
    assert files, f"the design names a room {name!r} that is not there"
    for path in files:
        strangers = imported(path) - MAY_KNOW[name] - {name}
        assert not strangers, f"{path.relative_to(ROOT)} imports {sorted(strangers)}"


def test_nothing_below_knows_the_interfaces_or_the_fakes() -> None:
    above = {"interfaces", "testing", "capstone"}
    for path in ROOT.rglob("*.py"):
        if room(path) not in above | {"__main__", "__init__"}:
            assert not imported(path) & above, path.relative_to(ROOT)


def test_the_public_api_is_what_all_names() -> None:
    assert sorted(fanin.__all__) == fanin.__all__
    for name in fanin.__all__:
        assert getattr(fanin, name).__doc__
    assert not hasattr(fanin, "nothing_of_this_name")


def test_no_thread_is_used_for_which_the_end_of_a_program_waits() -> None:
    waited_for = {"to_thread", "ThreadPoolExecutor", "run_in_executor(None"}
    for path in ROOT.rglob("*.py"):
        found = {name for name in waited_for if name in path.read_text("utf-8")}
        allowed = {"background.py": {"to_thread"}, "executor_worker.py": {"ThreadPoolExecutor"}}
        assert not found - allowed.get(path.name, set()), f"{path.relative_to(ROOT)} uses {sorted(found)}"
