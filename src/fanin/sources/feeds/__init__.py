"""News, from RSS and Atom feeds."""

from fanin.sources.feeds.feed import feeds

__all__ = ["feeds"]
