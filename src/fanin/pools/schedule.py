"""Which of the waiting jobs is next."""

from heapq import heappop, heappush
from itertools import count
from typing import Any


class Schedule[T]:
    """Waiting jobs: the earliest deadline first; of one deadline, groups in turn; of one group, the smallest first.

    Jobs of one question share its deadline, and its sources are groups: so the small document of one source does not
    wait for all parts of another one's large document. Jobs that are equal in all of this come in order.
    """

    def __init__(self) -> None:
        self._deadlines: list[float] = []
        self._groups: dict[float, dict[str, list[tuple[int, int, T]]]] = {}
        self._numbers = count()
        self._length = 0

    def add(self, job: T, *, deadline: float, group: str, size: int) -> None:
        """Let a job wait."""
        if deadline not in self._groups:
            self._groups[deadline] = {}
            heappush(self._deadlines, deadline)
        heappush(self._groups[deadline].setdefault(group, []), (size, next(self._numbers), job))
        self._length += 1

    def next(self) -> T:
        """The job that is next, which waits on; raises IndexError if none waits."""
        return next(iter(self._groups[self._deadlines[0]].values()))[0][2]

    def take(self) -> T:
        """The job that is next, which waits no more; raises IndexError if none waits."""
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
    """How long a call of each function is likely to take, by its size, from how long earlier ones took.

    Cautious: a call that took longer than expected counts at once, shorter ones little by little. Unknown is infinite.
    """

    BASE = 1000
    """What every call costs besides its size, in the unit of sizes."""

    def __init__(self) -> None:
        self._rates: dict[Any, float] = {}

    def expected(self, function: Any, size: int) -> float:
        """Seconds that a call is likely to take."""
        return self._rates.get(function, float("inf")) * (size + self.BASE)

    def took(self, function: Any, size: int, seconds: float) -> None:
        """A call took so long."""
        rate = seconds / (size + self.BASE)
        known = self._rates.get(function)
        if known is None and len(self._rates) >= 64:
            self._rates.clear()  # a program that makes functions as it goes
        self._rates[function] = rate if known is None else max(rate, 0.8 * known + 0.2 * rate)
