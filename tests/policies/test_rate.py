"""When calls begin under a rate and in turns, which are refused, and what they say of their wait."""

from collections.abc import Callable
from typing import Any

import pytest

from fanin.errors import RateLimited, SourceError
from fanin.model import Document, Notice
from fanin.policies.health import ROUNDING_ERROR, Bucket, Health
from fanin.policies.rate import concurrency_limit, rate_limit
from fanin.testing import FakeSource

TEXT = Document("The harbour is open until nine tonight.")
type Call = Callable[..., list[tuple[float, Any]]]


def answers(seconds: float = 0.0) -> FakeSource:
    return FakeSource("s", ((seconds, TEXT),))


def waited(seconds: float) -> list[object]:
    return [Notice("waiting", after=seconds, message="rate"), Notice("waited", after=seconds), TEXT]


@pytest.mark.parametrize(
    ("bucket", "wait"),
    [
        (Bucket(1.0, paused=ROUNDING_ERROR), 0.0),
        (Bucket(1.0, paused=ROUNDING_ERROR / 2), 0.0),
        (Bucket(1.0, paused=2 * ROUNDING_ERROR), 2 * ROUNDING_ERROR),
    ],
)
def test_a_wait_below_the_rounding_error_is_none(bucket: Bucket, wait: float) -> None:
    assert bucket.wait((1, 1.0), now=0.0) == wait


@pytest.mark.parametrize(("after", "paused"), [(None, 10.0), (0.0, 10.0), (-1.0, 10.0), (0.5, 10.5)])
def test_a_pause_begins_now(after: float | None, paused: float) -> None:
    assert Bucket(2.0).pause(after, now=10.0) == Bucket(0.0, 10.0, paused)


def test_calls_begin_in_a_burst_and_then_evenly(call: Call) -> None:
    seen = call(rate_limit(answers().source, (3, 6.0), Health()), 0.0, 0.0, 0.0, 0.0, 0.0)
    assert seen == [(0.0, [TEXT])] * 3 + [(2.0, waited(2.0)), (4.0, waited(4.0))]


def test_a_burst_is_as_long_as_the_calls_of_the_rate(call: Call) -> None:
    assert call(rate_limit(answers().source, (3, 1.0), Health()), 0.0, 0.0, 0.0) == [(0.0, [TEXT])] * 3


@pytest.mark.parametrize(("left", "asked"), [(4.0, [100.0]), (9.0, [100.0, 105.0]), (14.0, [100.0, 105.0, 110.0])])
def test_a_call_is_refused_at_once_if_the_waiting_calls_need_all_tokens_before_its_deadline(
    call: Call, left: float, asked: list[float]
) -> None:
    instants = [100.0, 100.25, 100.5, 100.75, 101.0]
    seen = call(rate_limit(answers().source, (1, 5.0), Health()), *instants, left=left)
    assert [at for at, end in seen if isinstance(end, list)] == asked
    assert [(at, end.kind, end.blocked) for at, end in seen if not isinstance(end, list)] == [
        (at, "rate_limited", True) for at in instants[len(asked) :]
    ]


def test_a_cancelled_call_delays_no_other(call: Call) -> None:
    seen = call(rate_limit(answers().source, (1, 5.0), Health()), 0.0, 0.5, 20.0, 20.5, left=6.0)
    assert seen == [(0.0, [TEXT]), (5.0, waited(4.5)), (20.0, [TEXT]), (25.0, waited(4.5))]


@pytest.mark.parametrize(("left", "ended"), [(10.0, 0.0), (10.1, 10.0)])
def test_a_token_at_the_deadline_comes_too_late(call: Call, left: float, ended: float) -> None:
    assert call(rate_limit(answers().source, (1, 10.0), Health()), 0.0, 0.0, left=left)[1][0] == ended


def test_a_refusal_says_the_rate_and_the_seconds_until_the_next_token(call: Call) -> None:
    _, (_, error) = call(rate_limit(answers().source, (1, 10.0), Health()), 0.0, 0.0, left=5.0)
    assert error.retry_after == 10.0
    assert str(error) == (
        "s may be asked 1 times in 10 s, and the next call may begin in 10.0 s; fanin did not ask it. Ask again later,"
        " or raise its rate."
    )


def test_a_waiting_call_is_refused_when_a_pause_lasts_beyond_its_deadline(call: Call) -> None:
    fake = FakeSource("s", ((2.0, RateLimited("slow", 60.0)),))
    seen = call(rate_limit(fake.source, (1, 5.0), Health()), 100.0, 100.0, left=20.0)
    assert [(at, type(end), end.blocked) for at, end in seen] == [
        (102.0, RateLimited, False),
        (105.0, RateLimited, True),
    ]
    assert str(seen[1][1]).startswith("s may be asked 1 times in 5 s, and the next call may begin in 57.0 s")


@pytest.mark.parametrize("at_once", [1, 2])
def test_ten_calls_wait_for_each_slot_and_the_rest_is_shed(call: Call, at_once: int) -> None:
    seen = call(concurrency_limit(answers(1.0).source, at_once), *[0.0] * (11 * at_once + 1))
    assert [(end.kind, str(end)) for _, end in seen if isinstance(end, SourceError)] == [
        (
            "shed",
            f"{10 * at_once} calls of s wait already; fanin did not ask it. Ask again later, or raise its concurrency.",
        )
    ]
    assert [at for at, _ in seen[:-1]] == [1.0 + number // at_once for number in range(11 * at_once)]
    assert seen[-1][0] == 0.0


def test_a_call_reports_how_long_it_waited_for_a_slot_if_it_did(call: Call) -> None:
    seen = call(concurrency_limit(answers(0.5).source, 1), 100.0, 100.0, 102.0)
    waiting = Notice("waiting", message="concurrency")
    assert seen == [(100.5, [TEXT]), (101.0, [waiting, Notice("waited", after=0.5), TEXT]), (102.5, [TEXT])]
