"""Workers that are interpreters in this process: each has its own GIL, so that they use all cores."""

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
"""A new interpreter has the initial `sys.path`, without the script's folder and later additions."""


class InterpreterWorker(SocketWorker):
    """An interpreter with its watchdog. If its code never leaves C it is abandoned; `os._exit` ends the process."""

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
        super().__init__(function)
        self._orders = OrderPipe()

    def run(self, theirs: socket.socket) -> None:
        """Make the interpreter, run it until it is asked to end, and close it."""
        try:
            self._run_interpreter(theirs)
        finally:
            self._orders.close()

    def _run_interpreter(self, theirs: socket.socket) -> None:
        with forking.no_fork(opened=1):
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
            with forking.no_fork(opened=-1):
                interpreter.close()

    def stop(self, number: int) -> None:
        """Have the watchdog stop the job."""
        self._orders.send(number)

    def close(self) -> None:
        """See SocketWorker; the watchdog stops the running job."""
        self._orders.send(STOP_ALL)
        super().close()

    def abandon(self) -> bool:
        """False: nothing outside of an interpreter can end it."""
        self.close()
        return False

    def forget_in_child(self) -> None:
        """See SocketWorker."""
        super().forget_in_child()
        self._orders.close()
