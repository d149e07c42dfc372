"""Where the time of a question went: spans in I/O and CPU lanes, the critical path, the cost of alternatives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

type SpanKind = Literal["fetch", "wait", "model", "process", "answer"]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Timeline:
    """The spans of one question in order of their start, and `total`, the seconds until its answer."""

    spans: tuple[Span, ...] = ()
    total: float = 0.0
    cores: int = 1

    def lanes(self) -> dict[str, tuple[Span, ...]]:
        """The spans by lane: I/O lanes in order of their first span, then CPU lanes by name, then the answer."""
        order = {"fetch": 0, "wait": 0, "model": 1, "process": 2, "answer": 3}
        lanes: dict[str, list[Span]] = {}
        for span in sorted(
            self.spans, key=lambda span: (order[span.kind], span.lane if span.kind == "process" else "")
        ):
            lanes.setdefault(span.lane, []).append(span)
        return {lane: tuple(spans) for lane, spans in lanes.items()}

    def critical_path(self) -> tuple[Span, ...]:
        """The chain of spans that the answer waited for, first to last: shorten one and the answer comes sooner."""
        path: list[Span] = []
        instant = self.total
        rest = list(self.spans)
        while rest:
            ready = [span for span in rest if span.end <= instant + 1e-9 and span not in path]
            if not ready:
                break
            last = max(ready, key=lambda span: (span.end, span.kind == "process", span.start))
            path.append(last)
            rest = _before(last, rest)
            instant = last.start
        return tuple(reversed(path))

    def sequential(self) -> float:
        """Seconds that one thing after another would have cost: every fetch and all CPU work in a row."""
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


def _before(last: Span, spans: Sequence[Span]) -> list[Span]:
    """The spans that `last` may have waited for: its source's fetch, or what its worker did before."""
    if last.kind == "answer" or (last.kind == "model" and not last.source):
        return [span for span in spans if span is not last]
    if last.kind == "model":
        return [span for span in spans if span.source == last.source and span is not last]
    if last.kind == "process":
        same = [span for span in spans if span.kind == "process" and span.lane == last.lane and span is not last]
        return same + [span for span in spans if span.kind == "fetch" and span.source == last.source]
    return [
        span for span in spans if span.source == last.source and span.kind in ("fetch", "wait") and span is not last
    ]
