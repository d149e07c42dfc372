"""What a source said to the same question a moment ago, one call for all who ask at once, and old news in need."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from fanin.errors import describe, is_transient
from fanin.model import Document, Notice, Question
from fanin.policies.answer_cache import Kept, Shelf
from fanin.policies.identity import Identity
from fanin.policies.identity import identity as new_identity
from fanin.sources.source import Item, Source, reading
from fanin.storage import Store

IN_TIME = 0.02
"""Seconds before the question's deadline at which an old answer is given instead of a late one."""

MORE_TIME = 0.5
"""Seconds of deadline that a question must have beyond the one whose call it followed to make a call of its own."""


def normalised(question: str) -> str:
    """The question as it is compared with others: without regard to case, spaces, and a mark at its end."""
    return " ".join(question.split()).casefold().rstrip(" ?!.")


def asked(question: Question) -> str:
    """Who asks what: questions with the same one share an answer, and a call that is under way."""
    return f"{len(question.user)}:{question.user}{normalised(question.text)}"


def cache(
    source: Source,
    *,
    fresh: float,
    stale: float,
    store: Store | None = None,
    identity: Identity | None = None,
    wall: Callable[[], float] = time.time,
) -> Source:
    """The source, asked once for all who ask the same at once, and not again for `fresh` seconds after it answered.

    For `stale` seconds more its answer stands in when the source fails or is late, and says how old it is. `store`
    keeps answers beyond this process, by names of `identity`, in which the source's secrets and the user count. `wall`
    gives seconds since the epoch. Answers that failed half-way are not kept.
    """
    shelf = Shelf(source, fresh + stale, store, identity or new_identity(), wall)
    flights = _Flights(source, shelf)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        key = asked(question)
        kept = None if question.fresh else shelf.known(key) or await shelf.found(key)
        if kept is not None and wall() - kept.at <= fresh:
            for item in _told(kept, wall()):
                yield item
            return
        async with aclosing(_live(flights, key, question, instead=kept)) as stream:
            async for item in stream:
                yield item

    return replace(source, fetch=fetch)


async def _live(flights: _Flights, key: str, question: Question, *, instead: Kept | None) -> AsyncGenerator[Item]:
    """What the source says now, or `instead` when it fails or is late before its first document."""
    begun, again = False, True
    while again:
        again = False
        flight = flights.joined(key, question)
        try:
            async for item in flight.items(until=question.deadline - IN_TIME if instead else None):
                begun = begun or isinstance(item, Document)
                yield item
        except Exception as error:
            # A call may have given up for the sake of somebody with less time.
            gave_up = flight.over and is_transient(error) and question.deadline - flight.deadline > MORE_TIME
            again = gave_up and not begun
            if not again and (instead is None or begun):
                raise
            if not again and instead is not None:
                for item in _told(instead, flights.shelf.wall(), because=describe(error)):
                    yield item
        finally:
            # Last, for a source that is deaf to being stopped must not hold up what stands in for it.
            await flights.left(key, flight)


def _told(kept: Kept, now: float, *, because: str = "") -> list[Item]:
    nothing = [Notice("nothing", message=kept.nothing)] if kept.nothing else []
    return [Notice("cached", after=max(0.0, now - kept.at), message=because), *nothing, *kept.documents]


@dataclass(slots=True)
class _Flights:
    """The calls of one source that are under way, by question."""

    source: Source
    shelf: Shelf
    by_key: dict[str, _Flight] = field(default_factory=dict[str, "_Flight"])

    def joined(self, key: str, question: Question) -> _Flight:
        """The call to follow: the one that is under way, or a new one."""
        flight = self.by_key.get(key)
        if flight is None or flight.over:
            flight = self.by_key[key] = _Flight(self.source, question, lambda items: self.shelf.keep(key, items))
        flight.followers += 1
        return flight

    async def left(self, key: str, flight: _Flight) -> None:
        """Follow no more; the last one who leaves stops the call, and waits until it has stopped."""
        flight.followers -= 1
        if not flight.followers and self.by_key.get(key) is flight:
            del self.by_key[key]
        if not flight.followers:
            await flight.stopped()


class _Flight:
    """One call of the source that any number of questions follow; it ends early only when nobody follows any more."""

    def __init__(self, source: Source, question: Question, keep: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self.followers = 0
        self.deadline = question.deadline
        self._items: list[Item] = []
        self._changed = asyncio.Event()
        self._task = asyncio.create_task(self._fly(source, question, keep))
        self._task.add_done_callback(self._land)

    @property
    def over(self) -> bool:
        return self._task.done() or self._task.cancelling() > 0

    async def items(self, *, until: float | None) -> AsyncIterator[Item]:
        """All items from the first on, as they come; raises what the call raised, or TimeoutError at `until`.

        Of what was before the follower came, only the documents: it did not wait for any turn or retry then.
        """
        at, before = 0, len(self._items)
        while True:
            while at < len(self._items):
                at += 1
                if at > before or isinstance(self._items[at - 1], Document):
                    yield self._items[at - 1]
            if self._task.done():
                break
            changed = self._changed
            async with asyncio.timeout_at(until):
                await changed.wait()
        self._task.result()

    async def stopped(self) -> None:
        """Return once the call has stopped, which it is told to."""
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait((self._task,))

    def _land(self, task: asyncio.Task[None]) -> None:
        self._changed.set()
        if not task.cancelled():
            task.exception()  # it is known, also when nobody follows any more

    async def _fly(self, source: Source, question: Question, keep: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        async with reading(source, question) as stream:
            async for item in stream:
                self._items.append(item)
                # A new event for those who wait next: each of them has seen the one that is set now.
                self._changed.set()
                self._changed = asyncio.Event()
        await keep(self._items)
