"""Which items of many feeds a question gets: each once, those that fit its words, or else the newest (pure)."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import takewhile

from yarl import URL

from fanin.model import Document
from fanin.text.words import fold, stem, subject, words

MOST = 10_000
"""Items of all feeds together that are looked at for one question."""

NEWEST = 10
"""Items that are given when none fits the question."""

_SEEN = 50_000
"""Characters of an item that are looked at."""

_TAG = re.compile(r"<[/a-zA-Z!][^<>]*>")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id", re.IGNORECASE)


class ItemFilter:
    """For one question: give it every item as it comes, and give on those that it takes, at most `limit`.

    A question that says nothing but "what is new?" takes every item.
    """

    def __init__(self, question: str, *, limit: int) -> None:
        self._fits = fitting(question)
        self._limit = limit
        self._seen: set[tuple[str, str]] = set()
        self._others: list[Document] = []
        self._taken = self._read = 0

    @property
    def full(self) -> bool:
        """Whether it takes no further item, whatever it is."""
        return self._taken >= self._limit or self._read >= MOST

    def takes(self, document: Document) -> bool:
        """Whether the item is given on now: it fits the question and has not come before."""
        self._read += 1
        same = identity(document)
        if self._read > MOST or same in self._seen or not document.text:
            return False
        self._seen.add(same)
        if not self._fits(document):
            if not self._taken:
                self._others.append(document)
            return False
        self._taken += 1
        return self._taken <= self._limit

    def rest(self) -> Sequence[Document]:
        """When all feeds have ended: the newest items if none was taken, those without a date last."""
        if self._taken:
            return ()
        return sorted(self._others, key=moment, reverse=True)[: min(NEWEST, self._limit)]


def identity(document: Document) -> tuple[str, str]:
    """The same for one item in several feeds: its address, without what only tracks readers, and its title."""
    if not document.url:
        return "", f"{document.title.casefold()}\n{document.text}"
    try:
        url = URL(document.url)
        url = url.without_query_params(*(key for key in url.query if _TRACKING.fullmatch(key))).with_fragment(None)
        return str(url.with_scheme("https")).rstrip("/"), document.title.casefold()
    except ValueError:
        return document.url, document.title.casefold()


def moment(document: Document) -> float:
    """When it was published, in seconds since the epoch; before everything when it does not say."""
    try:
        at = datetime.fromisoformat(document.published)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except ValueError, OverflowError:
        return float("-inf")


def fitting(question: str) -> Callable[[Document], bool]:
    """Whether an item has a word of what the question is about, in any form of it; always true if it only asks."""
    stems = {found: word for word in subject(question) if (found := stem(word))}
    if not stems:
        return lambda _: True
    # A pattern of beginnings finds the few words that may be one of them at the speed of C, their stems decide.
    starts = sorted({_start(fold(word), found) for found, word in stems.items()})
    candidates = re.compile("|".join(starts), re.IGNORECASE)

    def fits(document: Document) -> bool:
        text = f"{document.title}\n{_TAG.sub(' ', document.text[:_SEEN])}"
        found = set(candidates.findall(text if text.isascii() else fold(text)))
        return any(stem(word) in stems for each in found for word in words(each))

    return fits


def _start(word: str, found: str) -> str:
    """Every word that begins as the word and its stem do: a "y" is an "i" in a stem.

    Scripts without spaces have no words, and what stands in them is as good.
    """
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, found, strict=False))
    start = "".join(letter for letter, _ in alike) or word[:1]
    start = start[:-1] if len(start) > 2 and start.endswith(("i", "y")) else start
    return rf"\b{re.escape(start)}\w*" if start.isascii() or len(start) > 2 else re.escape(start)
