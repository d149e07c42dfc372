"""Plain functions as sources: each call has a thread of its own that cannot keep the process alive."""

import asyncio
import contextvars
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any, cast

from fanin.errors import FailureKind, SourceError, describe
from fanin.pools.stopping import Stopper, in_own_code


class Stopped(BaseException):
    """Raised inside a source's thread when its time is over; a source need not catch it."""


AGAIN, TRIES = 0.02, 250
"""Seconds until a thread that has not ended is told to stop again, and how often; after that it is left alone."""


AHEAD, WAIT = 64, 0.05
"""Items that a thread may be ahead of whoever reads them, and seconds until it looks whether anybody still does."""


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


async def in_thread(
    function: Callable[..., Any], *arguments: Any, may_stop: Callable[[CodeType], bool] | None = None
) -> AsyncGenerator[Any]:
    """What the function returns, or each thing that its iterator yields, from a daemon thread.

    When the consumer leaves, `Stopped` is raised in the thread, in the caller's own code only: at the end of a turn of
    a loop, or at a call of what is on its stack. A thread that is anywhere else, such as in C or in a library, goes on
    until it comes back, and what it then says is ignored. `may_stop` says in which code it may be raised instead:
    `anywhere` in a function that takes no locks and keeps no state, `nowhere` in one that looks itself.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Any] = asyncio.Queue()

    def put(item: Any) -> None:
        # The loop may be closed when a thread that outlived its question comes back.
        if not loop.is_closed():
            loop.call_soon_threadsafe(queue.put_nowait, item)

    call = _Call(lambda: function(*arguments), put, may_stop or in_own_code(function))
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(call.run,), name="fanin source", daemon=True).start()
    try:
        while not isinstance(item := await queue.get(), _End):
            call.room.release()
            yield item
        if item.error is not None:
            raise item.error
    finally:
        _stop(call, loop, TRIES)


def _stop(call: _Call, loop: asyncio.AbstractEventLoop, tries: int) -> None:
    if not call.stop() and tries:
        loop.call_later(AGAIN, _stop, call, loop, tries - 1)


class _Call:
    """One call in its thread. `_lock` orders its end against a stop, so that no exception lands outside the call."""

    def __init__(
        self, function: Callable[[], Any], put: Callable[[Any], None], may_stop: Callable[[CodeType], bool]
    ) -> None:
        self._function = function
        self._put = put
        self._may_stop = may_stop
        self.room = threading.Semaphore(AHEAD)
        self._lock = threading.Lock()
        self._stopper: Stopper | None = None
        self._stops = 0
        self._over = False

    def run(self) -> None:
        """Run the function and hand over what it gives; whatever happens, the last thing handed over is an end."""
        error: BaseException | None = None
        try:
            with self._lock:
                self._stopper = Stopper(
                    thread=threading.get_ident(),
                    below=_Call._work.__code__,
                    error=Stopped,
                    may_stop=self._may_stop,
                    everywhere=False,
                )
            if not self._over:
                self._work()
        except Exception as failure:  # noqa: BLE001 - whatever a source raises is its outcome
            error = failure
        except BaseException as failure:  # noqa: BLE001 - the end of a source must not be the end of the program
            error = SourceError(f"The source raised {describe(failure)}; fanin stopped reading it.", FailureKind.EXIT)
        with self._lock:
            self._over = True
            stopper, self._stopper = self._stopper, None
            if stopper is not None:
                stopper.withdraw()
        self._put(_End(error))

    def stop(self) -> bool:
        """Have the call stopped at the next place that allows it; False if it has not ended yet."""
        with self._lock:
            self._over = True
            if self._stopper is not None:
                self._stopper.request(calls=self._stops > 0)
                self._stops += 1
            return self._stopper is None

    def _work(self) -> None:
        value = self._function()
        if not isinstance(value, Iterator):
            self._put(value)
            return
        for item in cast("Iterator[Any]", value):
            while not self.room.acquire(timeout=WAIT) and not self._over:
                pass
            if self._over:
                return
            self._put(item)
