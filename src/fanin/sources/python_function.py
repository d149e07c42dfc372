"""A Python function as a source, given by its dotted name, for settings files."""

import importlib
import inspect
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from fanin.arguments import called_with
from fanin.errors import ConfigError, describe, message_of
from fanin.model import Question
from fanin.sources.source import Source, digest, function_identity, source


def python(
    function: str,
    *,
    name: str = "python",
    arguments: Mapping[str, Any] | None = None,
    folder: str | None = None,
    timeout: float = 5.0,
) -> Source:
    """The function `package.module:function` as a source; it is called with the question, and `arguments` by name.

    It may be anything that `fanin.source` takes, or a source. It is imported now, from Python's search path, or else
    from `folder` or the working directory. Raises ConfigError if there is no such function, or if it does not take
    these arguments.
    """
    folder = str(Path(folder or "").resolve())
    found, given = _import_function(function, folder), dict(arguments or {})
    identity = digest("python", function, folder, given)
    if isinstance(found, Source):
        if given:
            raise _config_error(
                function, "it is a source already, which takes no arguments", "Name the function under it"
            )
        return replace(found, name=name, timeout=timeout, identity=digest(identity, found.identity))
    if not callable(found):
        raise _config_error(
            function, f"it is a value of type {type(found).__name__}", "Name a function that takes a question"
        )
    if inspect.isclass(found):
        raise _config_error(function, "it is a class", "Name a function, or an instance that can be called")
    try:
        called_with(found, Question("?"), **given)
    except TypeError as error:
        raise _config_error(
            function, f"it cannot be called so: {message_of(error)}", "Give it one question, and its arguments"
        ) from error
    except ValueError:
        pass  # a function in C without a signature: its first call will show whether it takes them
    made = source(name=name, timeout=timeout)(partial(found, **given) if given else found)
    return replace(made, identity=digest(identity, function_identity(found)))


def _import_function(dotted: str, folder: str) -> Any:
    module, _, path = dotted.partition(":")
    if not (module and path):
        raise _config_error(dotted, "it does not name a module and a function", 'Write it as "package.module:function"')
    try:
        with _search_path(folder):
            found: Any = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except Exception as error:
        raise _config_error(dotted, _reason(error), "Correct the name, or install what it needs") from error
    return found


def _reason(error: Exception) -> str:
    known = isinstance(error, (ImportError, AttributeError))
    return message_of(error) if known else f"importing it raised {describe(error)}"


@contextmanager
def _search_path(folder: str) -> Generator[None]:
    """Search the folder last, so that no file in it takes the place of a library."""
    sys.path.append(folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _config_error(function: str, what: str, advice: str) -> ConfigError:
    return ConfigError(f"The function {function!r}: {what}; fanin did not add it. {advice}.")
