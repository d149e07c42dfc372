"""What became of the questions of a batch, in numbers whose size does not grow with it."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from fanin.model import Answer, Outcome

STEPS = 20
"""Steps of a factor of ten in which times are counted: each is 12 percent longer than the one before."""


@dataclass(slots=True)
class Times:
    """Times in seconds, counted in steps."""

    counts: Counter[int] = field(default_factory=Counter[int])

    def see(self, seconds: float) -> None:
        """Count one time."""
        self.counts[math.ceil(math.log10(max(seconds, 1e-6)) * STEPS)] += 1

    def percentile(self, share: float) -> float:
        """The time that so large a share of all did not exceed, at most 12 percent too long; NaN without any."""
        left = share * self.counts.total()
        for step, count in sorted(self.counts.items()):
            left -= count
            if left <= 0:
                return 10 ** (step / STEPS)
        return math.nan


@dataclass(slots=True)
class SourceStatistics:
    """How one source did: its outcomes by status, and the times that it took where it was asked."""

    statuses: Counter[str] = field(default_factory=Counter[str])
    times: Times = field(default_factory=Times)

    def see(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.statuses[outcome.status] += 1
        if outcome.status != "skipped" and not outcome.cached:
            self.times.see(outcome.fetching)


@dataclass(slots=True)
class BatchStatistics:
    """Questions: `answered`, `unanswered` by any source, `failed` rows with an error, `set_aside`, `known` before."""

    answered: int = 0
    unanswered: int = 0
    failed: int = 0
    set_aside: int = 0
    known: int = 0
    times: Times = field(default_factory=Times)
    sources: dict[str, SourceStatistics] = field(default_factory=dict[str, SourceStatistics])

    @property
    def done(self) -> int:
        """Rows that were done now."""
        return self.answered + self.unanswered + self.failed

    def see(self, answer: Answer) -> None:
        """Count one answer."""
        self.answered += answer.success
        self.unanswered += not answer.success
        self.times.see(answer.execution_time)
        self._see_sources(answer.sources)

    def _see_sources(self, outcomes: Mapping[str, Outcome]) -> None:
        for name, outcome in outcomes.items():
            self.sources.setdefault(name, SourceStatistics()).see(outcome)
