"""What is tried again and what is not, by the number of calls."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fanin.model import Notice
from fanin.policies.attempt import attempt
from fanin.policies.health import Health
from fanin.policies.retry import INITIAL_RETRIES, MAX_RETRIES, Budget, next_wait, retry
from fanin.testing import FakeSource, run_scenario
from fanin.testing.fakes import Step

TEXT = "The harbour is open until nine tonight."
GONE = ConnectionResetError("gone")


@pytest.mark.parametrize(
    ("steps", "calls", "status"),
    [
        (((0.0, GONE),), 3, "error"),
        (((0.0, TEXT), (0.0, GONE)), 1, "partial"),
        (((0.0, ValueError("odd")),), 1, "error"),
        (((0.0, TEXT),), 1, "ok"),
    ],
    ids=["fails before its first document", "fails after its first document", "fails for good", "answers"],
)
def test_only_a_call_that_failed_before_its_first_document_is_retried(
    steps: tuple[Step, ...], calls: int, status: str
) -> None:
    fake = FakeSource("s", steps)
    scenario = run_scenario([retry(attempt(fake.source, Health()), retries=2, jitter=lambda: 0.0)])
    outcome = scenario.answer.sources["s"]
    assert (len(fake.asked), outcome.attempts, outcome.status) == (calls, calls, status)


def test_a_retry_says_its_number_its_wait_and_why(call: Callable[..., list[tuple[float, Any]]]) -> None:
    seen: list[object] = []
    fake = FakeSource("s", ((0.0, GONE),))
    chances = iter([0.5, 1.0, 1.0])
    source = retry(fake.source, retries=2, jitter=lambda: next(chances))

    async def fetch(question: object) -> Any:
        async for item in source.fetch(question):  # pyright: ignore
            seen.append(item)
            yield item

    ((at, error),) = call(replace(fake.source, fetch=fetch), 0.0)
    why = "ConnectionResetError: gone"
    assert seen == [
        Notice("retrying", attempt=2, after=0.05, message=why),
        Notice("retrying", attempt=3, after=0.2, message=why),
    ]
    assert (at, error) == (0.25, GONE)


def test_a_fifth_of_the_calls_may_be_retries_besides_two_to_begin_with(
    call: Callable[..., list[tuple[float, Any]]],
) -> None:
    fake = FakeSource("s", ((0.0, GONE),))
    call(retry(fake.source, retries=9, jitter=lambda: 0.0), *[0.0] * 10)
    assert len(fake.asked) == 10 + 2 + 2


def test_of_calls_whose_speed_nobody_knows_only_the_wait_counts() -> None:
    assert next_wait(GONE, attempt=1, retries=1, left=0.2, jitter=1.0) == 0.1


@pytest.mark.parametrize(
    ("left", "quickest", "calls"), [(9.0, 0.0, 2), (0.2, 0.0, 2), (0.1, 0.0, 1), (9.0, 8.8, 2), (9.0, 8.9, 1)]
)
def test_no_retry_is_made_that_could_not_end_in_time(
    call: Callable[..., list[tuple[float, Any]]], left: float, quickest: float, calls: int
) -> None:
    fake = FakeSource("s", ((0.0, GONE),))
    call(retry(fake.source, retries=1, jitter=lambda: 1.0, fastest=lambda: quickest), 100.0, left=left)
    assert len(fake.asked) == calls


@pytest.mark.parametrize(
    ("budget", "earned"),
    [
        (Budget(0.0), Budget(1.2, 10.0)),
        (Budget(0.0, 10.0), Budget(0.2, 10.0)),
        (Budget(INITIAL_RETRIES), Budget(INITIAL_RETRIES + 0.2, 10.0)),
        (Budget(5.0), Budget(5.2, 10.0)),
        (Budget(MAX_RETRIES), Budget(MAX_RETRIES, 10.0)),
    ],
)
def test_a_budget_grows_by_a_share_of_each_call_and_with_time_up_to_what_is_spare(
    budget: Budget, earned: Budget
) -> None:
    assert budget.earn(now=10.0, share=0.2) == earned
