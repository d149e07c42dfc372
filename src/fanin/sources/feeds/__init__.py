"""News, from RSS and Atom feeds."""

from fanin.sources.feeds.feed_source import feeds

__all__ = ["feeds"]
