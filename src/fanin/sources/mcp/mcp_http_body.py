"""What of an HTTP answer of a server reaches the SDK: its messages, each checked before the SDK parses it."""

from collections.abc import AsyncGenerator

from fanin.loop_time import ON_LOOP, TimeSlice, off_loop
from fanin.net.body.event_stream import EventLimits, EventSplitter
from fanin.net.body.response import Reply
from fanin.sources.mcp.mcp_messages import MOST_MESSAGES, rewritten, too_much
from fanin.sources.programs.child_process import LONGEST

_EVENTS = EventLimits(longest=LONGEST, most=MOST_MESSAGES)


async def bounded(reply: Reply) -> AsyncGenerator[bytes]:
    """A JSON answer or an event stream with its messages as `messages.rewritten` has them; nothing of other answers."""
    match reply.media_type:
        case "application/json":
            yield await _checked(await _whole(reply))
        case "text/event-stream":
            async for event in _events(reply):
                yield event
        case _:
            return


async def _whole(reply: Reply) -> bytes:
    body = bytearray()
    async for piece in reply.chunks():
        body += piece
        if len(body) > LONGEST:
            raise too_much(f"{LONGEST:,} bytes in one message")
    return bytes(body)


async def _events(reply: Reply) -> AsyncGenerator[bytes]:
    splitter, working = EventSplitter(_EVENTS), TimeSlice()
    async for piece in reply.chunks():
        for event in splitter.feed(piece):
            yield await _checked_event(event)
            await working.checkpoint()
        await working.checkpoint()


async def _checked_event(event: bytes) -> bytes:
    """An event whose data are checked; data that stand in several lines become one."""
    lines = event.split(b"\n")
    data = [line[5:].removeprefix(b" ") for line in lines if line.startswith(b"data:")]
    others = [line for line in lines if line and not line.startswith((b"data:", b":"))]
    if any(data):
        others.append(b"data: " + await _checked(b"\n".join(data)))
    return b"\n".join((*others, b"", b""))


async def _checked(data: bytes) -> bytes:
    return rewritten(data) if len(data) <= ON_LOOP else await off_loop(rewritten, data)
