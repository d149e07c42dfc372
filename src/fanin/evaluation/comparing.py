"""Two configurations over the same questions: is one better, or is it chance? Pure."""

import math
from collections.abc import Sequence
from statistics import fmean

from fanin.evaluation.answer_metrics import Metric
from fanin.evaluation.intervals import bootstrap, mcnemar, percentile
from fanin.evaluation.judging import Judged
from fanin.values import value

SIGNIFICANT = 0.05
"""The p below which a difference is called one."""


@value
class Difference:
    """The second configuration less the first one, over so many questions of both.

    Of a share: questions that are counted with one of them only, and the p of McNemar's exact test. Of a mean: its
    interval of 95 percent.
    """

    value: float
    count: int
    only_first: int = 0
    only_second: int = 0
    p: float | None = None
    interval: tuple[float, float] | None = None

    @property
    def significant(self) -> bool:
        """Whether it is hardly chance."""
        if self.p is not None:
            return self.p < SIGNIFICANT
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


def difference(metric: Metric, pairs: Sequence[tuple[Judged, Judged]]) -> Difference:
    """The difference in a metric, over the questions that count in both; NaN without any."""
    both = [(metric.of(first), metric.of(second)) for first, second in pairs]
    found = [(float(one), float(two)) for one, two in both if one is not None and two is not None]
    firsts, seconds = [one for one, _ in found], [two for _, two in found]
    if not found:
        return Difference(math.nan, 0)
    match metric.kind:
        case "share":
            only_first, only_second = (sum(one > two for one, two in found), sum(one < two for one, two in found))
            p = mcnemar(only_first, only_second)
            return Difference(fmean(seconds) - fmean(firsts), len(found), only_first, only_second, p)
        case "mean":
            each = [two - one for one, two in found]
            return Difference(fmean(each), len(found), interval=bootstrap(each))
        case _:
            share = 0.5 if metric.kind == "p50" else 0.95
            return Difference(percentile(seconds, share) - percentile(firsts, share), len(found))
