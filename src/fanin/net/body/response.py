"""A reply whose body is read piece by piece, within limits."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
from yarl import URL

from fanin.errors import FailureKind, SourceError
from fanin.limits import Limits
from fanin.loop_time import ON_LOOP, off_loop
from fanin.net.body.decompression import DECOMPRESSION_ERRORS, STEP, Decompressor, LimitExceeded, decompressor_for
from fanin.net.body.json_body import decode_json_off_loop
from fanin.net.body.text_decoding import Text, decode_text
from fanin.net.http_errors import REQUEST_ERRORS, redact, request_error

_BYTES_PER_TURN = 16 * STEP
"""Decompressed bytes between two pauses for the event loop."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply whose body has not been read: read it once, with one of its methods.

    `url` is its address after redirects, without secrets. `limits` are those for its body.
    """

    url: URL
    limits: Limits
    response: aiohttp.ClientResponse = field(repr=False)

    @property
    def status(self) -> int:
        """Its status: 200, or one that was asked for."""
        return self.response.status

    @property
    def media_type(self) -> str:
        """Its declared media type, such as "text/html"; "application/octet-stream" if there is none."""
        return self.response.content_type

    @property
    def charset(self) -> str:
        """Its declared charset, or ""."""
        return self.response.charset or ""

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers; names are not case-sensitive."""
        return self.response.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        """The decompressed body piece by piece. Raises SourceError (kind "too_large") beyond a limit."""
        self._check_limit(self.response.content_length or 0, self.limits.body_bytes)
        unpack = decompressor_for(
            self.response.headers.get("Content-Encoding", ""), most_parts=self.limits.packed_parts
        )
        wire = size = 0
        async for piece in _read(self.response, self.url):
            wire += len(piece)
            self._check_limit(wire, self.limits.body_bytes)
            for chunk in (piece,) if unpack is None else _decompress(unpack, piece, self.url):
                size += len(chunk)
                self._check_limit(size, self.limits.unpacked_bytes)
                yield chunk
                if size % _BYTES_PER_TURN < len(chunk):
                    await asyncio.sleep(0)
        if unpack is not None and not unpack.is_complete:
            raise _damaged(self.url)

    async def body(self) -> bytes:
        """The whole decompressed body."""
        size, packed = self.response.content_length, self.response.headers.get("Content-Encoding")
        if size is not None and size <= min(self.limits.body_bytes, self.limits.unpacked_bytes) and not packed:
            # aiohttp never reads more than the declared length, so that one check is enough.
            return await _read_all(self.response, self.url)
        return b"".join([chunk async for chunk in self.chunks()])

    async def text(self) -> Text:
        """The body as text, by its byte order mark, its declared charset, or the charset in an HTML page."""
        read = partial(decode_text, await self.body(), declared=self.charset, media_type=self.media_type)
        return read() if len(read.args[0]) <= ON_LOOP else await off_loop(read)

    async def json(self) -> Any:
        """The JSON value of the body. Raises SourceError (kind "not_json") if it is not JSON."""
        return await decode_json_off_loop(await self.body(), charset=self.charset, url=self.url, limits=self.limits)

    def _check_limit(self, size: int, limit: int) -> None:
        if size > limit:
            raise SourceError(
                f"It sent more than {limit:,} bytes ({redact(self.url)}); fanin stopped reading."
                " Ask it for less, such as fewer items, or leave it out.",
                FailureKind.TOO_LARGE,
            )


async def _read_all(response: aiohttp.ClientResponse, url: URL) -> bytes:
    try:
        return await response.content.read()
    except REQUEST_ERRORS as error:
        failure = request_error(error, url)
    raise failure


async def _read(response: aiohttp.ClientResponse, url: URL) -> AsyncIterator[bytes]:
    chunks = response.content.iter_any()
    while True:
        try:
            chunk = await anext(chunks, None)
        except REQUEST_ERRORS as error:
            failure = request_error(error, url)
        else:
            if chunk is None:
                return
            yield chunk
            continue
        raise failure


def _decompress(unpack: Decompressor, piece: bytes, url: URL) -> Iterator[bytes]:
    try:
        yield from unpack.feed(piece)
    except LimitExceeded as error:
        raise SourceError(
            f"Its reply {error} ({redact(url)}); fanin stopped reading. Ask it for another encoding, or leave it out.",
            FailureKind.TOO_LARGE,
        ) from None
    except DECOMPRESSION_ERRORS:
        raise _damaged(url) from None


def _damaged(url: URL) -> SourceError:
    return SourceError(
        f"Its compressed reply is damaged or incomplete ({redact(url)}); fanin took nothing more from it. Try again"
        " later.",
        FailureKind.TRUNCATED,
    )
