"""Lets the process exit although a worker is stuck, is starting, or was never closed.

At exit CPython closes all remaining interpreters, for which it needs a lock that stuck code in C never releases. So the
workers are asked to end first. If one does not, the process exits without CPython's finalisation: after the threads
for which CPython waits, after all `atexit` functions, with its output flushed, and with its own exit status.
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

EXIT_TIMEOUT = 0.25
"""Seconds that the exit of the process waits for workers to end."""


class ExitingWorker(Protocol):
    """A worker that has to end before CPython can close its interpreters; `thread` runs it."""

    thread: threading.Thread
    busy: int
    """The number of its jobs; with any, it is stuck if it does not end."""

    def close(self) -> None:
        """Stop the running job and end; it may be called in any thread, and does not wait."""
        ...

    def forget_in_child(self) -> None:
        """In a forked child: close the descriptors that belong to the parent's worker."""
        ...


_watched: set[ExitingWorker] = set()
_registered: list[bool] = []
_status: list[Any] = [0]
"""How the main program was left, if it is known."""


def watch(worker: ExitingWorker) -> None:
    """Let the process exit even if this worker does not end, until `forget`."""
    if not _registered:
        _registered.append(True)
        # This runs before `atexit`, and before CPython waits for threads.
        threading._register_atexit(_at_exit)  # noqa: SLF001  # pyright: ignore
        forking.call_in_child(_in_child)
        _record_status()
    _watched.add(worker)


def forget(worker: ExitingWorker) -> None:
    """The worker has ended."""
    _watched.discard(worker)


def exit_status() -> int:
    """The exit status of the main program: that of SystemExit, 130 after Ctrl-C, 1 after another error, else 0.

    Where other tools have taken all ids of `sys.monitoring`, SystemExit is not seen, and the status is 0.
    """
    error, code = getattr(sys, "last_exc", None), _status[0]
    if isinstance(error, BaseException):
        code = 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0 if code is None else code & 0xFF if isinstance(code, int) else 1


def _record_status() -> None:
    """Record how the main program is left, since `atexit` functions cannot find out.

    It costs 0.1 µs for each function of the main interpreter that is left by an exception.
    """
    monitoring = sys.monitoring
    free = next((number for number in TOOL_IDS if monitoring.get_tool(number) is None), None)
    if free is not None:
        monitoring.use_tool_id(free, "fanin exit status")
        monitoring.register_callback(free, monitoring.events.PY_UNWIND, _on_unwind)
        monitoring.set_events(free, monitoring.events.PY_UNWIND)


def _on_unwind(_code: CodeType, _offset: int, error: BaseException) -> None:
    if not isinstance(error, SystemExit):  # nearly always true, so that this is fast
        return
    bottom = sys._getframe(1).f_back is None  # noqa: SLF001  # pyright: ignore
    if bottom and threading.current_thread() is threading.main_thread():
        _status[0] = error.code


def _at_exit() -> None:
    """Ask all workers to end; if one does not, end the process after everything else."""
    for worker in tuple(_watched):
        worker.close()
    end = time.monotonic() + EXIT_TIMEOUT
    for worker in tuple(_watched):
        worker.thread.join(max(0.0, end - time.monotonic()))
    if any(worker.thread.is_alive() for worker in tuple(_watched)):
        atexit.register(_end_process)  # the last to be registered is the first to be called


def end_process(status: int) -> None:
    """End the process at once with this status: calls `atexit` functions, flushes output and ends children."""
    for worker in tuple(_watched):
        worker.close()
    atexit._run_exitfuncs()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError, RuntimeError):  # RuntimeError: a signal arrived while it was being written
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
