"""How a process ends although a worker is stuck: the one place that reaches into CPython's private parts.

A thread in C code cannot be stopped, and three things at the end of a process would wait for it for ever:

1. `threading` joins every thread that is no daemon. A thread inherits "daemon" from the thread that starts it, so
   `LoneThread.start` has to be called in a daemon thread.
2. `concurrent.futures` joins the threads of all its executors, daemons too: `LoneThread` takes its own off that list.
3. CPython closes every interpreter that is left, for which it needs the lock that the stuck thread holds: `unlink`
   takes such interpreters off the list. The rest of the ending goes on as ever: exit status, `atexit`, flushing.
"""

import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import thread as futures_thread
from contextlib import suppress
from typing import Any

COOKIE = b"xdebugpy"
HEAD, NEXT = 5, 8
"""Places of two offsets among the 64-bit words of `_Py_DebugOffsets` (pycore_debug_offsets.h, the same since 3.13):
where the runtime keeps its first interpreter, and where an interpreter keeps the next one."""

FREEZING = 0.2
"""Seconds that freezing waits; Python code gives its lock away within 5 ms (`sys.getswitchinterval`)."""


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

    def close(self, last: Callable[[], object] = int) -> bool:
        """Let the thread end after what is queued and one last call; False if it takes no more calls."""
        try:
            self._executor.submit(last)
        except RuntimeError:  # the process is ending, or it was closed before
            return False
        finally:
            self._executor.shutdown(wait=False)
        return True

    def join(self, timeout: float) -> bool:
        """Wait until the thread has ended; False if it has not within `timeout` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()


def unlink(stuck: Collection[int]) -> None:
    """Freeze the interpreters of these ids and make CPython forget them; only when the process ends.

    Should CPython not look as expected, the process ends here and now, its output flushed, with status 0, or 1 after
    an exception that nobody caught: a status given to sys.exit() is lost then.
    """
    if not stuck:
        return
    try:
        links = _links()
        _freeze([state for state, _ in links if _call("GetID", ctypes.c_int64, state) in stuck])
        _unlink(links, stuck)
    except LookupError, ValueError, AttributeError:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(1 if hasattr(sys, "last_exc") else 0)


def _freeze(states: Iterable[int]) -> None:
    """Take the interpreters' locks for good, so that no thread of theirs runs Python while CPython takes itself apart.

    A native thread takes each lock and ends without giving it back. It waits where C code keeps the lock; that is as
    good, for then nothing runs Python there either.
    """
    libc = ctypes.CDLL(None)
    acquire = ctypes.cast(ctypes.pythonapi.PyEval_AcquireThread, ctypes.c_void_p)
    new_thread_state = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(("PyThreadState_New", ctypes.pythonapi))
    joins = getattr(libc, "pthread_tryjoin_np", None)  # Linux has it, macOS has not: there the wait is the longest
    threads: list[ctypes.c_void_p] = []
    for state in states:
        thread = ctypes.c_void_p()  # pthread_t: a pointer or an integer as wide
        libc.pthread_create(ctypes.byref(thread), None, acquire, ctypes.c_void_p(new_thread_state(state)))
        threads.append(thread)
    end = time.monotonic() + FREEZING
    while threads and time.monotonic() < end:
        time.sleep(0.002)
        threads = [thread for thread in threads if joins is None or joins(thread, None)]


def _unlink(links: Iterable[tuple[int, int]], stuck: Collection[int]) -> None:
    """Close the gaps in CPython's list around the stuck interpreters."""
    into = 0
    for state, link in links:
        into = into or link
        if _call("GetID", ctypes.c_int64, state) not in stuck:
            ctypes.c_void_p.from_address(into).value = state
            into = 0
    if into:
        ctypes.c_void_p.from_address(into).value = None


def _links() -> list[tuple[int, int]]:
    """Each interpreter's address, with the address of the pointer that points to it, in the order of CPython's list."""
    runtime = ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))
    if ctypes.string_at(runtime, len(COOKIE)) != COOKIE:
        raise LookupError("CPython's runtime does not begin with its debug offsets")
    offsets = (ctypes.c_uint64 * (NEXT + 1)).from_address(runtime)
    found: list[tuple[int, int]] = []
    state, link = _call("Head", ctypes.c_void_p), runtime + offsets[HEAD]
    while state:
        if ctypes.c_void_p.from_address(link).value != state:
            raise LookupError("CPython's list of interpreters is not where its debug offsets say")
        found.append((state, link))
        state, link = _call("Next", ctypes.c_void_p, state), state + offsets[NEXT]
    return found


def _call(name: str, result: type[Any], *states: int) -> int:
    """Call PyInterpreterState_<name>, public functions all."""
    prototype = ctypes.PYFUNCTYPE(result, *(ctypes.c_void_p for _ in states))
    return prototype((f"PyInterpreterState_{name}", ctypes.pythonapi))(*states)
