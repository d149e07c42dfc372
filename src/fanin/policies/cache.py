"""The cache: fresh answers, one call for identical questions at the same time, and stale answers on failure."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from fanin.errors import describe, is_transient
from fanin.model import Document, Notice, Question
from fanin.policies.answer_cache import AnswerCache, Kept
from fanin.policies.identity import Identity
from fanin.policies.identity import identity as new_identity
from fanin.sources.source import Item, Source, open_stream
from fanin.storage import Store

IN_TIME = 0.02
"""Seconds before the question's deadline at which a stale answer is used instead of waiting longer."""

MORE_TIME = 0.5
"""Seconds by which a deadline must be later than that of the failed call, to make a call of its own."""


def normalised(question: str) -> str:
    """The question as it is compared with others: without regard to case, spaces, and a mark at its end."""
    return " ".join(question.split()).casefold().rstrip(" ?!.")


def asked(question: Question) -> str:
    """The cache key: questions with the same key share answers and calls."""
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
    """The source, called once for identical questions at the same time, and not again for `fresh` seconds after it.

    For `stale` seconds more the old answer is used when the source fails or is late. `store` keeps answers beyond this
    process, under keys of `identity`, which differ with the source's secrets and the user. `wall` gives seconds since
    the epoch. Only complete answers are kept.
    """
    answers = AnswerCache(source, fresh + stale, store, identity or new_identity(), wall)
    calls = _Calls(source, answers)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        key = asked(question)
        kept = None if question.fresh else answers.known(key) or await answers.found(key)
        if kept is not None and wall() - kept.at <= fresh:
            for item in _stored_items(kept, wall()):
                yield item
            return
        async with aclosing(_live(calls, key, question, instead=kept)) as stream:
            async for item in stream:
                yield item

    return replace(source, fetch=fetch)


async def _live(calls: _Calls, key: str, question: Question, *, instead: Kept | None) -> AsyncGenerator[Item]:
    """What the source says now, or `instead` when it fails or is late before its first document."""
    begun, again = False, True
    while again:
        again = False
        call = calls.join(key, question)
        try:
            async for item in call.items(until=question.deadline - IN_TIME if instead else None):
                begun = begun or isinstance(item, Document)
                yield item
        except Exception as error:
            # The call had the deadline of the question that began it, which may be earlier than this one's.
            gave_up = call.over and is_transient(error) and question.deadline - call.deadline > MORE_TIME
            again = gave_up and not begun
            if not again and (instead is None or begun):
                raise
            if not again and instead is not None:
                for item in _stored_items(instead, calls.answers.wall(), because=describe(error)):
                    yield item
        finally:
            # Last: a source that ignores cancellation must not delay the stale answer.
            await calls.leave(key, call)


def _stored_items(kept: Kept, now: float, *, because: str = "") -> list[Item]:
    nothing = [Notice("nothing", message=kept.nothing)] if kept.nothing else []
    return [Notice("cached", after=max(0.0, now - kept.at), message=because), *nothing, *kept.documents]


@dataclass(slots=True)
class _Calls:
    """The calls of one source that are under way, by question."""

    source: Source
    answers: AnswerCache
    by_key: dict[str, _Call] = field(default_factory=dict[str, "_Call"])

    def join(self, key: str, question: Question) -> _Call:
        """The call to follow: the one that is under way, or a new one."""
        call = self.by_key.get(key)
        if call is None or call.over:
            call = self.by_key[key] = _Call(self.source, question, lambda items: self.answers.keep(key, items))
        call.followers += 1
        return call

    async def leave(self, key: str, call: _Call) -> None:
        """Stop following; the last follower cancels the call, and waits until it has ended."""
        call.followers -= 1
        if not call.followers and self.by_key.get(key) is call:
            del self.by_key[key]
        if not call.followers:
            await call.stopped()


class _Call:
    """One call of the source that any number of questions follow; it ends early only when nobody follows any more."""

    def __init__(self, source: Source, question: Question, keep: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self.followers = 0
        self.deadline = question.deadline
        self._items: list[Item] = []
        self._changed = asyncio.Event()
        self._task = asyncio.create_task(self._run(source, question, keep))
        self._task.add_done_callback(self._finished)

    @property
    def over(self) -> bool:
        return self._task.done() or self._task.cancelling() > 0

    async def items(self, *, until: float | None) -> AsyncIterator[Item]:
        """All items from the first on, as they come; raises what the call raised, or TimeoutError at `until`.

        Of earlier items a new follower gets the documents only, not notices of waits and retries.
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
        """Cancel the call, and return once it has ended."""
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait((self._task,))

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._changed.set()
        if not task.cancelled():
            task.exception()  # asyncio warns of exceptions that nobody retrieves

    async def _run(self, source: Source, question: Question, keep: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        async with open_stream(source, question) as stream:
            async for item in stream:
                self._items.append(item)
                # Followers wait for the next item on a new event.
                self._changed.set()
                self._changed = asyncio.Event()
        await keep(self._items)
