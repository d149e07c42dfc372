"""News by RSS and Atom feeds: the items come one by one, while the rest of the feed still arrives."""

import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from itertools import islice
from typing import Any, cast
from xml.etree.ElementTree import ParseError

from fanin.errors import ConfigError
from fanin.model import Document, Question
from fanin.net.client import Client, Reply
from fanin.sources.feeds.entry import from_feedparser
from fanin.sources.feeds.items import FeedItems, doctype, no_feed
from fanin.sources.masked import masked
from fanin.sources.merged import merged
from fanin.sources.source import Item, Source
from fanin.sources.threads import in_thread

_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.5"
_AT_ONCE = 10


def feeds(
    *urls: str, name: str = "news", items: int = 100, timeout: float = 5.0, client: Client | None = None
) -> Source:
    """A source that gives the first `items` items of each feed, each as it arrives; a broken feed spoils no other.

    Descriptions in HTML have the media type "text/html". `timeout` is seconds for one attempt.
    """
    if not urls:
        raise ConfigError("The source feeds has no address; fanin did not add it. Give it the address of a feed.")
    client = client or Client()

    async def fetch(_: Question) -> AsyncIterator[Item]:
        async for document in merged((_first(client, url, items) for url in urls), at_once=_AT_ONCE):
            yield document

    return masked(Source(name, fetch, timeout=timeout, close=client.close), client.secrets)


async def _first(client: Client, url: str, count: int) -> AsyncIterator[Item]:
    async with client.open(url, accept=_ACCEPT) as reply:
        async for document in _items(reply):
            yield document
            count -= 1
            if not count:
                return


async def _items(reply: Reply) -> AsyncIterator[Document]:
    """The items of well-formed XML as it arrives; from where it is not well-formed, those that feedparser finds."""
    reader = FeedItems(str(reply.url))
    body: list[bytes] = []
    given, sound = 0, True
    async for chunk in reply.chunks():
        body.append(chunk)
        sound = sound and _sound(reader.feed, chunk)
        for document in reader.taken():
            given += 1
            yield document
    if not (sound and _sound(reader.close)):
        # A thread that cannot keep the process alive: what feedparser makes of a hostile feed may take long.
        async with aclosing(in_thread(lambda: _forgiven(b"".join(body), reply, given))) as documents:
            async for document in documents:
                yield document


def _sound[**P](read: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether this is well-formed; what is no feed at all raises SourceError."""
    try:
        read(*args, **kwargs)
    except ParseError, LookupError, ValueError:
        return False
    return True


def _forgiven(body: bytes, reply: Reply, given: int) -> Iterator[Document]:
    """The items after the first `given` ones, by feedparser, which reads what is not well-formed."""
    base = str(reply.url)
    # Without its zero bytes, so that UTF-16 is seen through too.
    if b"<!doctype" in body.replace(b"\0", b"").lower():
        raise doctype(base)
    return islice(_parsed(body, reply, base), given, None)


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
        raise no_feed(base, f"feedparser failed on it, {error!r}") from error
    if not found.get("version"):
        raise no_feed(base, "it is neither RSS nor Atom")
    return (from_feedparser(entry, base) for entry in found.entries)
