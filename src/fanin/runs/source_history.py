"""What kept runs tell of each source: how often it was asked, how that ended, and how long it took (pure)."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fanin.model import Outcome
from fanin.timeline import covered
from fanin.values import value

PERCENTS = (50, 80, 95)
"""Of 100 calls, how many were over in each of the times that are given."""

HOUR, HOURS, SLOW = 3_600.0, 24, 80
"""Seconds of an hour; hours that are told, and of how many of 100 calls they tell the time."""

WELL = ("ok", "empty")
"""Endings of a source that did what it should."""

MOST_FUTILE = 20
"""The newest futile questions that are given."""

_BLOCKED = frozenset(("rate_limited", "open_circuit", "shed"))
_BLOCKED_KINDS = frozenset(("http_401", "http_403", "http_429", "private"))


@value
class Call:
    """How asking one source ended, and its time on the clock in seconds, each instant of which counts once.

    It is `processing` while a worker worked on one of its documents, otherwise `fetching` while it was asked, and
    `waiting` in pauses, for its rate or its turn, and for a worker.
    """

    status: str
    kind: str = ""
    cached: bool = False
    waiting: float = 0.0
    fetching: float = 0.0
    processing: float = 0.0

    @property
    def seconds(self) -> float:
        """All of its time."""
        return self.waiting + self.fetching + self.processing


@value
class AskedSources:
    """The question of a kept run, what became of each of its sources, and when, in seconds since 1970."""

    run: str
    question: str
    calls: Mapping[str, Call]
    asked_at: float = 0.0


@value
class TimesOf:
    """How long calls took, in seconds: so many of 100 were over in the sum of the three parts.

    They are those of the call at this rank.
    """

    percent: int
    waiting: float
    fetching: float
    processing: float


@value
class Hour:
    """One hour of a source: how often it was asked, how often that ended well, and the seconds of 80 of 100 calls."""

    asked: int = 0
    well: int = 0
    seconds: float | None = None


@value
class SourceHistory:
    """Of one source: how often it was asked, how often its answer was cached, and how calls ended.

    `ended` counts "ok", "empty", "late", "blocked" and "failed". `times` are those of calls that were not cached.
    `hours` are the last 24, the oldest first.
    """

    name: str
    asked: int = 0
    cached: int = 0
    ended: Mapping[str, int] | None = None
    times: tuple[TimesOf, ...] = ()
    hours: tuple[Hour, ...] = ()


@value
class Futile:
    """A question to which every source had nothing to say; `run` is the newest of the `times` that it was asked."""

    question: str
    run: str
    sources: int
    times: int


def calls_of(events: Sequence[Mapping[str, Any]]) -> Mapping[str, Call]:
    """What became of each source in the events of a run, as JSON values; none if it has no answer."""
    if not events or events[-1]["event"] != "answered":
        return {}
    answer, ends = events[-1]["answer"], {each["source"]: each["at"] for each in events if each["event"] == "finished"}
    spans, pauses = answer["timeline"]["spans"], [each for each in events if each["event"] in ("retrying", "waiting")]
    return {
        name: _call(
            outcome,
            [(each["start"], each["end"]) for each in spans if (each["kind"], each["source"]) == ("fetch", name)],
            [(each["at"], each["at"] + each["after"]) for each in pauses if each["source"] == name],
            [(each["start"], each["end"]) for each in spans if (each["kind"], each["source"]) == ("process", name)],
            ends.get(name, events[-1]["at"]),
        )
        for name, outcome in answer["sources"].items()
    }


type _Intervals = list[tuple[float, float]]


def _call(outcome: Mapping[str, Any], fetch: _Intervals, pauses: _Intervals, work: _Intervals, end: float) -> Call:
    start = min((each for each, _ in fetch), default=end)
    processing = covered(work, until=end)
    fetching = covered([*fetch, *pauses, *work], until=end) - covered([*pauses, *work], until=end)
    waiting = max(0.0, end - start - fetching - processing)
    return Call(outcome["status"], outcome["kind"], outcome["cached"], waiting, fetching, processing)


def ending(call: Call | Outcome) -> str:
    """How a call ended: "ok", "empty", "late", "blocked" or "failed"; "" if the source was not asked, or not needed."""
    match call.status:
        case "ok" | "partial":
            return "ok"
        case "empty":
            return "empty"
        case "skipped" | "cancelled":
            return ""
        case "timeout":
            return "late"
        case status:
            return "blocked" if status in _BLOCKED or call.kind in _BLOCKED_KINDS else "failed"


def history_of(name: str, runs: Iterable[AskedSources], *, now: float = 0.0) -> SourceHistory:
    """What the runs tell of the source of this name, up to an instant in seconds since 1970."""
    made = [(run.asked_at, run.calls[name]) for run in runs if name in run.calls and ending(run.calls[name])]
    calls = [call for _, call in made]
    cached = len([each for each in calls if each.cached])
    hours = tuple(_hour([call for at, call in made if (now - at) // HOUR == age]) for age in reversed(range(HOURS)))
    return SourceHistory(name, len(calls), cached, dict(Counter(map(ending, calls))), times_of(calls), hours)


def _hour(calls: Sequence[Call]) -> Hour:
    well = len([each for each in calls if ending(each) in WELL])
    slow = next((each for each in times_of(calls) if each.percent == SLOW), None)
    return Hour(len(calls), well, slow and slow.waiting + slow.fetching + slow.processing)


def times_of(calls: Iterable[Call]) -> tuple[TimesOf, ...]:
    """The times of the calls at these ranks; none if each was cached or blocked."""
    timed = sorted(
        [each for each in calls if not each.cached and ending(each) != "blocked"], key=lambda each: each.seconds
    )
    ranks = [(each, timed[math.ceil(len(timed) * each / 100) - 1]) for each in PERCENTS if timed]
    return tuple([TimesOf(each, call.waiting, call.fetching, call.processing) for each, call in ranks])


def futile(runs: Iterable[AskedSources]) -> Sequence[Futile]:
    """The questions, the newest first, to which every source that was asked had nothing to say."""
    found: dict[str, Futile] = {}
    for run in runs:
        ended = [each for call in run.calls.values() if (each := ending(call))]
        if ended and set(ended) == {"empty"}:
            name = " ".join(run.question.casefold().split())
            known = found.get(name, Futile(run.question, run.run, len(ended), 0))
            found[name] = Futile(known.question, known.run, known.sources, known.times + 1)
    return list(found.values())[:MOST_FUTILE]
