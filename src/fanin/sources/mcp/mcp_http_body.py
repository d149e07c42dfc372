"""Checks the messages in an HTTP reply of a server before the SDK parses them."""

from collections.abc import AsyncGenerator

from fanin.limits import Limits
from fanin.loop_time import ON_LOOP, TimeSlice, off_loop
from fanin.net.body.event_stream import EventLimits, EventSplitter
from fanin.net.body.response import Reply
from fanin.sources.mcp.mcp_messages import limit_exceeded, rewrite_message


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
