"""A transport that sends the requests of libraries with httpx2 through the guarded network."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Literal, cast, override

import httpx2
from yarl import URL

from fanin.errors import SourceError
from fanin.net.body.response import Reply
from fanin.net.network import Network
from fanin.net.request import Request

type ReadBody = Callable[[Reply], AsyncGenerator[bytes]]
"""Gives the body of a reply piece by piece, decompressed and within limits; raises SourceError beyond them."""

_CONNECTION = ("host", "content-length", "user-agent", "accept-encoding", "connection")
"""Headers that the guarded network sets."""

_PACKING = ("content-encoding", "content-length", "transfer-encoding")
"""Headers that do not apply to a decompressed body."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests over the network, with `headers` added; `read_body` gives the body of each reply.

    Redirects are not followed. Errors are raised as those of httpx2, with the SourceError as their cause.
    """

    def __init__(
        self, network: Network, *, allow_private: bool, read_body: ReadBody, headers: Mapping[str, str] | None = None
    ) -> None:
        self._network = network
        self._allow_private = allow_private
        self._read_body = read_body
        self._headers = headers or {}

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = await self._request(request)
        try:
            exchange = await self._network.send(asked, user=self, allow_private=self._allow_private)
        except (SourceError, TimeoutError) as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        stack = AsyncExitStack()
        stack.callback(exchange.close)
        response = exchange.response
        headers = [pair for pair in response.headers.items() if pair[0].lower() not in _PACKING]
        body = self._read_body(Reply(asked.url, self._network.limits, response))
        stack.push_async_callback(body.aclose)
        return httpx2.Response(response.status, headers=headers, stream=_Body(body, stack, request))

    @override
    async def aclose(self) -> None:
        await self._network.detach(self)

    async def _request(self, request: httpx2.Request) -> Request:
        headers = {name: value for name, value in request.headers.items() if name not in _CONNECTION}
        method = cast('Literal["GET", "POST"]', request.method)
        body = await request.aread()
        plain = {**headers, "Accept-Encoding": "identity"}
        return Request(method, URL(str(request.url), encoded=True), plain, self._headers, body or None)


class _Body(httpx2.AsyncByteStream):
    def __init__(self, pieces: AsyncGenerator[bytes], stack: AsyncExitStack, request: httpx2.Request) -> None:
        self._pieces = pieces
        self._stack = stack
        self._request = request

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._pieces:
                yield piece
        except (SourceError, TimeoutError) as error:
            raise httpx2.ReadError(str(error), request=self._request) from error

    @override
    async def aclose(self) -> None:
        await self._stack.aclose()
