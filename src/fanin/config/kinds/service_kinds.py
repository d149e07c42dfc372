"""Kinds of sources that are public services with a format of their own."""

from typing import Annotated, Literal, override

from pydantic import Field

from fanin import lazy
from fanin.config.kinds.common_settings import Context, Web
from fanin.sources.source import Source


class OpenMeteo(Web):
    """`kind = "open-meteo"`: the weather at `place`, or at the place that the question names."""

    kind: Literal["open-meteo"]
    place: str | None = None
    """The place, such as `"New York"` or `"Portland, Maine"`; without it, the one that the question names."""
    units: Literal["metric", "imperial"] = "metric"
    """Celsius, km/h and mm, or Fahrenheit, mph and inches."""
    language: Annotated[str, Field(pattern="^[a-z]{2}$")] | None = None
    """What places are named in, such as `"de"`; without it, the question's language, or English."""
    days: Annotated[int, Field(ge=1, le=16)] = 3
    """Days from today that it gives when the question names none."""

    @override
    def source(self, name: str, context: Context) -> Source:
        return lazy.open_meteo.open_meteo(**self.keywords(name, client=self.client(context)))


class Feeds(Web):
    """`kind = "feeds"`: the items of the feeds at `urls` that fit the question, or the newest if none does."""

    kind: Literal["feeds"]
    urls: Annotated[list[str], Field(min_length=1, max_length=1000)]
    """Addresses of feeds: RSS, Atom or JSON Feed; `${NAME}` takes in a secret."""
    items: Annotated[int, Field(ge=1, le=10_000)] = 100
    """How many items it gives at most, of all feeds together."""

    @override
    def source(self, name: str, context: Context) -> Source:
        urls = context.addresses(self.urls, key="urls")
        return lazy.feeds.feeds(*urls, name=name, items=self.items, timeout=self.timeout, client=self.client(context))


class Wikipedia(Web):
    """`kind = "wikipedia"`: the pages of Wikipedia, or of the wiki at `api_url`, that fit the question."""

    kind: Literal["wikipedia"]
    language: str | None = None
    """The edition, such as `"de"` or `"simple"`; without it, that of the question's language, or the English one."""
    api_url: str | None = None
    """The address of another wiki's action API, such as `"https://wiki.example.com/w/api.php"`."""
    pages: Annotated[int, Field(ge=1, le=20)] = 3
    """How many pages it gives at most."""

    @override
    def source(self, name: str, context: Context) -> Source:
        return lazy.wikipedia.wikipedia(**self.keywords(name, client=self.client(context)))


class HackerNews(Web):
    """`kind = "hacker-news"`: the stories and comments of Hacker News that fit the question, of the days it names."""

    kind: Literal["hacker-news"]
    posts: Annotated[
        tuple[Literal["story", "comment", "ask_hn", "show_hn", "poll", "job", "front_page"], ...],
        Field(min_length=1, strict=False),
    ] = ("story", "comment")
    """Kinds of posts; each is searched for by itself."""
    order: Literal["relevance", "date"] | None = None
    """What comes first; without it, the newest when the question asks for what is new, else the most relevant."""
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    """How many of each it gives at most."""

    @override
    def source(self, name: str, context: Context) -> Source:
        return lazy.hacker_news.hacker_news(**self.keywords(name, client=self.client(context)))
