"""The HTTP sessions of one event loop: guarded connections and those to private addresses are never mixed."""

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
from fanin.net.connections.resolver import AddrInfo, PublicResolver, SystemResolver, raise_if_refused
from fanin.net.http_errors import REQUEST_ERRORS, redact, request_error
from fanin.net.secrets import Secret

_FIELD, _FIELDS = 16_384, 256
"""Bytes of one header, and the number of headers of a reply, beyond which aiohttp stops reading."""

READ_SIZE = 8_192
"""Bytes that are read and parsed without a pause for the event loop; as chunks of one byte they take 20 ms."""

DNS_TTL = 30
"""Seconds for which resolved names are cached."""


@dataclass(slots=True)
class SendState:
    """The state of one request: whether a new connection was made for it."""

    connected: bool = False


SENDING: ContextVar[SendState | None] = ContextVar("SENDING", default=None)
"""The request for which aiohttp makes a connection, which it does in that request's context."""


class Sessions:
    """aiohttp's sessions, each opened by its first use. Without a proxy, a guarded one checks each address on connect.

    With a proxy every connection leads to the proxy, so that the address of each request is checked before it is sent.
    """

    def __init__(
        self, *, user_agent: str, proxy: Secret | None, resolver: AbstractResolver | None, limits: Limits
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.resolver = resolver or SystemResolver(most=limits.lookups)
        self._limits = limits
        self._user_agent = user_agent
        self._proxy = proxy
        self._open: dict[bool, aiohttp.ClientSession] = {}

    def session(self, *, allow_private: bool) -> aiohttp.ClientSession:
        """The session for guarded requests, or the one for private addresses."""
        if allow_private not in self._open:
            self._open[allow_private] = self._start(guarded=not allow_private and self._proxy is None)
        return self._open[allow_private]

    async def close(self) -> None:
        """Close all connections; on another event loop than its own it does nothing, since that one has ended."""
        if self.loop is asyncio.get_running_loop():
            for session in self._open.values():
                await session.close()

    def _start(self, *, guarded: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,  # `Slots` limits the requests
            resolver=PublicResolver(self.resolver) if guarded else self.resolver,
            ttl_dns_cache=DNS_TTL,
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
            middlewares=(_without_retry,),
        )


class _SmallReads(socket.socket):
    """A socket that reads only `READ_SIZE` bytes at a time, since aiohttp parses each read without a pause.

    A read of asyncio, a quarter of a megabyte, may hold 5,000 interim responses, or 40,000 chunks.
    """

    @override
    def recv(self, size: int, flags: int = 0, /) -> bytes:
        return super().recv(min(size, READ_SIZE), flags)

    @override
    def recv_into(self, buffer: Buffer, nbytes: int = 0, flags: int = 0) -> int:
        # asyncio uses this for TLS.
        return super().recv_into(buffer, min(nbytes or memoryview(buffer).nbytes, READ_SIZE), flags)


def _socket(address: AddrInfo, *, guarded: bool) -> socket.socket:
    if (sending := SENDING.get()) is not None:
        sending.connected = True
    raise_if_refused(address, private=not guarded)
    family, kind, protocol, _, _ = address
    return _SmallReads(family, kind, protocol)


async def _without_retry(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from sending a request again: only the retry policy does."""
    try:
        return await handler(request)
    except REQUEST_ERRORS as error:
        failure = request_error(error, request.url)
    raise failure


def check_headers(response: aiohttp.ClientResponse, url: URL, *, most: int) -> None:
    """Raise SourceError (kind "too_large") if the headers have more than `most` bytes."""
    size = 0
    for name, value in response.raw_headers:
        size += len(name) + len(value) + 4
    if size > most:
        response.close()
        raise SourceError(
            f"Its headers are {size:,} bytes ({redact(url)}); fanin takes {most:,} and did not read"
            " on. Check that the address is that of the API.",
            FailureKind.TOO_LARGE,
        )
