"""How the command ends: at once, whatever still runs, and with its own status; after Ctrl-C, and when nobody reads.

The first Ctrl-C ends the question with what there is, the second one the process. Without a question under way, the
first one ends the process.
"""

import os
import select
import signal
import stat
import sys
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

INTERRUPTED, UNREAD = 130, 1
"""Exit statuses after Ctrl-C, and when whoever read the output has left."""

_on_interrupt: list[Callable[[], None]] = []
"""What the next Ctrl-C does instead of ending the process."""


def take_over() -> None:
    """From now on, let Ctrl-C end the process at once, without a traceback, unless a question is under way."""
    signal.signal(signal.SIGINT, _interrupted)


def give_back() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again, for commands that clean up."""
    if signal.getsignal(signal.SIGINT) is _interrupted:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def end_process(status: int) -> None:
    """End this process now: its output flushed, its children ended, `atexit` functions called."""
    from fanin.pools.interpreter_exit import end_process

    end_process(status)


@contextmanager
def question(finish: Callable[[], None]) -> Generator[Callable[[], bool]]:
    """Within the block, the first Ctrl-C calls `finish`; gives a function that tells whether it has."""
    import asyncio

    loop, interrupted = asyncio.get_running_loop(), False

    def interrupt() -> None:
        nonlocal interrupted
        interrupted = True
        loop.call_soon_threadsafe(finish)  # it also wakes the loop

    _on_interrupt.append(interrupt)
    try:
        yield lambda: interrupted
    finally:
        if interrupt in _on_interrupt:
            _on_interrupt.remove(interrupt)


async def while_read[T](work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, which is cancelled when whoever reads the standard output leaves: BrokenPipeError."""
    import asyncio

    if (output := _watchable_output()) is None:
        return await work
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def look() -> None:
        loop.remove_reader(output)
        if _unread(output):
            task.cancel()

    loop.add_reader(output, look)
    try:
        return await task
    except asyncio.CancelledError:
        if _unread(output):
            raise BrokenPipeError from None
        raise
    finally:
        loop.remove_reader(output)


def _unread(output: int) -> bool:
    """Whether nobody can read any more what is written to this pipe or socket."""
    poll = select.poll()
    poll.register(output, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _watchable_output() -> int | None:
    """The descriptor of the standard output if it is a pipe or a socket, which tell when their reader leaves."""
    with suppress(OSError, ValueError, AttributeError):
        descriptor = sys.stdout.fileno()
        mode = os.fstat(descriptor).st_mode
        return descriptor if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None
    return None


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    if _on_interrupt:
        _on_interrupt.pop()()
        return
    with suppress(OSError):
        os.write(2, b"fanin: Stopped.\n")
    # Nothing may be imported here: the signal may have come in the middle of an import.
    end = getattr(sys.modules.get("fanin.pools.interpreter_exit"), "end_process", os._exit)
    end(INTERRUPTED)
