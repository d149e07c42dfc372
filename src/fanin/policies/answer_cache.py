"""The answers of one source, in memory and in a store."""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from sys import getsizeof

from fanin.model import Document, Notice
from fanin.policies.identity import Identity
from fanin.sources.source import Item, Source
from fanin.storage.object_size import size_of
from fanin.storage.store import Store

MOST, ROOM = 1_000, 20_000_000
"""Answers of one source in memory, and the bytes that they hold there; those used longest ago make room."""

LARGEST = 4_000_000
"""Bytes of memory of an answer that is kept, metadata and all; larger ones are fetched each time."""

SKEW = 5.0
"""Seconds by which the clocks of servers that share a store may differ; an answer from further in the future is not
used."""

_FIELDS = ("text", "title", "url", "published", "media_type", "metadata")


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer of a source, when it was given, in seconds since the epoch, and why it was empty if it said so.

    `size` is how many bytes it holds in memory, counted a little beyond `LARGEST` at most.
    """

    at: float
    documents: tuple[Document, ...]
    nothing: str = ""
    size: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", size_of((self.documents, self.nothing), most=LARGEST))


@dataclass(slots=True)
class AnswerCache:
    """The answers of one source, in memory and in the store."""

    source: Source
    seconds: float
    store: Store | None
    identity: Identity
    wall: Callable[[], float]
    memory: OrderedDict[str, Kept] = field(default_factory=OrderedDict[str, Kept])

    held: int = 0

    def known(self, key: str) -> Kept | None:
        """The answer in memory, unless it is too old even as a stale one."""
        kept = self.memory.get(key)
        if kept is None or not self._lasts(kept):
            return None
        self.memory.move_to_end(key)
        return kept

    async def found(self, key: str) -> Kept | None:
        """The answer in the store, which is then kept in memory too; a newer one in memory comes first."""
        value = await self.store.get(self._stored(key)) if self.store else None
        kept = self.known(key) or (_loaded(value) if value else None)
        if kept is None or not self._lasts(kept):
            return None
        self._remember(key, kept)
        return kept

    async def keep(self, key: str, items: Sequence[Item]) -> None:
        """Keep a whole answer, empty ones included, unless it is very large."""
        nothing = next((each.message for each in items if isinstance(each, Notice) and each.kind == "nothing"), "")
        kept = Kept(self.wall(), tuple(each for each in items if isinstance(each, Document)), nothing)
        if kept.size > LARGEST:
            return
        self._remember(key, kept)
        if self.store and (value := _dumped(kept)) is not None:
            await self.store.put(self._stored(key), value, seconds=self.seconds)

    def _lasts(self, kept: Kept) -> bool:
        return -SKEW <= self.wall() - kept.at <= self.seconds

    def _remember(self, key: str, kept: Kept) -> None:
        if (before := self.memory.pop(key, None)) is not None:
            self.held -= _held(key, before)
        self.memory[key] = kept
        self.held += _held(key, kept)
        while len(self.memory) > MOST or self.held > ROOM:
            self.held -= _held(*self.memory.popitem(last=False))

    def _stored(self, key: str) -> str:
        """A key that does not reveal the question, and differs with the source's settings, secrets and users."""
        return self.identity.of("answer", self.source, key)


def _held(key: str, kept: Kept) -> int:
    return getsizeof(key) + kept.size


def _dumped(kept: Kept) -> bytes | None:
    """What a store keeps; None for an answer whose metadata have no form in JSON, which only memory can keep."""
    documents = [{name: getattr(each, name) for name in _FIELDS} for each in kept.documents]
    try:
        value = json.dumps({"at": kept.at, "documents": documents, "nothing": kept.nothing})
    except TypeError, ValueError, RecursionError:
        return None
    return value.encode()


def _loaded(value: bytes) -> Kept | None:
    try:
        stored = json.loads(value)
        documents = tuple(Document(**{name: each[name] for name in _FIELDS}) for each in stored["documents"])
        return Kept(float(stored["at"]), documents, str(stored["nothing"]))
    except ValueError, KeyError, TypeError, AttributeError, RecursionError:
        return None
