"""What the sources of one engine share: connections, names, and turns."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.abc import AbstractResolver

from fanin.errors import ConfigError, SourceError
from fanin.net.failures import HEARD, called, failure_of
from fanin.net.reach.names import PublicNames, SystemNames, guarded_socket
from fanin.net.reach.slots import Slots
from fanin.net.request import Headers, Request
from fanin.net.secrets import Secret

if TYPE_CHECKING:
    from fanin.net.client import Client

VERSION = "0.1.0"

USER_AGENT = f"fanin/{VERSION}"

LIMIT = 5_000_000
"""Bytes of one body on the wire after which reading stops."""

DECODED_LIMIT = 20_000_000
"""Bytes of one body, unpacked, after which reading stops."""

HEADERS_LIMIT = 32_768
"""Bytes of all headers of an answer."""

_FIELD, _FIELDS = 16_384, 256
"""Bytes of one header and headers of an answer, beyond which aiohttp stops before it has read them all."""

TOTAL = 60.0
"""Seconds for one answer from the first byte sent to the last received: as long as the longest question may last."""

NAMES_KEPT = 30
"""Seconds for which a name is not looked up again."""


class Network:
    """The web as the sources of one engine see it: kept-alive connections, cached names, and a limit on requests.

    It opens at the first request and closes when the last of its clients was closed; it may be used from one event
    loop after the other. `per_host` and `in_all` are requests at a time; ten times as many may wait. Variables of the
    environment such as HTTPS_PROXY are not obeyed: `proxy` is an address, http://host:port.
    """

    def __init__(
        self,
        *,
        user_agent: str = USER_AGENT,
        proxy: str | Secret | None = None,
        per_host: int = 10,
        in_all: int = 100,
        resolver: AbstractResolver | None = None,
    ) -> None:
        if per_host < 1 or in_all < 1:
            raise ConfigError(f"{per_host} requests a host and {in_all} in all; fanin did not start. Allow at least 1.")
        self._user_agent = user_agent
        self._proxy = proxy.reveal() if isinstance(proxy, Secret) else proxy
        self._per_host = per_host
        self._in_all = in_all
        self._resolver = resolver
        self._users: set[object] = set()
        self._opened: _Opened | None = None

    def client(
        self,
        *,
        allow_private: bool = False,
        limit: int = LIMIT,
        decoded_limit: int = DECODED_LIMIT,
        headers: Headers | None = None,
        secrets: tuple[Secret, ...] = (),
    ) -> Client:
        """What one source asks with; its arguments are those of `Client`."""
        from fanin.net.client import Client

        return Client(
            self,
            allow_private=allow_private,
            limit=limit,
            decoded_limit=decoded_limit,
            headers=headers,
            secrets=secrets,
        )

    @asynccontextmanager
    async def exchange(
        self, request: Request, *, user: object, allow_private: bool
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Send one request and give its answer, with the body unread; redirects are not followed.

        Raises SourceError. Connections that may lead to private addresses are never used for other requests.
        """
        self._users.add(user)
        opened = self._open()
        async with opened.slots.turn(request.url.host or ""):
            response = await self._send(opened.session(self, allow_private=allow_private), request)
            async with response:
                yield response

    async def leave(self, user: object) -> None:
        """Close every connection if this was the last client; the next request opens new ones."""
        self._users.discard(user)
        if not self._users and self._opened is not None:
            opened, self._opened = self._opened, None
            await opened.close()

    async def _send(self, session: aiohttp.ClientSession, request: Request) -> aiohttp.ClientResponse:
        try:
            response = await session.request(
                request.method,
                request.url,
                headers={**request.headers, **request.own},
                data=request.body,
                allow_redirects=False,
            )
        except HEARD as error:
            failure = failure_of(error, request.url)
        else:
            _check_headers(response)
            return response
        # Not from within `except`: the first error may quote the whole address and every header.
        raise failure

    def _open(self) -> _Opened:
        loop = asyncio.get_running_loop()
        if self._opened is None or self._opened.loop is not loop:
            self._opened = _Opened(loop, Slots(per_host=self._per_host, in_all=self._in_all))
        return self._opened

    def start_session(self, *, allow_private: bool) -> aiohttp.ClientSession:
        """A session of which every connection is guarded, unless it may be private."""
        names = self._resolver or SystemNames()
        connector = aiohttp.TCPConnector(
            limit=0,  # turns are given here, before a request gets as far as a connection
            resolver=names if allow_private else PublicNames(names),
            ttl_dns_cache=NAMES_KEPT,
            socket_factory=None if allow_private else guarded_socket,
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=TOTAL),
            headers={"User-Agent": self._user_agent},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_field_size=_FIELD,
            max_headers=_FIELDS,
            proxy=self._proxy,
            middlewares=(_once,),
        )


@dataclass(slots=True)
class _Opened:
    """What is open on one event loop: sessions by whether they may lead to private addresses."""

    loop: asyncio.AbstractEventLoop
    slots: Slots
    sessions: dict[bool, aiohttp.ClientSession] = field(default_factory=dict[bool, aiohttp.ClientSession])

    def session(self, network: Network, *, allow_private: bool) -> aiohttp.ClientSession:
        if allow_private not in self.sessions:
            self.sessions[allow_private] = network.start_session(allow_private=allow_private)
        return self.sessions[allow_private]

    async def close(self) -> None:
        if self.loop is asyncio.get_running_loop():
            for session in self.sessions.values():
                await session.close()


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from asking a second time by itself: attempts are counted and paid from the question's budget."""
    try:
        return await handler(request)
    except HEARD as error:
        failure = failure_of(error, request.url)
    raise failure


def _check_headers(response: aiohttp.ClientResponse) -> None:
    size = sum(len(name) + len(value) + 4 for name, value in response.raw_headers)
    if size > HEADERS_LIMIT:
        response.close()
        raise SourceError(
            f"Its headers are {size:,} bytes ({called(response.url)}); fanin takes {HEADERS_LIMIT:,} and did not read"
            " on. Check that the address is that of the API.",
            kind="too_large",
        )
