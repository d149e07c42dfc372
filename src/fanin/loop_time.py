"""Work that would hold up the event loop: divided into slices of time, or done in a thread."""

import asyncio
import threading
from collections.abc import Callable

from fanin.background import in_daemon_thread

SLICE = 0.002
"""Seconds of work after which a task lets others run."""

ON_LOOP = 16_384
"""Bytes that are parsed on the event loop, in a millisecond or two; what is longer is parsed in a thread."""

_ONE_AT_A_TIME = threading.Lock()
"""Of several busy threads the interpreter lets any run next; the loop competes with one of them, and not with all."""


class TimeSlice:
    """The time for which one task has worked without letting others run: call `checkpoint` between two steps."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()

    async def checkpoint(self) -> None:
        """Let others run, if this task has worked for `SLICE` seconds."""
        if self._loop.time() - self._begun >= SLICE:
            await asyncio.sleep(0)
            self._begun = self._loop.time()


async def off_loop[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function returns, from a daemon thread, one at a time in the whole process; raises what it raises.

    Nothing stops the function: its work must be bounded. When the caller is cancelled, the result is dropped.
    """

    def alone() -> T:
        with _ONE_AT_A_TIME:
            return function(*args, **kwargs)

    return await in_daemon_thread(alone)
