"""A running program: its lines, its last words, its status, and an end that it cannot refuse."""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process, SubprocessStreamProtocol
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Self, cast

from fanin.errors import SourceError
from fanin.log import logger
from fanin.sources.programs.environment import Variables, environment

LONGEST = 4_000_000
"""Bytes of the longest line that a program may write; twice as much is held in memory."""

REAPED = 1.0
"""Seconds to wait for the system to take a killed process away; it needs milliseconds."""

_LAST = 2_000
"""Bytes of what a program said on stderr that are kept for the error."""


class Child:
    """One started program. Whoever starts it must await `end()`; when it exits, its whole group is ended."""

    def __init__(self, transport: asyncio.SubprocessTransport, protocol: _Protocol) -> None:
        self._process = Process(transport, protocol, asyncio.get_running_loop())
        self._stdin = cast("asyncio.StreamWriter", self._process.stdin)
        self._stdout = cast("asyncio.StreamReader", self._process.stdout)
        self._transport = transport
        self._protocol = protocol

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        name: str,
        variables: Variables | None = None,
        folder: str | None = None,
    ) -> Self:
        """Start a program without a shell. Raises SourceError (kind "program") when it cannot be started."""
        starting = asyncio.ensure_future(_start(command, name, environment(variables or {}), folder))
        try:
            transport, protocol = await asyncio.shield(starting)
        except asyncio.CancelledError:
            # Only a program that has been started can be ended with all that it started.
            with suppress(SourceError):
                await cls(*await starting).end()
            raise
        return cls(transport, protocol)

    @property
    def pid(self) -> int:
        """The process id, which is its group's too."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """The end of what it said on stderr, in one line."""
        return " ".join(bytes(self._protocol.last).decode("utf-8", "replace").split())

    def send(self, line: bytes) -> None:
        """Write to its stdin as it reads; a program that no longer reads is no error."""
        self._stdin.write(line)

    async def flush(self) -> None:
        """Wait until it has read most of what was sent; a program that no longer reads is no error."""
        with suppress(ConnectionError):
            await self._stdin.drain()

    def finish(self) -> None:
        """Close its stdin once everything is written."""
        self._stdin.close()

    async def lines(self) -> AsyncGenerator[bytes]:
        """The lines of its stdout as they come. Raises SourceError (kind "too_large") for one that is too long."""
        while True:
            try:
                line = await self._stdout.readline()
            except ValueError:
                raise SourceError(
                    f"It wrote a line of more than {LONGEST:,} bytes; fanin stopped reading it. Let it write shorter"
                    " lines.",
                    kind="too_large",
                ) from None
            if not line:
                return
            yield line

    async def status(self) -> int:
        """Its exit status, or minus the number of the signal that ended it; waits until it has exited."""
        return await self._process.wait()

    async def end(self, *, patience: float = 0.0) -> None:
        """End it and everything in its group. With `patience`, its stdin is closed, and it may end by itself.

        After so many seconds it gets SIGTERM, after as many again SIGKILL.
        """
        if patience:
            self.finish()
            for stop in (None, signal.SIGTERM):
                if self._transport.get_returncode() is None:
                    self._signal(stop)
                    await asyncio.wait((self._protocol.exited,), timeout=patience)
        self._signal(signal.SIGKILL)
        self._transport.close()
        await asyncio.wait((self._protocol.exited,), timeout=REAPED)

    def _signal(self, number: signal.Signals | None) -> None:
        # A group whose leader is gone was ended by `_Protocol`, and its number may be another's by now.
        if number is not None and self._transport.get_returncode() is None:
            _end_group(self.pid, number)


class _Protocol(SubprocessStreamProtocol):
    """Streams for stdin and stdout; stderr goes to the log and is kept a little; the group ends with its leader."""

    def __init__(self, name: str, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(LONGEST, loop)
        self.exited: asyncio.Future[None] = loop.create_future()
        self.last = bytearray()
        self._name = name

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._pid = cast("asyncio.SubprocessTransport", transport).get_pid()

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        if fd == 1:
            super().pipe_data_received(fd, data)
            return
        said = cast("bytes", data)
        self.last += said
        del self.last[:-_LAST]
        for line in said.decode("utf-8", "replace").split("\n"):
            if line:
                logger.debug("%s on stderr: %.500s", self._name, line)

    def process_exited(self) -> None:
        _end_group(self._pid, signal.SIGKILL)
        super().process_exited()
        if not self.exited.done():
            self.exited.set_result(None)


async def _start(
    command: Sequence[str], name: str, variables: dict[str, str], folder: str | None
) -> tuple[asyncio.SubprocessTransport, _Protocol]:
    loop = asyncio.get_running_loop()
    try:
        return await loop.subprocess_exec(
            lambda: _Protocol(name, loop),
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=variables,
            cwd=folder,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise SourceError(
            f"{command[0]!r} could not be started: {why}; fanin did without it. Check the program, its place, and the"
            " folder to run it in.",
            kind="program",
        ) from error


def _end_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
