"""Web pages at given addresses: the main text of each, with its title and date."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from functools import partial

from fanin.documents.html_page import Page, read_page
from fanin.errors import ConfigError, FailureKind, SourceError
from fanin.limits import Limits
from fanin.model import Document, Notice, Question
from fanin.net.client import Client, Reply
from fanin.net.http_errors import redact
from fanin.net.request import parse_address
from fanin.net.secrets import Secret, reveal_all
from fanin.pools.stopping import anywhere
from fanin.sources.masked_source import mask_source
from fanin.sources.merged_streams import merge_streams
from fanin.sources.source import Item, Source, digest
from fanin.sources.threads import in_thread

AT_ONCE = 10

_ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1"
_MARKUP = ("text/html", "application/xhtml+xml")


def web(*urls: str | Secret, name: str = "web", timeout: float = 5.0, client: Client | None = None) -> Source:
    """A source that gives the main text of the pages at these addresses for any question, each as it arrives.

    A page that fails does not affect the others. `timeout` is for one attempt, in seconds. Raises ConfigError for
    what is no address.
    """
    addresses, secrets = reveal_all(urls)
    _check(name, addresses)
    client = client or Client()
    client.hide(secrets)

    def fetch(_: Question) -> AsyncIterator[Item]:
        return merge_streams((_page(client, url) for url in addresses), at_once=AT_ONCE)

    identity = digest("web", [str(url) for url in urls], client.identity)
    source = Source(name, fetch, timeout=timeout, close=client.close, identity=identity)
    return mask_source(source, client.secrets)


def _check(name: str, urls: Sequence[str]) -> None:
    if not urls:
        raise ConfigError(f"The source {name!r} names no page; fanin did not add it. Give it the address of one.")
    for url in urls:
        try:
            parse_address(url)
        except SourceError as error:
            raise ConfigError(f"The source {name!r}: {error}") from error


async def _page(client: Client, url: str) -> AsyncIterator[Item]:
    async with client.open(url, accept=_ACCEPT) as reply:
        document = await _document(reply)
    if document.text.strip():
        yield document
    else:
        yield Notice("nothing", message=f"The page has no text to read, or a script writes it ({redact(url)}).")


async def _document(reply: Reply) -> Document:
    kind, url = reply.media_type.lower(), str(reply.url.with_fragment(None))
    if kind in _MARKUP:
        page = await _read((await reply.text()).text, reply.limits)
        if page.is_challenge:
            raise _challenge(url)
        metadata = {} if page.is_complete else {"remark": "The page was too large to find its main text."}
        return Document(page.text, page.title, url, page.published, metadata=metadata)
    if kind.startswith("text/"):
        return Document((await reply.text()).text, url=url)
    raise SourceError(
        f"The page is of the type {kind!r}, which fanin cannot read ({redact(reply.url)}); fanin did not use it. Name"
        " a page of HTML or plain text.",
        FailureKind.FORMAT,
    )


def _challenge(url: str) -> SourceError:
    return SourceError(
        f"The server sent a challenge, a check for robots, instead of the page ({redact(url)}); fanin did not use it."
        " Ask for the page by an API, or save it from a browser into a knowledge base.",
        FailureKind.FORMAT,
    )


async def _read(markup: str, limits: Limits) -> Page:
    """The page, read in a thread, since a large one takes a second."""
    read = partial(read_page, most_marks=limits.page_tags, longest=limits.page_characters)
    async with aclosing(in_thread(read, markup, may_stop=anywhere)) as pages:
        return await anext(pages)
