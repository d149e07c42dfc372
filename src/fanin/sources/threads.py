"""Runs plain functions of sources, each call in a daemon thread, which cannot keep the process alive."""

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
    """Raised inside a source's thread at its deadline; a source need not catch it."""


AGAIN, TRIES = 0.02, 250
"""Seconds until a thread that has not ended is asked to stop again, and how often at most."""


AHEAD, WAIT = 64, 0.05
"""Items that a thread may be ahead of its reader, and seconds between its checks whether it is to stop."""


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


async def in_thread(
    function: Callable[..., Any], *arguments: Any, may_stop: Callable[[CodeType], bool] | None = None
) -> AsyncGenerator[Any]:
    """What the function returns, or each item that its iterator yields, from a daemon thread.

    When the consumer leaves, `Stopped` is raised in the thread, but only in the caller's own code: at the end of an
    iteration of a loop, or at a call by a function on its stack. A thread that is anywhere else, such as in C or in a
    library, runs on until it returns from there, and its result is ignored. `may_stop` says in which other code it
    may be raised: `anywhere` for a function that takes no locks and keeps no state, `nowhere` for one that checks
    by itself.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Any] = asyncio.Queue()

    def put(item: Any) -> None:
        # The loop may be closed before a thread that outlived its question returns.
        if not loop.is_closed():
            loop.call_soon_threadsafe(queue.put_nowait, item)

    call = _Call(lambda: function(*arguments), put, may_stop or in_own_code(function))
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(call.run,), name="fanin source", daemon=True).start()
    try:
        while not isinstance(item := await queue.get(), _End):
            call.free_slots.release()
            yield item
        if item.error is not None:
            raise item.error
    finally:
        _stop(call, loop, TRIES)


def _stop(call: _Call, loop: asyncio.AbstractEventLoop, tries: int) -> None:
    if not call.stop() and tries:
        loop.call_later(AGAIN, _stop, call, loop, tries - 1)


class _Call:
    """One call in its thread. `_lock` ensures that no exception is raised in the thread after the call has ended."""

    def __init__(
        self, function: Callable[[], Any], put: Callable[[Any], None], may_stop: Callable[[CodeType], bool]
    ) -> None:
        self._function = function
        self._put = put
        self._may_stop = may_stop
        self.free_slots = threading.Semaphore(AHEAD)
        self._lock = threading.Lock()
        self._stopper: Stopper | None = None
        self._stops = 0
        self._over = False

    def run(self) -> None:
        """Run the function and put each item into the queue; the last item is always an `_End`."""
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
        except BaseException as failure:  # noqa: BLE001 - SystemExit in a source must not end the program
            error = SourceError(f"The source raised {describe(failure)}; fanin stopped reading it.", FailureKind.EXIT)
        with self._lock:
            self._over = True
            stopper, self._stopper = self._stopper, None
            if stopper is not None:
                stopper.withdraw()
        self._put(_End(error))

    def stop(self) -> bool:
        """Ask the call to stop at the next place where it may; False if it has not ended yet."""
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
            while not self.free_slots.acquire(timeout=WAIT) and not self._over:
                pass
            if self._over:
                return
            self._put(item)
