"""The health of a source as it is shown and stored, as whole values."""

import json

import pytest

from fanin.policies.circuit import CLOSED, Circuit
from fanin.policies.health import CALLS_BETWEEN_SORTS, MAX_USERS, Bucket, Health

OPEN = Circuit(failures=3, until=7.0, opened=1, reason="odd")


def seasoned(circuit: Circuit = CLOSED) -> Health:
    health = Health(calls=30, failures=3, hedges=1.5, circuit=circuit)
    health.latencies.extend(float(second) for second in range(100, 0, -1))
    return health


@pytest.mark.parametrize(
    ("circuit", "now", "breaker", "seconds", "reason"),
    [
        (CLOSED, 5.0, "closed", 0.0, ""),
        (Circuit(failures=1, reason="odd"), 5.0, "closed", 0.0, ""),
        (OPEN, 5.0, "open", 2.0, "odd"),
        (OPEN, 6.5, "open", 0.5, "odd"),
        (OPEN, 9.0, "half-open", 0.0, "odd"),
        (Circuit(until=7.0), 5.0, "closed", 0.0, ""),
    ],
)
def test_what_people_are_told(circuit: Circuit, now: float, breaker: str, seconds: float, reason: str) -> None:
    assert seasoned(circuit).snapshot(now=now) == {
        "calls": 30,
        "failures": 3,
        "p50": 51.0,
        "p95": 96.0,
        "breaker": breaker,
        "open_for": seconds,
        "reason": reason,
    }


def test_nothing_is_known_of_a_source_that_was_never_asked() -> None:
    health = Health()
    assert (health.fastest(), health.percentile(0.5), health.changed) == (0.0, None, False)


def test_the_quickest_call_is_the_fastest_of_the_recent_ones() -> None:
    assert seasoned().fastest() == 1.0


def test_percentiles_are_found_anew_after_some_calls() -> None:
    health = seasoned()
    found = [health.percentile(0.5)]
    for _ in range(CALLS_BETWEEN_SORTS):
        health.calls += 1
        health.latencies.append(0.0)
        found.append(health.percentile(0.0))
    assert found == [51.0, *[1.0] * (CALLS_BETWEEN_SORTS - 1), 0.0]


def test_what_is_kept_can_be_read_by_anybody() -> None:
    health = Health(calls=1, circuit=Circuit(failures=1, recent=((1.0, True),), reason="odd"))
    health.latencies.append(1 / 3)
    assert json.loads(health.dump(shift=10.0)) == {
        "calls": 1,
        "failures": 0,
        "hedges": 0.0,
        "latencies": [0.333333],
        "circuit": {
            "failures": 1,
            "recent": [[11.0, True]],
            "until": 0.0,
            "opened": 0,
            "probing": False,
            "reason": "odd",
        },
        "bucket": None,
        "settings": "",
    }


def test_a_source_has_changed_when_it_was_asked_since_it_was_taken_up() -> None:
    health = Health()
    health.load(seasoned().dump(shift=0.0), shift=0.0)
    assert not health.changed
    health.calls += 1
    assert health.changed


def test_refusals_are_remembered_for_the_users_of_late_who_were_refused() -> None:
    health = Health()
    for number in range(MAX_USERS + 1):
        health.set_user_circuit(f"user {number}", OPEN)
    assert [health.user_circuit(f"user {number}") for number in (0, 1, MAX_USERS)] == [CLOSED, OPEN, OPEN]
    health.set_user_circuit("user 1", OPEN)
    health.set_user_circuit("one more", OPEN)
    assert [health.user_circuit(f"user {number}") for number in (1, 2)] == [OPEN, CLOSED]
    health.set_user_circuit("user 1", CLOSED)
    assert (health.user_circuit("user 1"), "user 1" in health.refusals) == (CLOSED, False)


@pytest.mark.parametrize(("share", "least", "found"), [(0.0, 1, 3.0), (1.0, 1, 3.0), (0.5, 2, None)])
def test_one_call_says_something_when_one_is_enough(share: float, least: int, found: float | None) -> None:
    health = Health()
    health.latencies.append(3.0)
    assert health.percentile(share, least=least) == found
    assert Health().percentile(share) is None


def test_no_call_was_slower_than_the_slowest() -> None:
    health = seasoned()
    assert [health.percentile(share) for share in (0.0, 0.99, 1.0)] == [1.0, 100.0, 100.0]
    lone = Health()
    lone.latencies.append(3.0)
    assert lone.percentile(0.5) == 3.0


def test_tokens_and_a_pause_move_to_another_clock_and_no_pause_stays_none() -> None:
    assert Bucket(1.5, 5.0, 7.0).shift(3.0) == Bucket(1.5, 8.0, 10.0)
    assert Bucket(1.5, 5.0).shift(3.0) == Bucket(1.5, 8.0, 0.0)


@pytest.mark.parametrize("calls", [0, 1, 2])
def test_a_source_that_was_reset_has_changed_however_often_it_was_asked(calls: int) -> None:
    health = Health()
    health.load(Health(calls=calls).dump(shift=0.0), shift=0.0)
    health.reset()
    assert health.changed
