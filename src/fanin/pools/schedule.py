"""The order of waiting jobs, and the expected costs of jobs."""

from heapq import heappop, heappush
from itertools import count
from typing import Any


class Schedule[T]:
    """Waiting jobs: the earliest deadline first; with one deadline, groups take turns; in a group, the smallest first.

    Jobs of one question have the same deadline, and its sources are groups, so that a small document of one source does
    not wait for all parts of a large one of another. Equal jobs keep their order.
    """

    def __init__(self) -> None:
        self._deadlines: list[float] = []
        self._groups: dict[float, dict[str, list[tuple[int, int, T]]]] = {}
        self._numbers = count()
        self._length = 0

    def add(self, job: T, *, deadline: float, group: str, size: int) -> None:
        """Add a job."""
        if deadline not in self._groups:
            self._groups[deadline] = {}
            heappush(self._deadlines, deadline)
        heappush(self._groups[deadline].setdefault(group, []), (size, next(self._numbers), job))
        self._length += 1

    def peek(self) -> T:
        """The next job, which is not removed. Raises IndexError if there is none."""
        return next(iter(self._groups[self._deadlines[0]].values()))[0][2]

    def pop(self) -> T:
        """The next job, which is removed. Raises IndexError if there is none."""
        groups = self._groups[self._deadlines[0]]
        group = next(iter(groups))
        jobs = groups.pop(group)
        job = heappop(jobs)[2]
        if jobs:
            groups[group] = jobs  # behind the other groups
        elif not groups:
            del self._groups[heappop(self._deadlines)]
        self._length -= 1
        return job

    def __len__(self) -> int:
        return self._length


class Costs:
    """The expected seconds of a call, by its function and size, from those of earlier calls.

    It is cautious: a call that took longer than expected counts at once, shorter ones gradually. Unknown is infinite.
    """

    BASE = 1000
    """The fixed cost of a call, in the unit of sizes."""

    def __init__(self) -> None:
        self._rates: dict[Any, float] = {}

    def expected(self, function: Any, size: int) -> float:
        """The expected seconds of a call."""
        return self._rates.get(function, float("inf")) * (size + self.BASE)

    def record(self, function: Any, size: int, seconds: float) -> None:
        """Record the seconds of a call."""
        rate = seconds / (size + self.BASE)
        known = self._rates.get(function)
        if known is None and len(self._rates) >= 64:
            self._rates.clear()  # a program that makes new functions all the time
        self._rates[function] = rate if known is None else max(rate, 0.8 * known + 0.2 * rate)
