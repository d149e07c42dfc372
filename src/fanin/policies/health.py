"""How a source has been doing: calls, failures, how long its first document takes, and the state of its breaker."""

import json
from collections import OrderedDict, deque
from dataclasses import asdict, dataclass, field
from typing import Any

from fanin.policies.circuit import CLOSED, Circuit

KEPT = 200
"""Latencies that are remembered: enough for a 95th percentile with ten beyond it, few enough to follow a change."""

ENOUGH = 20
"""Latencies without which a percentile says nothing: the 95th of fewer than twenty is simply the slowest."""


USERS = 1_000
"""Users whose refused calls are remembered."""

STEP = 10
"""Calls after which percentiles are found anew: sorting at each call would cost more than the rest."""


@dataclass(slots=True)
class Health:
    """The record of one source, kept across runs. Latencies are seconds until the first document (or the end).

    `hedges` is how many hedged calls it may make. `refusals` are the circuits of users whose calls the source refused:
    a key that only one of them has may be wrong, and the source be well.
    """

    calls: int = 0
    failures: int = 0
    hedges: float = 0.0
    latencies: deque[float] = field(default_factory=lambda: deque[float](maxlen=KEPT))
    circuit: Circuit = CLOSED
    refusals: OrderedDict[str, Circuit] = field(default_factory=OrderedDict[str, Circuit])
    _known: int = 0
    _ordered: list[float] = field(default_factory=list[float])
    _ordered_at: int = 0

    def refused(self, user: str) -> Circuit:
        """The circuit of one user's refusals."""
        return self.refusals.get(user, CLOSED)

    def refuse(self, user: str, circuit: Circuit) -> None:
        """Remember a user's circuit unless it is closed; of too many, those of the longest ago are forgotten."""
        self.refusals.pop(user, None)
        if circuit.opened:
            self.refusals[user] = circuit
        while len(self.refusals) > USERS:
            self.refusals.popitem(last=False)

    def percentile(self, share: float, *, least: int = 1) -> float | None:
        """The latency that `share` (0 to 1) of the calls did not exceed; None with fewer than `least` of them."""
        if len(self.latencies) < max(1, least):
            return None
        if not self._ordered or self.calls - self._ordered_at >= STEP:
            self._ordered, self._ordered_at = sorted(self.latencies), self.calls
        return self._ordered[min(len(self._ordered) - 1, int(share * len(self._ordered)))]

    def quickest(self) -> float:
        """Seconds in which the fastest of its recent calls had its first document; 0 while none is known."""
        return min(self.latencies, default=0.0)

    def told(self, *, now: float) -> dict[str, Any]:
        """For people: calls, failures, p50 and p95 in seconds, the breaker's state and for how long, in seconds."""
        state = self.circuit.state_at(now)
        return {
            "calls": self.calls,
            "failures": self.failures,
            "p50": self.percentile(0.5),
            "p95": self.percentile(0.95),
            "breaker": state,
            "open_for": max(0.0, self.circuit.until - now) if state == "open" else 0.0,
            "reason": self.circuit.reason if state != "closed" else "",
        }

    def kept(self, *, shift: float) -> bytes:
        """All of it as JSON; `shift` is what to add to loop time for seconds since the epoch."""
        value = {
            "calls": self.calls,
            "failures": self.failures,
            "hedges": self.hedges,
            "latencies": [round(each, 6) for each in self.latencies],
            "circuit": asdict(self.circuit.shifted(shift)),
        }
        return json.dumps(value).encode()

    def take_up(self, value: bytes, *, shift: float) -> None:
        """Go on from what `kept` gave; nothing happens when the value makes no sense."""
        try:
            told = json.loads(value)
            circuit = Circuit(**told["circuit"]).shifted(-shift)
            latencies, hedges = [float(each) for each in told["latencies"]], float(told["hedges"])
            calls, failures = int(told["calls"]), int(told["failures"])
        except ValueError, KeyError, TypeError, AttributeError:
            return
        self.calls, self.failures, self.hedges, self.circuit = calls, failures, hedges, circuit
        self.latencies.extend(latencies)
        self._known = self.calls

    @property
    def changed(self) -> bool:
        """Whether it was asked since it was taken up."""
        return self.calls != self._known
