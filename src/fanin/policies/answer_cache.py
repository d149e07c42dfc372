"""The answers of one source, in memory and in a store."""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field
from sys import getsizeof

from fanin.limits import LIMITS, Limits
from fanin.model import Document, Notice
from fanin.policies.identity import Identity
from fanin.sources.source import Item, Source
from fanin.storage.object_size import size_of
from fanin.storage.store import Store

MAX_CLOCK_SKEW = 5.0
"""Seconds by which the clocks of servers that share a store may differ; an answer from further in the future is not
used."""

ANSWER_NOTICES = ("nothing", "corrected", "remark")
"""The kinds of notice that belong to an answer; the others are of one call."""

_FIELDS = ("text", "title", "url", "published", "media_type", "metadata")


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A complete answer of a source. `at` is seconds since the epoch, `notices` what it said of the answer.

    `size` is its bytes in memory, counted at most a little beyond `most`.
    """

    at: float
    documents: tuple[Document, ...]
    notices: tuple[Notice, ...] = ()
    most: InitVar[int] = LIMITS.cached_answer_bytes
    size: int = field(init=False, compare=False)

    def __post_init__(self, most: int) -> None:
        object.__setattr__(self, "size", size_of((self.documents, self.notices), most=most))


@dataclass(slots=True)
class AnswerCache:
    """The answers of one source, in memory and in the store."""

    source: Source
    seconds: float
    store: Store | None
    identity: Identity
    wall: Callable[[], float]
    limits: Limits = LIMITS
    memory: OrderedDict[str, CachedAnswer] = field(default_factory=OrderedDict[str, CachedAnswer])

    bytes_held: int = 0

    def in_memory(self, key: str) -> CachedAnswer | None:
        """The answer in memory; None if it is too old even as a stale one."""
        answer = self.memory.get(key)
        if answer is None or not self._is_usable(answer):
            return None
        self.memory.move_to_end(key)
        return answer

    async def load(self, key: str) -> CachedAnswer | None:
        """The answer in memory or else in the store, which is then also in memory."""
        value = await self.store.get(self._store_key(key)) if self.store else None
        answer = self.in_memory(key) or (_load(value, self.limits.cached_answer_bytes) if value else None)
        if answer is None or not self._is_usable(answer):
            return None
        self._remember(key, answer)
        return answer

    async def save(self, key: str, items: Sequence[Item]) -> None:
        """Cache a complete answer, which may be empty, unless it is too large."""
        notices = tuple(each for each in items if isinstance(each, Notice) and each.kind in ANSWER_NOTICES)
        documents = tuple(each for each in items if isinstance(each, Document))
        most = self.limits.cached_answer_bytes
        answer = CachedAnswer(self.wall(), documents, notices, most)
        if answer.size > most:
            return
        self._remember(key, answer)
        if self.store and (value := _dump(answer)) is not None:
            await self.store.put(self._store_key(key), value, seconds=self.seconds)

    def _is_usable(self, answer: CachedAnswer) -> bool:
        return -MAX_CLOCK_SKEW <= self.wall() - answer.at <= self.seconds

    def _remember(self, key: str, answer: CachedAnswer) -> None:
        if (before := self.memory.pop(key, None)) is not None:
            self.bytes_held -= _size(key, before)
        self.memory[key] = answer
        self.bytes_held += _size(key, answer)
        while len(self.memory) > self.limits.cached_answers or self.bytes_held > self.limits.cached_bytes:
            self.bytes_held -= _size(*self.memory.popitem(last=False))

    def _store_key(self, key: str) -> str:
        """A key that does not reveal the question, and differs with the source's settings, secrets and users."""
        return self.identity.storage_key("answer", self.source, key)


def _size(key: str, answer: CachedAnswer) -> int:
    return getsizeof(key) + answer.size


def _dump(answer: CachedAnswer) -> bytes | None:
    """The answer for the store; None if its metadata cannot be written as JSON, so that only memory can hold it."""
    documents = [{name: getattr(each, name) for name in _FIELDS} for each in answer.documents]
    try:
        notices = [[each.kind, each.message] for each in answer.notices]
        value = json.dumps({"at": answer.at, "documents": documents, "notices": notices})
    except TypeError, ValueError, RecursionError:
        return None
    return value.encode()


def _load(value: bytes, most: int) -> CachedAnswer | None:
    try:
        stored = json.loads(value)
        documents = tuple(Document(**{name: each[name] for name in _FIELDS}) for each in stored["documents"])
        notices = tuple(Notice(kind, message=str(text)) for kind, text in stored["notices"] if kind in ANSWER_NOTICES)
        return CachedAnswer(float(stored["at"]), documents, notices, most)
    except ValueError, KeyError, TypeError, AttributeError, RecursionError:
        return None
