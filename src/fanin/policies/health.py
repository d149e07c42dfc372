"""The health of a source: calls, failures, latency of the first document, its breaker, and its rate."""

import json
from collections import OrderedDict, deque
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from fanin.policies.circuit import CLOSED, Circuit

KEPT = 200
"""Latencies that are remembered: enough for a 95th percentile with ten beyond it, few enough to follow a change."""

ENOUGH = 20
"""Latencies that a percentile needs: the 95th of fewer than twenty is simply the slowest."""

USERS = 1_000
"""Users whose refused calls are remembered."""

STEP = 10
"""Calls after which percentiles are found anew: sorting at each call would cost more than the rest."""


LONGEST = 3600.0
"""Seconds that a source can ask fanin to pause at most; a longer time is taken for a mistake."""

HARDLY = 1e-6
"""Seconds below which a wait is a rounding error."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens at the instant `at`, one for each call that may begin; none is given before `paused`."""

    tokens: float
    at: float = 0.0
    paused: float = 0.0

    def wait(self, rate: tuple[int, float], *, now: float, ahead: int = 0) -> float:
        """Seconds until a call may begin when so many others that wait are ahead of it."""
        calls, seconds = rate
        start = max(now, self.paused)
        missing = 1.0 + ahead - self._held(rate, start)
        wait = start - now + max(0.0, missing * seconds / calls)
        return wait if wait > HARDLY else 0.0

    def taken(self, rate: tuple[int, float], *, now: float) -> Bucket:
        """The bucket after a call that had not to wait took its token."""
        return replace(self, tokens=max(0.0, self._held(rate, now) - 1.0), at=now)

    def pausing(self, after: float | None, *, now: float) -> Bucket:
        """The bucket once the source asked for fewer calls, and for a pause of so many seconds if it said."""
        pause = min(max(after or 0.0, 0.0), LONGEST)
        return Bucket(0.0, now, max(self.paused, now + pause))

    def shifted(self, seconds: float) -> Bucket:
        """The same with every instant moved: for another clock."""
        return Bucket(self.tokens, self.at + seconds, self.paused + seconds if self.paused else 0.0)

    def _held(self, rate: tuple[int, float], now: float) -> float:
        calls, seconds = rate
        return min(float(calls), self.tokens + max(0.0, now - self.at) * calls / seconds)


@dataclass(slots=True)
class Health:
    """The record of one source, kept across runs. Latencies are seconds until the first document (or the end).

    `hedges` is how many hedged calls it may make. `refusals` are the circuits of users whose calls the source refused:
    one user's key may be wrong while the source works for the others. `bucket` has the tokens of its rate, None
    while all are there. `settings` is a digest of what decides whether a call fails, such as the timeout: with other
    settings, the breaker is closed.
    """

    calls: int = 0
    failures: int = 0
    hedges: float = 0.0
    latencies: deque[float] = field(default_factory=lambda: deque[float](maxlen=KEPT))
    circuit: Circuit = CLOSED
    refusals: OrderedDict[str, Circuit] = field(default_factory=OrderedDict[str, Circuit])
    bucket: Bucket | None = None
    settings: str = ""
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

    def snapshot(self, *, now: float) -> dict[str, Any]:
        """Calls, failures, p50 and p95 in seconds, the state of the breaker, and for how many seconds it is open."""
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

    def reset(self) -> None:
        """Close the breaker, for every user, and end a pause for which the source asked."""
        self.circuit = CLOSED
        self.refusals.clear()
        if self.bucket is not None:
            self.bucket = replace(self.bucket, paused=0.0)
        self._known = -1

    def kept(self, *, shift: float) -> bytes:
        """All of it as JSON; `shift` is what to add to loop time for seconds since the epoch."""
        value = {
            "calls": self.calls,
            "failures": self.failures,
            "hedges": self.hedges,
            "latencies": [round(each, 6) for each in self.latencies],
            "circuit": asdict(self.circuit.shifted(shift)),
            "bucket": self.bucket and asdict(self.bucket.shifted(shift)),
            "settings": self.settings,
        }
        return json.dumps(value).encode()

    def take_up(self, value: bytes, *, shift: float) -> None:
        """Take over what `kept` returned; a value that cannot be read changes nothing."""
        try:
            stored = json.loads(value)
            circuit = Circuit(**stored["circuit"]).shifted(-shift)
            bucket = Bucket(**stored["bucket"]).shifted(-shift) if stored.get("bucket") else None
            latencies, hedges = [float(each) for each in stored["latencies"]], float(stored["hedges"])
            calls, failures = int(stored["calls"]), int(stored["failures"])
        except ValueError, KeyError, TypeError, AttributeError:
            return
        self.calls, self.failures, self.hedges, self.bucket = calls, failures, hedges, bucket
        if stored.get("settings") == self.settings:
            self.circuit = circuit
        self.latencies.extend(latencies)
        self._known = self.calls

    @property
    def changed(self) -> bool:
        """Whether it was asked, or reset, since it was taken up."""
        return self.calls != self._known
