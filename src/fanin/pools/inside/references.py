"""A function by its name, as it is sent to a worker, and the function again, as the worker imports it."""

import functools
import os
import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

type Reference = tuple[str, str, str]
"""A function by its module, its qualified name, and, when the module is `__main__`, where that came from."""

runs_main_again = ContextVar("runs_main_again", default=False)
"""True while a worker runs the main file again, to get at a function in it; no pool may be started then."""


@functools.lru_cache(256)
def refer(function: Callable[..., Any]) -> Reference:
    """The name by which a worker can import the function; raises ImportError if it has none."""
    module, name = getattr(function, "__module__", None) or "", getattr(function, "__qualname__", "")
    main = _main() if module == "__main__" else ""
    thing: Any = sys.modules.get(module)
    for part in name.split("."):
        thing = getattr(thing, part, None)
    if thing is not function or (module == "__main__" and not main):
        what = name or type(function).__name__
        raise ImportError(f"{what} cannot be imported by name; define it with `def` at the top of a module")
    return module, name, main


@functools.cache
def resolve(module: str, name: str, main: str) -> Callable[..., Any]:
    """The function of that qualified name; runs the main file again as `__mp_main__` if it has to.

    Raises ImportError when there is no such module, or no such name in it.
    """
    if module == "__main__":
        _load_main(main)
    __import__(module)
    thing: Any = sys.modules[module]
    for part in name.split("."):
        try:
            thing = getattr(thing, part)
        except AttributeError:
            raise ImportError(f"{module} has no {name!r}; define the function at the top of a module") from None
    return thing


def _main() -> str:
    """Where `__main__` came from, as `multiprocessing.spawn` calls it; "" for a prompt, a pipe or `-c`."""
    main = sys.modules["__main__"]
    if name := getattr(main.__spec__, "name", ""):
        return "" if name.endswith("__main__") else f"name:{name}"
    path: str | None = getattr(main, "__file__", None)
    return f"path:{os.path.abspath(path)}" if path and os.path.isfile(path) else ""  # noqa: PTH100, PTH113


def _load_main(main: str) -> None:
    """Do what multiprocessing does for its processes; does nothing where it has been done."""
    from multiprocessing import spawn

    kind, _, where = main.partition(":")
    token = runs_main_again.set(True)
    try:
        spawn.prepare({f"init_main_from_{kind}": where})
    finally:
        runs_main_again.reset(token)
