"""One question from start to end: start, receive, improve, stop, build, write. This is the only choreography.

The task group of a run has one task per source. The answer waits for the group, but for no longer than the deadline,
so that a source which refuses to stop cannot hold it back: such a task is left behind and counted.
"""

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Collection, Sequence
from contextvars import Context
from functools import partial
from typing import TYPE_CHECKING, Any

from fanin import lazy
from fanin.answer.draft import Draft, page_of
from fanin.events import Answered, Event, Planned, Revised, Skipped, Started, Wrote
from fanin.limits import LIMITS, Limits
from fanin.log import log, logger
from fanin.model import Answer, Processor
from fanin.plan.plan import Plan
from fanin.run.build_answer import Content, build_answer, choose_content
from fanin.run.enrichment import Enrichment, Planner
from fanin.run.placement import Placement
from fanin.run.rounds.improvement import Improvement, reopened, still_running
from fanin.run.source.source_delivery import SourceDelivery
from fanin.run.source.source_end import SHED, STOPPED, STUCK, Reason
from fanin.run.source.source_input import COMPLETE, FetchEnded
from fanin.run.source.source_run import SourceRun
from fanin.run.source.source_tasks import STOP_SECONDS, SourceTask, SourceTasks
from fanin.run.sufficiency import Enough, Sufficiency
from fanin.sources.source import Source

if TYPE_CHECKING:
    from fanin.run.answer_writing import AnswerWriting
    from fanin.run.rounds.second_round import Percentile, SecondRound

REVISION_PAUSE_FACTOR = 5.0
"""How many times as long as a revision took the next one waits: so they take a sixth of the time at most."""


class Run:
    """One running question. Use `answer()` or `events()`, once."""

    def __init__(
        self,
        plan: Plan[Source],
        *,
        processor: Processor,
        placement: Placement,
        enough: Enough | int | None = None,
        shed: Collection[str] = (),
        enrichment: Enrichment,
        limits: Limits = LIMITS,
        p95: Percentile | None = None,
        planner: Planner | None = None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._plan = plan
        self._processor = processor
        self._placement = placement
        self._enough, self._watched = Sufficiency(enough), enough is not None
        self._shed = shed
        self._enrichment = enrichment
        self._limits = limits
        self._improvement = Improvement(plan, enrichment, p95=p95, planner=planner)
        self._sources: list[SourceTask] = []
        self._tasks = SourceTasks(self._loop, until=plan.deadline, overdue=self._overdue)
        self._open = len(plan.sources)
        self._delivered = self._revision = 0
        self._next_revision = -math.inf
        self._revising: asyncio.TimerHandle | None = None
        self._numbers: dict[str, int] = {}
        self._notes: list[str] = []
        self._content: Content | None = None
        self._by_words: Answer | None = None
        self._defect: Exception | None = None
        self._reason: Reason | None = None
        self._over = False
        self._writing: AnswerWriting | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._queue: asyncio.Queue[Event | None] | None = None
        self._emits_all = logger.isEnabledFor(logging.INFO)

    async def answer(self) -> Answer:
        """Run to the end and give the answer, at the deadline at the latest. Cancelling it leaves nothing behind."""
        self._ended = self._loop.create_future()
        try:
            group = self._begin()
            waits = self._tasks.wait()
            if not waits:
                await asyncio.sleep(0)  # who asks again and again must not hold up the others
                await asyncio.sleep(0)  # in the first turn the group hears that its tasks have ended; then it ends
            if group.done():
                self._gathered(group)
            else:
                await self._end_of(group, waits=waits)
        except asyncio.CancelledError:
            await self._leave()
            raise
        finally:
            self._tasks.close()
            self._improvement.close()
            for timer in (*self._timers, self._revising):
                if timer is not None:
                    timer.cancel()
        answer = await self._write(self._final())
        if self._emits_all:
            self._emit(Answered(answer.execution_time, answer))
        return answer

    async def _end_of(self, group: asyncio.Task[None], *, waits: bool) -> None:
        group.add_done_callback(self._gathered)
        if waits or self._tasks.wait():
            self._timers.append(self._loop.call_at(self._plan.question.deadline, self.close, "deadline"))
        await self._ended

    async def events(self, context: Context | None = None) -> AsyncGenerator[Event]:
        """Run to the end and say what happens, as it happens, in this context. Leaving early leaves nothing behind."""
        queue = self._queue = asyncio.Queue[Event | None]()
        self._emits_all = True
        answering = self._loop.create_task(self.answer(), context=context)
        answering.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            while (event := await queue.get()) is not None:
                yield event
            await answering
        finally:
            answering.cancel()
            await asyncio.wait((answering,))

    def close(self, reason: Reason) -> None:
        """Tell every source to stop; the answer follows when they have, or after a grace period."""
        if self._reason is None and not self._over:
            self._reason = reason
            self._tasks.stop()
            grace = min(STOP_SECONDS, (self._plan.deadline - self._plan.question.deadline) / 3)
            self._timers.append(self._loop.call_later(grace, self._end))
        elif self._writing is not None and self._writing.task is not None:
            self._writing.task.cancel()

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The tasks that have not ended."""
        return self._tasks.running

    @property
    def left_behind(self) -> Sequence[tuple[asyncio.Task[Any], str]]:
        """After the answer: each task that has not stopped though it was cancelled, with the name of its source."""
        left = self._tasks.left_behind
        if self._writing is not None and (task := self._writing.task) is not None and not task.done():
            left.append((task, "writer"))
        if (planning := self._improvement.planning) is not None and not planning.done():
            left.append((planning, "writer"))
        return left

    # Start.

    def _begin(self) -> asyncio.Task[None]:
        """Ask every source, each in a task of its own; gives the task of their group."""
        asked, quiet = self._plan.asked, not self._emits_all
        most = self._limits.documents
        runs = [SourceRun(source, self._processor, asked, quiet, most) for source in self._plan.sources]
        self._sources = [SourceTask(run) for run in runs]
        self._emit = partial(_emit, self._plan.question.id, self._queue)
        self._delivery = SourceDelivery(
            self._plan.question,
            self._tasks,
            processor=self._processor,
            placement=self._placement,
            limits=self._limits,
            emit=self._emit,
            emits_all=self._emits_all,
        )
        self._improvement.begin()
        if self._emits_all:
            self._emit_plan()
        if (timer := self._placement.begin()) is not None:
            self._timers.append(timer)
        return self._tasks.begin(self._ask, self._sources)

    def _emit_plan(self) -> None:
        plan, placement = self._plan, self._placement
        names = tuple(source.name for source in plan.sources)
        skipped = tuple(outcome.source for outcome in plan.skipped)
        seconds = plan.deadline - plan.asked
        self._emit(Planned(0.0, plan.question, names, seconds, skipped, placement.pool_name, placement.workers))
        for outcome in plan.skipped:
            self._emit(Skipped(0.0, outcome.source, outcome.message))

    async def _ask(self, source: SourceTask) -> None:
        try:
            await self._deliver(source)
        except Exception as error:  # noqa: BLE001 - a defect of fanin ends the question, and is raised there
            self._fail(error)
        finally:
            self._open -= 1
            if not self._open:
                self._all_in()

    async def _deliver(self, source: SourceTask) -> None:
        """One source: its documents, the work of workers and models on them, and its outcome."""
        if self._emits_all and not source.questions:
            self._emit(Started(self._at(), source.run.source.name))
        try:
            if self._shed and source.run.source.name in self._shed:
                self._delivery.stop(source, SHED)
            else:
                await self._delivery.fetch(source)
            if source.jobs:
                await source.wait_for_job(1)
            if source.run.values and not source.questions and self._enrichment.inferring is not None:
                await self._infer(source)
        except asyncio.CancelledError:
            self._delivery.stop(source, STOPPED[self._reason])
            raise
        finally:
            self._finish(source)

    async def _infer(self, source: SourceTask) -> None:
        """Let a model read what the source delivered; its failure is not the source's."""
        try:
            read = await self._enrichment.infer(
                self._plan, source.run.result(), until=self._plan.question.deadline - STOP_SECONDS
            )
        except asyncio.CancelledError:
            self._finish(source)
            raise
        if read is not None:
            inferred, failure = read
            self._delivery.receive(source, inferred)
            self._notes += [failure] if failure else []

    def _finish(self, source: SourceTask) -> None:
        if self._over or source.run.ended:
            return
        self._delivery.receive(source, COMPLETE)
        self._delivered += source.run.delivered
        if self._watched and self._reason is None and self._enough.reached(self._delivered, None):
            self.close("enough")
        elif self._enough.judges_answers or (self._queue is not None and source.run.documents):
            # Not at once, as others may end in the same turn of the loop.
            self._revising = self._revising or self._loop.call_at(self._next_revision, self._revise_if_open)

    def _revise_if_open(self) -> None:
        """Revise the answer, unless the answer itself follows now: all sources have ended or were told to."""
        self._revising = None
        if self._reason is None and self._open and not self._over:
            try:
                if self._enough.reached(self._delivered, self._revise()):
                    self.close("enough")
            except Exception as error:  # noqa: BLE001 - as in `_ask`
                self._fail(error)

    def _revise_for_readers(self) -> None:
        """Emit the answer as it is now if somebody reads what happens: a better one takes its time."""
        if self._queue is not None and self._reason is None:
            self._revise()

    def _revise(self) -> Answer:
        """Emit and give the answer as it is now."""
        began = self._loop.time()
        self._revision += 1
        revised = self._build(self._numbers, revision=self._revision)
        self._numbers |= _numbers(revised)
        now = self._loop.time()
        self._next_revision = now + (now - began) * REVISION_PAUSE_FACTOR
        self._emit(Revised(self._at(), revised))
        return revised

    # Improve.

    def _all_in(self) -> None:
        """Every source has ended: see what can still improve the answer."""
        if self._reason is None and not self._plan.again and self._improvement.possible:
            self._tasks.start(self._improve())

    async def _improve(self) -> None:
        """Ask again for what the answer lacks, and compare the best passages by meaning unless it is good enough."""
        try:
            answer = self._build()
            if self._enough.reached(self._delivered, answer):
                self._by_words = answer
                return
            if (found := await self._improvement.second_round(self._plan, self._content, self._sources)) is not None:
                self._revise_for_readers()
                await self._ask_again(found)
                answer = self._build()
            if (comparing := self._improvement.comparing(self._plan, answer)) is None:
                self._by_words = answer
                return
            self._revise_for_readers()
            compared = await comparing
            for source in self._sources:
                if (near := compared.get(source.run.source.name)) is not None:
                    self._delivery.receive(source, near)
        except Exception as error:  # noqa: BLE001 - as in `_ask`
            self._fail(error)

    async def _ask_again(self, found: SecondRound) -> None:
        self._plan = found.applied_to(self._plan)
        self._delivery.question = self._plan.question
        self._delivered -= sum([each.run.delivered for each in self._sources if each.run.source.name in found.asked])
        self._sources = [reopened(each, found) for each in self._sources]
        if self._emits_all:
            for event in found.events(self._at()):
                self._emit(event)
        again = [each for each in self._sources if each.questions]
        self._open = len(again)
        if await still_running([self._tasks.start(self._ask(each), each) for each in again], seconds=found.seconds):
            self._overdue(again)

    # Stop.

    def _overdue(self, group: Sequence[SourceTask]) -> None:
        """End the sources that did not stop at their timeout; their tasks are left to the end of the run."""
        stuck = [source for source in group if source.fetching is not None and not source.run.ended]
        for source in stuck:
            self._delivery.receive(source, FetchEnded(self._plan.asked))
            self._delivery.stop(source, STUCK)
            self._finish(source)
        if stuck and all(each.run.ended for each in self._sources):
            self.close("cancelled")

    def _fail(self, error: Exception) -> None:
        self._defect = self._defect or error
        self.close("cancelled")

    def _gathered(self, group: asyncio.Task[None]) -> None:
        """The group has ended."""
        if not group.cancelled() and isinstance(error := group.exception(), Exception):
            self._defect = self._defect or error
        self._end()

    def _end(self) -> None:
        self._over = True
        if not self._ended.done():
            self._ended.set_result(None)

    async def _leave(self) -> None:
        if not self._over:
            self._ended = self._loop.create_future()
            self.close("cancelled")
            await self._ended

    # Build and write.

    def _final(self) -> Answer:
        if self._defect is not None:
            raise self._defect
        if unfinished := [source for source in self._sources if not source.run.ended]:
            stuck = {name for _, name in self._tasks.left_behind}
            for source in unfinished:
                self._delivery.stop(source, STUCK if source.run.source.name in stuck else STOPPED[self._reason])
                source.run.receive(COMPLETE, self._loop.time())
        return self._by_words or self._build()

    def _build(self, numbers: dict[str, int] | None = None, *, revision: int = 0) -> Answer:
        notes = [*self._notes, self._enough.note] if self._enough.note else self._notes
        results = [source.run.result() for source in self._sources if source.run.ended or not revision]
        began = self._loop.time()
        content = self._content = choose_content(self._plan, results, numbers=numbers)
        now = self._loop.time()
        return build_answer(self._plan, results, now, content=content, began=began, notes=notes, revision=revision)

    async def _write(self, answer: Answer) -> Answer:
        """The answer as a language model writes it, if there is a model and enough time."""
        if (writer := self._enrichment.writer) is None:
            return answer
        self._revise_for_readers()
        writing = self._writing = lazy.answer_writing.AnswerWriting(writer, report=self._wrote)
        return await writing.write(self._plan, answer, _numbers(answer))

    def _wrote(self, model: str, draft: Draft) -> None:
        self._emit(Wrote(self._at(), model, draft.text, tuple(dict.fromkeys(draft.citations))))

    def _at(self) -> float:
        return self._loop.time() - self._plan.asked


def _emit(question_id: str, queue: asyncio.Queue[Event | None] | None, event: Event) -> None:
    log(event, question_id)
    if queue is not None:
        queue.put_nowait(event)


def _numbers(answer: Answer) -> dict[str, int]:
    """The citation number of each page that is cited."""
    return {page_of(each): each.number for each in answer.citations}
