"""Web pages at given addresses: the main text of each, with its title and date."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from functools import partial
from pathlib import PurePath

from fanin.documents.formats import format_of
from fanin.documents.html import sections_of
from fanin.documents.html_page import read_page
from fanin.documents.structure import Unreadable, headings
from fanin.errors import FailureKind, SourceError
from fanin.limits import Limits
from fanin.model import Document, Notice, Question
from fanin.net.client import Client, Reply
from fanin.net.http_errors import redact
from fanin.net.request import check_addresses
from fanin.net.secrets import Secret, reveal_all
from fanin.pools.stopping import anywhere
from fanin.sources.masked_source import mask_source
from fanin.sources.merged_streams import merge_streams
from fanin.sources.source import Item, Source, digest
from fanin.sources.threads import in_thread

AT_ONCE = 10

_ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1"
_MARKUP = ("text/html", "application/xhtml+xml")
_TEXTS = {"text/markdown": ".md", "text/x-markdown": ".md", "text/csv": ".csv", "text/tab-separated-values": ".tsv"}
_READ = frozenset((".md", ".markdown", ".rst", ".csv", ".tsv"))
"""Endings of texts that are read as the knowledge base reads them; those of others are plain text."""


def web(*urls: str | Secret, name: str = "web", timeout: float = 5.0, client: Client | None = None) -> Source:
    """A source that gives the main text of the pages at these addresses for any question, each as it arrives.

    A page that fails does not affect the others. `timeout` is for one attempt, in seconds. Raises ConfigError for
    what is no address.
    """
    addresses, secrets = reveal_all(urls)
    check_addresses(name, addresses)
    client = client or Client()
    client.hide(secrets)

    def fetch(_: Question) -> AsyncIterator[Item]:
        return merge_streams((_page(client, url) for url in addresses), at_once=AT_ONCE)

    identity = digest("web", [str(url) for url in urls], client.identity)
    source = Source(name, fetch, timeout=timeout, close=client.close, identity=identity)
    return mask_source(source, client.secrets)


async def _page(client: Client, url: str) -> AsyncIterator[Item]:
    async with client.open(url, accept=_ACCEPT) as reply:
        document = await _document(reply)
    if document.text.strip():
        yield document
    else:
        yield Notice("nothing", message=f"The page has no text to read, or a script writes it ({redact(url)}).")


async def _document(reply: Reply) -> Document:
    kind, url = reply.media_type.lower(), str(reply.url.with_fragment(None))
    if kind not in _MARKUP and not kind.startswith("text/"):
        raise SourceError(
            f"The page is of the type {kind!r}, which fanin cannot read ({redact(reply.url)}); fanin did not use it."
            " Name a page of HTML or plain text.",
            FailureKind.FORMAT,
        )
    text, ending = (await reply.text()).text, _TEXTS.get(kind, PurePath(reply.url.path).suffix)
    if kind in _MARKUP:
        return await _read(partial(_page_document, text, url, reply.limits))
    if ending in _READ:
        return await _read(partial(_text_document, text, url, ending, reply.limits))
    return Document(text, url=url)


def _challenge(url: str) -> SourceError:
    return SourceError(
        f"The server sent a challenge, a check for robots, instead of the page ({redact(url)}); fanin did not use it."
        " Ask for the page by an API, or save it from a browser into a knowledge base.",
        FailureKind.FORMAT,
    )


def _page_document(markup: str, url: str, limits: Limits) -> Document:
    page = read_page(markup, most_marks=limits.page_tags, longest=limits.page_characters)
    if page.is_challenge:
        raise _challenge(url)
    remark = {} if page.is_complete else {"remark": "The page was too large to find its main text."}
    metadata = remark | headings(page.text, sections_of(page, limits))
    return Document(page.text, page.title, url, page.published, metadata=metadata)


def _text_document(text: str, url: str, ending: str, limits: Limits) -> Document:
    """A text as the knowledge base reads such a file."""
    try:
        parsed = format_of(f"page{ending}")(text.encode(errors="replace"), limits)
    except Unreadable as error:
        raise SourceError(f"The page {error} ({redact(url)}); fanin did not use it.", FailureKind.FORMAT) from error
    return Document(parsed.text, parsed.title, url, parsed.published, metadata=headings(parsed.text, parsed.sections))


async def _read(read: Callable[[], Document]) -> Document:
    """What it gives, read in a thread, since a large page takes a second."""
    async with aclosing(in_thread(read, may_stop=anywhere)) as documents:
        return await anext(documents)
