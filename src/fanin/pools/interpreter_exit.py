"""How a process ends although a worker is stuck, still starts, or was never closed.

CPython closes every interpreter that is left at the end of the process, for which it needs a lock that stuck code in C
never gives back. So the workers are told to end first, and where one does not, the process ends without CPython's last
steps: after the threads that CPython waits for, after all `atexit` functions, with its output flushed, and with its own
exit status.
"""

import atexit
import os
import sys
import threading
import time
from contextlib import suppress
from types import CodeType
from typing import Any, Protocol

from fanin.pools import forking
from fanin.pools.stopping import TOOL_IDS

PATIENCE = 0.25
"""Seconds that the end of the process waits for workers to end."""


class Ending(Protocol):
    """A worker that has to end before CPython can close its interpreters; `thread` runs it."""

    thread: threading.Thread
    busy: int
    """Jobs that it has; with any, it is stuck if it does not end."""

    def close(self) -> None:
        """Stop what runs and end; must be callable in any thread, and waits for nothing."""
        ...

    def forget_in_child(self) -> None:
        """In a forked child: close the descriptors that belong to the parent's worker."""
        ...


_watched: set[Ending] = set()
_registered: list[bool] = []
_status: list[Any] = [0]
"""The one thing with which the main program was left."""


def watch(worker: Ending) -> None:
    """Have the process end well although this worker may not, until `forget`."""
    if not _registered:
        _registered.append(True)
        # Earlier than `atexit`, and before CPython waits for threads.
        threading._register_atexit(_at_exit)  # noqa: SLF001  # pyright: ignore
        forking.in_child(_in_child)
        _note_status()
    _watched.add(worker)


def forget(worker: Ending) -> None:
    """The worker has ended."""
    _watched.discard(worker)


def exit_status() -> int:
    """The status with which the main program was left: what SystemExit said, 130 after Ctrl-C, 1 after another error.

    Where other tools have taken all ids of `sys.monitoring`, a program left by SystemExit counts as left without it: 0.
    """
    error, code = getattr(sys, "last_exc", None), _status[0]
    if isinstance(error, BaseException):
        code = 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0 if code is None else code & 0xFF if isinstance(code, int) else 1


def _note_status() -> None:
    """From now on note with what the main program is left, since nothing tells `atexit` functions.

    It costs 0.1 µs for each function of the main interpreter that is left by an exception.
    """
    monitoring = sys.monitoring
    free = next((number for number in TOOL_IDS if monitoring.get_tool(number) is None), None)
    if free is not None:
        monitoring.use_tool_id(free, "fanin exit status")
        monitoring.register_callback(free, monitoring.events.PY_UNWIND, _unwound)
        monitoring.set_events(free, monitoring.events.PY_UNWIND)


def _unwound(_code: CodeType, _offset: int, error: BaseException) -> None:
    if not isinstance(error, SystemExit):  # nearly always: nothing else may cost time here
        return
    bottom = sys._getframe(1).f_back is None  # noqa: SLF001  # pyright: ignore
    if bottom and threading.current_thread() is threading.main_thread():
        _status[0] = error.code


def _at_exit() -> None:
    """Tell every worker to end; have the process ended after everything else where one does not."""
    for worker in tuple(_watched):
        worker.close()
    end = time.monotonic() + PATIENCE
    for worker in tuple(_watched):
        worker.thread.join(max(0.0, end - time.monotonic()))
    if any(worker.thread.is_alive() for worker in tuple(_watched)):
        atexit.register(_end_process)  # the last to be registered is the first to be called


def end_process(status: int) -> None:
    """End the process here and now with this status: `atexit` functions called, output flushed, children ended."""
    for worker in tuple(_watched):
        worker.close()
    atexit._run_exitfuncs()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError, RuntimeError):  # the last one when a signal came while it was written
            stream.flush()
    os._exit(status)


def _end_process() -> None:
    atexit.unregister(_end_process)
    stuck = sum(worker.busy > 0 and worker.thread.is_alive() for worker in tuple(_watched))
    if stuck and sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"fanin: {stuck} worker(s) did not stop; fanin ended the process without them.\n")
    end_process(exit_status())


def _in_child() -> None:
    for worker in tuple(_watched):
        worker.forget_in_child()
    _watched.clear()
