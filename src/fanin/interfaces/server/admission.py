"""Who may ask now: so many questions at a time in all, and so many in a time for each user."""

import math
from collections import OrderedDict
from collections.abc import Callable

from fanin.interfaces.server.problems import REGISTERED, Problem
from fanin.policies.health import Bucket

USERS = 10_000
"""Users whose rate is remembered; of one who is forgotten, the rate begins anew."""

LATE, FEW, SMOOTHING = 0.1, 8, 0.3
"""Seconds by which the event loop may be late before questions are refused, unless few are running; and what share one
measurement has in the value that is compared."""

SATURATED = 3.0
"""Seconds of refusing questions after which the server says that it is not ready."""


class Admission:
    """Counts questions. `clock` gives seconds."""

    def __init__(self, *, most: int, rate: tuple[int, float], clock: Callable[[], float]) -> None:
        self._late = 0.0
        self._most = most
        self._rate = rate
        self._clock = clock
        self._buckets = OrderedDict[str, Bucket]()
        self._full_since: float | None = None
        self.draining = False
        self.shed = 0

    def admit(self, user: str, *, running: int) -> dict[str, str]:
        """Take one question of this user from the rate; gives the fields of the response. Raises Problem."""
        if (problem := self.overload(running=running)) is not None:
            raise problem
        self._full_since = None
        now, bucket = self._clock(), self._buckets.pop(user, Bucket(float(self._rate[0])))
        wait = bucket.wait(self._rate, now=now)
        self._buckets[user] = bucket if wait else bucket.take(self._rate, now=now)
        if len(self._buckets) > USERS:
            self._buckets.popitem(last=False)
        fields = self._fields(self._buckets[user], now)
        if wait:
            message = f"You asked {self._rate[0]} questions in {self._rate[1]:g} s, and more are not taken"
            raise self._refusal(429, "rate_limited", message, f"Ask again in {wait:.1f} s.", wait, fields)
        return fields

    def overload(self, *, running: int) -> Problem | None:
        """Why no question is taken now, whoever asks; None if one is."""
        if self.draining:
            return self._refusal(503, "draining", "This server is ending", "Ask again in some seconds.", 5.0)
        if running >= self._most or (running >= FEW and self._late > LATE):
            self._full_since = self._full_since or self._clock()
            message = f"{running} questions are running, and no more are taken while this machine is busy with them"
            return self._refusal(503, "overloaded", message, "Ask again in a second.", 1.0)
        return None

    def measure(self, late: float) -> None:
        """Note how many seconds late the event loop is; one moment alone counts for little."""
        self._late += (late - self._late) * SMOOTHING

    @property
    def ready(self) -> bool:
        """False while it drains, and after some seconds in which it refused questions because too many ran."""
        full = self._full_since is not None and self._clock() - self._full_since >= SATURATED
        return not self.draining and not full

    def rest(self, *, running: int) -> None:
        """Note that there is room again."""
        if running < self._most:
            self._full_since = None

    def _refusal(
        self, status: int, kind: str, reason: str, advice: str, after: float, fields: dict[str, str] | None = None
    ) -> Problem:
        self.shed += 1
        name = "quota-exceeded" if status == 429 else "temporary-reduced-capacity"
        members = {"violated-policies": ["questions"]} if status == 429 else {}
        headers = {**(fields or {}), "Retry-After": str(max(1, math.ceil(after)))}
        detail = f"{reason}; fanin did not ask this one. {advice}"
        return Problem(status, kind, detail, type=REGISTERED + name, headers=headers, **members)

    def _fields(self, bucket: Bucket, now: float) -> dict[str, str]:
        """`RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers)."""
        calls, seconds = self._rate
        left = calls - math.ceil(bucket.wait(self._rate, now=now, ahead=calls - 1) * calls / seconds)
        policy = f'"questions";q={calls};w={math.ceil(seconds)}'
        return {"RateLimit-Policy": policy, "RateLimit": f'"questions";r={max(0, left)};t={math.ceil(seconds / calls)}'}
