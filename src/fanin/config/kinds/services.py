"""Kinds of sources that are public services with a format of their own."""

from typing import Annotated, Literal, override

from pydantic import Field

from fanin.config.kinds.common import Context, Web
from fanin.sources.source import Source


class OpenMeteo(Web):
    """`kind = "open-meteo"`: the weather at `place`, or at the place that the question names."""

    kind: Literal["open-meteo"]
    place: str | None = None
    """The place, such as `"New York"`; without it, the one that the question names."""

    @override
    def source(self, name: str, context: Context) -> Source:
        """The source that these settings describe."""
        from fanin.sources.open_meteo import open_meteo

        return open_meteo(name=name, place=self.place, timeout=self.timeout, client=self.client(context))


class Feeds(Web):
    """`kind = "feeds"`: the newest items of the feeds at `urls`."""

    kind: Literal["feeds"]
    urls: Annotated[list[str], Field(min_length=1)]
    """Addresses of feeds."""

    @override
    def source(self, name: str, context: Context) -> Source:
        """The source that these settings describe."""
        from fanin.sources.feeds import feeds

        return feeds(*self.urls, name=name, timeout=self.timeout, client=self.client(context))


class MediaWiki(Web):
    """`kind = "mediawiki"`: the pages of a wiki that fit the question; Wikipedia unless `api_url` names another."""

    kind: Literal["mediawiki"]
    api_url: str | None = None
    """The address of a wiki's action API; Wikipedia's in English without it."""

    @override
    def source(self, name: str, context: Context) -> Source:
        """The source that these settings describe."""
        from fanin.sources.mediawiki import WIKIPEDIA, mediawiki

        return mediawiki(
            name=name, api_url=self.api_url or WIKIPEDIA, timeout=self.timeout, client=self.client(context)
        )
