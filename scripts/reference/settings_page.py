"""The page of all settings, made from the code that reads them."""

import ast
import inspect
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from textwrap import dedent
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from fanin.config.kinds import KINDS
from fanin.config.kinds.common_settings import Common, Policies, Web
from fanin.config.setting_tables import Answering, KeptRuns, Processing, Serving
from fanin.config.setting_values import Strict
from fanin.config.settings import General
from fanin.limits import Limits

ROOT = Path(__file__).parents[2]

HEAD = """# Settings

fanin reads one TOML file: the one named with `--config`, else `fanin.toml` in the working directory, else
`fanin/fanin.toml` in `$XDG_CONFIG_HOME` (`~/.config` when that is not set). Without any it asks the starter set, which
`fanin init` writes into a file. A mistake in the file is told in one line: file, key, what is wrong, and what would be
right; nothing is asked then. This page is made from the code by `scripts/reference`.

- A *duration* is a number of seconds, `2.5`, or a text with a unit: `"500ms"`, `"2.5s"`, `"1.5min"`, `"1h"`, `"1d"`;
  `m`, `day` and `days` are units as well. Python takes the same: `fanin.Engine(sources, deadline="3s")`.
- A *rate* is calls and a unit of time, `"5/s"`, `"30/min"`, `"100/h"`, `"1000/day"`, or calls and a duration:
  `[30, "1min"]`.
- `${NAME}` in a header, an address, a body, `proxy`, `store`, `store_key` or the environment of a program takes in a
  variable of the environment, `${file:PATH}` a file; that is secret then, and printed nowhere. `$$` is one `$`.
- Paths are relative to the folder of the file.
"""

LIMITS_HEAD = """How much fanin takes of servers, sources, programs, files and models, for all sources of the file; in
Python `fanin.Limits`. [What happens beyond them](../explanation/limits.md).
"""

TYPES = {
    "Wait": "duration",
    "Limit": "duration",
    "Rate": "rate",
    "Count": "whole number",
    "int": "whole number",
    "float": "number",
    "bool": "`true` or `false`",
    "str": "text",
    "Any": "any value",
}


def page() -> str:
    """The whole page."""
    parts = [
        HEAD,
        "## In general\n\nBefore the first table of the file.\n",
        table(General, leave=("defaults", "answer", "process", "server", "runs", "limits")),
        "### [answer]\n",
        table(Answering),
        "### [process]\n",
        table(Processing),
        "### [server]\n",
        table(Serving),
        "### [runs]\n",
        table(KeptRuns),
        "### [limits]\n\n" + LIMITS_HEAD,
        limits(),
        (
            "## Every source\n\nA source is a table `[sources.NAME]` with its `kind` and the settings below. Those of"
            " this first list may\nstand in `[defaults]` too, for all sources that say nothing else.\n"
        ),
        table(Policies),
        "And for each source by itself:\n",
        table(Common),
        "Kinds that ask over HTTP (" + ", ".join(f"`{name}`" for name in _web()) + ") also take:\n",
        table(Web),
        "## Kinds\n\nOther packages may bring more: see [third-party kinds](../how-to/third-party-kinds.md).\n",
    ]
    for name, model in KINDS.items():
        parts += [f"### {name}\n", f"{about(name, model)}\n", table(model, leave=("kind",))]
    return "\n".join(part for part in parts if part)


def limits() -> str:
    """Each limit, one a row."""
    said = sentences(Limits)
    rows = [f"| `{each.name}` | {_limit(each.name, each.default)} | {said[each.name]} |" for each in fields(Limits)]
    return "\n".join(["| limit | type | default | |", "|---|---|---|---|", *rows, ""])


def _limit(name: str, value: float) -> str:
    return f'duration | `"{_duration(value)}"`' if name.endswith("_seconds") else f"whole number | `{value}`"


def about(name: str, model: type[Common]) -> str:
    """What a kind does, in the words of its class, and where there is more about it."""
    told = " ".join((model.__doc__ or "").split()).partition(": ")[2]
    guide = ROOT / "docs" / "how-to" / f"{name}.md"
    more = f" More: [{name}](../how-to/{name}.md)." if guide.exists() else ""
    return f"{told[:1].upper()}{told[1:]}{more}"


def table(model: type[Strict], *, leave: Iterable[str] = ()) -> str:
    """The settings that a class itself brings, one a row; "" when there is none."""
    said = sentences(model)
    own = [name for name in model.__annotations__ if name in model.model_fields and name not in leave]
    if not own:
        return ""
    rows = [
        f"| `{name}` | {kind(f)} | {default(f)} | {said[name]} |" for name in own if (f := model.model_fields[name])
    ]
    return "\n".join(["| setting | type | default | |", "|---|---|---|---|", *rows, ""])


def kind(field: FieldInfo) -> str:
    """The type of a setting in words, with its bounds."""
    bounds = [f"{word} {_bound(field, value)}" for word, value in _bounds(field)]
    return ", ".join([" or ".join(dict.fromkeys(_words(field.annotation))), *bounds])


def default(field: FieldInfo) -> str:
    """The default as one would write it in the file."""
    if field.is_required():
        return "required"
    value: Any = field.get_default(call_default_factory=True)
    if _is_duration(field):
        return f'`"{_duration(value)}"`'
    match value:
        case (int() as calls, 60.0):
            return f'`"{calls}/min"`'
        case None | () | "":
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f'`"{value}"`'
        case list() | dict() if not value:
            return "none"
        case _:
            return f"`{value}`"


def sentences(model: type[Strict] | type[Limits]) -> dict[str, str]:
    """The docstring below each setting of a class; raises KeyError later for one that has none."""
    (body,) = (node.body for node in ast.parse(dedent(inspect.getsource(model))).body if isinstance(node, ast.ClassDef))
    return {
        node.target.id: " ".join(str(below.value.value).split())
        for node, below in itertools.pairwise(body)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    }


def _web() -> list[str]:
    return [name for name, model in KINDS.items() if issubclass(model, Web)]


def _words(annotation: Any) -> Iterator[str]:
    name = getattr(annotation, "__name__", "")
    if name in TYPES:
        yield TYPES[name]
    elif get_origin(annotation) is Literal:
        yield from (f'`"{value}"`' for value in get_args(annotation))
    elif get_origin(annotation) in (list, tuple):
        yield f"list of {'/'.join(_words(get_args(annotation)[0]))}s"
    elif get_origin(annotation) is dict:
        yield "table"
    else:
        for each in get_args(annotation):
            if each is not type(None):
                yield from _words(each)


def _is_duration(field: FieldInfo) -> bool:
    return "duration" in _words(field.annotation)


def _bounds(field: FieldInfo) -> Iterator[tuple[str, float]]:
    words = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}
    for each in field.metadata:
        yield from ((word, value) for name, word in words.items() if (value := getattr(each, name, None)) is not None)


def _bound(field: FieldInfo, value: float) -> str:
    return _duration(value) if _is_duration(field) else f"{value:g}"


def _duration(seconds: float) -> str:
    if seconds > 86_400 and seconds % 86_400 == 0:
        return f"{seconds / 86_400:g} days"
    if seconds >= 3600 and seconds % 3600 == 0:
        return f"{seconds / 3600:g}h"
    return f"{seconds:g}s" if seconds >= 1 or not seconds else f"{seconds * 1000:g}ms"
