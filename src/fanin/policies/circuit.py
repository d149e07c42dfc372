"""The decision of the circuit breaker: whether a source may be called, from how its calls ended (pure)."""

from dataclasses import dataclass, replace
from typing import Literal

CONSECUTIVE_FAILURES = 3
"""Consecutive failures that open it (SearXNG suspends an engine in the same way)."""

WINDOW, MIN_CALLS, FAILURE_RATE = 60.0, 5, 0.5
"""It also opens when `FAILURE_RATE` of at least `MIN_CALLS` calls within `WINDOW` seconds failed (after Hystrix)."""

FIRST_OPEN_SECONDS, MAX_OPEN_SECONDS = 5.0, 120.0
"""Seconds that it stays open the first time, doubled each time that the probe fails, and the limit."""

REFUSED_OPEN_SECONDS = 300.0
"""Seconds that it stays open when the source refuses the key, since another call would be refused too."""

type State = Literal["closed", "open", "half-open"]
type End = Literal["ok", "failed", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Circuit:
    """The state of a breaker. `until` is when the source may be called again, `opened` how often in a row it opened.

    `recent` has the instant of each call within the window, and whether it failed. `probing` is true while one call
    tests whether the source works again.
    """

    failures: int = 0
    recent: tuple[tuple[float, bool], ...] = ()
    until: float = 0.0
    opened: int = 0
    probing: bool = False
    reason: str = ""

    def state_at(self, now: float) -> State:
        """A closed circuit admits all calls, an open one none, a half-open one a single call."""
        if not self.opened:
            return "closed"
        return "open" if now < self.until else "half-open"

    def shift(self, seconds: float) -> Circuit:
        """The circuit with all instants moved, for another clock, and without a probe."""
        recent = tuple((at + seconds, bool(failed)) for at, failed in self.recent)
        return replace(self, until=self.until + seconds if self.opened else 0.0, recent=recent, probing=False)


CLOSED = Circuit()


def admit(circuit: Circuit, *, now: float) -> Circuit | None:
    """The circuit after a call was admitted; None if it may not be."""
    match circuit.state_at(now):
        case "closed":
            return circuit
        case "half-open" if not circuit.probing:
            return replace(circuit, probing=True)
        case _:
            return None


def settle(
    circuit: Circuit, end: End, *, now: float, probe: bool = False, reason: str = "", wait: float | None = None
) -> Circuit:
    """The circuit after an admitted call has ended. `wait` is the pause in seconds for which the source asked.

    A withdrawn call says nothing about the source. Once the circuit has opened, only the `probe` counts, and not calls
    that were admitted before.
    """
    if circuit.opened and not probe:
        return circuit
    if end == "withdrawn":
        return replace(circuit, probing=False)
    if end == "ok":
        recent = () if probe else _in_window(circuit.recent, now)
        return Circuit(recent=(*recent, (now, False)))
    recent = (*_in_window(circuit.recent, now), (now, True))
    circuit = replace(circuit, failures=circuit.failures + 1, recent=recent, reason=reason)
    if end == "refused" or wait is not None or probe or _should_open(circuit):
        return _open(circuit, now, end=end, wait=wait)
    return circuit


def _open(circuit: Circuit, now: float, *, end: End, wait: float | None) -> Circuit:
    seconds = min(MAX_OPEN_SECONDS, FIRST_OPEN_SECONDS * 2 ** min(circuit.opened, 10))
    if end == "refused":
        seconds = REFUSED_OPEN_SECONDS
    elif wait is not None:
        seconds = min(max(wait, 0.0), MAX_OPEN_SECONDS)
    return replace(circuit, until=now + seconds, opened=circuit.opened + 1, probing=False)


def _should_open(circuit: Circuit) -> bool:
    failed = sum(failed for _, failed in circuit.recent)
    many = len(circuit.recent) >= MIN_CALLS and failed >= FAILURE_RATE * len(circuit.recent)
    return circuit.failures >= CONSECUTIVE_FAILURES or many


def _in_window(recent: tuple[tuple[float, bool], ...], now: float) -> tuple[tuple[float, bool], ...]:
    return tuple(each for each in recent if each[0] > now - WINDOW)[-100:]
