"""The circuit after each end of a call, as a whole value."""

import pytest

from fanin.policies.circuit import CLOSED, Circuit, End, admit, settle

OPEN = Circuit(failures=3, recent=((1.0, True),), until=7.0, opened=1, probing=True, reason="odd")


@pytest.mark.parametrize(
    ("circuit", "moved"),
    [
        (OPEN, Circuit(failures=3, recent=((11.0, True),), until=17.0, opened=1, reason="odd")),
        (Circuit(recent=((1.0, False),)), Circuit(recent=((11.0, False),))),
    ],
    ids=["open", "closed"],
)
def test_on_another_clock_every_instant_moves_and_no_probe_is_under_way(circuit: Circuit, moved: Circuit) -> None:
    assert circuit.shift(10.0) == moved


@pytest.mark.parametrize(
    ("end", "then"),
    [
        ("ok", Circuit(recent=((9.0, False),))),
        ("withdrawn", Circuit(failures=3, recent=((1.0, True),), until=7.0, opened=1, reason="odd")),
        ("failed", Circuit(failures=4, recent=((1.0, True), (9.0, True)), until=19.0, opened=2, reason="still")),
        ("refused", Circuit(failures=4, recent=((1.0, True), (9.0, True)), until=309.0, opened=2, reason="still")),
    ],
)
def test_the_probe_forgets_withdraws_or_opens_it_for_longer(end: End, then: Circuit) -> None:
    assert settle(OPEN, end, now=9.0, probe=True, reason="still") == then


def test_a_first_failure_is_counted_and_needs_no_reason() -> None:
    assert settle(CLOSED, "failed", now=0.0) == Circuit(failures=1, recent=((0.0, True),))


def test_a_withdrawn_call_says_nothing() -> None:
    assert settle(CLOSED, "withdrawn", now=0.0) == CLOSED


def test_half_of_enough_calls_open_it() -> None:
    circuit = CLOSED
    states: list[str] = []
    for now, end in enumerate(["ok", "ok", "failed", "ok", "failed", "failed"]):
        circuit = settle(circuit, end, now=now)
        states.append(circuit.state_at(now))
    assert states == ["closed"] * 5 + ["open"]


def test_calls_count_for_a_minute_and_a_hundred_at_most() -> None:
    lately = tuple((float(second), second > 41) for second in range(40, 43))
    assert settle(Circuit(recent=lately), "ok", now=100.0).recent == (*lately[1:], (100.0, False))
    crowd = tuple((1.0 + call / 1000, False) for call in range(150))
    assert settle(Circuit(recent=crowd), "ok", now=2.0).recent == (*crowd[50:], (2.0, False))


def test_an_open_circuit_lets_nobody_through() -> None:
    assert admit(Circuit(until=7.0, opened=1), now=6.9) is None
