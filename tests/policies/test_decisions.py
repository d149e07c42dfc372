"""What each policy decides, as values: no clock, no loop."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import CircuitOpen, RateLimited, SourceError
from fanin.policies.cache import normalise
from fanin.policies.circuit import CLOSED, MAX_OPEN_SECONDS, Circuit, admit, settle
from fanin.policies.health import Bucket, Health
from fanin.policies.hedge import hedge_after
from fanin.policies.retry import Budget, next_wait

# The circuit.


def after(*ends: tuple[float, str], circuit: Circuit = CLOSED) -> Circuit:
    """The circuit after calls that were admitted and ended at these instants, one after the other."""
    for now, end in ends:
        admitted = admit(circuit, now=now)
        if admitted is not None:
            circuit = settle(admitted, end, now=now, probe=admitted.probing, reason=end)
    return circuit


FAILED = [(float(n), "failed") for n in range(3)]


@pytest.mark.parametrize(
    ("ends", "now", "state"),
    [
        ([], 0.0, "closed"),
        (FAILED[:2], 2.0, "closed"),
        (FAILED, 2.0, "open"),
        (FAILED, 6.9, "open"),
        (FAILED, 7.0, "half-open"),
        ([*FAILED, (7.0, "ok")], 7.0, "closed"),
        ([*FAILED, (7.0, "withdrawn")], 7.0, "half-open"),
        ([*FAILED, (7.0, "failed")], 16.9, "open"),
        ([*FAILED, (7.0, "failed")], 17.0, "half-open"),
        ([*FAILED, (7.0, "failed"), (17.0, "failed")], 36.9, "open"),
        ([(0.0, "refused")], 299.9, "open"),
        ([(0.0, "refused")], 300.0, "half-open"),
        ([(0.0, "withdrawn")] * 9, 0.0, "closed"),
        ([(0.0, "failed"), (1.0, "failed"), (2.0, "ok"), (3.0, "failed"), (4.0, "ok")], 4.0, "closed"),
        ([(0.0, "failed"), (1.0, "failed"), (2.0, "ok"), (3.0, "ok"), (4.0, "failed")], 4.0, "open"),
        ([(0.0, "failed"), (1.0, "ok"), (61.0, "failed"), (62.0, "ok"), (63.0, "failed")], 63.0, "closed"),
    ],
)
def test_the_state_of_the_circuit(ends: list[tuple[float, str]], now: float, state: str) -> None:
    assert after(*ends).state_at(now) == state


@pytest.mark.parametrize(("wait", "seconds"), [(7.0, 7.0), (0.0, 0.0), (-3.0, 0.0), (9999.0, MAX_OPEN_SECONDS)])
def test_it_stays_open_for_as_long_as_the_source_asked(wait: float, seconds: float) -> None:
    assert settle(CLOSED, "failed", now=10.0, wait=wait).until == 10.0 + seconds


def test_one_probe_at_a_time() -> None:
    probing = admit(after(*FAILED), now=7.0)
    assert probing == replace(after(*FAILED), probing=True)
    assert admit(probing, now=7.0) is None


@pytest.mark.parametrize("end", ["ok", "failed", "refused", "withdrawn"])
def test_only_the_probe_decides_once_it_is_open(end: str) -> None:
    for circuit in (after(*FAILED), admit(after(*FAILED), now=7.0)):
        assert settle(circuit, end, now=7.0) == circuit


@given(
    st.lists(st.tuples(st.sampled_from(["ok", "failed", "refused", "withdrawn"]), st.floats(0.0, 400.0)), max_size=60)
)
def test_it_opens_only_by_failures_and_never_for_longer_than_it_may(steps: list[tuple[str, float]]) -> None:
    circuit, now = CLOSED, 0.0
    for end, pause in steps:
        now += pause
        admitted = admit(circuit, now=now)
        assert (admitted is None) == (circuit.state_at(now) == "open")
        if admitted is None:
            continue
        circuit = settle(admitted, end, now=now, probe=admitted.probing)
        assert not circuit.probing
        if end in ("ok", "withdrawn") and not admitted.opened:
            assert circuit.state_at(now) == "closed"
        assert circuit.until - now <= (300.0 if end == "refused" else MAX_OPEN_SECONDS) + 1e-6
        assert len(circuit.recent) <= 101


@given(st.floats(-1e6, 1e6))
def test_a_circuit_is_the_same_on_another_clock(seconds: float) -> None:
    circuit = after(*FAILED)
    moved = circuit.shift(seconds)
    for now in (6.0, 8.0):
        assert moved.state_at(now + seconds) == circuit.state_at(now)


# Retries.

GONE, SLOW = ConnectionResetError(), RateLimited("slow", 2.0)


@pytest.mark.parametrize(
    ("error", "attempt", "left", "quickest", "wait"),
    [
        (GONE, 1, 9.0, 0.0, 0.1),
        (GONE, 2, 9.0, 0.0, 0.2),
        (GONE, 3, 9.0, 0.0, None),
        (GONE, 1, 0.1, 0.0, None),
        (GONE, 1, 0.5, 0.4, None),
        (GONE, 1, 0.51, 0.4, 0.1),
        (TimeoutError(), 1, 9.0, 0.0, 0.1),
        (SourceError("bad", "http_500"), 1, 9.0, 0.0, 0.1),
        (SourceError("bad", "http_404"), 1, 9.0, 0.0, None),
        (SourceError("bad", "format"), 1, 9.0, 0.0, None),
        (CircuitOpen("open", 0.1), 1, 9.0, 0.0, None),
        (ValueError("odd"), 1, 9.0, 0.0, None),
        (SLOW, 1, 9.0, 0.0, 2.1),
        (SLOW, 1, 2.0, 0.0, None),
        (RateLimited("slow", -1.0), 1, 9.0, 0.0, 0.1),
        (RateLimited("slow", None), 1, 9.0, 0.0, 0.1),
        (RateLimited("slow", math.inf), 1, 9.0, 0.0, None),
    ],
)
def test_the_wait_before_the_next_attempt(
    error: Exception, attempt: int, left: float, quickest: float, wait: float | None
) -> None:
    found = next_wait(error, attempt=attempt, retries=2, left=left, jitter=1.0, fastest=quickest)
    assert found == wait


def test_waits_grow_to_a_second_and_no_further() -> None:
    waits = [next_wait(GONE, attempt=n, retries=5000, left=9.0, jitter=1.0) for n in (1, 2, 3, 4, 5, 4999)]
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


def test_a_retry_budget_is_spent_and_earned() -> None:
    budget = Budget()
    for _ in range(2):
        budget = budget.spend(now=0.0)
    assert budget == Budget(0.0, 0.0)
    assert budget.spend(now=9.9) is None
    assert budget.spend(now=10.0) == Budget(0.0, 10.0)
    for _ in range(5):
        budget = budget.earn(now=0.0, share=0.2)
    assert budget.spend(now=0.0) is not None


@given(st.lists(st.tuples(st.booleans(), st.floats(0.0, 30.0)), max_size=200))
def test_retries_stay_within_a_fifth_of_the_calls_and_one_in_ten_seconds(steps: list[tuple[bool, float]]) -> None:
    budget, now, calls, retries = Budget(), 0.0, 0, 0
    for retry, pause in steps:
        now += pause
        if not retry:
            budget, calls = budget.earn(now=now, share=0.2), calls + 1
        elif (left := budget.spend(now=now)) is not None:
            budget, retries = left, retries + 1
    assert retries <= 2 + 0.2 * calls + 0.1 * now + 1e-6


# The bucket.

RATE = (2, 20.0)


@pytest.mark.parametrize(
    ("bucket", "now", "ahead", "wait"),
    [
        (Bucket(2.0), 0.0, 0, 0.0),
        (Bucket(0.0), 0.0, 0, 10.0),
        (Bucket(0.0), 4.0, 0, 6.0),
        (Bucket(0.0), 10.0, 0, 0.0),
        (Bucket(0.0), 0.0, 2, 30.0),
        (Bucket(2.0), 0.0, 1, 0.0),
        (Bucket(2.0), 0.0, 2, 10.0),
        (Bucket(0.0), 1000.0, 1, 0.0),
        (Bucket(0.0), 1000.0, 2, 10.0),
        (Bucket(2.0, 0.0, 5.0), 0.0, 0, 5.0),
        (Bucket(0.0, 0.0, 5.0), 0.0, 0, 10.0),
        (Bucket(2.0, 100.0), 50.0, 0, 0.0),
    ],
)
def test_the_wait_for_a_token(bucket: Bucket, now: float, ahead: int, wait: float) -> None:
    assert bucket.wait(RATE, now=now, ahead=ahead) == wait


@pytest.mark.parametrize(
    ("after", "paused"), [(8.0, 18.0), (None, 12.0), (0.0, 12.0), (-1.0, 12.0), (1e9, 10.0 + 3600.0)]
)
def test_a_pause_empties_the_bucket_and_shortens_no_other(after: float | None, paused: float) -> None:
    assert Bucket(2.0, 0.0, 12.0).pause(after, now=10.0) == Bucket(0.0, 10.0, paused)


@given(st.integers(1, 5), st.floats(0.1, 60.0), st.lists(st.floats(0.0, 20.0), min_size=1, max_size=60))
def test_no_window_has_more_calls_than_the_rate_and_one_burst(calls: int, seconds: float, pauses: list[float]) -> None:
    rate, bucket, now = (calls, seconds), Bucket(float(calls)), 0.0
    begun: list[float] = []
    for pause in pauses:
        now += pause
        now += bucket.wait(rate, now=now)
        bucket = bucket.take(rate, now=now)
        begun.append(now)
    for first, start in enumerate(begun):
        for last in range(first, len(begun)):
            most = calls + (begun[last] - start) * calls / seconds
            assert last - first + 1 <= most + 1e-3


# Hedges.


@pytest.mark.parametrize(
    ("latencies", "hedges", "seconds"),
    [
        ([1.0] * 19, 1.0, None),
        ([1.0] * 20, 1.0, 1.0),
        ([1.0] * 20, 0.99, None),
        ([float(n) for n in range(100)], 5.0, 95.0),
    ],
)
def test_when_a_second_call_is_made(latencies: list[float], hedges: float, seconds: float | None) -> None:
    health = Health(calls=100, hedges=hedges)
    health.latencies.extend(latencies)
    assert hedge_after(health) == seconds


# Health.


def test_health_is_the_same_after_a_stop_and_a_start() -> None:
    health = Health(calls=30, failures=3, hedges=1.5, circuit=after(*FAILED))
    health.latencies.extend([0.5, 1.0])
    later = Health()
    later.load(health.dump(shift=1000.0), shift=900.0)
    assert (later.calls, later.failures, later.hedges) == (30, 3, 1.5)
    assert list(later.latencies) == [0.5, 1.0]
    assert later.circuit.state_at(106.9) == "open"
    assert later.circuit.state_at(107.0) == "half-open"
    assert not later.changed


@pytest.mark.parametrize(
    "value", [b"", b"\xff", b"[]", b"{}", b"7", b'{"calls": 1}', b'{"circuit": 1, "latencies": [], "calls": 1}']
)
def test_health_that_makes_no_sense_is_not_taken_up(value: bytes) -> None:
    health = Health()
    health.load(value, shift=0.0)
    assert health == Health()


# The question as a key.


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Is it open?", "is  it OPEN", True),
        (" Is it open ?! ", "Is it open.", True),
        ("Straße", "STRASSE", True),
        ("Is it open\n?", "Is it open", True),
        ("Is it open", "Is it closed", False),
        ("C", "C++", False),
        ("What is 1.5", "What is 15", False),
    ],
)
def test_which_questions_are_the_same(one: str, other: str, same: bool) -> None:
    assert (normalise(one) == normalise(other)) is same
