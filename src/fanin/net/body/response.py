"""An answer whose body has not been read, and how it is read: piece by piece, and never beyond its limits."""

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
from fanin.net.body.decompression import BROKEN, STEP, TooMuch, Unpacker, unpacker
from fanin.net.body.json_body import parsed_json
from fanin.net.body.text_decoding import Text, text_of
from fanin.net.http_errors import HEARD, failure_of, redacted

_RESTS = 16 * STEP
"""Unpacked bytes after which others get their turn on the event loop."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with status 200 whose body has not been read: read it once, with one of its methods.

    `url` is where the answer came from, after redirects, without secrets. `limits` say how much of it is read.
    """

    url: URL
    limits: Limits
    response: aiohttp.ClientResponse = field(repr=False)

    @property
    def media_type(self) -> str:
        """What it says that it is, such as "text/html"; "application/octet-stream" when it does not say."""
        return self.response.content_type

    @property
    def charset(self) -> str:
        """The charset that it declares; empty when it declares none."""
        return self.response.charset or ""

    @property
    def headers(self) -> Mapping[str, str]:
        """What the server says around the body; names in any case."""
        return self.response.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        """The unpacked body piece by piece; raises SourceError (kind "too_large") beyond a limit."""
        self._expect(self.response.content_length or 0, self.limits.body_bytes)
        unpack = unpacker(self.response.headers.get("Content-Encoding", ""), most_parts=self.limits.packed_parts)
        wire = size = 0
        async for piece in _read(self.response, self.url):
            wire += len(piece)
            self._expect(wire, self.limits.body_bytes)
            for chunk in (piece,) if unpack is None else _unpacked(unpack, piece, self.url):
                size += len(chunk)
                self._expect(size, self.limits.unpacked_bytes)
                yield chunk
                if size % _RESTS < len(chunk):
                    await asyncio.sleep(0)
        if unpack is not None and not unpack.whole:
            raise _broken(self.url)

    async def body(self) -> bytes:
        """The whole unpacked body."""
        size, packed = self.response.content_length, self.response.headers.get("Content-Encoding")
        if size is not None and size <= min(self.limits.body_bytes, self.limits.unpacked_bytes) and not packed:
            # No more than its length is ever read, so that there is nothing to guard piece by piece.
            return await _read_whole(self.response, self.url)
        return b"".join([chunk async for chunk in self.chunks()])

    async def text(self) -> Text:
        """The body as text, by its byte order mark, its declared charset, or what an HTML page says of itself."""
        read = partial(text_of, await self.body(), declared=self.charset, media_type=self.media_type)
        return read() if len(read.args[0]) <= ON_LOOP else await off_loop(read)

    async def json(self) -> Any:
        """What the body says in JSON; raises SourceError (kind "not_json") when it is none."""
        return await parsed_json(await self.body(), charset=self.charset, url=self.url, limits=self.limits)

    def _expect(self, size: int, limit: int) -> None:
        if size > limit:
            raise SourceError(
                f"It sent more than {limit:,} bytes ({redacted(self.url)}); fanin stopped reading."
                " Ask it for less, such as fewer items, or leave it out.",
                FailureKind.TOO_LARGE,
            )


async def _read_whole(response: aiohttp.ClientResponse, url: URL) -> bytes:
    try:
        return await response.content.read()
    except HEARD as error:
        failure = failure_of(error, url)
    raise failure


async def _read(response: aiohttp.ClientResponse, url: URL) -> AsyncIterator[bytes]:
    chunks = response.content.iter_any()
    while True:
        try:
            chunk = await anext(chunks, None)
        except HEARD as error:
            failure = failure_of(error, url)
        else:
            if chunk is None:
                return
            yield chunk
            continue
        raise failure


def _unpacked(unpack: Unpacker, piece: bytes, url: URL) -> Iterator[bytes]:
    try:
        yield from unpack.unpack(piece)
    except TooMuch as error:
        raise SourceError(
            f"Its answer {error} ({redacted(url)}); fanin stopped reading. Ask it for another form, or leave it out.",
            FailureKind.TOO_LARGE,
        ) from None
    except BROKEN:
        raise _broken(url) from None


def _broken(url: URL) -> SourceError:
    return SourceError(
        f"Its compressed answer is damaged or broke off ({redacted(url)}); fanin took nothing more from it. Try again"
        " later.",
        FailureKind.TRUNCATED,
    )
