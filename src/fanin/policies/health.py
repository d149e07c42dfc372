"""The health of a source: its calls, failures, latencies, circuit, and tokens of its rate limit."""

import json
from collections import OrderedDict, deque
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from fanin.policies.circuit import CLOSED, Circuit

LATENCIES_KEPT = 200
"""Latencies that are remembered: enough for a 95th percentile, with ten above it, and few enough to follow changes."""

LATENCIES_NEEDED = 20
"""Latencies that a percentile needs: the 95th of fewer than twenty is the slowest."""

MAX_USERS = 1_000
"""Users whose circuits are remembered."""

CALLS_BETWEEN_SORTS = 10
"""Calls after which percentiles are computed again: sorting at each call would cost more than all the rest."""


MAX_PAUSE = 3600.0
"""Seconds of the longest pause for which a source can ask; a longer one is considered a mistake."""

ROUNDING_ERROR = 1e-6
"""Seconds below which a wait is a rounding error."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: `tokens` at the instant `at`, one for each call that may start; none starts before `paused`."""

    tokens: float
    at: float = 0.0
    paused: float = 0.0

    def wait(self, rate: tuple[int, float], *, now: float, ahead: int = 0) -> float:
        """Seconds until a call may start, with `ahead` waiting calls before it."""
        calls, seconds = rate
        start = max(now, self.paused)
        missing = 1.0 + ahead - self._tokens_at(rate, start)
        wait = start - now + max(0.0, missing * seconds / calls)
        return wait if wait > ROUNDING_ERROR else 0.0

    def take(self, rate: tuple[int, float], *, now: float) -> Bucket:
        """The bucket after a call took a token."""
        return replace(self, tokens=max(0.0, self._tokens_at(rate, now) - 1.0), at=now)

    def pause(self, after: float | None, *, now: float) -> Bucket:
        """The bucket after the source asked for fewer calls, and perhaps for a pause of `after` seconds."""
        pause = min(max(after or 0.0, 0.0), MAX_PAUSE)
        return Bucket(0.0, now, max(self.paused, now + pause))

    def shift(self, seconds: float) -> Bucket:
        """The bucket with all instants moved, for another clock."""
        return Bucket(self.tokens, self.at + seconds, self.paused + seconds if self.paused else 0.0)

    def _tokens_at(self, rate: tuple[int, float], now: float) -> float:
        calls, seconds = rate
        return min(float(calls), self.tokens + max(0.0, now - self.at) * calls / seconds)


@dataclass(slots=True)
class Health:
    """The record of one source, kept across runs. Latencies are seconds until the first document (or the end).

    `hedges` is how many hedged calls it may make. `refusals` are the circuits of users whose calls the source refused,
    since one user's key may be wrong while the source works for the others. `bucket` has the tokens of its rate; None
    is a full one. `ends_pause` is true after a reset, until the end of the pause is stored for all processes.
    `settings` is a digest of what decides whether a call fails, such as the timeout: after a change of them, the
    circuit is closed.
    """

    calls: int = 0
    failures: int = 0
    hedges: float = 0.0
    latencies: deque[float] = field(default_factory=lambda: deque[float](maxlen=LATENCIES_KEPT))
    circuit: Circuit = CLOSED
    refusals: OrderedDict[str, Circuit] = field(default_factory=OrderedDict[str, Circuit])
    bucket: Bucket | None = None
    ends_pause: bool = False
    settings: str = ""
    _calls_loaded: int = 0
    _ordered: list[float] = field(default_factory=list[float])
    _ordered_at: int = 0

    def user_circuit(self, user: str) -> Circuit:
        """The circuit for one user's refused calls."""
        return self.refusals.get(user, CLOSED)

    def set_user_circuit(self, user: str, circuit: Circuit) -> None:
        """Remember a user's circuit unless it is closed; beyond `MAX_USERS`, the oldest are removed."""
        self.refusals.pop(user, None)
        if circuit.opened:
            self.refusals[user] = circuit
        while len(self.refusals) > MAX_USERS:
            self.refusals.popitem(last=False)

    def percentile(self, share: float, *, least: int = 1) -> float | None:
        """The latency that `share` (0 to 1) of the calls did not exceed; None with fewer than `least` calls."""
        if len(self.latencies) < max(1, least):
            return None
        if not self._ordered or self.calls - self._ordered_at >= CALLS_BETWEEN_SORTS:
            self._ordered, self._ordered_at = sorted(self.latencies), self.calls
        return self._ordered[min(len(self._ordered) - 1, int(share * len(self._ordered)))]

    def fastest(self) -> float:
        """The latency of its fastest recent call in seconds; 0 without any."""
        return min(self.latencies, default=0.0)

    def snapshot(self, *, now: float) -> dict[str, Any]:
        """Calls, failures, p50 and p95 in seconds, the state of the breaker, and the seconds that it stays open."""
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
        """Close the circuits of all users, and end a pause for which the source asked."""
        self.circuit = CLOSED
        self.refusals.clear()
        if self.bucket is not None:
            self.bucket = replace(self.bucket, paused=0.0)
        self.ends_pause = True
        self._calls_loaded = -1

    def dump(self, *, shift: float) -> bytes:
        """The record as JSON; `shift` is added to loop time to get seconds since the epoch."""
        value = {
            "calls": self.calls,
            "failures": self.failures,
            "hedges": self.hedges,
            "latencies": [round(each, 6) for each in self.latencies],
            "circuit": asdict(self.circuit.shift(shift)),
            "bucket": self.bucket and asdict(self.bucket.shift(shift)),
            "settings": self.settings,
        }
        return json.dumps(value).encode()

    def load(self, value: bytes, *, shift: float) -> None:
        """Restore what `dump` returned; an invalid value changes nothing."""
        try:
            stored = json.loads(value)
            circuit = Circuit(**stored["circuit"]).shift(-shift)
            bucket = Bucket(**stored["bucket"]).shift(-shift) if stored.get("bucket") else None
            latencies, hedges = [float(each) for each in stored["latencies"]], float(stored["hedges"])
            calls, failures = int(stored["calls"]), int(stored["failures"])
        except ValueError, KeyError, TypeError, AttributeError:
            return
        self.calls, self.failures, self.hedges, self.bucket = calls, failures, hedges, bucket
        if stored.get("settings") == self.settings:
            self.circuit = circuit
        self.latencies.extend(latencies)
        self._calls_loaded = self.calls

    @property
    def changed(self) -> bool:
        """Whether it was called or reset since it was loaded."""
        return self.calls != self._calls_loaded
