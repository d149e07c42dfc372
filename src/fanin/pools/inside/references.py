"""References to functions: they are sent to workers by name, and imported there."""

import functools
import os
import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

type Reference = tuple[str, str, str]
"""A function's module, its qualified name, and, if the module is `__main__`, the file of that."""

runs_main_again = ContextVar("runs_main_again", default=False)
"""True while a worker runs the main file again, to import a function of it; no pool may be started then."""


@functools.lru_cache(256)
def reference_to(function: Callable[..., Any]) -> Reference:
    """The reference by which a worker can import the function. Raises ImportError if it has none."""
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
    """The function of that qualified name; runs the main file again as `__mp_main__` if necessary.

    Raises ImportError if there is no such module, or no such name in it.
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
    """The file of `__main__`, in the form of `multiprocessing.spawn`; "" for a prompt, a pipe or `-c`."""
    main = sys.modules["__main__"]
    if name := getattr(main.__spec__, "name", ""):
        return "" if name.endswith("__main__") else f"name:{name}"
    path: str | None = getattr(main, "__file__", None)
    return f"path:{os.path.abspath(path)}" if path and os.path.isfile(path) else ""  # noqa: PTH100, PTH113


def _load_main(main: str) -> None:
    """Run the main file as multiprocessing does in its processes, unless that was done."""
    from multiprocessing import spawn

    kind, _, where = main.partition(":")
    token = runs_main_again.set(True)
    try:
        spawn.prepare({f"init_main_from_{kind}": where})
    finally:
        runs_main_again.reset(token)
