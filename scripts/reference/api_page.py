"""The page of the Python API: what `fanin` names, the events, `fanin.testing`, and every import that the pages show."""

import ast
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import events_page
from signatures import described, is_value, types_in

DOCS = Path(__file__).parents[2] / "docs"

HEAD = """# Python API

Every name that a program may rely on, listed where it is imported from; whatever is not on this page may change without
notice. Durations are in seconds unless a line says otherwise. This page is made from the docstrings by
`scripts/reference`.
"""

MODULES = ("fanin", "fanin.testing")
"""Modules that name what is public in them; of others it is what the documentation imports."""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_listed(), *_shown(), *_met()]).rstrip() + "\n"


def public() -> dict[str, list[str]]:
    """The public names by module: those of `__all__`, then those that the pages import from elsewhere."""
    found: dict[str, list[str]] = {module: list(import_module(module).__all__) for module in MODULES}
    for module, name in sorted(imports(DOCS.rglob("*.md"))):
        if module not in MODULES and module != "fanin.events":
            found.setdefault(module, []).append(name)
    return found


def imports(pages: Iterable[Path]) -> set[tuple[str, str]]:
    """Every (module, name) of fanin that a block of Python on these pages imports."""
    blocks = [
        block
        for page in pages
        if page.name != "api.md"
        for block in re.findall(r"^```python\b[^\n]*\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    ]
    return {
        (node.module, alias.name)
        for block in blocks
        for node in ast.walk(_parsed(block))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "fanin"
        for alias in node.names
    }


def _parsed(block: str) -> ast.AST:
    try:
        return ast.parse(block)
    except SyntaxError:  # a signature, which is not a whole program
        return ast.Module([], [])


def _listed() -> Iterator[str]:
    for module, names in public().items():
        if module in MODULES:
            yield f"## {module}\n"
            yield from _module(module, names)
            if module == "fanin":
                yield "## fanin.events\n\nSee [events](events.md).\n"


def _shown() -> Iterator[str]:
    yield "## Other modules\n"
    for module, names in public().items():
        if module not in MODULES:
            yield f"### {module}\n"
            yield from _module(module, names, level=4)


def _met() -> Iterator[str]:
    yield "## Types in signatures\n\nWhat the names above take and give. fanin makes most of them for you.\n"
    for thing in sorted(types(), key=lambda each: each.__name__):
        if thing not in events_page.events():
            yield from described(f"{thing.__module__}.{thing.__name__}", thing, level=3)


def types() -> set[Any]:
    """The types of fanin that the main names and the events take and give, and those within them."""
    known = {getattr(import_module(module), name) for module in MODULES for name in public()[module]}
    found: set[Any] = set()
    new = {*known, *events_page.events()}
    while new:
        new = {each for thing in new for each in types_in(thing) if is_value(thing) or thing in known} - known - found
        found |= new
    return {each for each in found if not each.__name__.startswith("_")}


def _module(module: str, names: list[str], *, level: int = 3) -> Iterator[str]:
    for name in names:
        thing: Any = getattr(import_module(module), name)
        yield from described(f"{module}.{name}", thing, level=level)
