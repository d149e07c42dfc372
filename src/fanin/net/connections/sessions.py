"""The connections of one event loop: guarded ones, ones that may be private, and those to a proxy, never mixed."""

import asyncio
import socket
from collections.abc import Buffer
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import override

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from fanin.errors import FailureKind, SourceError
from fanin.limits import Limits
from fanin.net.connections.resolver import AddrInfo, PublicNames, SystemNames, refuse
from fanin.net.http_errors import HEARD, failure_of, redacted
from fanin.net.secrets import Secret

_FIELD, _FIELDS = 16_384, 256
"""Bytes of one header and headers of an answer, beyond which aiohttp stops before it has read them all."""

SIP = 8_192
"""Bytes that are read and parsed before others have their turn: in chunks of one byte they take 20 ms."""

NAMES_KEPT = 30
"""Seconds for which a name is not looked up again."""


@dataclass(slots=True)
class Sending:
    """What becomes of one request on its way: whether a connection had to be made for it."""

    connected: bool = False


SENDING: ContextVar[Sending | None] = ContextVar("SENDING", default=None)
"""The request for which aiohttp makes a connection; it asks for the socket in that request's own context."""


class Sessions:
    """aiohttp's sessions, each opened when it is first used. Without a proxy, a guarded one asks before each connect.

    With a proxy every connection is one to the proxy, so that where its requests lead is decided before they are sent.
    """

    def __init__(
        self, *, user_agent: str, proxy: Secret | None, resolver: AbstractResolver | None, limits: Limits
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.names = resolver or SystemNames(most=limits.lookups)
        self._limits = limits
        self._user_agent = user_agent
        self._proxy = proxy
        self._open: dict[bool, aiohttp.ClientSession] = {}

    def session(self, *, allow_private: bool) -> aiohttp.ClientSession:
        """The session for guarded requests, or the one for those that may reach private addresses."""
        if allow_private not in self._open:
            self._open[allow_private] = self._start(guarded=not allow_private and self._proxy is None)
        return self._open[allow_private]

    async def close(self) -> None:
        """Close every connection; from another event loop than its own it does nothing, since that one is gone."""
        if self.loop is asyncio.get_running_loop():
            for session in self._open.values():
                await session.close()

    def _start(self, *, guarded: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,  # slots are given before a request needs a connection
            resolver=PublicNames(self.names) if guarded else self.names,
            ttl_dns_cache=NAMES_KEPT,
            socket_factory=partial(_socket, guarded=guarded),
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=self._limits.response_seconds),
            headers={"User-Agent": self._user_agent},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_field_size=_FIELD,
            max_headers=_FIELDS,
            proxy=self._proxy.reveal() if self._proxy else None,
            middlewares=(_once,),
        )


class _InSips(socket.socket):
    """A socket that gives little at a time: what is read in one go is parsed in one go, while all others wait.

    A quarter of a megabyte, as asyncio reads it, may be 5,000 interim answers, or 40,000 chunks.
    """

    @override
    def recv(self, size: int, flags: int = 0, /) -> bytes:
        return super().recv(min(size, SIP), flags)

    @override
    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:
        # asyncio reads so for TLS.
        return super().recv_into(buffer, min(nbytes or memoryview(buffer).nbytes, SIP), flags)


def _socket(address: AddrInfo, *, guarded: bool) -> socket.socket:
    if (sending := SENDING.get()) is not None:
        sending.connected = True
    refuse(address, private=not guarded)
    family, kind, protocol, _, _ = address
    return _InSips(family, kind, protocol)


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from asking a second time by itself: attempts are counted and paid from the question's budget."""
    try:
        return await handler(request)
    except HEARD as error:
        failure = failure_of(error, request.url)
    raise failure


def check_headers(response: aiohttp.ClientResponse, url: URL, *, most: int) -> None:
    """Raise SourceError (kind "too_large") when the headers are more than so many bytes."""
    size = 0
    for name, value in response.raw_headers:
        size += len(name) + len(value) + 4
    if size > most:
        response.close()
        raise SourceError(
            f"Its headers are {size:,} bytes ({redacted(url)}); fanin takes {most:,} and did not read"
            " on. Check that the address is that of the API.",
            FailureKind.TOO_LARGE,
        )
