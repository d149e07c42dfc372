"""What a source said to the same question a moment ago, one call for all who ask at once, and old news in need."""

import asyncio
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from fanin.model import Document, Notice, Question
from fanin.policies.stores import Store
from fanin.sources.source import Item, Source, reading

MOST = 1_000
"""Answers of one source in memory; the ones that were used longest ago make room."""

LARGEST = 2_000_000
"""Characters of an answer that is kept; larger ones are fetched each time."""

IN_TIME = 0.02
"""Seconds before the question's deadline at which an old answer is given instead of a late one."""

_FIELDS = ("text", "title", "url", "published", "media_type", "metadata")


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer of a source, and when it was given, in seconds since the epoch."""

    at: float
    documents: tuple[Document, ...]


def normalised(question: str) -> str:
    """The question as it is compared with others: without regard to case, spaces, and a mark at its end."""
    return " ".join(question.split()).casefold().rstrip(" ?!.")


def cache(
    source: Source, *, fresh: float, stale: float, store: Store | None = None, wall: Callable[[], float] = time.time
) -> Source:
    """The source, asked once for all who ask the same at once, and not again for `fresh` seconds after it answered.

    For `stale` seconds more its answer stands in when the source fails or is late, and says how old it is. `store`
    keeps answers beyond this process. `wall` gives seconds since the epoch. Answers that failed half-way are not kept.
    """
    shelf = _Shelf(source, fresh + stale, store, wall)
    flights: dict[str, _Flight] = {}

    async def fetch(question: Question) -> AsyncIterator[Item]:
        key = normalised(question.text)
        kept = None if question.fresh else shelf.known(key) or await shelf.found(key)
        if kept is not None and wall() - kept.at <= fresh:
            for item in _told(kept, wall()):
                yield item
            return
        flight = flights.get(key)
        if flight is None or flight.over:
            flight = flights[key] = _Flight(source, question, lambda documents: shelf.keep(key, documents))
        begun = False
        try:
            async for item in flight.followed(until=question.deadline - IN_TIME if kept else None):
                begun = begun or isinstance(item, Document)
                yield item
        except Exception as error:
            if kept is None or begun:
                raise
            for item in _told(kept, wall(), because=str(error) or type(error).__name__):
                yield item
        finally:
            if flight.over and flights.get(key) is flight:
                del flights[key]

    return replace(source, fetch=fetch)


def _told(kept: Kept, now: float, *, because: str = "") -> list[Item]:
    return [Notice("cached", after=max(0.0, now - kept.at), message=because), *kept.documents]


class _Flight:
    """One call of the source that any number of questions follow; it ends early only when nobody follows any more."""

    def __init__(self, source: Source, question: Question, keep: Callable[[tuple[Document, ...]], Any]) -> None:
        self._items: list[Item] = []
        self._followers = 0
        self._changed = asyncio.Event()
        self._task = asyncio.create_task(self._fly(source, question, keep))
        self._task.add_done_callback(lambda _: self._changed.set())

    @property
    def over(self) -> bool:
        return self._task.done()

    async def followed(self, *, until: float | None) -> AsyncIterator[Item]:
        """All items from the first on, as they come; raises what the call raised, or TimeoutError at `until`."""
        self._followers += 1
        at = 0
        try:
            while True:
                while at < len(self._items):
                    at += 1
                    yield self._items[at - 1]
                if self._task.done():
                    break
                changed = self._changed
                async with asyncio.timeout_at(until):
                    await changed.wait()
            self._ended()
        finally:
            self._followers -= 1
            if not self._followers and not self._task.done():
                self._task.cancel()
                await asyncio.wait((self._task,))

    def _ended(self) -> None:
        """Raise what the call raised. A call that was cancelled from within is a failure of this source alone."""
        if self._task.cancelled():
            raise TimeoutError("The call that was shared with another question was cancelled")
        if (error := self._task.exception()) is not None:
            raise error

    async def _fly(self, source: Source, question: Question, keep: Callable[[tuple[Document, ...]], Any]) -> None:
        async with reading(source, question) as stream:
            async for item in stream:
                self._items.append(item)
                # A new event for those who wait next: each of them has seen the one that is set now.
                self._changed.set()
                self._changed = asyncio.Event()
        await keep(tuple(item for item in self._items if isinstance(item, Document)))


@dataclass(slots=True)
class _Shelf:
    """The answers of one source, in memory and in the store."""

    source: Source
    seconds: float
    store: Store | None
    wall: Callable[[], float]
    memory: OrderedDict[str, Kept] = field(default_factory=OrderedDict[str, Kept])

    def known(self, key: str) -> Kept | None:
        """What memory holds, unless it is too old for anything."""
        kept = self.memory.get(key)
        if kept is None or self.wall() - kept.at > self.seconds:
            return None
        self.memory.move_to_end(key)
        return kept

    async def found(self, key: str) -> Kept | None:
        """What the store holds, which memory then holds as well."""
        value = await self.store.get(self._stored(key)) if self.store else None
        kept = _loaded(value) if value else None
        if kept is None or self.wall() - kept.at > self.seconds:
            return None
        self._remember(key, kept)
        return kept

    async def keep(self, key: str, documents: tuple[Document, ...]) -> None:
        """Keep a whole answer, empty ones included, unless it is very large."""
        if sum(len(each.text) for each in documents) > LARGEST:
            return
        kept = Kept(self.wall(), documents)
        self._remember(key, kept)
        if self.store:
            await self.store.put(self._stored(key), _dumped(kept), seconds=self.seconds)

    def _remember(self, key: str, kept: Kept) -> None:
        self.memory[key] = kept
        self.memory.move_to_end(key)
        if len(self.memory) > MOST:
            self.memory.popitem(last=False)

    def _stored(self, key: str) -> str:
        """A name that tells nothing of what was asked, and differs when the source's settings do."""
        told = "\0".join((self.source.name, self.source.identity, key))
        return f"answer:{hashlib.sha256(told.encode(errors='replace')).hexdigest()}"


def _dumped(kept: Kept) -> bytes:
    documents = [{name: getattr(each, name) for name in _FIELDS} for each in kept.documents]
    return json.dumps({"at": kept.at, "documents": documents}, ensure_ascii=True).encode()


def _loaded(value: bytes) -> Kept | None:
    try:
        told = json.loads(value)
        return Kept(float(told["at"]), tuple(Document(**{k: d[k] for k in _FIELDS}) for d in told["documents"]))
    except ValueError, KeyError, TypeError:
        return None
