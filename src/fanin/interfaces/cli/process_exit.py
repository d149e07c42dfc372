"""Ends the command at once, with its own exit status, even if something still runs.

The first Ctrl-C ends the question with what has arrived, the second one the process. Without a running question, the
first one ends the process.
"""

import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from types import FrameType

from fanin.pools import interpreter_exit

UNREAD, USAGE, NO_ANSWER, BROKEN, INTERRUPTED = 1, 2, 3, 4, 130
"""Exit statuses when the output cannot be written or nobody reads it any more, after a mistake in the call or the
settings, when no source had an answer, when an evaluation breaks a gate, and after Ctrl-C."""

_on_interrupt: list[Callable[[], None]] = []
"""What the next Ctrl-C calls instead of ending the process."""


def end_on_interrupt() -> None:
    """Let Ctrl-C end the process at once, without a traceback, unless a question is running."""
    signal.signal(signal.SIGINT, _interrupted)


def raise_on_interrupt() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again, for commands that clean up."""
    if signal.getsignal(signal.SIGINT) is _interrupted:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def end_process(status: int) -> None:
    """End this process now: its output flushed, its children ended, `atexit` functions called."""
    interpreter_exit.end_process(status)


@contextmanager
def on_interrupt(finish: Callable[[], object]) -> Generator[Callable[[], bool]]:
    """Within the block, the first Ctrl-C calls `finish`; gives a function that says whether it has."""
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        interrupted = True
        finish()

    _on_interrupt.append(interrupt)
    try:
        yield lambda: interrupted
    finally:
        if interrupt in _on_interrupt:
            _on_interrupt.remove(interrupt)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    if _on_interrupt:
        _on_interrupt.pop()()
        return
    with suppress(OSError):
        os.write(2, b"fanin: Stopped.\n")
    interpreter_exit.end_process(INTERRUPTED)
