"""The items of one feed whose bytes arrive: one by one as far as it is well-formed, and then what can be saved."""

import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from itertools import islice
from typing import Any, cast
from xml.etree.ElementTree import ParseError

from fanin.errors import describe
from fanin.loop_time import TimeSlice
from fanin.model import Document
from fanin.net.client import Reply
from fanin.pools.stopping import anywhere
from fanin.sources.feeds.feed_entry import from_feedparser
from fanin.sources.feeds.feed_parser import FeedItems, doctype, no_feed
from fanin.sources.feeds.item_filter import MOST
from fanin.sources.feeds.json_feed import json_items
from fanin.sources.threads import in_thread

STEP = 2_048
"""Bytes of XML that are parsed at a time: 500 empty elements, in about two milliseconds."""

MENDED = 1_000_000
"""Bytes of a feed that is not well-formed that are read: what mends it goes over all of them several times."""

_BLANK = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first character: a byte order mark and white space."""


async def items_of(reply: Reply) -> AsyncIterator[Document]:
    """The items of a feed; raises SourceError (kind "format") when it is none, or declares a DOCTYPE."""
    found, working = _Found(reply), TimeSlice()
    async for chunk in reply.chunks():
        for start in range(0, len(chunk), STEP):
            for document in found.read(chunk[start : start + STEP]):
                yield document
            await working.checkpoint()
    if found.whole():
        for document in found.taken():
            yield document
        return
    # A thread that cannot keep the process alive: what a parser makes of a hostile feed may take long.
    async with aclosing(in_thread(found.rest, may_stop=anywhere)) as documents:
        async for document in documents:
            yield document


class _Found:
    """What was found so far in a feed of well-formed XML, and all of its bytes in case it turns out not to be."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._base = str(reply.url)
        self._xml = FeedItems(self._base)
        self._sound = True
        self._given = 0
        self._body = bytearray()

    def read(self, chunk: bytes) -> Iterator[Document]:
        """The items that are complete with this chunk."""
        self._body += chunk
        self._sound = self._sound and not self._json and _sound(self._xml.feed, chunk)
        return self.taken()

    def taken(self) -> Iterator[Document]:
        """The items that are complete; the parser may keep some of them back until it is told that this is all."""
        for document in self._xml.taken():
            self._given += 1
            yield document

    def whole(self) -> bool:
        """Whether it was XML to its end, so that every item has been given."""
        return self._sound and _sound(self._xml.close)

    def rest(self) -> Iterator[Document]:
        """The items of JSON, or those of XML that were not given yet."""
        body = bytes(self._body)
        if self._json:
            return islice(json_items(body, self._base, charset=self._reply.charset), MOST)
        if b"<" not in body:
            raise no_feed(self._base, "it is neither XML nor JSON")
        # Without its zero bytes, so that UTF-16 is seen through too.
        if b"<!doctype" in body.replace(b"\0", b"").lower():
            raise doctype(self._base)
        return islice(_parsed(body[:MENDED], self._reply, self._base), self._given, MOST)

    @property
    def _json(self) -> bool:
        return self._body[:100].lstrip(_BLANK).startswith(b"{")


def _sound[**P](read: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether this is well-formed; what is no feed at all raises SourceError."""
    try:
        read(*args, **kwargs)
    except ParseError, LookupError, ValueError:
        return False
    return True


def _parsed(body: bytes, reply: Reply, base: str) -> Iterator[Document]:
    import feedparser  # pyright: ignore[reportMissingTypeStubs]  # 0.1 s, and only for feeds that are not well-formed

    content_type = f"{reply.media_type}; charset={reply.charset}" if reply.charset else reply.media_type
    # Bytes alone could be taken for the name of a file.
    parse = cast("Callable[..., Any]", feedparser.parse)  # pyright: ignore[reportUnknownMemberType]
    try:
        found = parse(
            io.BytesIO(body),
            response_headers={"content-type": content_type},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ValueError, LookupError) as error:
        # Such as an encoding with a zero in its name, which Python's codecs refuse in a way that it does not expect.
        raise no_feed(base, f"feedparser failed on it, {describe(error)}") from error
    if not found.get("version"):
        raise no_feed(base, "it is neither RSS nor Atom")
    return (from_feedparser(entry, base) for entry in found.entries)
