"""Checks that workers can run the main file again, to import a process function of it, without starting it anew."""

import ast
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from fanin.errors import ConfigError


def require_main_guard(work: Callable[..., Any]) -> None:
    """Raise ConfigError if the caller's line in the main file would run again in each worker.

    It reads the main file only if the function is in it. What it cannot see, a worker finds out.
    """
    main = getattr(sys.modules["__main__"], "__dict__", {})
    if work.__module__ != "__main__" or (frame := _outermost(main)) is None:
        return
    path, line = Path(frame.f_code.co_filename), frame.f_lineno
    try:
        text = path.read_text("utf-8-sig")
        statement = unguarded_statement(text, line)
    except OSError, SyntaxError, ValueError:
        return
    if statement:
        raise ConfigError(
            f"The process function {work.__qualname__!r} is in {path.name}, which every worker runs again to import it,"
            f" and line {line} would ask again there; fanin did not start. Put what starts the program under a main"
            f' guard, or the function into a module of its own:\n\nif __name__ == "__main__":\n    {statement}'
        )


def unguarded_statement(text: str, line: int) -> str:
    """The first line of the top-level statement on this line; "" if it is a main guard."""
    for each in ast.parse(text).body:
        if each.lineno <= line <= (each.end_lineno or each.lineno):
            if isinstance(each, ast.If) and "__name__" in ast.unparse(each.test):
                return ""
            return text.splitlines()[each.lineno - 1]
    return ""


def _outermost(main: dict[str, Any]) -> FrameType | None:
    """The frame in which the main file runs, if the caller was called by it."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_globals is main and frame.f_code.co_name == "<module>" and Path(frame.f_code.co_filename).is_file():
            return frame
        frame = frame.f_back
    return None
