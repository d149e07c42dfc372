"""How long an answer is given again, to the second."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.model import Notice, Question
from fanin.policies.answer_cache import SKEW
from fanin.policies.cache import asked, cache, normalised
from fanin.testing import FakeSource, run_jumping

TEXT = "The harbour is open until nine tonight."


def asked_at(*instants: float, fresh: float, stale: float = 0.0) -> tuple[int, Sequence[bool]]:
    """How often a source is called that is asked the same at these instants, and whether each answer was a kept one."""
    fake = FakeSource("s", ((0.0, TEXT),))
    now = 0.0
    cached = cache(fake.source, fresh=fresh, stale=stale, wall=lambda: now)

    async def told() -> bool:
        items = [item async for item in cached.fetch(Question("Open?"))]
        return any(isinstance(item, Notice) and item.kind == "cached" for item in items)

    async def scenario() -> list[bool]:
        nonlocal now
        kept: list[bool] = []
        for instant in instants:
            now = instant
            kept.append(await told())
        return kept

    kept = run_jumping(scenario())
    return len(fake.asked), kept


@pytest.mark.parametrize("stale", [0.0, 60.0])
@pytest.mark.parametrize(("seconds", "kept"), [(0.0, True), (60.0, True), (60.001, False)])
def test_an_answer_is_fresh_up_to_the_last_second(seconds: float, kept: bool, stale: float) -> None:
    assert asked_at(0.0, seconds, fresh=60.0, stale=stale) == (2 - kept, [False, kept])


@pytest.mark.parametrize(("skew", "kept"), [(SKEW, True), (SKEW + 0.001, False)])
def test_an_answer_from_a_clock_that_is_a_little_ahead_is_fresh(skew: float, kept: bool) -> None:
    assert asked_at(skew, 0.0, fresh=60.0) == (2 - kept, [False, kept])


@given(st.text(max_size=30))
def test_a_question_is_the_same_however_often_it_is_compared(question: str) -> None:
    same = normalised(question)
    assert normalised(f"  {question}\n?!") == normalised(question + "?!")
    assert same == " ".join(same.split())


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_no_user_shares_an_answer_with_another_one(one: str, question: str, other: str, asks: str) -> None:
    keys = [asked(Question(question, user=one)), asked(Question(asks, user=other))]
    assert (keys[0] == keys[1]) == (one == other and normalised(question) == normalised(asks))
