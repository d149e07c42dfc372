"""The source: an address filled in from the question, asked page after page, and its items as documents."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from yarl import URL

from fanin.errors import SourceError
from fanin.loop_time import ON_LOOP, off_loop
from fanin.model import Notice, Question
from fanin.net.client import Client
from fanin.net.url_template import AddressTemplate, BodyTemplate, Values, Words
from fanin.plan.search_terms import PLACES, values
from fanin.sources.http.item_mapping import Expression, Shape
from fanin.sources.http.paging import Following
from fanin.sources.http.reply_page import Page, PageReader, odd
from fanin.sources.masked_source import masked
from fanin.sources.source import Item, Source, digest

PAGING = ("page", "offset")
"""What an address or body may name besides `PLACES`: the number of the page, and of the items before it."""


def http(
    url: str,
    *,
    name: str = "http",
    parameters: Mapping[str, str | int | float] | None = None,
    body: Mapping[str, Any] | None = None,
    items: str = "",
    text: str = "",
    title: str = "",
    link: str = "",
    published: str = "",
    html: bool = False,
    next_page: str = "",
    pages: int = 1,
    first_page: int = 1,
    limit: int = 20,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout: float = 5.0,
    client: Client | None = None,
) -> Source:
    """A source that gives the items of a JSON API's reply as documents, at most `limit` from at most `pages` pages.

    `url`, `parameters` and the strings of `body` may hold `{question}`, `{words}`, `{place}`, `{language}`, `{from}`,
    `{to}`, `{page}`, `{offset}`, and `${NAME}` for a secret of `environ` or of a file below `folder`. With a `body` it
    is a POST. `items`, and of each item `text`, `title`, `link` and `published`, are JMESPath; so is `next_page`, the
    next page's address. Raises ConfigError for settings that make no sense.
    """
    words = Words(known=(*PLACES, *PAGING), environ=environ, folder=folder)
    template = AddressTemplate.read(url, words).with_parameters(parameters or {}, words)
    told = {"items": items, "text": text, "title": title, "link": link, "published": published}
    shape = Shape(**{key: Expression.read(each, key=key) for key, each in told.items()}, html=html)
    asking = Asking(
        client=client or Client(),
        address=template,
        body=None if body is None else BodyTemplate.read(body, words),
        shape=shape,
        following=Following(Expression.read(next_page, key="next_page")),
        pages=pages,
        first_page=first_page,
        limit=limit,
    )
    asking.client.hide(asking.secrets)
    settings = (url, parameters, body, told, html, next_page, pages, first_page, limit)
    identity = digest("http", *settings, asking.client.identity)
    source = Source(name, asking.fetch, timeout=timeout, close=asking.client.close, identity=identity)
    return masked(source, asking.client.secrets)


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, and how the replies are read."""

    client: Client
    address: AddressTemplate
    body: BodyTemplate | None
    shape: Shape
    following: Following
    pages: int
    first_page: int
    limit: int
    today: Callable[[], date] = _today

    @property
    def secrets(self) -> tuple[Any, ...]:
        """What must not be told of what is asked."""
        return (*self.address.secrets, *(self.body.secrets if self.body else ()))

    @property
    def places(self) -> frozenset[str]:
        """The names of the values that are wanted."""
        return self.address.places | (self.body.places if self.body else frozenset[str]())

    async def fetch(self, question: Question) -> AsyncIterator[Item]:
        """The documents, page after page; a page is asked for when what was before it has been taken."""
        told = values(question.text, today=self.today())
        if "place" in self.places and not told["place"]:
            yield Notice("nothing", message="The question names no place that fanin could ask about.")
            return
        left, given = self.limit, 0
        async with aclosing(self._pages(told)) as pages:
            async for page in pages:
                if page.items is None and left == self.limit:
                    yield Notice("nothing", message=f"Nothing stands at {self.shape.items.text!r} in what it answered.")
                for document in page.documents:
                    given += 1
                    yield document
                if page.failure is not None:
                    raise page.failure
                left -= page.items or 0
                if left <= 0:
                    break
        if left < self.limit and not given:
            raise _textless(self.shape, self.address.fill({**told, "page": 0, "offset": 0}))

    async def _pages(self, told: Values) -> AsyncGenerator[Page]:
        numbered = not self.places.isdisjoint(PAGING)
        following: URL | None = None
        asked: set[URL] = set()
        seen = 0
        for number in range(self.pages):
            filled = {**told, "page": self.first_page + number, "offset": seen}
            here = following or self.address.fill(filled)
            asked.add(here)
            page = await self._ask(here, filled, PageReader(self.shape, None if numbered else self.following), seen)
            yield page
            seen += page.items or 0
            following = page.following
            if not page.items or (not numbered and (following is None or following in asked)):
                return

    async def _ask(self, url: URL, filled: Values, reader: PageReader, seen: int) -> Page:
        body = None if self.body is None else self.body.fill(filled)
        method = "GET" if self.body is None else "POST"
        async with self.client.open(url, accept="application/json", method=method, json=body) as reply:
            told, link = await reply.body(), reply.headers.get("Link", "")
        read = partial(reader.read, told, reply.charset, url, link=link, most=max(0, self.limit - seen))
        return read() if len(told) <= ON_LOOP else await off_loop(read)


def _textless(shape: Shape, url: URL) -> SourceError:
    return odd(url, ValueError(f"none of its items has a text at {shape.text.text!r}"))
