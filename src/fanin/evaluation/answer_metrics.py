"""What is counted of judged answers. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Literal

from fanin.evaluation.intervals import bootstrap, percentile, percentile_interval, wilson
from fanin.evaluation.judging import Judged
from fanin.values import value

K = 5
"""Documents that are looked at, unless something else is said."""

type Kind = Literal["share", "mean", "p50", "p95"]


@value
class Metric:
    """A figure: what it is of one answer (None if it is not counted there), and how answers are put together."""

    kind: Kind
    of: Callable[[Judged], float | bool | None]
    more_is_better: bool = True
    unit: str = ""


@value
class Estimate:
    """A figure with its interval of 95 percent, and of how many answers it is."""

    value: float
    low: float
    high: float
    count: int


def metrics(k: int = K) -> Mapping[str, Metric]:
    """All metrics by name."""
    return {
        "success@1": Metric("share", lambda each: _success(each, 1)),
        f"success@{k}": Metric("share", lambda each: _success(each, k)),
        f"recall@{k}": Metric("mean", lambda each: _recall(each, k)),
        "mrr": Metric("mean", _reciprocal_rank),
        "fact_in_passages": Metric("share", lambda each: each.in_passages),
        "fact_in_answer": Metric("share", lambda each: each.in_answer),
        "fact_in_first_sentence": Metric("share", lambda each: each.in_first_sentence),
        "silence_right": Metric("share", lambda each: each.silent if each.expected.unanswerable else None),
        "silence_wrong": Metric(
            "share", lambda each: None if each.expected.unanswerable else each.silent, more_is_better=False
        ),
        "right": Metric("share", lambda each: each.right),
        "contradictions": Metric("share", lambda each: each.contradiction, more_is_better=False),
        "latency_mean": Metric("mean", lambda each: each.seconds, more_is_better=False, unit="s"),
        "latency_p50": Metric("p50", lambda each: each.seconds, more_is_better=False, unit="s"),
        "latency_p95": Metric("p95", lambda each: each.seconds, more_is_better=False, unit="s"),
        "cost": Metric("mean", lambda each: each.cost, more_is_better=False, unit="$"),
    }


def estimate(metric: Metric, answers: Sequence[Judged]) -> Estimate:
    """The figure over answers; NaN where none counts."""
    values = [float(each) for one in answers if (each := metric.of(one)) is not None]
    if not values:
        return Estimate(math.nan, math.nan, math.nan, 0)
    match metric.kind:
        case "share":
            found, interval = fmean(values), wilson(round(sum(values)), len(values))
        case "p50" | "p95":
            share = 0.5 if metric.kind == "p50" else 0.95
            found, interval = percentile(values, share), percentile_interval(values, share)
        case _:
            found, interval = fmean(values), bootstrap(values)
    return Estimate(found, *interval, len(values))


def _success(each: Judged, k: int) -> bool | None:
    return any(0 < rank <= k for rank in each.ranks) if each.ranks else None


def _recall(each: Judged, k: int) -> float | None:
    return sum(0 < rank <= k for rank in each.ranks) / len(each.ranks) if each.ranks else None


def _reciprocal_rank(each: Judged) -> float | None:
    return max((1 / rank for rank in each.ranks if rank), default=0.0) if each.ranks else None
