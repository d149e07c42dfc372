"""The kinds of sources with addresses in the settings: JSON APIs and web pages."""

from typing import Annotated, Any, Literal, override

from pydantic import Field

from fanin import lazy
from fanin.config.kinds.common_settings import Context, Web
from fanin.sources.source import Source


class Http(Web):
    """`kind = "http"`: the items of a JSON API's reply; what is found in it is written in JMESPath."""

    kind: Literal["http"]
    url: str
    """The address, with `{question}` and other places in segments of its path and values of its parameters."""
    parameters: Annotated[dict[str, str | int | float], Field(default_factory=dict)]
    """More parameters of the address; they may have placeholders."""
    body: dict[str, Any] | None = None
    """A JSON body, whose texts may have placeholders; with one the request is a POST."""
    items: str = ""
    """Where the items are, such as `"items[*]"`; without it the reply is the list of them, or the only one."""
    text: str = ""
    """The text of an item; without it all that the item says, as lines `name: value`."""
    title: str = ""
    """Its title."""
    link: str = ""
    """Its address."""
    published: str = ""
    """When it was published: a date, or seconds or milliseconds since 1970."""
    html: bool = False
    """Whether the text is HTML."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    """Items at most."""
    pages: Annotated[int, Field(ge=1, le=100)] = 1
    """Pages at most, which are asked for one after another."""
    next_page: str = ""
    """Where the next page's address or `{cursor}` is; else the header `Link` says so, or `{page}` counts."""
    first_page: Annotated[int, Field(ge=0)] = 1
    """What `{page}` is at first."""

    @override
    def source(self, name: str, context: Context) -> Source:
        client = self.client(context)
        return lazy.http.http(**self.keywords(name, environ=context.environ, folder=context.folder, client=client))


class Pages(Web):
    """`kind = "web"`: the main text of the pages at `urls`, whatever is asked."""

    kind: Literal["web"]
    urls: Annotated[list[str], Field(min_length=1)]
    """Addresses of pages; `${NAME}` takes in a secret."""

    @override
    def source(self, name: str, context: Context) -> Source:
        urls = context.addresses(self.urls, key="urls")
        return lazy.web.web(*urls, name=name, timeout=self.timeout, client=self.client(context))
