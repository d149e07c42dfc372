"""One job inside a worker: run the function, and make a reply of whatever happens."""

import pickle
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from fanin.pools.inside.watchdog import Stop, Watchdog
from fanin.sanitize import line

LONGEST_MESSAGE = 500
"""Characters of an exception's message that are kept."""

REFUSAL = re.compile(r"subinterpreter|one interpreter per process|more than once per process", re.IGNORECASE)
"""How modules say that they load in the main interpreter only: CPython and PyO3, Cython, NumPy, and `extensions`."""

LATE = "Its time was over; fanin stopped the process function. Give it less to do or more time."
UNSENT = "It cannot be sent back; return plain values: text, numbers, lists, dicts."

type Outcome = tuple[str, str, Any]
"""Kind of failure ("" for none), message, value."""

type Find = Callable[[], Callable[[], Any]]
"""Gives the function with its arguments; may have to import it first."""


class Reply(NamedTuple):
    """What became of a job: kind of failure ("" for none), message and value, when it ran, and its CPU seconds.

    `started` and `ended` are instants of time.monotonic. `stopped`: it was stopped by force, so that its worker may
    have been left with something half changed.
    """

    kind: str
    message: str
    value: Any
    started: float
    ended: float
    cpu: float
    stopped: bool = False


def run(watchdog: Watchdog, number: int, until: float, find: Find, give: Callable[[Any], Any]) -> Reply:
    """The reply of job `number`, stopped at the instant `until` of time.monotonic; raises nothing.

    `give` makes the value ready to be sent.
    """
    started, cpu = time.monotonic(), time.thread_time()
    watchdog.arm(number, until)
    try:
        outcome = perform(find, give)
    except Stop:
        outcome = "", "", None
    stopped = watchdog.disarm()
    kind, message, value = ("deadline", LATE, None) if stopped else outcome
    return Reply(kind, message, value, started, time.monotonic(), time.thread_time() - cpu, stopped)


def unwatched(find: Find, give: Callable[[Any], Any]) -> Reply:
    """The reply of a job that nothing here can stop; raises nothing."""
    started, cpu = time.monotonic(), time.thread_time()
    kind, message, value = perform(find, give)
    return Reply(kind, message, value, started, time.monotonic(), time.thread_time() - cpu)


def perform(find: Find, give: Callable[[Any], Any]) -> Outcome:
    """What became of the function; every exception but Stop is an outcome, SystemExit included."""
    try:
        call = find()
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - a worker never raises across the border
        return *unloaded(error), None
    try:
        value = call()
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        if refusal := _refusal(error, ImportError):
            return "refused", refusal, None
        return _kind(error), _sentence("The process function raised", error), None
    try:
        return "", "", give(value)
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        what = f"The process function returned a {type(value).__name__}, which made"
        return "unsendable", f"{_sentence(what, error)} {UNSENT}", None


def pickled(value: Any) -> bytes:
    """The value as bytes that cross any border; raises whatever pickling it raises."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def itself(value: Any) -> Any:
    """The value, where there is no border."""
    return value


def unloaded(error: BaseException) -> tuple[str, str]:
    """Kind and message for a function that could not be loaded: "refused" when a module wants no subinterpreter."""
    if refusal := _refusal(error, BaseException):
        return "refused", refusal
    return "import", _sentence("The process function could not be loaded:", error)


def _refusal(error: BaseException, kind: type[BaseException]) -> str:
    """What to say if a module that wants no subinterpreter is behind the error, itself one of this kind; or ""."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, kind) and REFUSAL.search(said := _said(cause)):
            return f"The process function needs a module that runs in the main interpreter only: {said}."
        cause = cause.__cause__ or cause.__context__
    return ""


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
