"""How many questions to ask at a time, found while they are asked."""

import asyncio
import math
from collections.abc import Generator
from contextlib import contextmanager

FIRST, MOST = 8, 256
"""The limit at the start, and the highest one."""

LEAST_WINDOW, PROBE_WINDOWS = 10, 30
"""Questions of a window, if the limit is lower; and windows after which half the limit is tried for one."""

TOLERANCE, SMOOTHING, LEAST_GRADIENT = 1.5, 0.5, 0.5
"""How many times as long as with few at a time a question may take; the share of a new limit in the next one; and the
share of itself to which a limit falls at the most."""


class AdaptiveLimit:
    """A limit that rises as long as more questions at a time are not slower, and falls when they are.

    Times are averaged over windows, each as many questions as the limit. The gradient is the quickest window divided by
    the last one, as in Gradient of Netflix's concurrency-limits (https://github.com/Netflix/concurrency-limits): the
    limit is multiplied by it and grows by its square root, at first by itself, as in TCP's slow start (RFC 5681). Now
    and then half the limit is tried, as in BBR (https://queue.acm.org/detail.cfm?id=3022184), since what is quick may
    have changed. A `fixed` limit stays as it is.
    """

    def __init__(self, *, first: int = FIRST, most: int = MOST, fixed: bool = False) -> None:
        self._limit = float(first)
        self._most = most
        self._fixed = fixed
        self._running = 0
        self._times: list[float] = []
        self._at_once = 0
        self._quickest = math.inf
        self._starting = True
        self._windows = 0
        self._probed: float | None = None

    def __call__(self) -> int:
        """The limit now, from 1."""
        return int(self._limit)

    @contextmanager
    def measured(self) -> Generator[None]:
        """Within the block one question runs; an error says nothing about the limit."""
        clock = asyncio.get_running_loop().time
        self._running += 1
        begun, running = clock(), self._running
        try:
            yield
            self.see(clock() - begun, running=running)
        finally:
            self._running -= 1

    def see(self, seconds: float, *, running: int) -> None:
        """Note the time that one question took, before which so many were running."""
        if self._fixed:
            return
        self._times.append(seconds)
        self._at_once = max(self._at_once, running)
        if len(self._times) < max(LEAST_WINDOW, self._limit):
            return
        average, enough = sum(self._times) / len(self._times), self._at_once >= self._limit / 2
        self._times, self._at_once = [], 0
        if enough:  # fewer say nothing about the limit
            self._end_window(average)

    def _end_window(self, average: float) -> None:
        self._windows += 1
        if self._probed is not None:
            self._limit, self._probed, self._quickest = self._probed, None, average
            return
        self._quickest = min(self._quickest, average)
        gradient = min(1.0, TOLERANCE * self._quickest / average) if average > 0 else 1.0
        self._starting = self._starting and gradient == 1.0
        wanted = self._limit * max(LEAST_GRADIENT, gradient) + math.sqrt(self._limit)
        moved = self._limit if self._starting else SMOOTHING * (wanted - self._limit)
        self._limit = min(self._most, max(1.0, self._limit + moved))
        if self._windows % PROBE_WINDOWS == 0:
            self._limit, self._probed = max(1.0, self._limit / 2), self._limit
