"""What became of the questions of a batch, in numbers whose size does not grow with it."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fanin.model import Answer, Outcome, Status
from fanin.sanitize import line
from fanin.timeline import Timeline
from fanin.values import value

STEPS = 20
"""Steps of a factor of ten in which times are counted: each is 12 percent longer than the one before."""

KINDS, MESSAGES, SLOWEST, SPANS = 20, 20, 10, 60
"""What is kept at most: kinds of failures of a source, messages of rows, slowest questions, spans of each of them."""

SUCCESS: Sequence[Status] = ("ok", "partial", "empty")
"""Ends of a source that did what it should."""


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

    def histogram(self) -> Iterator[tuple[float, float, int]]:
        """Each step from the shortest time to the longest one: its ends in seconds, and how many times lie there."""
        for step in range(min(self.counts), max(self.counts) + 1) if self.counts else ():
            yield 10 ** ((step - 1) / STEPS), 10 ** (step / STEPS), self.counts[step]


@dataclass(slots=True)
class Failures:
    """How often something failed, and with which message at first."""

    count: int = 0
    message: str = ""


@dataclass(slots=True)
class SourceStatistics:
    """How one source did: its outcomes by status, the times that it took where it was asked, its failures by kind."""

    statuses: Counter[str] = field(default_factory=Counter[str])
    times: Times = field(default_factory=Times)
    failures: dict[str, Failures] = field(default_factory=dict[str, Failures])

    def see(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.statuses[outcome.status] += 1
        if outcome.status == "skipped":
            return
        if not outcome.cached:
            self.times.see(outcome.fetching)
        if outcome.status not in SUCCESS:
            kind = line(outcome.kind, limit=60) or outcome.status
            kind = kind if kind in self.failures or len(self.failures) < KINDS else "other"
            self.failures.setdefault(kind, Failures(message=line(outcome.message, limit=300))).count += 1

    @property
    def asked(self) -> int:
        """How often it was asked."""
        return self.statuses.total() - self.statuses["skipped"]

    @property
    def success(self) -> float:
        """The share of its calls that ended well, also with nothing to say; NaN without any."""
        return sum(self.statuses[each] for each in SUCCESS) / self.asked if self.asked else math.nan


@value
class SlowQuestion:
    """A question that took long: its row, its text, its time in seconds, how each source ended, and where time went."""

    number: int
    question: str
    seconds: float
    outcomes: Mapping[str, str]
    timeline: Timeline


@dataclass(slots=True)
class BatchStatistics:
    """Questions: `answered`, `unanswered` by any source, `failed` rows with an error, `set_aside`, `known` before.

    All but `known` are of the whole batch, however often it was stopped: they are in its journal. `seconds` is how long
    it ran. `messages` are errors of the first rows that have one.
    """

    answered: int = 0
    unanswered: int = 0
    failed: int = 0
    set_aside: int = 0
    known: int = 0
    seconds: float = 0.0
    times: Times = field(default_factory=Times)
    sources: dict[str, SourceStatistics] = field(default_factory=dict[str, SourceStatistics])
    messages: list[str] = field(default_factory=list[str])
    slowest: list[SlowQuestion] = field(default_factory=list[SlowQuestion])

    @property
    def done(self) -> int:
        """Rows that were done."""
        return self.answered + self.unanswered + self.failed

    def see(self, number: int, answer: Answer, *, set_aside: bool = False) -> None:
        """Count the answer to the question of a row, which may be set aside."""
        for name, outcome in answer.sources.items():
            self.sources.setdefault(name, SourceStatistics()).see(outcome)
        if set_aside:
            self.set_aside += 1
            return
        self.answered += answer.success
        self.unanswered += not answer.success
        self.times.see(answer.execution_time)
        if len(self.slowest) < SLOWEST or answer.execution_time > self.slowest[-1].seconds:
            self.slowest = sorted([*self.slowest, _slow(number, answer)], key=lambda each: -each.seconds)[:SLOWEST]

    def fail(self, message: str) -> None:
        """Count a row that has no answer."""
        self.failed += 1
        if len(self.messages) < MESSAGES:
            self.messages.append(line(message, limit=300))


def _slow(number: int, answer: Answer) -> SlowQuestion:
    outcomes = {name: each.status for name, each in answer.sources.items() if each.status != "skipped"}
    return SlowQuestion(
        number, line(answer.query, limit=500), answer.execution_time, outcomes, _shortened(answer.timeline)
    )


def _shortened(timeline: Timeline) -> Timeline:
    """The timeline without its shortest spans, those of the critical path excepted, if they are too many."""
    if len(timeline.spans) <= SPANS:
        return timeline
    critical = timeline.critical_path()[-SPANS:]
    rest = sorted((each for each in timeline.spans if each not in critical), key=lambda each: -each.seconds)
    kept = (*critical, *rest[: SPANS - len(critical)])
    return replace(timeline, spans=tuple(sorted(kept, key=lambda each: each.start)))
