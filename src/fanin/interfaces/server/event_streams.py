"""The events of a run as a response: server-sent events, or a line of JSON each."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Annotated, Any, override

from fastapi import Header, Query, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import WithJsonSchema
from starlette.types import Receive, Scope, Send

from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.service import RECONNECT_SECONDS, Service
from fanin.runs.event_log import Line
from fanin.runs.live_run import LiveRun

HEARTBEAT_SECONDS = 15.0
"""Seconds without an event after which a stream says that it is alive, for proxies that close quiet connections."""

RETRY_MILLISECONDS = 1_000
"""After how long a browser comes back when a stream was broken off."""

NDJSON = "application/x-ndjson"

_FIELDS = {name: {"type": "string"} for name in ("data", "event", "id")}

SSE_CONTENT: Mapping[str, Any] = {
    "text/event-stream": {
        "itemSchema": {"type": "object", "properties": {**_FIELDS, "retry": {"type": "integer", "minimum": 0}}}
    }
}
"""What OpenAPI says of server-sent events."""

EVENTS_CONTENT: Mapping[str, Any] = {**SSE_CONTENT, NDJSON: {"itemSchema": {"type": "object"}}}
"""What it says of the events of a run."""


_NUMBER = WithJsonSchema({"type": "integer", "minimum": 0})

type After = Annotated[int | None, Query(ge=0, description="The number of the last event that you got."), _NUMBER]
type LastEventId = Annotated[int | None, Header(ge=0, description="The same; it goes before `after`."), _NUMBER]

UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""What tells a proxy not to hold events back (X-Accel-Buffering: nginx)."""


def headers_of(run: LiveRun) -> Mapping[str, str]:
    """The fields by which a client finds a run again."""
    return {"Location": f"/v1/runs/{run.asked.run}/events", "Fanin-Run": run.asked.run}


def stream(
    service: Service, run: LiveRun, *, after: int | None, accept: str, fields: Mapping[str, str] | None = None
) -> Response:
    """The events of a run after this number; for None a snapshot first. 204 when it is over and all was seen.

    Raises Problem for a number beyond its last event.
    """
    if after is not None and after > run.log.last:
        message = f"The run {run.asked.run} has {run.log.last} events so far, and none after {after}; fanin sent none."
        raise Problem(400, "past_end", f"{message} Ask after a number that you got, or without one for a snapshot.")
    headers = {**UNBUFFERED, **headers_of(run), **(fields or {})}
    if after is not None and run.log.over and after == run.log.last:
        return Response(status_code=204, headers=headers)
    if NDJSON in accept and "text/event-stream" not in accept:
        return FollowedStream(service, run, _lines(run, after), headers, media_type=NDJSON)
    return FollowedStream(service, run, _events(run, after), headers)


class FollowedStream(EventSourceResponse):
    """Sends what follows a run until the client leaves, and then tells the service."""

    def __init__(
        self,
        service: Service,
        run: LiveRun,
        chunks: AsyncGenerator[bytes],
        headers: Mapping[str, str],
        *,
        media_type: str | None = None,
    ) -> None:
        self._service = service
        self._run = run
        self._chunks = chunks
        super().__init__(chunks, headers=headers, media_type=media_type)

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with aclosing(self._chunks):
                await super().__call__(scope, receive, send)
        finally:
            self._service.left(self._run, after=RECONNECT_SECONDS)


async def _events(run: LiveRun, after: int | None) -> AsyncGenerator[bytes]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    async with aclosing(with_pauses(run.lines(after))) as lines:
        async for line in lines:
            yield KEEPALIVE_COMMENT if line is None else _sse(line)


async def _lines(run: LiveRun, after: int | None) -> AsyncGenerator[bytes]:
    async with aclosing(with_pauses(run.lines(after))) as lines:
        async for line in lines:
            yield b"\n" if line is None else f"{line.text}\n".encode()


def _sse(line: Line) -> bytes:
    return format_sse_event(data_str=line.text, event=line.event, id=str(line.id) if line.id else None)


async def with_pauses[T](items: AsyncGenerator[T]) -> AsyncGenerator[T | None]:
    """The items, and None whenever it was quiet for long."""
    async with aclosing(items):
        while True:
            coming = asyncio.ensure_future(anext(items, None))
            try:
                while not (await asyncio.wait((coming,), timeout=HEARTBEAT_SECONDS))[0]:
                    yield None
            finally:
                if not coming.done():
                    coming.cancel()
                    await asyncio.wait((coming,))
            if (item := coming.result()) is None:
                return
            yield item
