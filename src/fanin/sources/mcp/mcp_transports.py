"""Transports for the SDK: over the pipes of a program, or through the guarded HTTP client.

The SDK's own transports give a server six seconds to exit and read lines of any length; its HTTP client would connect
to private addresses.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import cast, override

import anyio
import httpx2
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client import Transport
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCMessage, jsonrpc_message_adapter

from fanin.errors import SourceError
from fanin.limits import Limits
from fanin.log import logger
from fanin.loop_time import ON_LOOP, TimeSlice, off_loop
from fanin.net.body.event_stream import EventLimits, EventSplitter
from fanin.net.body.response import Reply
from fanin.net.guarded_transport import GuardedTransport
from fanin.net.http_errors import status_error
from fanin.net.network import Network
from fanin.net.secrets import Mask
from fanin.sanitize import line as sanitized
from fanin.sources.mcp.mcp_errors import report_failure
from fanin.sources.mcp.mcp_messages import limit_exceeded, parse_message, rewrite_message
from fanin.sources.programs.child_process import Child, log_masked

for _name in ("mcp", "client"):
    # The SDK's log messages go to the log of the program, if it has one, and never to the terminal.
    logging.getLogger(_name).addHandler(logging.NullHandler())

DELETE_TIMEOUT = 0.3
"""Seconds for a server over HTTP to answer the request that ends the session."""

type Log = Callable[[str, bytes], None]
type OnLost = Callable[[SourceError | None], None]
type Streams = tuple[MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]]


@asynccontextmanager
async def stdio_streams(child: Child, *, name: str, on_lost: OnLost, limits: Limits) -> AsyncGenerator[Streams]:
    """The streams of a server that fanin started; `on_lost` is called when it ends, or exceeds a limit."""
    incoming, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    write, outgoing = anyio.create_memory_object_stream[SessionMessage](0)
    with incoming, read, write, outgoing:
        budget = _Budget(limits)
        async with anyio.create_task_group() as group:
            group.start_soon(_receive, child, incoming, budget, name, on_lost)
            group.start_soon(_send, child, outgoing, budget)
            yield read, write
            group.cancel_scope.cancel()


async def _receive(
    child: Child,
    incoming: MemoryObjectSendStream[SessionMessage | Exception],
    budget: _Budget,
    name: str,
    on_lost: OnLost,
) -> None:
    failure: SourceError | None = None
    with incoming, suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        try:
            async for line in child.lines():
                budget.spend(len(line))
                if line.isspace():
                    continue
                read = partial(_parse_line, line, name, child.mask, budget.limits)
                if (message := read() if len(line) <= ON_LOOP else await off_loop(read)) is not None:
                    await incoming.send(SessionMessage(message))
        except SourceError as error:
            failure = error
            logger.warning("%s: %s", name, error)
        finally:
            on_lost(failure)


async def _send(child: Child, outgoing: MemoryObjectReceiveStream[SessionMessage], budget: _Budget) -> None:
    async for each in outgoing:
        budget.renew()
        child.send(each.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n")
        await child.flush()


class _Budget:
    """What a server may still write before the next request."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.renew()

    def renew(self) -> None:
        self._messages, self._bytes = self.limits.mcp_messages, self.limits.output_bytes

    def spend(self, size: int) -> None:
        """Raises SourceError (kind "too_large") when it is used up."""
        self._messages -= 1
        self._bytes -= size
        if self._messages < 0:
            raise limit_exceeded(f"{self.limits.mcp_messages:,} lines for one request")
        if self._bytes < 0:
            raise limit_exceeded(f"{self.limits.output_bytes:,} bytes for one request")


def _parse_line(line: bytes, name: str, mask: Mask, limits: Limits) -> JSONRPCMessage | None:
    """The message in a line; None for other output, which is logged. Raises SourceError beyond a limit."""
    try:
        return jsonrpc_message_adapter.validate_python(parse_message(line, limits), by_name=False)
    except ValueError:
        text = line[:500].decode("utf-8", "replace")
        logger.debug("%s on stdout, which is not a message: %s", name, sanitized(mask.message(text), limit=500))
        return None


@asynccontextmanager
async def http_client(
    *, headers: dict[str, str], network: Network, allow_private: bool, name: str, mask: Mask
) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client for the SDK that sends everything through fanin's guarded one; messages are logged at DEBUG."""
    log = partial(log_masked, name, mask)
    transport = _Transport(network, allow_private=allow_private, read_body=partial(_read_reply, log), headers=headers)
    transport.log = log
    async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
        yield client


def http_transport(url: str, client: httpx2.AsyncClient) -> Transport:
    """The SDK's transport over streamable HTTP."""
    # Events are bounded before the SDK sees them.
    return cast("Transport", streamable_http_client(url, http_client=client, max_sse_event_size=None))


class _Transport(GuardedTransport):
    """The guarded transport, which also logs each message, and reports each failure, since the SDK hides it."""

    log: Log

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET" and "last-event-id" not in request.headers:
            # A stream for messages that no request asked for: fanin does not use it, and it would hold a connection.
            return httpx2.Response(405)
        if body := await request.aread():
            self.log("sent %s", body)
        try:
            async with asyncio.timeout(DELETE_TIMEOUT if request.method == "DELETE" else None):
                return await super().handle_async_request(request)
        except (httpx2.ConnectError, TimeoutError) as error:
            if isinstance(error.__cause__, SourceError):
                report_failure(error.__cause__)
            return httpx2.Response(502)


def _read_reply(log: Log, reply: Reply) -> AsyncGenerator[bytes]:
    refused = reply.response.status >= httpx2.codes.BAD_REQUEST
    if refused:
        report_failure(status_error(reply.response, reply.url))
    return _empty() if refused else _read_until_failure(log, reply)


async def _empty() -> AsyncGenerator[bytes]:
    return
    yield


async def _read_until_failure(log: Log, reply: Reply) -> AsyncGenerator[bytes]:
    try:
        async for piece in read_messages(reply):
            log("received %s", piece)
            yield piece
    except SourceError as error:
        report_failure(error)


async def read_messages(reply: Reply) -> AsyncGenerator[bytes]:
    """A JSON reply or an event stream, with each message rewritten by `rewrite_message`; other replies are empty."""
    match reply.media_type:
        case "application/json":
            yield await _check(await _read_body(reply), reply.limits)
        case "text/event-stream":
            async for event in _events(reply):
                yield event
        case _:
            return


async def _read_body(reply: Reply) -> bytes:
    body, most = bytearray(), reply.limits.line_bytes
    async for piece in reply.chunks():
        body += piece
        if len(body) > most:
            raise limit_exceeded(f"{most:,} bytes in one message")
    return bytes(body)


async def _events(reply: Reply) -> AsyncGenerator[bytes]:
    limits, working = reply.limits, TimeSlice()
    splitter = EventSplitter(EventLimits(longest=limits.line_bytes, most=limits.mcp_messages))
    async for piece in reply.chunks():
        for event in splitter.feed(piece):
            yield await _check_event(event, limits)
            await working.checkpoint()
        await working.checkpoint()


async def _check_event(event: bytes, limits: Limits) -> bytes:
    """The event with its data checked; data of several lines become one line."""
    lines = event.split(b"\n")
    data = [line[5:].removeprefix(b" ") for line in lines if line.startswith(b"data:")]
    others = [line for line in lines if line and not line.startswith((b"data:", b":"))]
    if any(data):
        others.append(b"data: " + await _check(b"\n".join(data), limits))
    return b"\n".join((*others, b"", b""))


async def _check(data: bytes, limits: Limits) -> bytes:
    return rewrite_message(data, limits) if len(data) <= ON_LOOP else await off_loop(rewrite_message, data, limits)
