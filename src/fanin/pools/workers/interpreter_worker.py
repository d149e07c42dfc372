"""Workers that are interpreters of their own in this process: each has its own lock, so they use every core."""

import socket
import sys
from collections.abc import Callable
from concurrent import interpreters
from typing import Any

from fanin.pools import forking
from fanin.pools.inside.watchdog import STOP_ALL, OrderPipe
from fanin.pools.workers.socket_worker import SocketWorker

PROGRAM = """
import sys
sys.path[:] = {path!r}
from fanin.pools.inside.serving import serve_interpreter
serve_interpreter({descriptor}, {orders}, {first!r})
"""
"""A new interpreter has the path that Python began with: without the script's folder, and what was added since."""


class InterpreterWorker(SocketWorker):
    """An interpreter with a watchdog inside. Code that never leaves C is abandoned; `os._exit` ends the process."""

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
        super().__init__(function)
        self._orders = OrderPipe()

    def run(self, theirs: socket.socket) -> None:
        """Make the interpreter, run it until it is told to end, and close it."""
        try:
            self._live(theirs)
        finally:
            self._orders.close()

    def _live(self, theirs: socket.socket) -> None:
        with forking.held_off(opened=1):
            interpreter = interpreters.create()
        try:
            if not self.unwanted:
                program = PROGRAM.format(
                    path=[*map(str, sys.path)],
                    descriptor=theirs.fileno(),
                    orders=self._orders.descriptors,
                    first=self.first,
                )
                interpreter.exec(program)
        finally:
            with forking.held_off(opened=-1):
                interpreter.close()

    def stop(self, number: int) -> None:
        """Have the watchdog stop the job."""
        self._orders.send(number)

    def close(self) -> None:
        """See SocketWorker; the watchdog stops what runs."""
        self._orders.send(STOP_ALL)
        super().close()

    def abandon(self) -> bool:
        """It stays: nothing outside of an interpreter can end it."""
        self.close()
        return False

    def forget_in_child(self) -> None:
        """See SocketWorker."""
        super().forget_in_child()
        self._orders.close()
