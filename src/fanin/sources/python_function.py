"""A function of your own as a source, by its dotted name, so that a settings file can name it."""

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
    """The function `package.module:function` as a source, imported now; it takes the question, and `arguments` by name.

    It may be anything that `fanin.source` takes, or a source already. Modules are looked for where Python looks, and
    then in `folder`, or in the working directory. Raises ConfigError when there is no such function, or when it takes
    no such arguments.
    """
    folder = str(Path(folder or "").resolve())
    found, given = _found(function, folder), dict(arguments or {})
    identity = digest("python", function, folder, given)
    if isinstance(found, Source):
        if given:
            raise _mistake(function, "it is a source already, which takes no arguments", "Name the function under it")
        return replace(found, name=name, timeout=timeout, identity=digest(identity, found.identity))
    if not callable(found):
        raise _mistake(
            function, f"it is a value of type {type(found).__name__}", "Name a function that takes a question"
        )
    if inspect.isclass(found):
        raise _mistake(function, "it is a class", "Name a function, or an instance that can be called")
    try:
        called_with(found, Question("?"), **given)
    except TypeError as error:
        raise _mistake(
            function, f"it cannot be called so: {message_of(error)}", "Give it one question, and its arguments"
        ) from error
    except ValueError:
        pass  # a function of C without a signature: its first call will tell
    made = source(name=name, timeout=timeout)(partial(found, **given) if given else found)
    return replace(made, identity=digest(identity, function_identity(found)))


def _found(dotted: str, folder: str) -> Any:
    module, _, path = dotted.partition(":")
    if not (module and path):
        raise _mistake(dotted, "it does not name a module and a function", 'Write it as "package.module:function"')
    try:
        with _searched(folder):
            found: Any = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except Exception as error:
        raise _mistake(dotted, _why(error), "Correct the name, or install what it needs") from error
    return found


def _why(error: Exception) -> str:
    known = isinstance(error, (ImportError, AttributeError))
    return message_of(error) if known else f"importing it raised {describe(error)}"


@contextmanager
def _searched(folder: str) -> Generator[None]:
    """Look there last, so that a file that lies there by chance never takes a library's place."""
    sys.path.append(folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _mistake(function: str, what: str, advice: str) -> ConfigError:
    return ConfigError(f"The function {function!r}: {what}; fanin did not add it. {advice}.")
