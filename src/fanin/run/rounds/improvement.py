"""What can still improve an answer once every source has ended: a second round, and comparing passages by meaning."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fanin import lazy
from fanin.model import Answer
from fanin.plan.plan import Plan
from fanin.run.build_answer import Content
from fanin.run.enrichment import Enrichment, Planner
from fanin.run.source.source_input import Compared
from fanin.run.source.source_tasks import STOP_SECONDS, SourceTask
from fanin.sources.source import Source

if TYPE_CHECKING:
    from fanin.run.rounds.second_round import Percentile, SecondRound
    from fanin.writing.planning import ModelPlan

PLANNING_SHARE = 0.1
"""The share of a question's time within which a model may plan it."""


class Improvement:
    """Decides for one question whether its sources are asked again, and compares the passages of its answer.

    Without `p95` no source is asked again. A `planner` plans while the sources are asked.
    """

    def __init__(
        self, plan: Plan[Source], enrichment: Enrichment, *, p95: Percentile | None, planner: Planner | None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._enrichment = enrichment
        self._p95 = p95
        self._planner = planner
        self._planned_until = plan.asked + PLANNING_SHARE * (plan.deadline - plan.asked)
        self.planning: asyncio.Task[ModelPlan] | None = None

    def begin(self) -> None:
        """Let the planner begin, if there is one."""
        if self._planner is not None:
            self.planning = self._loop.create_task(self._planner(until=self._planned_until))

    @property
    def possible(self) -> bool:
        """Whether there is anything to do when every source has ended."""
        return self._p95 is not None or self._enrichment.meaning is not None

    async def second_round(
        self, plan: Plan[Source], content: Content | None, sources: Sequence[SourceTask]
    ) -> SecondRound | None:
        """What each source is asked again; None for nothing. Waits for the plan of a model within its time."""
        if self._p95 is None:
            return None
        model_plan = None if self.planning is None else await self._model_plan(self.planning)
        results = [source.run.result() for source in sources]
        left = plan.question.deadline - STOP_SECONDS - self._loop.time()
        return lazy.second_round.second_round(plan, content, results, model_plan, left=left, p95=self._p95)

    def comparing(self, plan: Plan[Source], answer: Answer) -> Coroutine[Any, Any, Mapping[str, Compared]] | None:
        """How near the best passages of an answer are to its question, by source; None if the answer is good enough."""
        question = plan.question
        choice = self._enrichment.similarity_choice(question, until=question.deadline - STOP_SECONDS)
        return None if choice is None or choice.suffices(answer) else choice.compare(answer)

    def close(self) -> None:
        """Stop planning."""
        if self.planning is not None:
            self.planning.cancel()

    async def _model_plan(self, planning: asyncio.Task[ModelPlan]) -> ModelPlan | None:
        await asyncio.wait((planning,), timeout=max(0.0, self._planned_until - self._loop.time()))
        return planning.result() if planning.done() and not planning.cancelled() else None


def reopened(source: SourceTask, found: SecondRound) -> SourceTask:
    """The task of a source in this second round; the one of the first if it is not asked again."""
    name = source.run.source.name
    if name not in found.asked:
        return source
    source.run.reopen(anew=found.meant is not None)
    return SourceTask(source.run, found.asked[name])


async def still_running(tasks: Sequence[asyncio.Task[None]], *, seconds: float) -> bool:
    """Wait so many seconds at most for tasks to end; whether one refuses to stop after that."""
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    return bool(late) and bool((await asyncio.wait(late, timeout=STOP_SECONDS))[1])
