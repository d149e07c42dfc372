"""Signatures and docstrings of Python objects as Markdown."""

import ast
import inspect
import itertools
import re
from annotationlib import Format, get_annotations
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any, get_args, is_protocol, is_typeddict

WIDTH = 100
"""Characters of a signature that stand in one line."""


def described(name: str, thing: Any, *, level: int) -> Iterator[str]:
    """The parts of a page that describe one object: heading, signature, docstring, then its methods.

    `name` is as it is imported; the heading leaves out the modules.
    """
    parts = name.split(".")
    first = next((at for at, part in enumerate(parts) if part != "fanin" and not part.islower()), len(parts) - 1)
    yield f"{'#' * level} {'.'.join(parts[first:])}\n"
    if (shown := definition(name, thing)) is not None:
        yield f'```python title="{name}"\n{shown}\n```\n'
    if told := docstring(thing):
        yield told
    for member, value in members(thing):
        yield from described(f"{name}.{member}", value, level=level + 1)


def docstring(thing: Any) -> str:
    """The docstring of an object, ready to stand on a page; raises ValueError when there is none."""
    if is_alias(thing):
        return _below(thing)
    told = inspect.getdoc(thing)
    if not told:
        raise ValueError(f"{thing!r} has no docstring")
    return f"{told}\n"


def is_alias(thing: Any) -> bool:
    """Whether it was made with `type NAME = …`."""
    return type(thing).__name__ == "TypeAliasType"


def _below(alias: Any) -> str:
    """The text below a `type` statement; "" if there is none."""
    body = ast.parse(inspect.getsource(import_module(alias.__module__))).body
    for statement, below in itertools.pairwise(body):
        if isinstance(statement, ast.TypeAlias) and statement.name.id == alias.__name__:
            told = below.value if isinstance(below, ast.Expr) else None
            return f"{inspect.cleandoc(str(told.value))}\n" if isinstance(told, ast.Constant) else ""
    return ""


def _bare(value: Any) -> str:
    """The value of an alias without the modules of its names."""
    return (
        re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(value)).replace("'", '"')
        if not isinstance(value, type)
        else value.__name__
    )


def definition(name: str, thing: Any) -> str | None:
    """How an object is called or defined; None for a class that nobody makes by hand."""
    short = name.rpartition(".")[2]
    if isinstance(thing, property):
        return f"{short}: {_returned(thing.fget)}"
    if is_alias(thing):
        return f"type {short} = {_bare(thing.__value__)}"
    if is_typeddict(thing) or is_protocol(thing):
        fields = get_annotations(thing, format=Format.STRING)
        head = f"class {short}({'Protocol' if is_protocol(thing) else 'TypedDict, total=False'})"
        return "\n".join([f"{head}:" if fields else head, *(f"    {name}: {value}" for name, value in fields.items())])
    if isinstance(thing, type) and issubclass(thing, BaseException) and thing.__init__ is Exception.__init__:
        return None
    return _wrapped(_head(short, thing), inspect.signature(thing, annotation_format=Format.STRING)).replace("'", '"')


def members(thing: Any) -> Iterator[tuple[str, Any]]:
    """The public methods and properties that a class itself defines, in their order."""
    if isinstance(thing, type):
        for name, value in vars(thing).items():
            plain = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
            if not name.startswith("_") and (inspect.isfunction(plain) or isinstance(plain, property)):
                yield name, plain


def _head(name: str, thing: Any) -> str:
    if isinstance(thing, type):
        return f"class {name}"
    wrapped = inspect.unwrap(thing)
    asynchronous = inspect.iscoroutinefunction(wrapped) or inspect.isasyncgenfunction(wrapped)
    return f"async def {name}" if asynchronous else f"def {name}"


def _returned(function: Any) -> str:
    signature = inspect.signature(function, annotation_format=Format.STRING)
    return str(signature.return_annotation)


def _wrapped(head: str, signature: inspect.Signature) -> str:
    """The signature in one line, or with a line for each parameter."""
    parameters = [each for each in signature.parameters.values() if each.name != "self"]
    shown = [*_parameters(parameters)]
    returns = "" if head.startswith("class") else f" -> {signature.return_annotation}"
    line = f"{head}({', '.join(shown)}){returns}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{head}(", *(f"    {each}," for each in shown), f"){returns}"])


def _parameters(parameters: list[inspect.Parameter]) -> Iterator[str]:
    kind = inspect.Parameter
    before: Any = None
    for each in parameters:
        if before is kind.POSITIONAL_ONLY and each.kind is not kind.POSITIONAL_ONLY:
            yield "/"
        if each.kind is kind.KEYWORD_ONLY and before not in (kind.KEYWORD_ONLY, kind.VAR_POSITIONAL):
            yield "*"
        stars = {kind.VAR_POSITIONAL: "*", kind.VAR_KEYWORD: "**"}.get(each.kind, "")
        default = "" if each.default is kind.empty else f" = {_default(each.default)}"
        yield f"{stars}{each.name}: {each.annotation}{default}"
        before = each.kind
    if before is kind.POSITIONAL_ONLY:
        yield "/"


def _default(value: Any) -> str:
    if inspect.isfunction(value) or is_dataclass(value):
        return "…"
    shown = f'"{value}"' if isinstance(value, str) else repr(value)
    return re.sub(r"<.*>|\w+\(.*\)", "…", shown)


def types_in(thing: Any) -> Iterator[Any]:
    """The classes and aliases of fanin in the signature or the fields of an object, and in those of its methods."""
    for each in (thing, *(value for _, value in members(thing))):
        function = each.fget if isinstance(each, property) else each
        target = function.__init__ if isinstance(function, type) and not is_value(function) else function
        for annotation in _annotations(target):
            yield from _of_fanin(annotation)


def is_value(thing: Any) -> bool:
    """Whether it has fields and nothing behind them, or is an alias."""
    return is_alias(thing) or is_dataclass(thing) or is_typeddict(thing)


def _annotations(thing: Any) -> list[Any]:
    if is_alias(thing):
        return [thing.__value__]
    return list(get_annotations(thing, format=Format.FORWARDREF).values()) if callable(thing) else []


def _of_fanin(annotation: Any) -> Iterator[Any]:
    own = str(getattr(annotation, "__module__", "")).startswith("fanin.") and hasattr(annotation, "__name__")
    if own and getattr(annotation, "__origin__", None) is None:
        yield annotation
    for each in get_args(annotation):
        yield from (inner for part in (each if isinstance(each, list) else [each]) for inner in _of_fanin(part))
