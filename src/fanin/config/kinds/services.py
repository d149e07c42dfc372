"""Kinds of sources that are public services with a format of their own."""

from typing import Annotated, Literal

from pydantic import Field

from fanin.config.kinds.common import Common
from fanin.sources.source import Source


class OpenMeteo(Common):
    """`kind = "open-meteo"`: the weather at `place`, or at the place that the question names."""

    kind: Literal["open-meteo"]
    place: str | None = None

    def source(self, name: str) -> Source:
        """The source that these settings describe."""
        from fanin.sources.open_meteo import open_meteo

        return open_meteo(name=name, place=self.place, timeout=self.timeout)


class Feeds(Common):
    """`kind = "feeds"`: the newest items of the feeds at `urls`."""

    kind: Literal["feeds"]
    urls: Annotated[list[str], Field(min_length=1)]

    def source(self, name: str) -> Source:
        """The source that these settings describe."""
        from fanin.sources.feeds import feeds

        return feeds(*self.urls, name=name, timeout=self.timeout)


class MediaWiki(Common):
    """`kind = "mediawiki"`: the pages of a wiki that fit the question; Wikipedia unless `api_url` names another."""

    kind: Literal["mediawiki"]
    api_url: str | None = None

    def source(self, name: str) -> Source:
        """The source that these settings describe."""
        from fanin.sources.mediawiki import WIKIPEDIA, mediawiki

        return mediawiki(name=name, api_url=self.api_url or WIKIPEDIA, timeout=self.timeout)
