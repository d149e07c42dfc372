"""A worker behind a socket: the common part of interpreters and processes."""

import asyncio
import pickle
import socket
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any

from fanin.errors import describe
from fanin.pools import interpreter_exit
from fanin.pools.inside.job import Reply
from fanin.pools.inside.messages import CHUNK, DONE, IMPORTING, STARTED, Messages, job_message, read_reply
from fanin.pools.inside.references import reference_to
from fanin.pools.workers.worker import Listener, Order

MOST_AT_ONCE = 64
"""Messages in one write, which every system allows (IOV_MAX is 16 in POSIX, 1024 on Linux and macOS)."""


class SocketWorker(ABC):
    """Sends jobs over a socket and reads replies, on the event loop; a daemon thread runs the worker itself.

    All jobs of one loop iteration are sent in one write, and many replies arrive in one read. Each kind of worker has
    its own `run`, which is called in that thread with the worker's end of the socket, and returns when the worker ends.
    """

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
        self.first = reference_to(function) if function else None
        self.unwanted = False
        self.busy = 0
        self.reason = ""
        self._messages = Messages()
        self._outgoing: deque[bytes | memoryview] = deque()
        self._flushing = False

    @abstractmethod
    def run(self, theirs: socket.socket) -> None:
        """Run the worker until it ends; an exception is the reason why it ended."""

    @abstractmethod
    def stop(self, number: int) -> None:
        """Stop the running job; see Worker."""

    @abstractmethod
    def abandon(self) -> bool:
        """Abandon a worker that does not stop; see Worker."""

    def start(self, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        """Start; see Worker."""
        self._loop, self._listener = loop, listener
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(True)  # also where the program has set a default timeout
        loop.add_reader(self._ours, self._readable)
        # A daemon, since the exit of the process waits for other threads without a limit.
        self.thread = threading.Thread(
            target=self._run_in_thread, args=(self._theirs,), name="fanin worker", daemon=True
        )
        interpreter_exit.watch(self)
        self.thread.start()

    def send(self, order: Order) -> None:
        """Write the job at the end of this loop iteration; see Worker."""
        if self._ours.fileno() < 0:
            raise ConnectionError(self.reason or "the worker has ended")
        self._outgoing.append(job_message(order.number, order.until, reference_to(order.function), order.arguments))
        self.busy += 1
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        """Stop the running job and end, or do not start at all; may be called in any thread."""
        self.unwanted = True
        with suppress(OSError):
            self._ours.shutdown(socket.SHUT_RDWR)

    def disconnect(self) -> None:
        """Read no further messages; see Worker."""
        if self._ours.fileno() >= 0:
            self._loop.remove_reader(self._ours)
            self._loop.remove_writer(self._ours)
            self._ours.close()

    def forget_in_child(self) -> None:
        """In a forked child: close the descriptors of the parent's worker."""
        for each in (self._ours, self._theirs):
            with suppress(OSError):
                each.close()

    def _flush(self) -> None:
        self._flushing = False
        try:
            while self._outgoing:
                self._drop(self._ours.sendmsg(list(islice(self._outgoing, MOST_AT_ONCE))))
        except BlockingIOError:  # a long message, or a busy worker: continue when the socket is writable
            self._flushing = True
            self._loop.add_writer(self._ours, self._writable)
        except OSError:  # the worker has ended, which is noticed elsewhere
            self._outgoing.clear()

    def _writable(self) -> None:
        self._loop.remove_writer(self._ours)
        self._flush()

    def _drop(self, sent: int) -> None:
        while sent:
            first = self._outgoing.popleft()
            if sent < len(first):
                self._outgoing.appendleft(memoryview(first)[sent:])
                return
            sent -= len(first)

    def _readable(self) -> None:
        if not self._read():
            self._loop.remove_reader(self._ours)

    def _read(self) -> bool:
        """Read once and notify the listener; False at the end of the messages."""
        try:
            received = self._ours.recv(CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        for message in self._messages.feed(received):
            self._notify(*read_reply(message))
        return bool(received)

    def _notify(self, code: int, number: int, reply: Reply) -> None:
        if code == STARTED:
            self._listener.started(self, reply.kind, reply.message)
        elif code == IMPORTING:
            self._listener.importing(self)
        elif code == DONE:
            self.busy -= 1
            self._listener.replied(self, number, _unpickle(reply))

    def _run_in_thread(self, theirs: socket.socket) -> None:
        try:
            if not self.unwanted:
                self.run(theirs)
        except Exception as error:  # noqa: BLE001 - reported on the loop
            self.reason = describe(error)
        finally:
            theirs.close()
            interpreter_exit.forget(self)
            try:
                self._loop.call_soon_threadsafe(self._thread_ended)
            except RuntimeError:  # the loop is closed
                self._ours.close()

    def _thread_ended(self) -> None:
        """The thread has ended: read the last messages, then notify the listener."""
        while self._read():
            pass
        self.disconnect()
        self._listener.ended(self, self.reason)


def _unpickle(reply: Reply) -> Reply:
    """The reply with its value unpickled; a failure if that is not possible."""
    if reply.kind:
        return reply._replace(value=None)
    try:
        return reply._replace(value=pickle.loads(reply.value))  # noqa: S301 - it comes from this very program
    except Exception as error:  # noqa: BLE001 - unpickling runs code of the value's class
        message = f"The value could not be read here: {describe(error)}."
        return reply._replace(kind="unsendable", message=message, value=None)
