"""Reads one feed while its bytes arrive: items of well-formed XML at once, those of other feeds at the end."""

import io
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from itertools import islice
from typing import Any, cast
from xml.parsers.expat import ExpatError

from fanin.errors import describe
from fanin.loop_time import TimeSlice
from fanin.model import Document
from fanin.net.client import Reply
from fanin.pools.stopping import anywhere
from fanin.sources.feeds.feed_entry import from_feedparser
from fanin.sources.feeds.feed_parser import FeedParser, doctype_refused, not_a_feed, web_page
from fanin.sources.feeds.json_feed import json_items
from fanin.sources.threads import in_thread

STEP = 2_048
"""Bytes of XML that are parsed at a time: 500 empty elements, in about two milliseconds."""

_BLANK = b"\xef\xbb\xbf \t\r\n"
"""What is ignored before the first character: a byte order mark and white space."""


_DEFINES = re.compile(rb"<!doctype[^<>\[]*\[|<!entity", re.IGNORECASE)
_WEB_PAGE = re.compile(
    rb"[^<]{0,99}(?:<(?:\?|!--)[^<>]{0,999}>[^<]{0,99}){0,9}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)


async def read_items(reply: Reply) -> AsyncIterator[Document]:
    """The items of a feed. Raises SourceError (kind "format") if it is not a feed, or its DOCTYPE defines something."""
    reader, working = _FeedReader(reply), TimeSlice()
    async for chunk in reply.chunks():
        for start in range(0, len(chunk), STEP):
            for document in reader.read(chunk[start : start + STEP]):
                yield document
            await working.checkpoint()
    if reader.is_complete():
        for document in reader.take_items():
            yield document
        return
    # In a daemon thread, which cannot keep the process alive: parsing a hostile feed may take long.
    async with aclosing(in_thread(reader.remaining_items, may_stop=anywhere)) as documents:
        async for document in documents:
            yield document


class _FeedReader:
    """The items found so far, if the feed is well-formed XML; and all bytes so far, in case it turns out not to be."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._base = str(reply.url)
        self._xml = FeedParser(self._base, most=reply.limits.feed_elements)
        self._well_formed = True
        self._delivered = 0
        self._body = bytearray()

    def read(self, chunk: bytes) -> Iterator[Document]:
        """The items that this chunk completes."""
        self._body += chunk
        self._well_formed = self._well_formed and not self._is_json and _is_well_formed(self._xml.feed, chunk)
        return self.take_items()

    def take_items(self) -> Iterator[Document]:
        """The complete items; the parser may hold some back until `is_complete` is called."""
        for document in self._xml.take_items():
            self._delivered += 1
            yield document

    def is_complete(self) -> bool:
        """Whether it was well-formed XML to its end, so that `take_items` gives all that is left."""
        return self._well_formed and _is_well_formed(self._xml.close)

    def remaining_items(self) -> Iterator[Document]:
        """The items of a JSON feed, or those of XML that were not delivered yet."""
        body, limits = bytes(self._body), self._reply.limits
        if self._is_json:
            return islice(json_items(body, self._base, charset=self._reply.charset, limits=limits), limits.feed_items)
        if b"<" not in body:
            raise not_a_feed(self._base, "it is neither XML nor JSON")
        plain = body.replace(b"\0", b"")  # so that a DOCTYPE in UTF-16 is found too
        if _DEFINES.search(plain):
            raise doctype_refused(self._base)
        if _WEB_PAGE.match(plain):
            raise web_page(self._base)
        repaired = _repair(body[: limits.malformed_feed_bytes], self._reply, self._base)
        return islice(repaired, self._delivered, limits.feed_items)

    @property
    def _is_json(self) -> bool:
        return self._body[:100].lstrip(_BLANK).startswith(b"{")


def _is_well_formed[**P](read: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether `read` finds well-formed XML. Raises SourceError for what is not a feed at all."""
    try:
        read(*args, **kwargs)
    except ExpatError, LookupError, ValueError:
        return False
    return True


def _repair(body: bytes, reply: Reply, base: str) -> Iterator[Document]:
    import feedparser  # pyright: ignore[reportMissingTypeStubs]  # 0.1 s, and only for feeds that are not well-formed

    content_type = f"{reply.media_type}; charset={reply.charset}" if reply.charset else reply.media_type
    # feedparser could take plain bytes for the name of a file.
    parse = cast("Callable[..., Any]", feedparser.parse)  # pyright: ignore[reportUnknownMemberType]
    try:
        found = parse(
            io.BytesIO(body),
            response_headers={"content-type": content_type},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ValueError, LookupError) as error:
        # For example an encoding with a zero byte in its name: feedparser does not expect the error of Python's codecs.
        raise not_a_feed(base, f"feedparser failed on it, {describe(error)}") from error
    if not found.get("version"):
        raise not_a_feed(base, "it is neither RSS nor Atom")
    language = str(found.feed.get("language", ""))
    return (from_feedparser(entry, base, language) for entry in found.entries)
