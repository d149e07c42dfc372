"""One job inside a worker: find the function, run it, and make a reply of whatever happens."""

import functools
import os
import pickle
import re
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any

from fanin.model import Document
from fanin.pools.inside.watchdog import Stop, Watchdog
from fanin.sanitize import line

type Reply = tuple[str, str, Any, float, float, float]
"""Kind of failure ("" for none), message, value, when it started and ended (time.monotonic), and its CPU seconds."""

type Outcome = tuple[str, str, Any]
"""Kind of failure ("" for none), message, value."""

type Work = Callable[[str, Document], Any]

type Find = Callable[[], Callable[[], Any]]
"""Gives the process function with its arguments; may have to import it first."""

type Reference = tuple[str, str, str]
"""A function by its module, its qualified name, and, when the module is `__main__`, where that came from."""

FIELDS = tuple(Document.__dataclass_fields__)
"""Sent one by one: a frozen dataclass with slots pickles several times slower than its fields."""

LONGEST_MESSAGE = 500
"""Characters of an exception's message that are kept."""

REFUSAL = re.compile(r"subinterpreter|one interpreter per process|more than once per process", re.IGNORECASE)
"""How modules say that they load in the main interpreter only: CPython and PyO3, Cython, NumPy."""

runs_main_again = ContextVar("runs_main_again", default=False)
"""True while a worker runs the main file again, to get at a function in it; no pool may be started then."""

LATE: Outcome = (
    "deadline",
    "Its time was over; fanin stopped the process function. Give it less to do or more time.",
    None,
)
UNSENT = "It cannot be sent back; return plain values: text, numbers, lists, dicts."


def run(watchdog: Watchdog, number: int, until: float, find: Find, give: Callable[[Any], Any]) -> Reply:
    """The reply of job `number`, stopped at the instant `until` of time.monotonic; raises nothing.

    `give` makes the value ready to be sent.
    """
    started, cpu, outcome = time.monotonic(), time.thread_time(), LATE
    try:
        try:
            watchdog.arm(number, until)
            outcome = perform(find, give)
        finally:
            watchdog.inside = 0
        late = watchdog.disarm()
    except Stop:
        late = True
        watchdog.disarm()
    kind, message, value = LATE if late else outcome
    return kind, message, value, started, time.monotonic(), time.thread_time() - cpu


def unwatched(find: Find, give: Callable[[Any], Any]) -> Reply:
    """The reply of a job that nothing here can stop; raises nothing."""
    started, cpu = time.monotonic(), time.thread_time()
    kind, message, value = perform(find, give)
    return kind, message, value, started, time.monotonic(), time.thread_time() - cpu


def perform(find: Find, give: Callable[[Any], Any]) -> Outcome:
    """What became of the function; every exception but Stop is an outcome, SystemExit included."""
    try:
        call = find()
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - a worker never raises across the border
        kind, message = _unloaded(error)
        return kind, message, None
    try:
        value = call()
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        return _kind(error), _sentence("The process function raised", error), None
    try:
        return "", "", give(value)
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        what = f"The process function returned a {type(value).__name__}, which made"
        return "unsendable", f"{_sentence(what, error)} {UNSENT}", None


def prepare(reference: Reference, packed: bytes) -> Callable[[], Any]:
    """The function with its question and document, from what crossed the border."""
    question, *fields = pickle.loads(packed)  # noqa: S301 - it comes from this very program
    return partial(resolve(*reference), question, Document(*fields))


def pack(question: str, document: Document) -> bytes:
    """Question and document as bytes for `prepare`; raises what pickle raises for metadata that cannot be sent."""
    return pickled((question, *[getattr(document, name) for name in FIELDS]))


def pickled(value: Any) -> bytes:
    """The value as bytes that cross any border."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def itself(value: Any) -> Any:
    """The value, where there is no border."""
    return value


def load(reference: Reference) -> tuple[str, str]:
    """Import the function ahead of its first job; gives the kind and the message of the failure, "" for none."""
    try:
        resolve(*reference)
    except BaseException as error:  # noqa: BLE001 - a worker never raises across the border
        return _unloaded(error)
    return "", ""


@functools.lru_cache(256)
def refer(work: Work) -> Reference:
    """The name by which a worker can import the function; raises ImportError if it has none."""
    module, name = getattr(work, "__module__", None) or "", getattr(work, "__qualname__", "")
    main = _main() if module == "__main__" else ""
    thing: Any = sys.modules.get(module)
    for part in name.split("."):
        thing = getattr(thing, part, None)
    if thing is not work or (module == "__main__" and not main):
        raise ImportError(
            f"{name or type(work).__name__} cannot be imported by name; define it with `def` at the top of a module"
        )
    return module, name, main


@functools.cache
def resolve(module: str, name: str, main: str) -> Work:
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


def _unloaded(error: BaseException) -> tuple[str, str]:
    """Kind and message for a function that could not be loaded: "refused" when a module wants no subinterpreter."""
    cause: BaseException | None = error
    while cause is not None:
        if REFUSAL.search(said := _said(cause)):
            return "refused", f"The process function needs a module that runs in the main interpreter only: {said}."
        cause = cause.__cause__ or cause.__context__
    return "import", _sentence("The process function could not be loaded:", error)


def _kind(error: BaseException) -> str:
    match error:
        case RecursionError():
            return "recursion"
        case MemoryError():
            return "memory"
        case SystemExit() | KeyboardInterrupt():
            return "exit"
        case _:
            return "exception"


def _sentence(what: str, error: BaseException) -> str:
    name, said = type(error).__name__, _said(error)
    return f"{what} {line(f'{name}: {said}' if said else name, limit=LONGEST_MESSAGE)}."


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Stop:
        raise
    except BaseException as deeper:  # noqa: BLE001 - an error that cannot even say what it is
        return f"(its message raised {type(deeper).__name__})"
