"""Which of two calls is used, when the second one is made, and what it costs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from fanin.model import Document, Notice, Question
from fanin.policies.health import LATENCIES_NEEDED, Health
from fanin.policies.hedge import CANCEL_TIMEOUT, HEDGE_SHARE, hedge
from fanin.sources.source import Item, Source
from fanin.testing import FakeSource, run_jumping

TEXT, OTHER = Document("The harbour is open until nine tonight."), Document("The harbour is closed.")
GONE, LOST = ConnectionResetError("gone"), ConnectionResetError("lost")
NOTHING, HEDGED = Notice("nothing"), Notice("hedged")
type Call = Callable[..., list[tuple[float, Any]]]
type Steps = tuple[tuple[float, Item | Exception], ...]


def scripted(*calls: Steps) -> Source:
    """A source whose calls give or raise, one call after the other, these things after so many seconds each."""
    left = iter(calls)

    async def fetch(_: Question) -> AsyncIterator[Item]:
        for seconds, thing in next(left):
            await asyncio.sleep(seconds)
            if isinstance(thing, Exception):
                raise thing
            yield thing

    return Source("s", fetch)


def known() -> Health:
    """Of a source whose calls take a second, and may be hedged twice."""
    health = Health(hedges=2.0)
    health.latencies.extend([1.0] * LATENCIES_NEEDED)
    return health


@pytest.mark.parametrize(
    ("first", "second", "ended", "expected"),
    [
        (((0.5, TEXT), (3.0, OTHER)), (), 3.5, [TEXT, OTHER]),
        (((0.5, NOTHING),), (), 0.5, [NOTHING]),
        (((0.5, NOTHING), (9.0, OTHER)), ((0.5, TEXT),), 1.5, [HEDGED, TEXT]),
        (((5.0, OTHER),), ((1.0, TEXT), (1.0, TEXT)), 3.0, [HEDGED, TEXT, TEXT]),
        (((1.5, TEXT), (1.0, OTHER)), ((1.0, OTHER),), 2.5, [HEDGED, TEXT, OTHER]),
        (((1.5, GONE),), ((1.0, TEXT),), 2.0, [HEDGED, TEXT]),
        (((2.5, TEXT),), ((1.0, GONE),), 2.5, [HEDGED, TEXT]),
        (((5.0, OTHER),), ((1.0, NOTHING),), 2.0, [HEDGED, NOTHING]),
    ],
    ids=[
        "in time",
        "in time without a document",
        "a notice is no answer",
        "the second is first",
        "the first is first",
        "the first fails",
        "the second fails",
        "the second has no document",
    ],
)
def test_the_first_document_or_end_decides(
    call: Call, first: Steps, second: Steps, ended: float, expected: object
) -> None:
    assert call(hedge(scripted(first, second), known()), 0.0) == [(ended, expected)]


@pytest.mark.parametrize("at", [0.5, 1.5])
def test_of_two_calls_that_fail_the_first_one_tells_why(call: Call, at: float) -> None:
    ((_, error),) = call(hedge(scripted(((1.7, GONE),), ((at, LOST),)), known()), 0.0)
    assert error is GONE


def test_each_call_earns_a_share_of_a_hedge_and_each_hedge_costs_one(call: Call) -> None:
    health = known()
    call(hedge(scripted(((5.0, OTHER),), ((0.5, TEXT),), ((0.5, TEXT),)), health), 0.0, 10.0)
    assert health.hedges == pytest.approx(2.0 + 2 * HEDGE_SHARE - 1.0)


def test_nothing_is_hedged_while_a_call_that_was_told_to_stop_goes_on(call: Call) -> None:
    fake = FakeSource("s", ((5.0, TEXT),), deaf=40.0)
    seen = call(hedge(fake.source, known()), 0.0, 10.0, 100.0)
    assert [at for at, _ in seen] == pytest.approx([5.0 + CANCEL_TIMEOUT, 15.0, 105.0 + CANCEL_TIMEOUT])
    assert [HEDGED in items for _, items in seen] == [True, False, True]


@pytest.mark.parametrize(("deaf", "ended"), [(0.0, 5.0), (0.02, 5.02), (9.0, 5.0 + CANCEL_TIMEOUT)])
def test_the_call_that_lost_has_a_moment_to_stop(call: Call, deaf: float, ended: float) -> None:
    fake = FakeSource("s", ((5.0, TEXT),), deaf=deaf)
    assert call(hedge(fake.source, known()), 0.0) == [(pytest.approx(ended), [HEDGED, TEXT])]
    assert fake.stopped == 1


def test_who_leaves_stops_both_calls_however_long_that_takes() -> None:
    fake = FakeSource("s", ((5.0, TEXT),), deaf=0.3)

    async def scenario() -> tuple[float, int]:
        async def read() -> None:
            async for _ in hedge(fake.source, known()).fetch(Question("?")):
                pass

        reading = asyncio.create_task(read())
        await asyncio.sleep(2.0)
        reading.cancel()
        await asyncio.wait([reading])
        return asyncio.get_running_loop().time(), fake.stopped

    assert run_jumping(scenario()) == (pytest.approx(2.3), 2)
