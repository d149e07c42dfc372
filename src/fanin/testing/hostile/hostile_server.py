"""A server on loopback with raw sockets, which sends the bytes of a misbehaviour unchanged."""

import asyncio
import re
import socket
import struct
from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing, suppress
from typing import Self

from fanin.testing.hostile.misbehaviours import MISBEHAVIOURS
from fanin.testing.hostile.scripts import Asked, Reset, Script

_LONGEST_REQUEST = 65_536
_LENGTH = re.compile(r"^content-length: *(\d{1,9})\r$", re.IGNORECASE | re.MULTILINE)

_TLS = b"\x16"
"""The first byte of a TLS handshake, to which a server of plain HTTP answers that it did not understand."""

_NO_TLS = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Hostile:
    """Misbehaves on 127.0.0.1 while its `async with` block lasts: `url(name)` is where it does so in the way `name`.

    The rest of the path after the name, and any query, is left to the script. `asked` counts requests by name.
    Connections that are still open at the end of the block are cut.
    """

    def __init__(self, scripts: Mapping[str, Script] = MISBEHAVIOURS) -> None:
        self._scripts = scripts
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._port = 0
        self.asked = Counter[str]()

    def url(self, name: str) -> str:
        """The address of one misbehaviour; at "refused" no server listens, and "tls" has no certificate."""
        if name == "refused":
            return f"http://127.0.0.1:{_closed_port()}/refused"
        return f"{'https' if name == 'tls' else 'http'}://127.0.0.1:{self._port}/{name}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_LONGEST_REQUEST)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A client that leaves in the middle is what most misbehaviours end with.
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while await self._answer(reader, writer):
                    pass
        except Reset:
            _reset(writer)
        finally:
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; true when the connection is kept for another."""
        first = await reader.readexactly(1)
        if first == _TLS:
            writer.write(_NO_TLS)
            return False
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ")[1] if head.count(" ") > 1 else "/"
        name, _, rest = path.lstrip("/").partition("?")[0].partition("/")
        self.asked[name] += 1
        length = _LENGTH.search(head)
        body = await reader.readexactly(min(int(length[1]), _LONGEST_REQUEST)) if length else b""
        asked = Asked(head, path, rest, self.asked[name], body)
        async with aclosing(self._scripts[name](asked)) as sends:
            async for piece in sends:
                writer.write(piece)
                await writer.drain()
        return asked.kept


def _reset(writer: asyncio.StreamWriter) -> None:
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
