"""Chooses the items of many feeds for a question: each once, those that match its words, or else the newest (pure)."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import takewhile

from yarl import URL

from fanin.limits import LIMITS
from fanin.model import Document
from fanin.text.folding import folded, without_accents
from fanin.text.question_terms import subject
from fanin.text.words import stem, words

NEWEST = 10
"""Items that are given if none matches the question."""

_SEEN = 50_000
"""Characters of an item that are compared with the question."""

_TAG = re.compile(r"<[/a-zA-Z!][^<>]*>")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id", re.IGNORECASE)


class ItemFilter:
    """Chooses items for one question, at most `limit`; call `accepts` with each item as it arrives.

    It reads `most` items.

    A question without a subject, such as "what is new?", accepts every item.
    """

    def __init__(self, question: str, *, limit: int, most: int = LIMITS.feed_items) -> None:
        self._fits = word_filter(question)
        self._limit = limit
        self._most = most
        self._feeds: dict[tuple[str, str], str] = {}
        self._texts: set[tuple[tuple[str, str], int]] = set()
        self._others: list[Document] = []
        self._accepted = self._read = 0

    @property
    def is_full(self) -> bool:
        """Whether no further item can be accepted."""
        return self._accepted >= self._limit or self._read >= self._most

    def accepts(self, document: Document, feed: str = "") -> bool:
        """Whether the item matches the question and is not a duplicate."""
        self._read += 1
        if self._read > self._most or not document.text or self._is_duplicate(document, feed):
            return False
        if not self._fits(document):
            if not self._accepted:
                self._others.append(document)
            return False
        self._accepted += 1
        return self._accepted <= self._limit

    def _is_duplicate(self, document: Document, feed: str) -> bool:
        """Whether another feed gave the item, or this one gave it with the same text.

        One feed may give many items with one address and one title, such as the notices of a status page.
        """
        key = item_key(document)
        if self._feeds.setdefault(key, feed) != feed or (key, hash(document.text)) in self._texts:
            return True
        self._texts.add((key, hash(document.text)))
        return False

    def fallback_items(self) -> Sequence[Document]:
        """To call when all feeds have ended: the newest items if none was accepted, those without a date last."""
        if self._accepted:
            return ()
        return sorted(self._others, key=published_at, reverse=True)[: min(NEWEST, self._limit)]


def item_key(document: Document) -> tuple[str, str]:
    """The same key for one item in several feeds: its address without tracking parameters, and its title."""
    if not document.url:
        return "", f"{document.title.casefold()}\n{document.text}"
    try:
        url = URL(document.url)
        url = url.without_query_params(*(key for key in url.query if _TRACKING.fullmatch(key))).with_fragment(None)
        return str(url.with_scheme("https")).rstrip("/"), document.title.casefold()
    except ValueError:
        return document.url, document.title.casefold()


def published_at(document: Document) -> float:
    """When it was published, in seconds since the epoch; minus infinity if unknown."""
    try:
        at = datetime.fromisoformat(document.published)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except ValueError, OverflowError:
        return float("-inf")


def word_filter(question: str) -> Callable[[Document], bool]:
    """A predicate: whether an item has any form of a word of the question's subject; always true without a subject."""
    stems = {found: word for word in subject(question) if (found := stem(word))}
    if not stems:
        return lambda _: True
    # The pattern of prefixes finds the few candidates fast, in C; then the stems of these decide.
    starts = sorted({_prefix_pattern(without_accents(word), found) for found, word in stems.items()})
    candidates = re.compile("|".join(starts), re.IGNORECASE)

    def fits(document: Document) -> bool:
        text = f"{document.title}\n{_TAG.sub(' ', document.text[:_SEEN])}"
        found = set(candidates.findall(text if text.isascii() else without_accents(folded(text))))
        return any(stem(word) in stems for each in found for word in words(each))

    return fits


def _prefix_pattern(word: str, found: str) -> str:
    """A pattern for every word that begins with what the word and its stem share: a "y" may be an "i" in a stem.

    In scripts without spaces it matches anywhere.
    """
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, found, strict=False))
    start = "".join(letter for letter, _ in alike) or word[:1]
    start = start[:-1] if len(start) > 2 and start.endswith(("i", "y")) else start
    return rf"\b{re.escape(start)}\w*" if start.isascii() or len(start) > 2 else re.escape(start)
