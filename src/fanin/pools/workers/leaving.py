"""How a process ends although a worker is stuck: the one place that reaches into CPython's private parts.

A thread in C code cannot be stopped, and three things at the end of a process would wait for it for ever:

1. `threading` joins every thread that is no daemon. A thread inherits "daemon" from the thread that starts it, so
   `LoneThread.start` has to be called in a daemon thread.
2. `concurrent.futures` joins the threads of all its executors, daemons too: `LoneThread` takes its own off that list.
3. CPython closes every interpreter that is left, for which it needs the lock that the stuck thread holds: `unlink`
   takes such interpreters off the list. Nothing else is skipped: exit status, `atexit`, flushing, destructors.
"""

import ctypes
import itertools
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import thread as futures_thread
from contextlib import suppress
from typing import Any

COOKIE = b"xdebugpy"
HEAD, NEXT = 5, 8
"""Places of two offsets among the 64-bit words of `_Py_DebugOffsets` (pycore_debug_offsets.h, the same since 3.13):
where the runtime keeps its first interpreter, and where an interpreter keeps the next one."""


class LoneThread:
    """The only thread of an executor, for which the end of the process does not wait."""

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor
        self._thread: threading.Thread | None = None

    def start[T](self, function: Callable[..., T], *arguments: Any) -> T:
        """Start the thread with a first call and give its result; must be called in a daemon thread."""
        first = self._executor.submit(function, *arguments)
        (self._thread,) = self._executor._threads  # noqa: SLF001
        futures_thread._threads_queues.pop(self._thread, None)  # noqa: SLF001  # pyright: ignore
        return first.result()

    def submit[T](self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Queue one more call."""
        return self._executor.submit(function, *arguments)

    def close(self, last: Callable[[], object] | None = None) -> None:
        """Let the thread end after what is queued and one last call; does not wait."""
        if last is not None:
            with suppress(RuntimeError):  # the process is ending, or it was closed before
                self._executor.submit(last)
        self._executor.shutdown(wait=False)

    def join(self, timeout: float) -> bool:
        """Wait until the thread has ended; False if it has not within `timeout` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()


def unlink(stuck: Collection[int]) -> None:
    """Make CPython forget the interpreters of these ids; to be called at exit only, when nothing else can be done.

    Should CPython not look as expected, the process ends here and now, its output flushed, with status 0, or 1 after
    an exception that nobody caught: a status given to sys.exit() is lost then.
    """
    if not stuck:
        return
    try:
        _unlink(stuck)
    except LookupError, ValueError, AttributeError:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(1 if hasattr(sys, "last_exc") else 0)


def _unlink(stuck: Collection[int]) -> None:
    runtime = ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))
    if ctypes.string_at(runtime, len(COOKIE)) != COOKIE:
        raise LookupError("CPython's runtime does not begin with its debug offsets")
    offsets = (ctypes.c_uint64 * (NEXT + 1)).from_address(runtime)
    link = runtime + offsets[HEAD]
    for state, following in itertools.pairwise([*_interpreters(), 0]):
        if state != ctypes.c_void_p.from_address(link).value:
            raise LookupError("CPython's list of interpreters is not where its debug offsets say")
        if _call("GetID", ctypes.c_int64, state) in stuck:
            ctypes.c_void_p.from_address(link).value = following or None
        else:
            link = state + offsets[NEXT]


def _interpreters() -> Iterator[int]:
    """The addresses of all interpreters, in the order of CPython's list."""
    state = _call("Head", ctypes.c_void_p)
    while state:
        yield state
        state = _call("Next", ctypes.c_void_p, state)


def _call(name: str, result: type[Any], *states: int) -> int:
    """Call PyInterpreterState_<name>, public functions all."""
    prototype = ctypes.PYFUNCTYPE(result, *(ctypes.c_void_p for _ in states))
    return prototype((f"PyInterpreterState_{name}", ctypes.pythonapi))(*states)
