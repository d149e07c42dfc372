"""A clock that jumps: an event loop whose time passes only when all wait, so that 15 seconds take milliseconds."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop that, when it would sleep until the next timer, sets its clock to that timer instead.

    Its time starts at 0.0 and takes exactly the values that timers were set to. Sockets work, but time does not pass
    while they are waited for; threads and worker pools are for a real clock.
    """

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        """The virtual time in seconds."""
        return self._now

    def jump(self) -> None:
        """Set the clock to the next timer, if there is one."""
        scheduled: list[asyncio.TimerHandle] = getattr(self, "_scheduled")  # noqa: B009 - asyncio gives no other way
        if scheduled:
            self._now = max(self._now, scheduled[0].when())


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0 if timeout is not None else None)
        if not ready and timeout:
            self._loop.jump()
        return ready


def run_jumping[T](main: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, run in a jumping loop of its own."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)
