"""What stands before every route: whose name the request is for, which page sent it, and how long its body is."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fanin.interfaces.server.problems import Problem
from fanin.sanitize import line

BODY_BYTES = 65_536
"""Bytes of a body: a question has 8 KB at most, and a conversation some of them."""

BODY_SECONDS = 10.0
"""Seconds within which a body has to arrive."""

SHED_EARLY = frozenset(("/v1/ask", "/v1/ask/stream"))
"""Where questions are refused before anything else is done for them when there are too many."""

HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
"""What every response says to browsers, unless it says something of its own."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Which names a request may be for, and which origins it may come from, besides that of the server itself."""

    hosts: Collection[str] = ()
    origins: Collection[str] = ()

    def problem(self, headers: Mapping[str, str]) -> Problem | None:
        """Why a request with these headers is refused; None if it is not."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_own(host):
            message = f"This server is not {line(host, limit=100)!r}; fanin did nothing. Ask it under its own name,"
            return Problem(421, "host", f"{message} or add this one to `hosts` in [server] of fanin.toml.")
        if origin is not None and not (origin in self.origins or _is_same(origin, host)):
            message = f"Pages of {line(origin, limit=100)!r} may not use this server; fanin did nothing."
            return Problem(403, "origin", f"{message} Add it to `origins` in [server] of fanin.toml if they may.")
        return None

    def _is_own(self, host: str) -> bool:
        name = host_name(host)
        return name in {"localhost", socket.gethostname().lower(), *self.hosts} or _is_address(name)


class Guarded:
    """The app behind the guard; a problem is answered at once, and the app sees bodies that have arrived whole.

    `overload` says why no question is taken now.
    """

    def __init__(self, app: ASGIApp, guard: Guard, overload: Callable[[], Problem | None]) -> None:
        self._app = app
        self._guard = guard
        self._overload = overload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send, headers = _with_headers(send), Headers(scope=scope)
        try:
            if (problem := self._guard.problem(headers)) is not None:
                raise problem
            body = await _body(headers, receive)
        except Problem as error:
            error.headers["connection"] = "close"  # what is left of the body is not read
            await error.response()(scope, receive, send)
            return
        first = scope["path"] in SHED_EARLY and "idempotency-key" not in headers  # else it may join a run
        if first and (problem := self._overload()) is not None:
            await problem.response()(scope, receive, send)
            return
        await self._app(scope, _again(body, receive), send)


async def _body(headers: Headers, receive: Receive) -> bytes:
    """The whole body. Raises Problem."""
    reason = f"The body has more than {BODY_BYTES:,} bytes; fanin read no more of it. Send a shorter one."
    too_large = Problem(413, "too_large", reason)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > BODY_BYTES:
        raise too_large
    if length == "0" and "transfer-encoding" not in headers:
        return b""
    body, more = b"", True
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > BODY_BYTES:
                    raise too_large
    except TimeoutError:
        reason = f"The body did not arrive within {BODY_SECONDS:g} s; fanin asked nothing. Send it at once."
        raise Problem(408, "timeout", reason) from None
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Give the body once more, and then what comes."""
    given = False

    async def read() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return read


def _with_headers(send: Send) -> Send:
    added = [(name.encode(), each.encode()) for name, each in HEADERS.items()]

    async def send_watched(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [*message.get("headers", ())]
            names = {name for name, _ in own}
            message["headers"] = own + [each for each in added if each[0] not in names]
        await send(message)

    return send_watched


def host_name(host: str) -> str:
    """The name in a header `Host`, without its port; "" for what is no such header."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """Whether it is an address in numbers, which no foreign name can lead to."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_same(origin: str, host: str) -> bool:
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")
