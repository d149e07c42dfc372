"""The source: fills an address in from the question, requests page after page, and gives the items as documents."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from yarl import URL

from fanin.errors import ConfigError
from fanin.loop_time import ON_LOOP, off_loop
from fanin.model import Notice, Question
from fanin.net.client import Client
from fanin.net.url_template import AddressTemplate, BodyTemplate, TemplateNames, Values
from fanin.plan.search_terms import PLACES, SEARCHING, values
from fanin.sources.http.item_mapping import Expression, ItemMapping
from fanin.sources.http.paging import NextPage
from fanin.sources.http.reply_page import Page, PageReader, unexpected_format
from fanin.sources.masked_source import mask_source
from fanin.sources.source import Item, Source, digest

PAGING = ("page", "offset")
"""Placeholders besides `PLACES`: the number of the page, and of the items before it."""

CURSOR = "cursor"
"""The placeholder for what a page says of the next one; the first page is asked for without it."""

_NO_CONTENT, _BEYOND = (204,), (204, 404, 410, 416)
"""Statuses of a reply without items: of any, and of one that is asked for by its number."""


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
    `{to}`, `{page}`, `{offset}`, `{cursor}`, and `${NAME}` for a secret of `environ` or of a file below `folder`. With
    a `body` it is a POST. `items`, and of each item `text`, `title`, `link` and `published`, are JMESPath; so is
    `next_page`, the next page's address or cursor. Raises ConfigError for settings that make no sense.
    """
    words = TemplateNames(known=(*PLACES, *PAGING, CURSOR), environ=environ, folder=folder)
    template = AddressTemplate.read(url, words).with_parameters(parameters or {}, words)
    expressions = {"items": items, "text": text, "title": title, "link": link, "published": published}
    client = client or Client()
    read = partial(Expression.read, limits=client.limits)
    mapping = ItemMapping(**{key: read(each, key=key) for key, each in expressions.items()}, html=html)
    query = PagedQuery(
        client=client,
        address=template,
        body=None if body is None else BodyTemplate.read(body, words),
        mapping=mapping,
        next_page=NextPage(read(next_page, key="next_page")),
        pages=pages,
        first_page=first_page,
        limit=limit,
    )
    if query.by_cursor and not next_page:
        raise ConfigError(
            f"The source {name!r} uses {{cursor}}, and no next_page says where the cursor is; fanin did not add it."
            " Set next_page, such as next_page = 'next_cursor'."
        )
    query.client.hide(query.secrets)
    settings = (url, parameters, body, expressions, html, next_page, pages, first_page, limit)
    identity = digest("http", *settings, query.client.identity)
    close, searches = query.client.close, not query.placeholders.isdisjoint(SEARCHING)
    source = Source(name, query.fetch, timeout=timeout, close=close, identity=identity, searches=searches)
    return mask_source(source, query.client.secrets)


@dataclass(frozen=True, slots=True)
class PagedQuery:
    """The requests to make for a question, and how the replies are read."""

    client: Client
    address: AddressTemplate
    body: BodyTemplate | None
    mapping: ItemMapping
    next_page: NextPage
    pages: int
    first_page: int
    limit: int

    @property
    def secrets(self) -> tuple[Any, ...]:
        """The secrets in the address and the body."""
        return (*self.address.secrets, *(self.body.secrets if self.body else ()))

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of the placeholders in the address and the body."""
        return self.address.placeholders | (self.body.placeholders if self.body else frozenset[str]())

    @property
    def by_cursor(self) -> bool:
        """Whether a page is asked for by what the one before says of it."""
        return CURSOR in self.placeholders

    async def fetch(self, question: Question) -> AsyncIterator[Item]:
        """The documents, page after page; a page is requested once the documents of the one before were consumed."""
        question_values = values(question)
        if "place" in self.placeholders and not question_values["place"]:
            yield Notice("nothing", message="The question names no place, which the source needs.")
            return
        left, delivered = self.limit, 0
        async with aclosing(self._pages(question_values)) as pages:
            async for page in pages:
                if page.item_count is None and left == self.limit:
                    yield Notice("nothing", message=f"The reply has nothing at {self.mapping.items.text!r}.")
                for document in page.documents:
                    delivered += 1
                    yield document
                if page.failure is not None:
                    raise page.failure
                left -= page.item_count or 0
                if left <= 0:
                    break
        if left < self.limit and not delivered:
            missing = ValueError(f"none of its items has a text at {self.mapping.text.text!r}")
            here = self.address.fill({**question_values, "page": 0, "offset": 0, CURSOR: None})
            raise unexpected_format(here, missing)

    async def _pages(self, question_values: Values) -> AsyncGenerator[Page]:
        numbered = not self.placeholders.isdisjoint(PAGING)
        next_page = None if numbered else replace(self.next_page, is_cursor=self.by_cursor)
        following: URL | str | None = None
        visited: set[URL | str] = set()
        seen = 0
        for number in range(self.pages):
            cursor = following if isinstance(following, str) else None
            place_values = {**question_values, "page": self.first_page + number, "offset": seen, CURSOR: cursor}
            here = following if isinstance(following, URL) else self.address.fill(place_values)
            visited.add(cursor or here)
            reader = PageReader(self.mapping, next_page, self.client.limits)
            page = await self._ask(here, place_values, reader, seen, _BEYOND if numbered and number else _NO_CONTENT)
            yield page
            seen += page.item_count or 0
            following = page.following
            if not page.item_count or (not numbered and (following is None or following in visited)):
                return

    async def _ask(
        self, url: URL, place_values: Values, reader: PageReader, seen: int, without_items: tuple[int, ...]
    ) -> Page:
        body = None if self.body is None else self.body.fill(place_values)
        method = "GET" if self.body is None else "POST"
        async with self.client.open(
            url, accept="application/json", method=method, json=body, ok_statuses=without_items
        ) as reply:
            if reply.status in without_items:
                return Page(item_count=0)
            content, link = await reply.body(), reply.headers.get("Link", "")
        read = partial(reader.read, content, reply.charset, url, link=link, most=max(0, self.limit - seen))
        return read() if len(content) <= ON_LOOP else await off_loop(read)
