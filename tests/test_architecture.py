"""The arrows of the design: which room may know which. An import against an arrow fails here."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import fanin
from fanin import lazy

ROOT = Path(fanin.__file__).parent
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)

GROUND = {
    "background",
    "bounded_json",
    "sanitize",
    "errors",
    "durations",
    "limits",
    "loop_time",
    "timeline",
    "model",
    "values",
}
MAY_KNOW = {
    "renamed": set(),
    "sanitize": set(),
    "errors": {"sanitize"},
    "loop_time": {"background"},
    "durations": {"errors"},
    "arguments": GROUND - {"limits"},
    "limits": {"arguments", "durations", "errors"},
    "bounded_json": {"errors", "limits"},
    "values": set(),
    "timeline": {"values"},
    "model": {"sanitize", "errors", "durations", "timeline", "values"},
    "events": GROUND,
    "log": GROUND | {"events"},
    "text": GROUND,
    "plan": GROUND | {"embeddings", "text"},
    "embeddings": GROUND | {"log", "text"},
    "documents": GROUND | {"text"},
    "process": GROUND | {"documents", "embeddings", "pools", "text"},
    "fuse": GROUND | {"documents", "text"},
    "answer": GROUND | {"embeddings", "text"},
    "pools": GROUND | {"log"},
    "storage": GROUND,
    "knowledge": GROUND | {"documents", "embeddings", "process", "pools", "storage", "text"},
    "telemetry": GROUND,
    "trace_export": {"log"},
    "net": GROUND | {"telemetry"},
    "sources": GROUND | {"arguments", "documents", "knowledge", "log", "net", "plan", "pools", "text"},
    "policies": GROUND | {"sources", "storage"},
    "writing": GROUND | {"answer", "net", "text"},
    "run": GROUND
    | {
        "answer",
        "documents",
        "embeddings",
        "events",
        "fuse",
        "log",
        "plan",
        "pools",
        "process",
        "sources",
        "text",
        "writing",
    },
    "batch": GROUND | {"arguments", "storage", "streams"},
    "ask_once": GROUND | {"arguments", "engine", "engine_arguments", "pools", "run", "sources", "storage", "writing"},
    "engine_arguments": GROUND | {"arguments", "pools", "process", "sources"},
    "evaluation": GROUND | {"arguments", "batch", "text", "writing"},
    "engine": GROUND
    | {
        "arguments",
        "batch",
        "embeddings",
        "engine_arguments",
        "events",
        "log",
        "plan",
        "policies",
        "pools",
        "process",
        "run",
        "sources",
        "storage",
        "telemetry",
        "writing",
    },
    "streams": GROUND | {"events"},
    "runs": GROUND | {"events", "storage", "streams"},
    "config": GROUND | {"arguments", "engine", "net", "policies", "runs", "sources", "storage", "writing"},
}
"""What each room may import of fanin. Interfaces, testing and the lesson stand on top and may know everything."""


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "fanin":
            names |= {alias.name for alias in node.names} - {"lazy"}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "lazy":
            names.add(lazy.MODULES[node.attr].split(".")[1])
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
        if room(path) not in above | {"__main__", "__init__", "lazy"}:
            assert not imported(path) & above, path.relative_to(ROOT)


def test_own_modules_are_imported_at_the_top_or_by_the_table_of_lazy_ones() -> None:
    for path in set(ROOT.rglob("*.py")) - {ROOT / "__main__.py"}:  # processes that are workers import that, too
        functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, FUNCTION)]
        inside = [node for function in functions for node in ast.walk(function)]
        modules = [node.module or "." for node in inside if isinstance(node, ast.ImportFrom)]
        modules += [alias.name for node in inside if isinstance(node, ast.Import) for alias in node.names]
        own = [module for module in modules if module.partition(".")[0] in ("fanin", "")]
        assert not own, f"{path.relative_to(ROOT)} imports {own} in a function; import it at the top, or use fanin.lazy"


def test_each_lazy_module_is_used_and_known_to_type_checkers() -> None:
    used = {name for path in ROOT.rglob("*.py") for name in re.findall(r"\blazy\.(\w+)", path.read_text("utf-8"))}
    nodes = [*ast.walk(ast.parse((ROOT / "lazy.py").read_text()))]
    typed = {
        name: f"{each.module}.{name}"
        for each in nodes
        if isinstance(each, ast.ImportFrom)
        for name in (each.names[0].name,)
    }
    plain = [alias for each in nodes if isinstance(each, ast.Import) for alias in each.names if alias.asname]
    typed |= {str(alias.asname): alias.name for alias in plain}
    assert typed == lazy.MODULES
    assert used == set(lazy.MODULES)
    assert all(getattr(lazy, name).__name__ == module for name, module in lazy.MODULES.items())


def test_a_file_name_is_unique_and_a_folder_holds_at_most_a_dozen() -> None:
    files = [path for path in ROOT.rglob("*.py") if path.name not in {"__init__.py", "__main__.py"}]
    names = Counter(path.name for path in files)
    assert {name: count for name, count in names.items() if count > 1} == {}
    folders = Counter(path.parent for path in files if path.parent != ROOT)
    assert {str(folder): count for folder, count in folders.items() if count > 12} == {}


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


def test_no_assertion_passes_by_one_of_two_conditions() -> None:
    tests = Path(__file__).parent
    found = [
        f"{path.relative_to(tests)}:{node.lineno}"
        for path in tests.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assert) and any(isinstance(each, ast.Or) for each in ast.walk(node))
    ]
    assert found == []
