"""One question from start to end: ask every source at once, process what arrives, answer by the deadline.

This is the only choreography. The task group of a run has one task per source. The answer waits for the group, but for
no longer than the deadline, so that a source which refuses to stop cannot hold it back: such a task is left behind and
counted.
"""

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from fanin.errors import SourceError
from fanin.events import Answered, Event, Fetched, Finished, Planned, Processed, Retrying, Revised, Started, Wrote
from fanin.log import log, logger
from fanin.model import Answer, Document, Notice, Outcome, Processor, Question
from fanin.pools.pool import Done
from fanin.run.build_answer import compose
from fanin.run.enrichment import Readers
from fanin.run.placement import Placement
from fanin.run.similarity_choice import Weighing
from fanin.run.source_run import OK, SHED, STOPPED, STUCK, Landing, failed
from fanin.run.source_tasks import GRACE, SourceTasks
from fanin.run.sufficiency import Enough, Sufficiency
from fanin.sources.source import Item, Source

if TYPE_CHECKING:
    from fanin.run.answer_writing import AnswerWriting

type Reason = Literal["deadline", "enough", "finished", "cancelled"]

QUICK, RARELY = 0.005, 5.0
"""Seconds that a revision may take before the next one waits, and how many times as long it then waits."""

MOST_JOBS = 64
"""Jobs of one source in the pool at a time; a source that is faster than the workers waits for them."""


class Run:
    """One question on its way. Use `answer()` or `events()`, once; `deadline` is loop time and includes the answer.

    `skipped` are the outcomes of sources that are not asked, told beside those of the sources that are.
    """

    def __init__(
        self,
        question: Question,
        sources: Sequence[Source],
        *,
        skipped: Sequence[Outcome] = (),
        processor: Processor,
        placement: Placement,
        cores: int,
        deadline: float,
        enough: Enough | int | None = None,
        shed: Collection[str] = (),
        now: datetime,
        readers: Readers,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._asked = self._loop.time()
        self._question = question
        self._landings = [Landing(source, processor, asked=self._asked) for source in sources]
        self._skipped = skipped
        self._placement = placement
        self._cores = cores
        self._deadline = deadline
        self._enough, self._watched = Sufficiency(enough), enough is not None
        self._next_revision = -math.inf
        self._shed = shed
        self._now = now
        self._readers = readers
        self._weighing = readers.weighing(question, sources=len(sources), until=question.deadline - GRACE)
        self._reads = self._weighing is not None or readers.inferring is not None
        self._by_words: Answer | None = None
        self._open = len(sources)
        self._tasks = SourceTasks(self._loop, until=deadline, overdue=self._overdue)
        self._delivered = 0
        self._defect: Exception | None = None
        self._numbers: dict[str, int] = {}
        self._revision = 0
        self._notes: list[str] = []
        self._reason: Reason | None = None
        self._over = False
        self._writing: AnswerWriting | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._queue: asyncio.Queue[Event | None] | None = None
        self._told = logger.isEnabledFor(logging.INFO)

    async def answer(self) -> Answer:
        """Run to the end and give the answer, at the deadline at the latest. Cancelling it leaves nothing behind."""
        self._ended = self._loop.create_future()
        self._timers.append(self._loop.call_at(self._question.deadline, self.close, "deadline"))
        try:
            self._begin()
            await self._ended
        except asyncio.CancelledError:
            await self._leave()
            raise
        finally:
            self._tasks.close()
            for timer in self._timers:
                timer.cancel()
        answer = self._answer()
        if (writer := self._readers.writer) is not None:
            from fanin.run.answer_writing import AnswerWriting

            writing = self._writing = AnswerWriting(writer, tell=self._wrote)
            answer = await writing.write(
                self._question, answer, self._numbers, asked=self._asked, deadline=self._deadline
            )
        if self._told:
            self._tell(Answered(answer.execution_time, answer))
        return answer

    async def events(self) -> AsyncGenerator[Event]:
        """Run to the end and say what happens, as it happens. Leaving early leaves nothing behind."""
        queue = self._queue = asyncio.Queue[Event | None]()
        self._told = True
        answering = self._loop.create_task(self.answer())
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
            grace = min(GRACE, (self._deadline - self._question.deadline) / 3)
            self._timers.append(self._loop.call_later(grace, self._end))
        elif self._writing is not None and self._writing.task is not None:
            self._writing.task.cancel()

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """Those that have not ended."""
        return self._tasks.running

    @property
    def left_behind(self) -> Sequence[tuple[asyncio.Task[Any], str]]:
        """After the answer: each task that did not stop when it was told to, and the name of whom it waits for."""
        left = self._tasks.left_behind
        if self._writing is not None and (task := self._writing.task) is not None and not task.done():
            left.append((task, "writer"))
        return left

    def _begin(self) -> None:
        """Ask every source, each in a task of its own."""
        if self._told:
            names = tuple(landing.source.name for landing in self._landings)
            skipped = tuple(outcome.source for outcome in self._skipped)
            self._tell(Planned(0.0, self._question, names, self._deadline - self._asked, skipped))
        if (timer := self._placement.begin()) is not None:
            self._timers.append(timer)
        self._tasks.begin(self._ask, self._landings).add_done_callback(self._gathered)

    async def _ask(self, landing: Landing) -> None:
        try:
            await self._deliver(landing)
        except Exception as error:  # noqa: BLE001 - a defect of fanin ends the question, and is raised there
            self._fail(error)
        finally:
            self._open -= 1
            if not self._open:
                self._all_in()

    async def _deliver(self, landing: Landing) -> None:
        """One source: what it says, what workers and models make of it, and its outcome."""
        if self._told:
            self._tell(Started(self._at(), landing.source.name))
        try:
            if landing.source.name in self._shed:
                landing.end = SHED
            else:
                await self._fetch(landing)
            if landing.jobs:
                await landing.room(1)
            if landing.results and self._reads:
                await self._consider(landing)
        except asyncio.CancelledError:
            if not landing.ended:
                landing.withdraw(STOPPED[self._reason or "itself"])
            raise
        finally:
            self._finish(landing)

    async def _fetch(self, landing: Landing) -> None:
        begun = self._tasks.limit(landing)
        task = landing.task = asyncio.current_task()
        late = False
        try:
            try:
                await self._read(landing)
            finally:
                landing.task = None
                # When nobody else told it to stop, it was for its timeout: that is an outcome, and the task goes on.
                late = landing.late and task is not None and not task.uncancel()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError):
                if not late:
                    raise
                error = TimeoutError()
            if not landing.ended:
                landing.end = failed(error, landing.source)
            logger.debug("%s %s failed", self._question.id, landing.source.name, exc_info=error)
        finally:
            if not landing.ended:
                landing.fetched(begun, self._loop.time())

    def _overdue(self, group: Sequence[Landing]) -> None:
        """End the sources that did not stop at their timeout; their tasks are left to the end of the run."""
        stuck = [landing for landing in group if landing.task is not None and not landing.ended]
        for landing in stuck:
            landing.fetched(self._asked, self._loop.time())
            landing.withdraw(STUCK)
            self._finish(landing)
        if stuck and all(each.ended for each in self._landings):
            self.close("cancelled")

    async def _consider(self, landing: Landing) -> None:
        """Let models read what the source said; whatever comes of it, the source has delivered."""
        until = self._question.deadline - GRACE
        try:
            if self._weighing is not None:
                await self._weighing.landed(landing)
            note = await self._readers.infer(self._question, landing, asked=self._asked, until=until)
        except asyncio.CancelledError:
            self._finish(landing)
            raise
        self._notes += [note] if note else []

    def _all_in(self) -> None:
        """Every source has ended."""
        if self._weighing is not None and self._reason is None:
            self._tasks.start(self._weigh_the_rest(self._weighing))

    def _gathered(self, group: asyncio.Task[None]) -> None:
        """The group has ended."""
        if not group.cancelled() and isinstance(error := group.exception(), Exception):
            self._defect = self._defect or error
        self._end()

    async def _weigh_the_rest(self, weighing: Weighing) -> None:
        """Compare by meaning what is left, unless the answer by words, which stands then, has no need of it."""
        try:
            numbers = dict(self._numbers)
            answer = self._compose(numbers)
            if weighing.suffices(answer):
                self._numbers, self._by_words = numbers, answer
            else:
                await weighing.rest(self._landings)
        except Exception as error:  # noqa: BLE001 - as in `_ask`
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._defect = self._defect or error
        self.close("cancelled")

    async def _read(self, landing: Landing) -> None:
        stream = landing.source.fetch(self._question)
        try:
            async for item in stream:
                self._land(landing, item)
                if len(landing.documents) % MOST_JOBS == 0:
                    await asyncio.sleep(0)  # a source that never waits must not hold up the others
                if len(landing.jobs) >= MOST_JOBS:
                    await landing.room(MOST_JOBS)
        finally:
            if (aclose := getattr(stream, "aclose", None)) is not None:
                await aclose()

    def _land(self, landing: Landing, item: Item) -> None:
        if landing.ended:
            raise asyncio.CancelledError
        match item:
            case Document():
                self._process(landing, landing.arrive(item))
            case Notice():
                landing.notice(item)
                if item.kind == "retrying":
                    self._tell(Retrying(self._at(), landing.source.name, item.attempt, item.after, item.message))
            case _:  # pyright: ignore[reportUnnecessaryComparison] - a source may give anything
                raise SourceError(
                    f"It gave a {type(item).__name__}, which is no document; fanin stopped reading.", "type"
                )

    def _process(self, landing: Landing, document: Document) -> None:
        if self._told:
            self._tell(Fetched(self._at(), landing.source.name, document))
        if landing.dropped and landing.dropped[-1].document == document.number:
            return
        work, question = landing.processor.work, self._question
        for part in landing.divide(document):
            submitted = self._loop.time()
            job = self._placement.submit(work, question.text, part, deadline=question.deadline)
            if job.done():
                self._processed(landing, part, submitted, job.result())
            else:
                landing.jobs.add(job)
                job.add_done_callback(partial(self._returned, landing, part, submitted))

    def _returned(self, landing: Landing, part: Document, submitted: float, job: asyncio.Future[Done]) -> None:
        landing.left(job)
        if not landing.ended and not job.cancelled():
            self._processed(landing, part, submitted, job.result())

    def _processed(self, landing: Landing, part: Document, submitted: float, done: Done) -> None:
        if landing.processed(part, done, submitted=submitted) and self._told:
            self._tell(Processed(self._at(), landing.source.name, *landing.work_on(part.number)))

    def _finish(self, landing: Landing) -> None:
        if self._over or landing.ended:
            return
        landing.ended = True
        self._delivered += len(landing.documents) > len(landing.dropped)
        if self._told or landing.end is not OK:
            self._tell(Finished(self._at(), landing.source.name, landing.outcome()))
        if self._reason is None and (self._watched or self._queue is not None):
            # Sources that were told to stop end in no particular order: the answer itself tells of them.
            self._revise(landing)

    def _revise(self, landing: Landing) -> None:
        """Tell what is known now that a source has landed, and stop if that is enough.

        Where an answer takes long to make, it is made less often: among thousands of sources, revisions would take all
        of the time.
        """
        revised, begun = None, self._loop.time()
        if (self._queue is not None or self._enough.judges_answers) and begun >= self._next_revision:
            self._revision += 1
            revised = self._compose(self._numbers, revision=self._revision)
            if (took := self._loop.time() - begun) > QUICK:
                self._next_revision = begun + took * RARELY
        if revised is not None and landing.documents:
            self._tell(Revised(self._at(), revised))
        if self._enough.reached(self._delivered, revised):
            self.close("enough")

    # The end.

    def _end(self) -> None:
        self._over = True
        if not self._ended.done():
            self._ended.set_result(None)

    async def _leave(self) -> None:
        if not self._over:
            self._ended = self._loop.create_future()
            self.close("cancelled")
            await self._ended

    def _answer(self) -> Answer:
        if self._defect is not None:
            raise self._defect
        stuck = {name for _, name in self._tasks.left_behind}
        for landing in self._landings:
            if not landing.ended:
                landing.withdraw(STUCK if landing.source.name in stuck else STOPPED[self._reason or "itself"])
                landing.ended = True
        return self._by_words or self._compose(self._numbers)

    def _compose(self, numbers: dict[str, int], *, revision: int = 0) -> Answer:
        return compose(
            self._question,
            self._landings,
            skipped=self._skipped,
            clock=self._loop.time,
            cores=self._cores,
            now=self._now,
            numbers=numbers,
            notes=[*self._notes, self._enough.note] if self._enough.note else self._notes,
            revision=revision,
        )

    def _wrote(self, model: str, text: str) -> None:
        self._tell(Wrote(self._at(), model, text))

    def _at(self) -> float:
        return self._loop.time() - self._asked

    def _tell(self, event: Event) -> None:
        log(event, self._question.id)
        if self._queue is not None:
            self._queue.put_nowait(event)
