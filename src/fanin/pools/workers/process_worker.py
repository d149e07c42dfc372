"""Workers that are processes, for functions that refuse subinterpreters, hang in C, or may crash."""

import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from fanin.pools.inside.references import Reference
from fanin.pools.inside.serving import serve_process
from fanin.pools.workers.socket_worker import SocketWorker

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


class ProcessWorker(SocketWorker):
    """A process, which can be killed. It is not forked from this one, since forks crash with open interpreters
    (gh-139759).
    """

    _process: BaseProcess | None = None
    _killed = False

    def run(self, theirs: socket.socket) -> None:
        """Start the process and wait for its end."""
        import multiprocessing  # it takes 10 ms, which would block the event loop

        contexts = multiprocessing.get_context
        kind = contexts("forkserver").Process if sys.platform == "linux" else contexts("spawn").Process
        process = kind(target=serve, args=(theirs, self.first), name="fanin worker", daemon=True)
        process.start()
        theirs.close()
        self._process = process
        if self._killed:
            process.kill()
        process.join()
        self.reason = f"its process ended with exit code {process.exitcode}"
        self._process = None
        process.close()

    def stop(self, number: int) -> None:  # noqa: ARG002 - there is only one
        """Kill the process."""
        self.abandon()

    def close(self) -> None:
        """See SocketWorker."""
        self.abandon()
        super().close()

    def abandon(self) -> bool:
        """Kill the process."""
        self._killed = True
        if (process := self._process) is not None:
            with suppress(ValueError):  # it has ended meanwhile
                process.kill()
        return True


def serve(theirs: socket.socket, first: Reference | None) -> None:
    """The main function of the process."""
    serve_process(theirs.fileno(), first)
