"""News from feeds: matching items are delivered at once, while the rest of the feeds still arrives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from fanin.errors import FailureKind, SourceError
from fanin.model import Document, Question
from fanin.net.client import Client
from fanin.net.http_errors import redact
from fanin.net.request import check_addresses
from fanin.net.secrets import Secret, reveal_all
from fanin.sources.feeds.feed_reading import read_items
from fanin.sources.feeds.item_filter import ItemFilter
from fanin.sources.masked_source import mask_source
from fanin.sources.merged_streams import merge_streams
from fanin.sources.source import Item, Source, digest

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_AT_ONCE = 50
_SHARE = 0.8
"""Share of the source's timeout for one feed, so that a feed that hangs does not make the whole source time out."""


def feeds(
    *urls: str | Secret, name: str = "news", items: int = 100, timeout: float = 5.0, client: Client | None = None
) -> Source:
    """A source that gives the items of feeds that match the question, at most `items`, each as it arrives.

    If no item matches, it gives the newest. A text in HTML has the media type "text/html". A feed that fails does not
    affect the others; the source raises its error when all have ended. `timeout` is for one attempt, in seconds.
    Raises ConfigError without an address, or for one that is not valid.
    """
    addresses, secrets = reveal_all(urls)
    check_addresses(name, addresses)
    client = client or Client()
    client.hide(secrets)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        accepted, failures = ItemFilter(question.text, limit=items, most=client.limits.feed_items), list[Exception]()
        until = asyncio.get_running_loop().time() + timeout * _SHARE
        streams = (_read_feed(client, url, until, failures) for url in dict.fromkeys(addresses))
        async with aclosing(merge_streams(streams, at_once=_AT_ONCE)) as found:
            async for url, document in found:
                if accepted.accepts(document, url):
                    yield document
                if accepted.is_full:
                    break
        for document in accepted.fallback_items():
            yield document
        if failures and not accepted.is_full:
            raise _combine_failures(failures, of=len(urls))

    identity = digest("feeds", [str(url) for url in urls], items, client.identity)
    source = Source(name, fetch, timeout=timeout, close=client.close, identity=identity)
    return mask_source(source, client.secrets)


async def _read_feed(
    client: Client, url: str, until: float, failures: list[Exception]
) -> AsyncIterator[tuple[str, Document]]:
    """The items of one feed with its address; its error, if any, is added to `failures`."""
    try:
        async with asyncio.timeout_at(until), client.open(url, accept=_ACCEPT) as reply:
            async for document in read_items(reply):
                yield url, document
    except TimeoutError:
        failures.append(_timeout_error(url))
    except Exception as error:  # noqa: BLE001 - the source raises it when the other feeds have ended
        failures.append(error)


def _timeout_error(url: str) -> SourceError:
    return SourceError(
        f"The feed did not arrive in time ({redact(url)}); fanin used the items that had arrived. Raise the timeout"
        " of the source, or leave this feed out.",
        FailureKind.TIMEOUT,
    )


def _combine_failures(failures: list[Exception], *, of: int) -> Exception:
    """The only failure; or several as one: the first one's kind and message, and how many feeds failed."""
    first = failures[0]
    if len(failures) == 1:
        return first
    message = f"{len(failures)} of {of} feeds failed. The first: {first}"
    if isinstance(first, SourceError):
        return first.with_message(message)
    return SourceError(message, FailureKind.EXCEPTION)
