"""A running program: its lines, its last words, its status, and an end that it cannot refuse.

Programs are started by `subprocess`, which runs no Python between fork and exec, and not by the event loop: uvloop
does, and hangs there when worker interpreters are alive. The loop only reads and writes the pipes.
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
from fanin.log import logger
from fanin.loop_time import TimeSlice
from fanin.net.secrets import Mask, Secret
from fanin.sanitize import line as sanitized
from fanin.sources.programs.environment import Variables, environment, secrets_in
from fanin.sources.programs.pipes import End, Input, LastWords

LONGEST = 4_000_000
"""Bytes of the longest line that a program may write; twice as much is held in memory."""

_SHOWN = 500
"""Characters of a line that the log shows."""

REAPED = 1.0
"""Seconds to wait for the system to take a killed process away; it needs milliseconds."""


class Child:
    """One started program. Whoever starts it must await `end()`; when it exits, its whole group is ended."""

    def __init__(self, process: subprocess.Popen[bytes], *, name: str, mask: Mask) -> None:
        self._loop = asyncio.get_running_loop()
        self._name = name
        self._begun = self._loop.time()
        self._process = process
        self._gone = self._loop.create_future()
        self._input = Input()
        self._output = asyncio.StreamReader(limit=LONGEST)
        self.mask = mask
        """Hides what it was given that nobody may read."""
        self._errors = LastWords(name, mask)
        self._unconnected = [End(cast("IO[bytes]", pipe)) for pipe in (process.stdin, process.stdout, process.stderr)]
        self._transports: list[asyncio.BaseTransport] = []
        self._watch()
        atexit.register(self._signal, signal.SIGKILL)  # a program that ends at once must leave nothing behind

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        name: str,
        variables: Variables | None = None,
        secrets: Iterable[Secret] = (),
        folder: str | None = None,
    ) -> Self:
        """Start a program without a shell; `secrets` are those that it will be told besides its variables.

        Raises SourceError (kind "program") when it cannot be started.
        """
        mask = Mask((*secrets_in(variables), *secrets))
        child = cls(_started(command, environment(variables or {}), folder), name=name, mask=mask)
        child.log("started as process %d: %s", child.pid, " ".join(command))
        try:
            await child._connect()
        except BaseException:
            await child.end()
            raise
        return child

    def log(self, text: str, *values: object) -> None:
        """Tell the log something of this program, without secrets; long texts are cut."""
        if logger.isEnabledFor(logging.DEBUG):
            shown = (sanitized(self.mask.message(each[:_SHOWN])) if isinstance(each, str) else each for each in values)
            logger.debug(f"%s: {text}", self._name, *shown)

    @property
    def pid(self) -> int:
        """The process id, which is its group's too."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """The end of what it said on stderr, in one line."""
        return self._errors.told

    def send(self, line: bytes) -> None:
        """Write to its stdin as it reads; a program that no longer reads is no error."""
        self.log("sent %s", _text(line))
        self._input.write(line)

    async def flush(self) -> None:
        """Wait until it has read most of what was sent, or reads no more."""
        await self._input.flushed()

    def finish(self) -> None:
        """Close its stdin once everything is written."""
        self._input.close()

    async def lines(self) -> AsyncGenerator[bytes]:
        """The lines of its stdout as they come. Raises SourceError (kind "too_large") for one that is too long."""
        working = TimeSlice()
        while True:
            try:
                await working.checkpoint()
                line = await self._output.readline()
            except ValueError:
                raise SourceError(
                    f"It wrote a line of more than {LONGEST:,} bytes; fanin stopped reading it. Let it write shorter"
                    " lines.",
                    FailureKind.TOO_LARGE,
                ) from None
            if not line:
                return
            self.log("received %s", _text(line))
            yield line

    async def status(self) -> int:
        """Its exit status, or minus the number of the signal that ended it; waits until it has exited."""
        await asyncio.wait((self._gone,))
        return self._process.returncode

    async def end(self, *, patience: float = 0.0) -> None:
        """End it and everything in its group. With `patience`, its stdin is closed, and it may end by itself.

        After so many seconds it gets SIGTERM, after as many again SIGKILL.
        """
        try:
            if patience and not self._gone.done():
                self.finish()
                await asyncio.wait((self._gone,), timeout=patience)
                self._signal(signal.SIGTERM)
                await asyncio.wait((self._gone,), timeout=patience)
        finally:
            self._signal(signal.SIGKILL)
            self._disconnect()
        await asyncio.wait((self._gone,), timeout=REAPED)

    async def _connect(self) -> None:
        stdin, stdout, stderr = self._unconnected
        for connect, make, pipe in (
            (self._loop.connect_write_pipe, lambda: self._input, stdin),
            (self._loop.connect_read_pipe, lambda: StreamReaderProtocol(self._output), stdout),
            (self._loop.connect_read_pipe, lambda: self._errors, stderr),
        ):
            self._unconnected.remove(pipe)
            transport, _ = await connect(make, pipe)
            self._transports.append(transport)

    def _disconnect(self) -> None:
        self._input.abort()
        for each in (*self._transports, *self._unconnected):
            each.close()
        self._unconnected.clear()

    def _signal(self, number: signal.Signals) -> None:
        # A process that was reaped may have left its number to another.
        if not self._gone.done():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    def _watch(self) -> None:
        """Have `_exited` called on the loop when the process exits."""
        if hasattr(os, "pidfd_open"):
            watched = os.pidfd_open(self.pid)
            self._loop.add_reader(watched, self._exited, watched)
        else:
            threading.Thread(target=self._wait, name="fanin child", daemon=True).start()

    def _wait(self) -> None:
        """Wait without reaping, so that the number of the group stays its own until the group was ended."""
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        with suppress(RuntimeError):  # the loop may be closed by now
            self._loop.call_soon_threadsafe(self._exited)

    def _exited(self, watched: int | None = None) -> None:
        if watched is not None:
            self._loop.remove_reader(watched)
            os.close(watched)
        self._signal(signal.SIGKILL)
        atexit.unregister(self._signal)
        status = self._process.wait()
        self.log("ended with status %d after %.3f s", status, self._loop.time() - self._begun)
        if not self._gone.done():
            self._gone.set_result(None)


def _text(written: bytes) -> str:
    return written[: 4 * _SHOWN].decode("utf-8", "replace")


def _started(command: Sequence[str], variables: dict[str, str], folder: str | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - the command is the settings' own; no question gets into it
            command, bufsize=0, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=variables, cwd=folder, start_new_session=True
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or message_of(error)
        raise SourceError(
            f"{command[0]!r} could not be started: {why}; fanin did without it. Check the program, its place, and the"
            " folder to run it in.",
            FailureKind.PROGRAM,
        ) from error
