"""The one HTTP client: it opens an address, reads no more than it may, and says what went wrong as a SourceError."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import aiohttp
from yarl import URL

from fanin.errors import SourceError
from fanin.net.failures import called, for_status, told

LIMIT = 5_000_000
"""Bytes of one decoded body after which reading stops."""

MAX_REDIRECTS = 5

USER_AGENT = "fanin/0.1"

type Params = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with status 200 whose body has not been read: read it once, with `chunks` or `body`."""

    url: URL
    media_type: str
    charset: str
    limit: int
    response: aiohttp.ClientResponse

    async def chunks(self) -> AsyncIterator[bytes]:
        """The decoded body piece by piece; raises SourceError (kind "too_large") beyond the limit."""
        size = 0
        async for chunk in _read(self.response, self.url):
            size += len(chunk)
            if size > self.limit:
                raise SourceError(
                    f"It sent more than {self.limit:,} bytes ({called(self.url)}); fanin stopped reading."
                    " Ask it for less, or raise the limit of the client.",
                    kind="too_large",
                )
            yield chunk

    async def body(self) -> bytes:
        """The whole decoded body."""
        return b"".join([chunk async for chunk in self.chunks()])


class Client:
    """HTTP for one source: a pool of connections that opens with the first request and is closed with `close`.

    It may be used from one event loop after the other. Proxy variables of the environment are not obeyed.
    """

    def __init__(self, *, user_agent: str = USER_AGENT, limit: int = LIMIT) -> None:
        self._user_agent = user_agent
        self._limit = limit
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def open(self, url: str, *, params: Params | None = None, accept: str = "*/*") -> AsyncGenerator[Reply]:
        """GET an address; raises SourceError or RateLimited for everything but a 200 that arrives whole."""
        with told(url):
            response = await self._opened().get(
                _address(url, params), headers={"Accept": accept}, max_redirects=MAX_REDIRECTS
            )
        async with response:
            if response.status != 200:
                raise for_status(response)
            yield Reply(response.url, response.content_type, response.charset or "", self._limit, response)

    async def get_json(self, url: str, *, params: Params | None = None) -> Any:
        """GET an address and decode its JSON; raises SourceError (kind "not_json") when it is none."""
        async with self.open(url, params=params, accept="application/json") as reply:
            body = await reply.body()
        return decode_json(body, charset=reply.charset, url=reply.url)

    async def close(self) -> None:
        """Close every connection; the next request opens new ones."""
        session, self._session = self._session, None
        if session is not None and self._loop is asyncio.get_running_loop():
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            # No total timeout here: a source's time is cut from the question's budget, by the run.
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None),
                headers={"User-Agent": self._user_agent},
                cookie_jar=aiohttp.DummyCookieJar(),
                middlewares=(_once,),
            )
            self._loop = loop
        return self._session


def decode_json(body: bytes, *, charset: str = "", url: URL) -> Any:
    """What the bytes say in JSON, which is UTF-8 (RFC 8259) unless only the declared charset can read it."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except UnicodeDecodeError:
        pass
    except (ValueError, RecursionError) as error:
        raise _not_json(url, body, error) from error
    try:
        return json.loads(body.decode(charset or "utf-8"), parse_constant=_no_number)
    except (ValueError, LookupError, RecursionError) as error:
        raise _not_json(url, body, error) from error


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from asking a second time by itself: attempts are counted and paid from the question's budget."""
    with told(request.url):
        return await handler(request)


async def _read(response: aiohttp.ClientResponse, url: URL) -> AsyncIterator[bytes]:
    chunks = response.content.iter_any()
    while True:
        with told(url):
            chunk = await anext(chunks, None)
        if chunk is None:
            return
        yield chunk


def _address(url: str, params: Params | None) -> URL:
    return URL(url).update_query({name: str(value) for name, value in (params or {}).items()})


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _not_json(url: URL, body: bytes, error: Exception) -> SourceError:
    start = body[:60].decode("utf-8", "replace")
    return SourceError(
        f"It answered with something that is not JSON, {start!r} ({type(error).__name__}, {called(url)}); fanin did"
        " not use it. Check that the address is that of the API.",
        kind="not_json",
    )
