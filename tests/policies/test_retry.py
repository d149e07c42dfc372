"""What is tried again and what is not, by the number of calls."""

import pytest

from fanin.policies.attempt import attempt
from fanin.policies.health import Health
from fanin.policies.retry import retry
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
    scenario = run_scenario([retry(attempt(fake.source, Health()), retries=2, chance=lambda: 0.0)])
    outcome = scenario.answer.sources["s"]
    assert (len(fake.asked), outcome.attempts, outcome.status) == (calls, calls, status)
