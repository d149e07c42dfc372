"""News by feeds: the items that fit the question come one by one, while the rest of the feeds still arrives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from fanin.errors import ConfigError, FailureKind, SourceError
from fanin.model import Document, Question
from fanin.net.client import Client
from fanin.net.http_errors import redacted
from fanin.net.secrets import Secret, revealed
from fanin.sources.feeds.feed_reading import items_of
from fanin.sources.feeds.item_filter import ItemFilter
from fanin.sources.masked_source import masked
from fanin.sources.merged_streams import merged
from fanin.sources.source import Item, Source, digest

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_AT_ONCE = 50
_SHARE = 0.8
"""Of the source's time that one feed may take, so that one that hangs does not take what the others have given."""


def feeds(
    *urls: str | Secret, name: str = "news", items: int = 100, timeout: float = 5.0, client: Client | None = None
) -> Source:
    """A source that gives the items of feeds that fit the question, at most `items`, each as it arrives.

    If no item fits, it gives the newest. A text in HTML has the media type "text/html". A feed that fails does not
    affect the others; the source raises for it when all have ended. `timeout` is for one attempt, in seconds.
    """
    if not urls:
        raise ConfigError("The source feeds has no address; fanin did not add it. Give it the address of a feed.")
    addresses, secrets = revealed(urls)
    client = client or Client()
    client.hide(secrets)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        chosen, failures = ItemFilter(question.text, limit=items), list[Exception]()
        until = asyncio.get_running_loop().time() + timeout * _SHARE
        streams = (_feed(client, url, until, failures) for url in dict.fromkeys(addresses))
        async with aclosing(merged(streams, at_once=_AT_ONCE)) as found:
            async for document in found:
                if isinstance(document, Document) and chosen.takes(document):
                    yield document
                if chosen.full:
                    break
        for document in chosen.rest():
            yield document
        if failures and not chosen.full:
            raise _failure(failures, of=len(urls))

    identity = digest("feeds", [str(url) for url in urls], items, client.identity)
    made = Source(name, fetch, timeout=timeout, close=client.close, identity=identity)
    return masked(made, client.secrets)


async def _feed(client: Client, url: str, until: float, failures: list[Exception]) -> AsyncIterator[Item]:
    """The items of one feed; what goes wrong with it is added to the failures."""
    try:
        async with asyncio.timeout_at(until), client.open(url, accept=_ACCEPT) as reply:
            async for document in items_of(reply):
                yield document
    except TimeoutError:
        failures.append(_late(url))
    except Exception as error:  # noqa: BLE001 - whatever one feed raises is told when the others have ended
        failures.append(error)


def _late(url: str) -> SourceError:
    return SourceError(
        f"It had not all arrived in the time of its source ({redacted(url)}); fanin took what was there."
        " Raise the timeout of the source, or leave this feed out.",
        FailureKind.TIMEOUT,
    )


def _failure(failures: list[Exception], *, of: int) -> Exception:
    """The only failure, or all of them as one: the first in full, with its kind, and the number of the others."""
    first = failures[0]
    if len(failures) == 1:
        return first
    message = f"{len(failures)} of {of} feeds failed. The first: {first}"
    if isinstance(first, SourceError):
        return first.with_message(message)
    return SourceError(message, FailureKind.EXCEPTION)
