"""The small figure of a run in a list of runs: how long each source took, beside the deadline (pure)."""

from collections.abc import Sequence

from fanin.events import Answered, Event, Planned
from fanin.runs.source_history import ending
from fanin.values import value

MOST_LANES = 24
"""Sources in a figure."""


@value
class Lane:
    """One source: seconds until it had been asked, seconds until its documents were worked on, and how it ended.

    `ended` is "ok", "empty", "late", "blocked" or "failed".
    """

    source: str
    fetched: float
    worked: float
    ended: str


@value
class RunFigure:
    """The lanes of a run, in the order of its plan, and its deadline in seconds."""

    deadline: float = 0.0
    lanes: tuple[Lane, ...] = ()


NO_FIGURE = RunFigure()


def figure_of(events: Sequence[Event]) -> RunFigure:
    """The figure of a run; without lanes if it has no answer."""
    planned = next((each for each in events if isinstance(each, Planned)), None)
    if planned is None or not isinstance(last := events[-1], Answered):
        return NO_FIGURE
    answer, ends = last.answer, dict[tuple[str, str], float]()
    for span in answer.timeline.spans:
        key = (span.kind, span.source)
        ends[key] = max(span.end, ends.get(key, 0.0))
    found: list[Lane] = []
    for name, outcome in answer.sources.items():
        if ended := ending(outcome):
            fetched = round(ends.get(("fetch", name), 0.0), 3)
            found.append(Lane(name, fetched, max(fetched, round(ends.get(("process", name), 0.0), 3)), ended))
    return RunFigure(round(planned.deadline, 3), tuple(found[:MOST_LANES]))
