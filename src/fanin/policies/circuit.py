"""The circuit breaker's decision: whether a source may be asked, from how its calls ended (pure)."""

from dataclasses import dataclass, replace
from typing import Literal

IN_A_ROW = 3
"""Failures in a row that open it (SearXNG suspends an engine in the same way)."""

WINDOW, AT_LEAST, SHARE = 60.0, 5, 0.5
"""It opens, too, when this share of at least so many calls within so many seconds failed (after Hystrix)."""

FIRST, LONGEST = 5.0, 120.0
"""Seconds that it stays open the first time; twice as long each time that the probe fails."""

REFUSED = 300.0
"""Seconds that it stays open when the source refuses the key: asking again soon changes nothing."""

type State = Literal["closed", "open", "half-open"]
type End = Literal["ok", "failed", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Circuit:
    """What the breaker knows. `until` is when it may be asked again, `opened` how often in a row it opened.

    `recent` has the instant of each call within the window, and whether it failed. `probing` is true while one call
    finds out whether the source is well again.
    """

    failures: int = 0
    recent: tuple[tuple[float, bool], ...] = ()
    until: float = 0.0
    opened: int = 0
    probing: bool = False
    reason: str = ""

    def state_at(self, now: float) -> State:
        """Closed lets calls through, open none, half-open one."""
        if not self.opened:
            return "closed"
        return "open" if now < self.until else "half-open"

    def shifted(self, seconds: float) -> Circuit:
        """The same with every instant moved, and without a probe: for another clock."""
        recent = tuple((at + seconds, bool(failed)) for at, failed in self.recent)
        return replace(self, until=self.until + seconds if self.opened else 0.0, recent=recent, probing=False)


CLOSED = Circuit()


def admit(circuit: Circuit, *, now: float) -> Circuit | None:
    """The circuit once a call has been let through; None when it may not."""
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
    """The circuit after a call that was let through. `wait` is for how long the source asked not to be asked, in s.

    A withdrawn call says nothing about the source. Once it has opened, only the `probe` decides: calls that were let
    through before then tell of a time that is over.
    """
    if circuit.opened and not probe:
        return circuit
    if end == "withdrawn":
        return replace(circuit, probing=False)
    if end == "ok":
        recent = () if probe else _within(circuit.recent, now)
        return Circuit(recent=(*recent, (now, False)))
    recent = (*_within(circuit.recent, now), (now, True))
    circuit = replace(circuit, failures=circuit.failures + 1, recent=recent, reason=reason)
    if end == "refused" or wait is not None or probe or _tripped(circuit):
        return _opened(circuit, now, end=end, wait=wait)
    return circuit


def _opened(circuit: Circuit, now: float, *, end: End, wait: float | None) -> Circuit:
    seconds = min(LONGEST, FIRST * 2 ** min(circuit.opened, 10))
    if end == "refused":
        seconds = REFUSED
    elif wait is not None:
        seconds = min(max(wait, 0.0), LONGEST)
    return replace(circuit, until=now + seconds, opened=circuit.opened + 1, probing=False)


def _tripped(circuit: Circuit) -> bool:
    failed = sum(failed for _, failed in circuit.recent)
    many = len(circuit.recent) >= AT_LEAST and failed >= SHARE * len(circuit.recent)
    return circuit.failures >= IN_A_ROW or many


def _within(recent: tuple[tuple[float, bool], ...], now: float) -> tuple[tuple[float, bool], ...]:
    return tuple(each for each in recent if each[0] > now - WINDOW)[-100:]
