"""How long an answer is given again, to the second."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_store import MemoryStore

from fanin.model import Document, Notice, Question
from fanin.policies.answer_cache import ANSWER_NOTICES, MAX_CLOCK_SKEW
from fanin.policies.cache import STALE_MARGIN, cache, cache_key, normalise
from fanin.policies.identity import make_identity
from fanin.sources.source import Item, Source
from fanin.testing import FakeSource, run_jumping

TEXT = "The harbour is open until nine tonight."


def asked_at(*instants: float, fresh: float, stale: float = 0.0) -> tuple[int, Sequence[bool]]:
    """How often a source is called that is asked the same at these instants, and whether each answer was a kept one."""
    fake = FakeSource("s", ((0.0, TEXT),))
    now = 0.0
    cached = cache(fake.source, fresh=fresh, stale=stale, wall=lambda: now)

    async def asked() -> bool:
        items = [item async for item in cached.fetch(Question("Open?"))]
        return any(isinstance(item, Notice) and item.kind == "cached" for item in items)

    async def scenario() -> list[bool]:
        nonlocal now
        kept: list[bool] = []
        for instant in instants:
            now = instant
            kept.append(await asked())
        return kept

    kept = run_jumping(scenario())
    return len(fake.asked), kept


@pytest.mark.parametrize("stale", [0.0, 60.0])
@pytest.mark.parametrize(("seconds", "kept"), [(0.0, True), (60.0, True), (60.001, False)])
def test_an_answer_is_fresh_up_to_the_last_second(seconds: float, kept: bool, stale: float) -> None:
    assert asked_at(0.0, seconds, fresh=60.0, stale=stale) == (2 - kept, [False, kept])


@pytest.mark.parametrize(("skew", "kept"), [(MAX_CLOCK_SKEW, True), (MAX_CLOCK_SKEW + 0.001, False)])
def test_an_answer_from_a_clock_that_is_a_little_ahead_is_fresh(skew: float, kept: bool) -> None:
    assert asked_at(skew, 0.0, fresh=60.0) == (2 - kept, [False, kept])


@given(st.text(max_size=30))
def test_a_question_is_the_same_however_often_it_is_compared(question: str) -> None:
    same = normalise(question)
    assert normalise(f"  {question}\n?!") == normalise(question + "?!")
    assert same == " ".join(same.split())


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_no_user_shares_an_answer_with_another_one(one: str, question: str, other: str, asks: str) -> None:
    keys = [cache_key(Question(question, user=one)), cache_key(Question(asks, user=other))]
    assert (keys[0] == keys[1]) == (one == other and normalise(question) == normalise(asks))


# One call for all who ask, and what stands in for it.

OPEN, SHUT = Document("The harbour is open."), Document("The harbour is closed.")
GONE, ODD = ConnectionResetError("gone"), ValueError("odd")
type Ended = tuple[float, list[Item] | Exception]


class Script:
    """A source whose calls give or raise, one call after the other, these things after so many seconds each."""

    def __init__(self, *calls: tuple[tuple[float, Item | Exception], ...]) -> None:
        self._left = iter(calls)
        self.begun: list[float] = []
        self.stopped: list[float] = []

    async def fetch(self, _: Question) -> AsyncIterator[Item]:
        clock = asyncio.get_running_loop().time
        self.begun.append(clock())
        try:
            for seconds, thing in next(self._left):
                await asyncio.sleep(seconds)
                if isinstance(thing, Exception):
                    raise thing
                yield thing
        except asyncio.CancelledError, GeneratorExit:
            self.stopped.append(clock())
            raise

    def asked(
        self, *questions: tuple[float, float], fresh: float = 0.0, stale: float = 0.0, new: bool = False
    ) -> list[Ended]:
        """How each question ended that comes at an instant and has so many seconds; with `new`, the last is fresh."""

        async def asked(source: Source, at: float, left: float, new: bool) -> Ended:
            clock = asyncio.get_running_loop().time
            await asyncio.sleep(at)
            question = Question("Open?", deadline=clock() + left, fresh=new)
            items: list[Item] = []
            try:
                async with asyncio.timeout(left):
                    async for item in source.fetch(question):
                        items.append(item)
            except Exception as error:
                return clock(), error
            return clock(), items

        async def scenario() -> list[Ended]:
            wall = asyncio.get_running_loop().time
            source = cache(Source("s", self.fetch), fresh=fresh, stale=stale, wall=wall)
            last = len(questions) - 1
            return await asyncio.gather(
                *(asked(source, at, left, new and number == last) for number, (at, left) in enumerate(questions))
            )

        return run_jumping(scenario())


def test_all_who_ask_while_a_call_is_under_way_follow_it() -> None:
    script = Script(((1.0, Notice("waited", after=1.0)), (1.0, OPEN), (1.0, SHUT)))
    notice = Notice("waited", after=1.0)
    assert script.asked((0.0, 9.0), (1.5, 9.0), (2.5, 9.0)) == [
        (3.0, [notice, OPEN, SHUT]),
        (3.0, [OPEN, SHUT]),
        (3.0, [OPEN, SHUT]),
    ]
    assert script.begun == [0.0]


def test_a_call_is_stopped_when_the_last_who_followed_it_leaves() -> None:
    script = Script(((50.0, OPEN),), ((1.0, SHUT),))
    ends = script.asked((0.0, 2.0), (1.0, 2.0), (4.0, 9.0))
    assert [(at, type(end)) for at, end in ends] == [(2.0, TimeoutError), (3.0, TimeoutError), (5.0, list)]
    assert (script.begun, script.stopped) == ([0.0, 4.0], [3.0])


@pytest.mark.parametrize(
    ("left", "error", "ended", "calls"),
    [
        (3.5, GONE, 1.0, 1),
        (3.6, GONE, 2.0, 2),
        (99.0, ODD, 1.0, 1),
    ],
    ids=["has as little time", "has more time", "fails for good"],
)
def test_a_call_that_gave_up_early_is_made_again_for_who_has_more_time(
    left: float, error: Exception, ended: float, calls: int
) -> None:
    script = Script(((1.0, error),), ((1.0, OPEN),))
    hasty, patient = script.asked((0.0, 3.5), (0.5, left))
    assert (hasty, patient[0], len(script.begun)) == ((1.0, error), ended, calls)


def test_a_call_that_fails_after_its_first_document_is_made_again_for_nobody() -> None:
    script = Script(((0.5, OPEN), (0.5, GONE)))
    assert script.asked((0.0, 3.0), (0.1, 99.0)) == [(1.0, GONE), (1.0, GONE)]


@pytest.mark.parametrize(
    ("call", "ended", "end"),
    [
        (((1.0, ODD),), 41.0, [Notice("cached", after=40.0, message="ValueError: odd"), OPEN]),
        (((1.0, SHUT),), 41.0, [SHUT]),
        (((0.5, SHUT), (0.5, ODD)), 41.0, ODD),
        (
            ((50.0, SHUT),),
            40.0 + 9.0 - STALE_MARGIN,
            [Notice("cached", after=48.98 - 1.0, message="TimeoutError"), OPEN],
        ),
    ],
    ids=["fails", "answers", "fails half-way", "is late"],
)
def test_an_answer_that_is_no_longer_fresh_stands_in_for_a_source_that_gives_nothing(
    call: tuple[tuple[float, Item | Exception], ...], ended: float, end: object
) -> None:
    _, seen = Script(((1.0, OPEN),), call).asked((0.0, 9.0), (40.0, 9.0), fresh=5.0, stale=60.0)
    if isinstance(end, list) and isinstance(notice := end[0], Notice):
        end = [replace(notice, after=pytest.approx(notice.after)), *end[1:]]
    assert seen == (pytest.approx(ended), end)


def test_a_fresh_question_is_told_nothing_old() -> None:
    _, seen = Script(((1.0, OPEN),), ((1.0, ODD),)).asked((0.0, 9.0), (40.0, 9.0), fresh=99.0, stale=60.0, new=True)
    assert seen == (41.0, ODD)


def test_what_failed_half_way_is_not_kept() -> None:
    script = Script(((0.5, OPEN), (0.5, ODD)), ((1.0, SHUT),))
    assert script.asked((0.0, 9.0), (40.0, 9.0), fresh=99.0) == [(1.0, ODD), (41.0, [SHUT])]


@pytest.mark.parametrize("kind", ANSWER_NOTICES)
def test_what_a_source_says_of_its_answer_is_told_again(kind: Any) -> None:
    notice = Notice(kind, message="It names no place.")
    script = Script(((1.0, notice), (0.0, Notice("waited", after=1.0))))
    _, (at, seen) = script.asked((0.0, 9.0), (40.0, 9.0), fresh=99.0)
    assert (at, seen) == (40.0, [Notice("cached", after=39.0), notice])


def test_what_a_source_says_of_its_answer_is_told_to_those_who_ask_later_while_it_answers() -> None:
    notice = Notice("corrected", message="Open?")
    script = Script(((1.0, notice), (0.0, Notice("waited", after=1.0)), (5.0, OPEN)))
    _, (_, seen) = script.asked((0.0, 9.0), (3.0, 9.0), fresh=99.0)
    assert seen == [notice, OPEN]


@pytest.mark.parametrize(("clock", "after"), [(100.5, 0.5), (99.0, 0.0)])
def test_a_kept_answer_says_how_old_it_is(clock: float, after: float) -> None:
    now = 100.0
    source = cache(Source("s", Script(((0.0, OPEN),)).fetch), fresh=60.0, stale=0.0, wall=lambda: now)

    async def asked() -> list[Item]:
        return [item async for item in source.fetch(Question("Open?"))]

    run_jumping(asked())
    now = clock
    assert run_jumping(asked()) == [Notice("cached", after=after), OPEN]


def test_what_one_program_was_told_another_one_finds_in_their_store() -> None:
    store, names, script = MemoryStore(), make_identity("k" * 16), Script(((0.0, OPEN),), ((0.0, SHUT),))

    async def asked(question: str) -> list[Item]:
        source = cache(Source("s", script.fetch), fresh=60.0, stale=0.0, store=store, identity=names, wall=lambda: 7.0)
        return [item async for item in source.fetch(Question(question))]

    assert [run_jumping(asked(question)) for question in ("open", "closed")] == [[OPEN], [SHUT]]
    kept = [[Notice("cached"), OPEN], [Notice("cached"), SHUT]]
    assert [run_jumping(asked(question)) for question in ("open", "closed")] == kept
