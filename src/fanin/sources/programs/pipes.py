"""The pipes of a child process: fanin's ends of them, stdin and stderr."""

import asyncio
import logging
import os
from typing import IO, cast, override

from fanin.log import logger
from fanin.net.secrets import Mask
from fanin.sanitize import line

_TAIL = 2_000
"""Bytes that are kept of the end of stderr, for errors."""

_AT_ONCE, _PAUSE = 65_536, 0.02
"""Bytes of stderr that are read between two pauses, and the seconds of a pause."""

_LINES = 50
"""Lines of one chunk of stderr that are logged."""


class PipeEnd:
    """Fanin's end of a pipe: the descriptor of a file object, which is closed exactly once, by its transport.

    A file object would close its descriptor when it is garbage-collected, although uvloop may have closed it already
    and the number may belong to another file by then.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._descriptor: int | None = os.dup(file.fileno())
        file.close()

    def fileno(self) -> int:
        """The descriptor."""
        if self._descriptor is None:
            raise ValueError("this end of a pipe is closed")
        return self._descriptor

    def close(self) -> None:
        """Close the descriptor, the first time."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


class StdinPipe(asyncio.BaseProtocol):
    """A program's stdin. A program that no longer reads is not an error."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._open = asyncio.Event()
        self._open.set()

    def write(self, data: bytes) -> None:
        """Write the data, buffered until the program reads them."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self) -> None:
        """Wait until the program has read most of what was written, or has closed its end."""
        await self._open.wait()

    def close(self) -> None:
        """Close it once everything is written."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close it at once, and discard what is still to be written."""
        if (transport := self._transport) is not None and (
            transport.get_write_buffer_size() or not transport.is_closing()
        ):
            transport.abort()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._open.set()

    @override
    def pause_writing(self) -> None:
        self._open.clear()

    @override
    def resume_writing(self) -> None:
        self._open.set()


class StderrPipe(asyncio.Protocol):
    """A program's stderr without secrets: its end is kept, and its lines are logged at level DEBUG.

    At most `_AT_ONCE` bytes are read in `_PAUSE` seconds, so that a program that writes without end has to wait.
    """

    def __init__(self, name: str, mask: Mask) -> None:
        self._name = name
        self._mask = mask
        self._last = bytearray()
        self._transport: asyncio.ReadTransport | None = None
        self._left = _AT_ONCE

    @property
    def tail(self) -> str:
        """The end of it, in one line."""
        return line(self._mask.message(bytes(self._last).decode("utf-8", "replace")))

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.ReadTransport", transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    @override
    def data_received(self, data: bytes) -> None:
        self._last += data[-_TAIL:]
        del self._last[:-_TAIL]
        if logger.isEnabledFor(logging.DEBUG):
            for each in data[:_AT_ONCE].decode("utf-8", "replace").split("\n", _LINES)[:_LINES]:
                if each:
                    logger.debug("%s on stderr: %s", self._name, line(self._mask.message(each), limit=500))
        self._left -= len(data)
        if self._left <= 0 and self._transport is not None:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(_PAUSE, self._resume)

    def _resume(self) -> None:
        self._left = _AT_ONCE
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
