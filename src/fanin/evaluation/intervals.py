"""Intervals and tests for figures of samples. Pure.

All intervals are of 95 percent; all tests are two-sided.
"""

import math
import random
from collections.abc import Sequence
from statistics import NormalDist, fmean

Z = NormalDist().inv_cdf(0.975)
RESAMPLES = 2_000
"""Resamples of the bootstrap."""

type Interval = tuple[float, float]


def wilson(hits: int, count: int) -> Interval:
    """The score interval of a share (Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953)."""
    if not count:
        return 0.0, 1.0
    share, wide = hits / count, Z * Z / count
    middle = (share + wide / 2) / (1 + wide)
    half = Z * math.sqrt(share * (1 - share) / count + wide / (4 * count)) / (1 + wide)
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact p of two shares over the same questions (McNemar 1947, https://doi.org/10.1007/BF02295996).

    So many were right with the first only, and with the second only; that is a binomial test of one half.
    """
    differing = only_first + only_second
    tail = sum(math.comb(differing, hits) for hits in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / 2**differing)


def bootstrap(values: Sequence[float]) -> Interval:
    """The percentile interval of a mean (Efron and Tibshirani 1993, https://doi.org/10.1201/9780429246593)."""
    if not values:
        return math.nan, math.nan
    chance = random.Random(0)  # the same interval each time
    means = sorted(fmean(chance.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[round(0.025 * (RESAMPLES - 1))], means[round(0.975 * (RESAMPLES - 1))]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed; NaN without any."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else math.nan


def percentile_interval(values: Sequence[float], share: float) -> Interval:
    """The interval of a percentile between order statistics (David and Nagaraja 2003, section 7.1)."""
    if not values:
        return math.nan, math.nan
    ordered, middle = sorted(values), share * len(values)
    half = Z * math.sqrt(middle * (1 - share))
    low, high = max(0, math.floor(middle - half) - 1), math.ceil(middle + half)
    return ordered[low], ordered[high] if high < len(ordered) else math.inf
