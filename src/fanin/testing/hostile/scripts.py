"""Scripts of misbehaviours: each gets a request and yields the bytes of the reply."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass


class Reset(Exception):
    """Raised by a script: the connection is reset, as by a machine that has crashed."""


@dataclass(slots=True)
class Asked:
    """One request: its head as it came, its path with the query, what follows the name in it, its number, its body.

    A script that sets `kept` leaves the connection open for the next request.
    """

    head: str
    path: str
    rest: str
    number: int
    body: bytes = b""
    kept: bool = False


type Script = Callable[[Asked], AsyncGenerator[bytes]]

OK = "200 OK"
JSON = "application/json"
GOOD = b'{"text": "The harbour is open until nine tonight."}'


def head(status: str = OK, headers: Mapping[str, str | int] | None = None) -> bytes:
    """The first lines of an answer, up to where its body begins."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answer(
    body: bytes = GOOD,
    *,
    status: str = OK,
    media_type: str = JSON,
    headers: Mapping[str, str | int] | None = None,
) -> Script:
    """A well-formed answer with this body."""
    length = {"Content-Type": media_type, "Content-Length": len(body), "Connection": "close"}
    return sends(head(status, length | dict(headers or {})) + body)


def refusal(status: str, pause: str | None = None) -> Script:
    """A well-formed answer with this status and perhaps a Retry-After."""
    return answer(b"no", status=status, media_type="text/plain", headers={"Retry-After": pause} if pause else {})


def sends(*pieces: bytes, stall: bool = False, reset: bool = False) -> Script:
    """Exactly these bytes; then the connection is closed, or nothing more ever comes, or it is reset."""

    async def script(_: Asked) -> AsyncGenerator[bytes]:
        for piece in pieces:
            yield piece
        if stall:
            await asyncio.Event().wait()
        if reset:
            await asyncio.sleep(0.02)  # so that what was said arrives before the reset
            raise Reset

    return script


def endless(start: bytes, again: bytes) -> Script:
    """This start, and then the same piece for as long as anybody listens."""

    async def script(_: Asked) -> AsyncGenerator[bytes]:
        yield start
        while True:
            yield again
            await asyncio.sleep(0)

    return script


def dripping(text: bytes, *, seconds: float = 1.0) -> Script:
    """One byte at a time, with this pause after each."""

    async def script(_: Asked) -> AsyncGenerator[bytes]:
        for byte in text:
            yield bytes([byte])
            await asyncio.sleep(seconds)

    return script
