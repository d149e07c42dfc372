"""How messages get to a server and back: over the pipes of a program, or through the guarded client.

The SDK's own transports give a server six seconds to end and read lines of any length; its HTTP client would reach
private addresses.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Literal, cast, override

import aiohttp
import anyio
import httpx2
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client import Transport
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCMessage, jsonrpc_message_adapter
from yarl import URL

from fanin.errors import SourceError
from fanin.log import logger
from fanin.net.failures import called, for_status
from fanin.net.network import DECODED_LIMIT, Network
from fanin.net.request import Request
from fanin.sources.mcp.failures import hear
from fanin.sources.programs.child import Child

for _name in ("mcp", "client"):
    # What the SDK has to say is for the log of a program that has one, and never for the terminal.
    logging.getLogger(_name).addHandler(logging.NullHandler())

type Lost = Callable[[], None]
type Streams = tuple[MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]]


@asynccontextmanager
async def piped(child: Child, *, name: str, lost: Lost) -> AsyncGenerator[Streams]:
    """The streams of a server that is a started program; `lost` is called when it ends."""
    incoming, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    write, outgoing = anyio.create_memory_object_stream[SessionMessage](0)
    with incoming, read, write, outgoing:
        async with anyio.create_task_group() as group:
            group.start_soon(_receive, child, incoming, name, lost)
            group.start_soon(_send, child, outgoing)
            yield read, write
            group.cancel_scope.cancel()


async def _receive(
    child: Child, incoming: MemoryObjectSendStream[SessionMessage | Exception], name: str, lost: Lost
) -> None:
    with incoming, suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        try:
            async for line in child.lines():
                if (message := _message(line, name)) is not None:
                    await incoming.send(SessionMessage(message))
        except SourceError as error:
            logger.warning("%s: %s", name, error)
        finally:
            lost()


async def _send(child: Child, outgoing: MemoryObjectReceiveStream[SessionMessage]) -> None:
    async for each in outgoing:
        child.send(each.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n")
        await child.flush()


def _message(line: bytes, name: str) -> JSONRPCMessage | None:
    """The message in a line; what a server prints there by mistake goes to the log."""
    try:
        return jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError:
        if not line.isspace():
            logger.debug("%s on stdout, which is no message: %.500r", name, line)
        return None


@asynccontextmanager
async def over_http(
    *, headers: dict[str, str], network: Network, allow_private: bool
) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client for the SDK that sends everything through fanin's guarded one."""
    bridge = _Bridge(network, headers, allow_private=allow_private)
    async with httpx2.AsyncClient(transport=bridge, trust_env=False) as client:
        yield client


def http_transport(url: str, client: httpx2.AsyncClient) -> Transport:
    """The SDK's transport over streamable HTTP."""
    return cast("Transport", streamable_http_client(url, http_client=client))


class _Bridge(httpx2.AsyncBaseTransport):
    """HTTP requests of the SDK, answered by the guarded network. A failure is kept for the caller, with its reason."""

    def __init__(self, network: Network, headers: dict[str, str], *, allow_private: bool) -> None:
        self._network = network
        self._headers = headers
        self._allow_private = allow_private

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET" and "last-event-id" not in request.headers:
            # A stream for what a server wants to say unasked: fanin has no use for it, and it would hold a connection.
            return httpx2.Response(405)
        stack = AsyncExitStack()
        try:
            asked = await self._request(request)
            exchange = await self._network.send(asked, user=self, allow_private=self._allow_private)
        except SourceError as error:
            hear(error)
            return httpx2.Response(502)
        stack.callback(exchange.close)
        response = exchange.response
        if response.status >= 400:
            hear(for_status(response, asked.url))
        return httpx2.Response(response.status, headers=list(response.headers.items()), stream=_Body(response, stack))

    @override
    async def aclose(self) -> None:
        await self._network.leave(self)

    async def _request(self, request: httpx2.Request) -> Request:
        left_out = ("host", "content-length", "user-agent", "accept-encoding", "connection")
        headers = {name: value for name, value in request.headers.items() if name not in left_out}
        method = cast('Literal["GET", "POST"]', request.method)
        body = await request.aread()
        plain = {**headers, "Accept-Encoding": "identity"}
        return Request(method, URL(str(request.url), encoded=True), plain, self._headers, body or None)


class _Body(httpx2.AsyncByteStream):
    """The body of an answer as it arrives, no longer than fanin reads."""

    def __init__(self, response: aiohttp.ClientResponse, stack: AsyncExitStack) -> None:
        self._response = response
        self._stack = stack

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._response.content.iter_any():
            size += len(piece)
            if size > DECODED_LIMIT:
                hear(_too_large(self._response.url))
                return
            yield piece

    @override
    async def aclose(self) -> None:
        await self._stack.aclose()


def _too_large(url: URL) -> SourceError:
    return SourceError(
        f"It sent more than {DECODED_LIMIT:,} bytes ({called(url)}); fanin stopped reading. Ask it for less.",
        kind="too_large",
    )
