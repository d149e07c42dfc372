"""The cache: fresh answers, one call for identical questions at the same time, and stale answers after a failure."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from fanin.errors import describe, is_transient
from fanin.limits import LIMITS, Limits
from fanin.model import Document, Notice, Question
from fanin.policies.answer_cache import ANSWER_NOTICES, AnswerCache, CachedAnswer
from fanin.policies.identity import Identity
from fanin.policies.identity import make_identity as new_identity
from fanin.sources.source import Item, Source, open_stream
from fanin.storage import Store

STALE_MARGIN = 0.02
"""Seconds before the question's deadline at which a stale answer is used instead of waiting longer."""

REPEAT_MARGIN = 0.5
"""Seconds by which a question's deadline must be later than that of the failed shared call, to call again."""


def normalise(question: str) -> str:
    """The question for comparisons: in lower case, with single spaces, and without punctuation at its end."""
    return " ".join(question.split()).casefold().rstrip(" ?!.")


def cache_key(question: Question) -> str:
    """The cache key: questions with the same key share answers and calls."""
    return f"{len(question.user)}:{question.user}{normalise(question.text)}"


def cache(
    source: Source,
    *,
    fresh: float,
    stale: float,
    store: Store | None = None,
    identity: Identity | None = None,
    wall: Callable[[], float] = time.time,
    limits: Limits = LIMITS,
) -> Source:
    """The source, called once for identical questions at the same time, and not again for `fresh` seconds.

    For `stale` more seconds the old answer is used if the source fails or is late. `store` holds answers beyond this
    process, under keys of `identity`, which differ with the source's secrets and the user. `wall` gives seconds since
    the epoch. Only complete answers are cached.
    """
    answers = AnswerCache(source, fresh + stale, store, identity or new_identity(), wall, limits)
    calls = _Calls(source, answers)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        key = cache_key(question)
        cached = None if question.fresh else answers.in_memory(key) or await answers.load(key)
        if cached is not None and wall() - cached.at <= fresh:
            for item in _stored_items(cached, wall()):
                yield item
            return
        async with aclosing(_call_or_stale(calls, key, question, stale=cached)) as stream:
            async for item in stream:
                yield item

    return replace(source, fetch=fetch)


async def _call_or_stale(
    calls: _Calls, key: str, question: Question, *, stale: CachedAnswer | None
) -> AsyncGenerator[Item]:
    """The source's answer, or the `stale` one if the source fails or is late before its first document."""
    delivered, again = False, True
    while again:
        again = False
        call = calls.join(key, question)
        try:
            async for item in call.items(until=question.deadline - STALE_MARGIN if stale else None):
                delivered = delivered or isinstance(item, Document)
                yield item
        except Exception as error:
            # The call has the deadline of the question that started it, which may be earlier than this one's.
            gave_up = call.is_over and is_transient(error) and question.deadline - call.deadline > REPEAT_MARGIN
            again = gave_up and not delivered
            if not again and (stale is None or delivered):
                raise
            if not again and stale is not None:
                for item in _stored_items(stale, calls.answers.wall(), reason=describe(error)):
                    yield item
        finally:
            # Done last, since a source that ignores cancellation must not delay the stale answer.
            await calls.leave(key, call)


def _stored_items(answer: CachedAnswer, now: float, *, reason: str = "") -> list[Item]:
    return [Notice("cached", after=max(0.0, now - answer.at), message=reason), *answer.notices, *answer.documents]


@dataclass(slots=True)
class _Calls:
    """The calls of one source that are running, by cache key."""

    source: Source
    answers: AnswerCache
    by_key: dict[str, _Call] = field(default_factory=dict[str, "_Call"])

    def join(self, key: str, question: Question) -> _Call:
        """The running call for the key, or a new one."""
        call = self.by_key.get(key)
        if call is None or call.is_over:
            call = self.by_key[key] = _Call(self.source, question, lambda items: self.answers.save(key, items))
        call.followers += 1
        return call

    async def leave(self, key: str, call: _Call) -> None:
        """Stop following the call; the last follower cancels it, and waits until it has ended."""
        call.followers -= 1
        if not call.followers and self.by_key.get(key) is call:
            del self.by_key[key]
        if not call.followers:
            await call.stop()


class _Call:
    """One call of the source, followed by any number of questions; it is cancelled when the last one leaves."""

    def __init__(self, source: Source, question: Question, keep: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self.followers = 0
        self.deadline = question.deadline
        self._items: list[Item] = []
        self._changed = asyncio.Event()
        self._task = asyncio.create_task(self._run(source, question, keep))
        self._task.add_done_callback(self._retrieve_error)

    @property
    def is_over(self) -> bool:
        return self._task.done() or self._task.cancelling() > 0

    async def items(self, *, until: float | None) -> AsyncIterator[Item]:
        """All items from the first on, as they arrive. Raises the error of the call, or TimeoutError at `until`.

        Of the items before it joined, a follower gets those that belong to the answer: no waits and retries.
        """
        at, before = 0, len(self._items)
        while True:
            while at < len(self._items):
                at += 1
                item = self._items[at - 1]
                if at > before or isinstance(item, Document) or item.kind in ANSWER_NOTICES:
                    yield item
            if self._task.done():
                break
            changed = self._changed
            async with asyncio.timeout_at(until):
                await changed.wait()
        self._task.result()

    async def stop(self) -> None:
        """Cancel the call, and return once it has ended."""
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait((self._task,))

    def _retrieve_error(self, task: asyncio.Task[None]) -> None:
        self._changed.set()
        if not task.cancelled():
            task.exception()  # asyncio warns of exceptions that are never retrieved

    async def _run(self, source: Source, question: Question, keep: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        async with open_stream(source, question) as stream:
            async for item in stream:
                self._items.append(item)
                # Wakes all followers; they wait for the next item on a new event.
                self._changed.set()
                self._changed = asyncio.Event()
        await keep(self._items)
