"""A source that records its calls, and checks of the calls for any policy."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from fanin.errors import RateLimited
from fanin.model import Document, Policy, Question
from fanin.policies.cache import normalise
from fanin.policies.circuit import CONSECUTIVE_FAILURES, FIRST_OPEN_SECONDS
from fanin.policies.hedge import HEDGE_SHARE
from fanin.policies.retry import INITIAL_RETRIES, RETRIES_PER_SECOND
from fanin.sources.source import Item, Source
from fanin.testing.fakes import FakeSource, Step
from fanin.testing.invariants import require

ROUNDING = 1e-6
"""Seconds that rounding may cost."""


@dataclass(slots=True, eq=False)
class Call:
    """One call of a source: for which question, from when to when in loop time, and how it ended."""

    question: Question
    began: float
    ended: float = float("inf")
    end: Literal["running", "ok", "failed", "stopped"] = "running"
    error: BaseException | None = None


@dataclass(slots=True)
class RecordedSource:
    """A fake source that does in each call what `script()` gives, and records all calls in order.

    `log` has each call twice: when it began and when it ended. Its documents have the question as their title.
    """

    name: str
    script: Callable[[], tuple[Step, ...]]
    policy: Policy = field(default_factory=Policy)
    timeout: float = 5.0
    log: list[tuple[Literal["began", "ended"], Call]] = field(
        default_factory=list[tuple[Literal["began", "ended"], Call]]
    )

    @property
    def source(self) -> Source:
        """The fake as an engine takes it."""
        return Source(self.name, self._fetch, timeout=self.timeout, policy=self.policy)

    @property
    def calls(self) -> list[Call]:
        """Every call, in the order in which they began."""
        return [call for what, call in self.log if what == "began"]

    async def _fetch(self, question: Question) -> AsyncIterator[Item]:
        clock = asyncio.get_running_loop().time
        call = Call(question, clock())
        self.log.append(("began", call))
        call.end = "stopped"
        try:
            async for item in FakeSource(self.name, self.script()).source.fetch(question):
                yield replace(item, title=question.text) if isinstance(item, Document) else item
            call.end = "ok"
        except (asyncio.CancelledError, SystemExit) as error:
            # Nobody told it to stop: then it is a failure of its own.
            task = asyncio.current_task()
            if task is None or not task.cancelling():
                call.end, call.error = "failed", error
            raise
        except Exception as error:
            call.end, call.error = "failed", error
            raise
        finally:
            call.ended = clock()
            self.log.append(("ended", call))


def check_calls(source: RecordedSource, *, asked: int, latest: Mapping[str, float]) -> None:
    """Raise AssertionError unless the calls of a source kept to its policy and its timeout.

    `asked` is how many questions were asked in all. `latest` gives for each question (in lower case, without the final
    mark) the latest deadline, in loop time, with which it was asked: a call may serve several questions.
    """
    calls, policy = source.calls, source.policy
    for each in calls:
        end = latest[normalise(each.question.text)] if policy.cache or policy.stale else each.question.deadline
        require(each.began < end, f"no call begins after the deadline, but at {each.began}, {each.began - end} s later")
    longest = max((each.ended - each.began for each in calls), default=0.0)
    require(longest <= source.timeout + ROUNDING, f"no call outlasts its timeout, not {longest} s")
    _check_attempts(calls, policy, asked=asked)
    if policy.rate is not None:
        _check_rate([each.began for each in calls if not _is_hedge(each, calls)], policy.rate)
    if policy.concurrency is not None:
        together = _together([(each.began, each.ended) for each in calls])
        require(together <= policy.concurrency * (2 if policy.hedge else 1), f"{together} calls at a time")
    if policy.cache:
        _check_cache(calls, policy)
    if policy.breaker and not policy.hedge:
        _check_breaker(source.log)


def _check_attempts(calls: Sequence[Call], policy: Policy, *, asked: int) -> None:
    each = Counter(call.question.id for call in calls)
    most = (1 + policy.retries) * (2 if policy.hedge else 1)
    require(max(each.values(), default=0) <= most, f"at most {most} calls for a question, not {each}")
    again = len(calls) - len(each)
    allowed = INITIAL_RETRIES + policy.retry_budget * asked + RETRIES_PER_SECOND * _span(calls)
    allowed = allowed if policy.retries else 0.0
    if policy.hedge:
        allowed += HEDGE_SHARE * len(calls)
    require(again <= allowed + ROUNDING, f"{again} retries and hedges, {allowed:.1f} allowed")


def _span(calls: Sequence[Call]) -> float:
    return calls[-1].began - calls[0].began if calls else 0.0


def _is_hedge(call: Call, calls: Sequence[Call]) -> bool:
    same = [each for each in calls if each.question.id == call.question.id and each is not call]
    return any(each.began < call.began <= each.ended for each in same)


def _check_rate(began: Sequence[float], rate: tuple[int, float]) -> None:
    for first, start in enumerate(began):
        for last in range(first + rate[0], len(began)):
            most = rate[0] + (began[last] - start) * rate[0] / rate[1]
            require(last - first + 1 <= most + 1e-3, f"{last - first + 1} calls in {began[last] - start} s")


def _together(spans: Sequence[tuple[float, float]]) -> int:
    # An end comes before what begins at the same instant.
    now = most = 0
    for _, step in sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans]):
        now += step
        most = max(most, now)
    return most


def _check_cache(calls: Sequence[Call], policy: Policy) -> None:
    for key in {normalise(each.question.text) for each in calls}:
        same = [each for each in calls if normalise(each.question.text) == key]
        together = _together([(each.began, each.ended) for each in same])
        require(together <= (2 if policy.hedge else 1), f"{together} calls for one question at a time")
        for known in (each for each in same if each.end == "ok"):
            soon = [each for each in same if known.ended < each.began < known.ended + policy.cache - ROUNDING]
            require(all(each.question.fresh for each in soon), "what is known and fresh is not asked again")


def _check_breaker(log: Sequence[tuple[str, Call]]) -> None:
    """Three calls that failed one after the other, with none beside them, open the breaker: no call for a while."""
    in_a_row = 0
    until = -1.0
    for number, (what, call) in enumerate(log):
        if what == "began":
            require(call.began >= until - ROUNDING, f"no call begins while the breaker is open, but at {call.began}")
            continue
        alone = number > 0 and log[number - 1][1] is call
        in_a_row = in_a_row + 1 if alone and call.end == "failed" else 0
        if in_a_row >= CONSECUTIVE_FAILURES:
            asked = call.error.retry_after if isinstance(call.error, RateLimited) else None
            until = call.ended + (FIRST_OPEN_SECONDS if asked is None else min(asked, FIRST_OPEN_SECONDS))
