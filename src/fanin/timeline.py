"""Where the time of a question went: spans in I/O and CPU lanes, the critical path, the cost of alternatives."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from fanin.values import value

type SpanKind = Literal["fetch", "wait", "model", "process", "answer"]

_ORDER: Mapping[SpanKind, int] = {"fetch": 0, "wait": 0, "model": 1, "process": 2, "answer": 3}

SAME = 1e-6
"""Seconds between two instants that count as one: clocks of threads and of the loop are read one after the other."""


@value
class Span:
    """One stretch of time in one lane; `start` and `end` are seconds since the question was asked.

    I/O lanes are named by the source or by the language model, CPU lanes by the worker. A model span without a source
    is the writing of the answer. `cpu` is the CPU time used, in seconds.
    `arrived` is, for a process span, when its document was there to be worked on.
    """

    kind: SpanKind
    lane: str
    source: str
    start: float
    end: float
    document: int = 0
    cpu: float = 0.0
    arrived: float = 0.0

    @property
    def seconds(self) -> float:
        """How long the span lasted."""
        return self.end - self.start


@value
class Timeline:
    """The spans of one question in order of their start, and `total`, the seconds until its answer."""

    spans: tuple[Span, ...] = ()
    total: float = 0.0
    cores: int = 1

    def lanes(self) -> dict[str, tuple[Span, ...]]:
        """The spans by lane: I/O lanes in order of their first span, then CPU lanes by name, then the answer."""
        lanes: dict[str, list[Span]] = {}
        for span in sorted(
            self.spans, key=lambda span: (_ORDER[span.kind], span.lane if span.kind == "process" else "")
        ):
            lanes.setdefault(span.lane, []).append(span)
        return {lane: tuple(spans) for lane, spans in lanes.items()}

    def critical_path(self) -> tuple[Span, ...]:
        """The chain of spans that the answer waited for, first to last: shorten one and the answer comes sooner.

        Work that began as soon as its document was there follows its fetch, which may go on meanwhile; work that had to
        wait for its worker follows what the worker did before.
        """
        path: list[Span] = []
        done = [span for span in self.spans if span.end <= self.total + SAME]
        last = max(done, key=lambda span: (span.end, _ORDER[span.kind], span.start), default=None)
        while last is not None:
            path.append(last)
            last = _awaited(last, [span for span in self.spans if span not in path])
        return tuple(reversed(path))

    def sequential(self) -> float:
        """Seconds that it would have taken one after another: every fetch and all CPU work."""
        return sum(span.seconds for span in self.spans)

    def lower_bound(self, cores: int | None = None) -> float:
        """Seconds below which no schedule on so many cores could have answered, given when the documents arrived.

        Work that arrives at or after an instant t cannot end before t plus that work divided by the cores; the bound
        is the largest of these over all t, and never less than the longest fetch. A model that writes begins after it.
        """
        cores = cores or self.cores
        written = sum(span.seconds for span in self.spans if span.kind == "model" and not span.source)
        fetched = max((span.end for span in self.spans if span.kind == "fetch"), default=0.0)
        return written + max(
            [
                fetched,
                *divisible_bounds(
                    [(span.arrived, span.cpu or span.seconds) for span in self.spans if span.kind == "process"], cores
                ),
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """The timeline as JSON-ready values, with its critical path as positions in `spans`."""
        critical = self.critical_path()
        return {
            "spans": [{name: getattr(span, name) for name in Span.__dataclass_fields__} for span in self.spans],
            "critical_path": [self.spans.index(span) for span in critical],
            "total": self.total,
            "cores": self.cores,
            "sequential": self.sequential(),
            "lower_bound": self.lower_bound(),
        }


def divisible_bounds(work: Sequence[tuple[float, float]], cores: int) -> list[float]:
    """For each arrival instant: the earliest end of all (arrival, seconds) work that arrives then or later."""
    return [arrival + sum(seconds for later, seconds in work if later >= arrival) / cores for arrival, _ in work]


def covered(intervals: Iterable[tuple[float, float]], *, until: float = math.inf) -> float:
    """Seconds up to `until` that lie in at least one of the (start, end) intervals."""
    total, reached = 0.0, -math.inf
    for start, end in sorted(intervals):
        end = min(end, until)
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _awaited(span: Span, others: Sequence[Span]) -> Span | None:
    """Which of the other spans this one waited for, the last to end: its worker's, its source's, or any."""
    match span.kind:
        case "process":
            same = [each for each in others if each.kind == "process" and each.lane == span.lane]
            before = [each for each in same if span.arrived + SAME < each.end <= span.start + SAME]
            arrived = [each for each in others if each.kind == "fetch" and each.source == span.source]
            candidates = before or [each for each in arrived if each.start <= span.arrived + SAME]
        case "fetch" | "wait":
            candidates = [each for each in others if each.kind == "wait" and each.source == span.source]
            candidates = [each for each in candidates if each.end <= span.start + SAME]
        case "model" | "answer":
            same = [each for each in others if not span.source or each.source == span.source]
            candidates = [each for each in same if each.end <= span.start + SAME]
    return max(candidates, key=lambda each: (each.end, _ORDER[each.kind], each.start), default=None)
