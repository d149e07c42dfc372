"""What kept runs tell of each source: how often it was asked, how that ended, and how long it took (pure)."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fanin.values import value

PERCENTS = (50, 80, 95)
"""Of 100 calls, how many were over in each of the times that are told."""

MOST_FUTILE = 20
"""Futile questions that are told, the newest ones."""

_BLOCKED = frozenset(("rate_limited", "open_circuit", "shed"))
_BLOCKED_KINDS = frozenset(("http_401", "http_403", "http_429", "private"))


@value
class AskedSources:
    """The question of a kept run, and the outcome of each of its sources as JSON values."""

    run: str
    question: str
    outcomes: Mapping[str, Mapping[str, Any]]


@value
class TimesOf:
    """How long calls took, in seconds: so many of 100 were over in the sum of the three parts.

    They are those of the call at this rank. `fetching` is without the time in which the call waited.
    """

    percent: int
    waiting: float
    fetching: float
    processing: float


@value
class SourceHistory:
    """Of one source: how often it was asked, how often its answer was cached, and how calls ended.

    `ended` counts "ok", "empty", "late", "blocked" and "failed". `times` are those of calls that were not cached.
    """

    name: str
    asked: int = 0
    cached: int = 0
    ended: Mapping[str, int] | None = None
    times: tuple[TimesOf, ...] = ()


@value
class Futile:
    """A question to which every source had nothing to say; `run` is the newest of the `times` that it was asked."""

    question: str
    run: str
    sources: int
    times: int


def ending(outcome: Mapping[str, Any]) -> str:
    """How a call ended: "ok", "empty", "late", "blocked" or "failed"; "" if the source was not asked, or not needed."""
    match outcome["status"]:
        case "ok" | "partial":
            return "ok"
        case "empty":
            return "empty"
        case "skipped" | "cancelled":
            return ""
        case "timeout":
            return "late"
        case status:
            return "blocked" if status in _BLOCKED or outcome["kind"] in _BLOCKED_KINDS else "failed"


def history_of(name: str, runs: Iterable[AskedSources]) -> SourceHistory:
    """What the runs tell of the source of this name."""
    outcomes = [run.outcomes[name] for run in runs if name in run.outcomes]
    calls = [each for each in outcomes if ending(each)]
    ended = Counter(map(ending, calls))
    return SourceHistory(
        name, len(calls), len([each for each in calls if each["cached"]]), dict(ended), times_of(calls)
    )


def times_of(calls: Sequence[Mapping[str, Any]]) -> tuple[TimesOf, ...]:
    """The times of the calls at these ranks; none if each was cached or blocked."""
    timed = [each for each in calls if not each["cached"] and ending(each) != "blocked"]
    parts = sorted(map(_parts, timed), key=sum)
    return tuple(TimesOf(each, *parts[math.ceil(len(parts) * each / 100) - 1]) for each in PERCENTS if parts)


def futile(runs: Iterable[AskedSources]) -> Sequence[Futile]:
    """The questions, the newest first, to which every source that was asked had nothing to say."""
    found: dict[str, Futile] = {}
    for run in runs:
        ended = [each for outcome in run.outcomes.values() if (each := ending(outcome))]
        if ended and set(ended) == {"empty"}:
            name = " ".join(run.question.casefold().split())
            known = found.get(name, Futile(run.question, run.run, len(ended), 0))
            found[name] = Futile(known.question, known.run, known.sources, known.times + 1)
    return list(found.values())[:MOST_FUTILE]


def _parts(outcome: Mapping[str, Any]) -> tuple[float, float, float]:
    waiting, fetching = outcome["waiting"] or 0.0, outcome["fetching"] or 0.0
    return waiting, max(0.0, fetching - waiting), outcome["processing"] or 0.0
