"""Runs one job inside a worker: calls the function, and makes a reply of its result or failure."""

import pickle
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from fanin.errors import FailureKind
from fanin.pools.inside.watchdog import Stop, Watchdog
from fanin.sanitize import line

LONGEST_MESSAGE = 500
"""Characters of an exception's message that are kept."""

REFUSAL = re.compile(r"subinterpreter|one interpreter per process|more than once per process", re.IGNORECASE)
"""Errors of modules that load only in the main interpreter: of CPython and PyO3, Cython, NumPy, and `extensions`."""

LATE = "Its deadline had passed; fanin stopped the process function. Give it less to do or more time."
UNSENT = "It cannot be sent back; return plain values: text, numbers, lists, dicts."

type Outcome = tuple[str, str, Any]
"""Kind of failure ("" for none), message, value."""

type Load = Callable[[], Callable[[], Any]]
"""Gives the function with its arguments; it may import it first."""


class Reply(NamedTuple):
    """The result of a job: kind of failure ("" for none), message and value, when it ran, and its CPU seconds.

    `started` and `ended` are instants of time.monotonic. `stopped`: it was stopped by force, so that its worker may be
    in an inconsistent state.
    """

    kind: str
    message: str
    value: Any
    started: float
    ended: float
    cpu: float
    stopped: bool = False


def run(watchdog: Watchdog, number: int, until: float, load: Load, serialize: Callable[[Any], Any]) -> Reply:
    """The reply of job `number`, which is stopped at the instant `until` of time.monotonic; it never raises.

    `serialize` prepares the value to be sent.
    """
    started, cpu = time.monotonic(), time.thread_time()
    watchdog.arm(number, until)
    try:
        outcome = perform(load, serialize)
    except Stop:
        outcome = "", "", None
    stopped = watchdog.disarm()
    kind, message, value = (FailureKind.DEADLINE, LATE, None) if stopped else outcome
    return Reply(kind, message, value, started, time.monotonic(), time.thread_time() - cpu, stopped)


def run_unwatched(load: Load, serialize: Callable[[Any], Any]) -> Reply:
    """The reply of a job that cannot be stopped; it never raises."""
    started, cpu = time.monotonic(), time.thread_time()
    kind, message, value = perform(load, serialize)
    return Reply(kind, message, value, started, time.monotonic(), time.thread_time() - cpu)


def perform(load: Load, serialize: Callable[[Any], Any]) -> Outcome:
    """The result of the function; every exception but Stop is a failure, also SystemExit."""
    try:
        call = load()
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - a worker returns failures and never raises
        return *load_failure(error), None
    try:
        value = call()
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        return *raised(error), None
    try:
        return "", "", serialize(value)
    except Stop:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        what = f"The process function returned a {type(value).__name__}, which made"
        return FailureKind.UNSENDABLE, f"{_sentence(what, error)} {UNSENT}", None


def pickle_value(value: Any) -> bytes:
    """The value as bytes; raises whatever pickling it raises."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def keep_value(value: Any) -> Any:
    """The value itself, where it need not be sent."""
    return value


def load_failure(error: BaseException) -> tuple[FailureKind, str]:
    """Kind and message for a function that could not be loaded: "refused" if a module refuses subinterpreters."""
    if refusal := _refusal(error, BaseException):
        return FailureKind.REFUSED, refusal
    return FailureKind.IMPORT, _sentence("The process function could not be loaded:", error)


def raised(error: BaseException) -> tuple[FailureKind, str]:
    """Kind and message for a function that raised."""
    if refusal := _refusal(error, ImportError):
        return FailureKind.REFUSED, refusal
    return _kind(error), _sentence("The process function raised", error)


def _refusal(error: BaseException, kind: type[BaseException]) -> str:
    """The message if the error, of this kind, comes from a module that refuses subinterpreters; else ""."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, kind) and REFUSAL.search(text := _message_of(cause)):
            return f"The process function needs a module that runs only in the main interpreter: {text}."
        cause = cause.__cause__ or cause.__context__
    return ""


def _kind(error: BaseException) -> FailureKind:
    match error:
        case RecursionError():
            return FailureKind.RECURSION
        case MemoryError():
            return FailureKind.MEMORY
        case SystemExit() | KeyboardInterrupt():
            return FailureKind.EXIT
        case _:
            return FailureKind.EXCEPTION


def _sentence(what: str, error: BaseException) -> str:
    name, text = type(error).__name__, _message_of(error)
    return f"{what} {line(f'{name}: {text}' if text else name, limit=LONGEST_MESSAGE)}."


def _message_of(error: BaseException) -> str:
    try:
        return str(error)
    except Stop:
        raise
    except BaseException as deeper:  # noqa: BLE001 - an error whose message raises another one
        return f"(its message raised {type(deeper).__name__})"
