"""A child process: its lines, the end of its stderr, its exit status, and how it is ended.

It is started by `subprocess`, which runs no Python between fork and exec, and not by the event loop: uvloop does, and
hangs there while worker interpreters are alive. The loop only reads and writes the pipes.
"""

import asyncio
import atexit
import logging
import os
import signal
import subprocess
import threading
from asyncio.streams import StreamReaderProtocol
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import suppress
from subprocess import PIPE
from typing import IO, Self, cast

from fanin.errors import FailureKind, SourceError, message_of
from fanin.limits import LIMITS
from fanin.log import logger
from fanin.loop_time import TimeSlice
from fanin.net.secrets import Mask, Secret, secrets_in
from fanin.sanitize import line as sanitized
from fanin.sources.programs.environment import Variables, child_environment
from fanin.sources.programs.pipes import PipeEnd, StderrPipe, StdinPipe

_SHOWN = 500
"""Characters of a line that the log shows."""

REAP_TIMEOUT = 1.0
"""Seconds to wait for a killed process to exit, which takes milliseconds."""


class Child:
    """One started program. The caller must await `end()`; when the program exits, its whole process group is killed."""

    def __init__(self, process: subprocess.Popen[bytes], *, name: str, mask: Mask, longest: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._name = name
        self._started_at = self._loop.time()
        self._process = process
        self._exit = self._loop.create_future()
        self._stdin = StdinPipe()
        self._stdout = asyncio.StreamReader(limit=longest)
        self._longest = longest
        self.mask = mask
        """Hides the secrets that it was given."""
        self._stderr = StderrPipe(name, mask)
        self._unconnected = [
            PipeEnd(cast("IO[bytes]", pipe)) for pipe in (process.stdin, process.stdout, process.stderr)
        ]
        self._transports: list[asyncio.BaseTransport] = []
        self._watch()
        atexit.register(self._signal, signal.SIGKILL)  # in case fanin's own process exits first

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        name: str,
        variables: Variables | None = None,
        secrets: Iterable[Secret] = (),
        folder: str | None = None,
        longest: int = LIMITS.line_bytes,
    ) -> Self:
        """Start a program without a shell; `secrets` are those that it will be sent besides its variables.

        A line of its output may have `longest` bytes.

        Raises SourceError (kind "program") if it cannot be started.
        """
        mask = Mask((*secrets_in(variables), *secrets))
        child = cls(_spawn(command, child_environment(variables or {}), folder), name=name, mask=mask, longest=longest)
        child.log("started as process %d: %s", child.pid, " ".join(command))
        try:
            await child._connect()
        except BaseException:
            await child.end()
            raise
        return child

    def log(self, text: str, *values: object) -> None:
        """Log a message about this program; see `log_masked`."""
        log_masked(self._name, self.mask, text, *values)

    @property
    def pid(self) -> int:
        """The process id, which is also that of its group."""
        return self._process.pid

    @property
    def stderr_tail(self) -> str:
        """The end of what it wrote to stderr, in one line."""
        return self._stderr.tail

    def send(self, line: bytes) -> None:
        """Write to its stdin; a program that no longer reads is not an error."""
        self.log("sent %s", line)
        self._stdin.write(line)

    async def flush(self) -> None:
        """Wait until it has read most of what was sent, or has closed its stdin."""
        await self._stdin.drain()

    def finish(self) -> None:
        """Close its stdin once everything is written."""
        self._stdin.close()

    async def lines(self) -> AsyncGenerator[bytes]:
        """The lines of its stdout as they arrive. Raises SourceError (kind "too_large") for one that is too long."""
        working = TimeSlice()
        while True:
            try:
                await working.checkpoint()
                line = await self._stdout.readline()
            except ValueError:
                raise SourceError(
                    f"It wrote a line of more than {self._longest:,} bytes; fanin stopped reading it. Let it write"
                    " shorter lines.",
                    FailureKind.TOO_LARGE,
                ) from None
            if not line:
                return
            self.log("received %s", line)
            yield line

    async def status(self) -> int:
        """Wait until it exits. Gives its exit status, or minus the number of the signal that killed it."""
        await asyncio.wait((self._exit,))
        return self._process.returncode

    async def end(self, *, grace: float = 0.0) -> None:
        """Kill its process group. With `grace`, its stdin is closed first, so that it may exit by itself.

        It gets SIGTERM after `grace` seconds, and SIGKILL after as many again.
        """
        try:
            if grace and not self._exit.done():
                self.finish()
                await asyncio.wait((self._exit,), timeout=grace)
                self._signal(signal.SIGTERM)
                await asyncio.wait((self._exit,), timeout=grace)
        finally:
            self._signal(signal.SIGKILL)
            self._disconnect()
        await asyncio.wait((self._exit,), timeout=REAP_TIMEOUT)

    async def _connect(self) -> None:
        stdin, stdout, stderr = self._unconnected
        for connect, make, pipe in (
            (self._loop.connect_write_pipe, lambda: self._stdin, stdin),
            (self._loop.connect_read_pipe, lambda: StreamReaderProtocol(self._stdout), stdout),
            (self._loop.connect_read_pipe, lambda: self._stderr, stderr),
        ):
            self._unconnected.remove(pipe)
            transport, _ = await connect(make, pipe)
            self._transports.append(transport)

    def _disconnect(self) -> None:
        self._stdin.abort()
        for each in (*self._transports, *self._unconnected):
            each.close()
        self._unconnected.clear()

    def _signal(self, number: signal.Signals) -> None:
        # Another process may have the id of one that was reaped.
        if not self._exit.done():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    def _watch(self) -> None:
        """Arrange that `_exited` is called on the loop when the process exits."""
        if hasattr(os, "pidfd_open"):
            descriptor = os.pidfd_open(self.pid)
            self._loop.add_reader(descriptor, self._exited, descriptor)
        else:
            threading.Thread(target=self._wait, name="fanin child", daemon=True).start()

    def _wait(self) -> None:
        """Wait without reaping, so that no other group can get its id before the group was killed."""
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        with suppress(RuntimeError):  # the loop may be closed already
            self._loop.call_soon_threadsafe(self._exited)

    def _exited(self, descriptor: int | None = None) -> None:
        if descriptor is not None:
            self._loop.remove_reader(descriptor)
            os.close(descriptor)
        self._signal(signal.SIGKILL)
        atexit.unregister(self._signal)
        status = self._process.wait()
        self.log("ended with status %d after %.3f s", status, self._loop.time() - self._started_at)
        if not self._exit.done():
            self._exit.set_result(None)


def log_masked(name: str, mask: Mask, text: str, *values: object) -> None:
    """Log at DEBUG what was exchanged with a program or server, without secrets; long texts and bytes are cut."""
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug(f"%s: {text}", name, *(_loggable(each, mask) for each in values))


def _loggable(value: object, mask: Mask) -> object:
    if isinstance(value, bytes):
        value = value[: 4 * _SHOWN].decode("utf-8", "replace")
    return sanitized(mask.message(value[:_SHOWN])) if isinstance(value, str) else value


def _spawn(command: Sequence[str], variables: dict[str, str], folder: str | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - the command is the settings' own; no question gets into it
            command, bufsize=0, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=variables, cwd=folder, start_new_session=True
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or message_of(error)
        raise SourceError(
            f"{command[0]!r} could not be started: {why}; fanin did without it. Check the program, its path, and the"
            " folder to run it in.",
            FailureKind.PROGRAM,
        ) from error
