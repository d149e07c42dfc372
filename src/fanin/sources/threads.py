"""Plain functions as sources: each call has a thread of its own that cannot keep the process alive."""

import asyncio
import contextvars
import ctypes
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from fanin.errors import SourceError, describe


class Stopped(BaseException):
    """Raised inside a source's thread when its time is over; a source need not catch it."""


AGAIN, TRIES = 0.01, 500
"""Seconds until a thread that imports is looked at again, and how often: an import is over in far less."""


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


async def in_thread(function: Callable[[], Any]) -> AsyncGenerator[Any]:
    """What the function returns, or each thing that its iterator yields, from a daemon thread.

    When the consumer leaves, `Stopped` is raised in the thread at its next Python instruction, and after an import that
    it is in; a thread that is stuck in C goes on until it returns, and what it then says is ignored.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Any] = asyncio.Queue()

    def put(item: Any) -> None:
        # The loop may be closed when a thread that outlived its question comes back.
        if not loop.is_closed():
            loop.call_soon_threadsafe(queue.put_nowait, item)

    call = _Call(function, put)
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(call.run,), name="fanin source", daemon=True).start()
    try:
        while not isinstance(item := await queue.get(), _End):
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

    def __init__(self, function: Callable[[], Any], put: Callable[[Any], None]) -> None:
        self._function = function
        self._put = put
        self._lock = threading.Lock()
        self._thread = 0
        self._over = False

    def run(self) -> None:
        """Run the function and hand over what it gives; whatever happens, the last thing handed over is an end."""
        error: BaseException | None = None
        try:
            with self._lock:
                self._thread = threading.get_ident()
            if not self._over:
                self._hand_over(self._function())
        except Exception as failure:  # noqa: BLE001 - whatever a source raises is its outcome
            error = failure
        except BaseException as failure:  # noqa: BLE001 - the end of a source must not be the end of the program
            error = SourceError(f"The source raised {describe(failure)}; fanin stopped reading it.", kind="exit")
        try:
            with self._lock:
                self._over, self._thread = True, 0
        except Stopped:
            self._over = True
        self._put(_End(error))

    def stop(self) -> bool:
        """End the call at its next Python instruction, if it still runs; False: not now, for it is importing."""
        with self._lock:
            self._over = True
            if not self._thread:
                return True
            if _imports(self._thread):
                return False
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(Stopped))
            self._thread = 0
            return True

    def _hand_over(self, value: Any) -> None:
        if not isinstance(value, Iterator):
            self._put(value)
            return
        for item in cast("Iterator[Any]", value):
            if self._over:
                return
            self._put(item)


def _imports(thread: int) -> bool:
    """Whether the thread is within an import: stopped there, it could keep the lock without which nobody can import."""
    frame = sys._current_frames().get(thread)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    while frame is not None and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None
