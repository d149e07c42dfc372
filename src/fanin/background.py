"""Blocking calls in daemon threads, for which neither `asyncio.run` nor the end of the process waits."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue
from typing import Any


class DaemonThreads(Executor):
    """An executor of at most `count` daemon threads; for those of `concurrent.futures` the end of the process waits."""

    def __init__(self, count: int, *, name: str) -> None:
        self._count = count
        self._name = name
        self._calls = SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def submit[**P, T](self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call; raises RuntimeError after `shutdown`."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError(f"the threads {self._name!r} are closed")
            self._calls.put((future, lambda: function(*args, **kwargs)))
            if self._idle:
                self._idle -= 1
            elif (number := len(self._threads) + 1) <= self._count:
                self._threads.append(threading.Thread(target=self._work, name=f"{self._name} {number}", daemon=True))
                self._threads[-1].start()
        return future

    def shutdown(self, wait: bool = False, *, cancel_futures: bool = False) -> None:
        """Take no more calls, and end the threads after the calls that wait; waits for them with `wait`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        while cancel_futures:
            try:
                call = self._calls.get_nowait()
            except Empty:
                break
            if call is not None:
                call[0].cancel()
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _work(self) -> None:
        while (call := self._next()) is not None:
            future, function = call
            if future.set_running_or_notify_cancel():
                _settle(future, function)
            del call, future, function  # not kept until the next one comes

    def _next(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        try:
            return self._calls.get_nowait()
        except Empty:
            with self._lock:
                self._idle += 1
            return self._calls.get()


async def in_daemon_thread[**P, T](function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function returns, or raises, from a daemon thread of its own; `asyncio.run` waits for `to_thread`."""
    future: Future[T] = Future()
    context = contextvars.copy_context()

    def run() -> None:
        if future.set_running_or_notify_cancel():
            _settle(future, lambda: context.run(function, *args, **kwargs))

    threading.Thread(target=run, name=f"fanin {getattr(function, '__name__', 'call')}", daemon=True).start()
    return await asyncio.wrap_future(future)


def _settle(future: Future[Any], function: Callable[[], Any]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
        future.set_exception(error)
