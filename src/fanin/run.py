"""One question from start to end: ask every source at once, process what arrives, answer by the deadline.

This is the only choreography. The task group of a run holds one task per source. The answer is composed outside of
that group, so that a source which refuses to stop cannot hold it back: such a task is left behind and counted.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal

from fanin.compose import compose, rewritten
from fanin.errors import SourceError, describe
from fanin.events import Answered, Event, Fetched, Finished, Planned, Processed, Retrying, Revised, Started, Wrote
from fanin.landing import OK, End, Landing, failed
from fanin.log import log, logger
from fanin.model import Answer, Document, Notice, Outcome, Processor, Question
from fanin.pools.pool import Done, Pool
from fanin.readers import Readers
from fanin.sources.source import Item, Source
from fanin.writing.writer import Writer, Written, abandoned

type Enough = Callable[[Answer], bool]
type Reason = Literal["deadline", "enough", "cancelled"]

GRACE = 0.05
"""Seconds that sources have to stop once they are told to; a third of what is kept for the answer."""

MOST_DOCUMENTS = 1000
"""Documents that one source may hand over in one run; fanin stops reading it after that."""

MOST_JOBS = 64
"""Jobs of one source in the pool at a time; a source that is faster than the workers waits for them."""

STOPPED: Mapping[str, End] = {
    "deadline": ("timeout", "deadline", "Not finished when the question's deadline came; fanin answered without it."),
    "enough": ("cancelled", "enough", "Not finished when enough had arrived; fanin answered without it."),
    "cancelled": ("cancelled", "cancelled", "The question was withdrawn."),
    "itself": ("cancelled", "cancelled", "The source cancelled itself; fanin went on without it."),
}
STUCK: End = ("timeout", "stuck", "It did not stop when told to; fanin left it behind and answered without it.")

SHED: End = ("shed", "stuck", "Not asked: too many earlier calls of it are still stuck, deaf to being stopped.")


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
        pool: Pool,
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
        self._pool = pool
        self._cores = cores
        self._deadline = deadline
        self._enough = enough
        self._shed = shed
        self._now = now
        self._readers = readers
        self._numbers: dict[str, int] = {}
        self._revision = 0
        self._notes: list[str] = []
        self._reason: Reason | None = None
        self._over = False
        self._writing: asyncio.Task[Written] | None = None
        self._over_writing = False
        self._timers: list[asyncio.TimerHandle] = []
        self._queue: asyncio.Queue[Event | None] | None = None
        self._told = logger.isEnabledFor(logging.INFO)

    # The two ways to run.

    async def answer(self) -> Answer:
        """Run to the end and give the answer, at the deadline at the latest. Cancelling it leaves nothing behind."""
        self._ended = self._loop.create_future()
        self.task = self._loop.create_task(self._gather())
        self.task.add_done_callback(self._end)
        self._timers.append(self._loop.call_at(self._question.deadline, self.close, "deadline"))
        try:
            await self._ended
        except asyncio.CancelledError:
            await self._leave()
            raise
        finally:
            for timer in self._timers:
                timer.cancel()
        answer = self._answer()
        if (writer := self._readers.writer) is not None:
            answer = await self._written(answer, writer)
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
        if self._reason is None and not self.task.done():
            self._reason = reason
            self.task.cancel()
            grace = min(GRACE, (self._deadline - self._question.deadline) / 3)
            self._timers.append(self._loop.call_later(grace, self._end))
        elif self._writing is not None:
            self._writing.cancel()

    @property
    def left_behind(self) -> Sequence[tuple[asyncio.Task[Any], Sequence[str]]]:
        """After the answer: each task that did not stop when it was told to, and the names of whom it waits for."""
        left: list[tuple[asyncio.Task[Any], Sequence[str]]] = []
        if not self.task.done():
            left.append((self.task, [each.source.name for each in self._landings if each.end[1] == "stuck"]))
        if self._writing is not None and not self._writing.done():
            left.append((self._writing, ["writer"]))
        return left

    # One source, from its first attempt to its outcome.

    async def _gather(self) -> None:
        """Ask every source in one task group; ends when all have, or is cancelled by `close`."""
        if self._told:
            names = tuple(landing.source.name for landing in self._landings)
            skipped = tuple(outcome.source for outcome in self._skipped)
            self._tell(Planned(0.0, self._question, names, self._deadline - self._asked, skipped))
        async with asyncio.TaskGroup() as group:
            for landing in self._landings:
                group.create_task(self._ask(landing))
            self._pool.warm()

    async def _ask(self, landing: Landing) -> None:
        if self._told:
            self._tell(Started(self._at(), landing.source.name))
        try:
            if landing.source.name in self._shed:
                landing.end = SHED
            else:
                await self._fetch(landing)
            if landing.jobs:
                await landing.settled()
            if landing.results and self._readers:
                await self._consider(landing)
        except asyncio.CancelledError:
            if not landing.ended:
                landing.withdraw(STOPPED[self._reason or "itself"])
            raise
        finally:
            self._finish(landing)

    async def _fetch(self, landing: Landing) -> None:
        begun = self._loop.time()
        limit = min(begun + landing.source.timeout, self._deadline)
        overdue = self._loop.call_at(limit + GRACE, self._overdue, landing)
        try:
            async with asyncio.timeout_at(limit):
                await self._read(landing)
        except asyncio.CancelledError, KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - a source's failure is its outcome, and never its siblings'
            landing.end = failed(error, landing.source)
            logger.debug("%s %s failed", self._question.id, landing.source.name, exc_info=error)
        finally:
            overdue.cancel()
            if not landing.ended:
                landing.fetched(begun, self._loop.time())

    async def _consider(self, landing: Landing) -> None:
        """Let models read what the source said; whatever comes of it, the source has delivered."""
        until = self._question.deadline - GRACE
        try:
            note = await self._readers.read(self._question, landing, asked=self._asked, until=until)
        except asyncio.CancelledError:
            self._finish(landing)
            raise
        self._notes += [note] if note else []

    def _overdue(self, landing: Landing) -> None:
        """End a source that did not stop at its timeout; its task is left to the end of the run."""
        landing.fetched(self._asked, self._loop.time())
        landing.withdraw(STUCK)
        self._finish(landing)
        if all(each.ended for each in self._landings):
            self.close("cancelled")

    async def _read(self, landing: Landing) -> None:
        stream = landing.source.fetch(self._question)
        try:
            async for item in stream:
                self._land(landing, item)
                if len(landing.documents) % MOST_JOBS == 0:
                    await asyncio.sleep(0)  # a source that never waits must not hold up the others
                while len(landing.jobs) >= MOST_JOBS:
                    await asyncio.wait(landing.jobs, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if (aclose := getattr(stream, "aclose", None)) is not None:
                await aclose()

    def _land(self, landing: Landing, item: Item) -> None:
        if landing.ended:
            raise asyncio.CancelledError
        match item:
            case Document():
                if len(landing.documents) == MOST_DOCUMENTS:
                    raise SourceError(f"More than {MOST_DOCUMENTS} documents; fanin stopped reading.", "too_many")
                self._process(landing, landing.arrive(item))
            case Notice(kind="cached"):
                landing.from_cache(item)
            case Notice(kind="waited"):
                landing.waiting += item.after
            case Notice(kind="nothing"):
                landing.nothing = item.message
            case Notice(kind="hedged"):
                landing.hedges += 1
            case Notice(kind="retrying"):
                landing.attempts = item.attempt
                landing.waiting += item.after
                self._tell(Retrying(self._at(), landing.source.name, item.attempt, item.after, item.message))
            case _:
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
            job = self._pool.submit(
                work,
                question.text,
                part,
                deadline=question.deadline,
                group=landing.source.name,
                size=len(part.text),
            )
            if job.done():
                self._processed(landing, part, submitted, job)
            else:
                landing.jobs.add(job)
                job.add_done_callback(partial(self._processed, landing, part, submitted))

    def _processed(self, landing: Landing, part: Document, submitted: float, job: asyncio.Future[Done]) -> None:
        landing.jobs.discard(job)
        if not landing.ended and not job.cancelled():
            whole = landing.processed(part, job.result(), submitted=submitted)
            if whole and self._told:
                self._tell(Processed(self._at(), landing.source.name, *landing.work_on(part.number)))
        if not landing.jobs and landing.idle is not None and not landing.idle.done():
            landing.idle.set_result(None)

    def _finish(self, landing: Landing) -> None:
        if self._over or landing.ended:
            return
        landing.ended = True
        if self._told or landing.end is not OK:
            self._tell(Finished(self._at(), landing.source.name, landing.outcome()))
        if self._reason is None:
            # Sources that were told to stop end in no particular order: the answer itself tells of them.
            self._revise(landing)

    def _revise(self, landing: Landing) -> None:
        """Tell what is known now that a source has landed, and stop if that is enough."""
        revised = self._revised() if self._queue is not None or callable(self._enough) else None
        if revised is not None and landing.documents:
            self._tell(Revised(self._at(), revised))
        if self._is_enough(revised):
            self.close("enough")

    def _revised(self) -> Answer:
        self._revision += 1
        return self._compose(revision=self._revision)

    def _is_enough(self, revised: Answer | None) -> bool:
        if isinstance(self._enough, int):
            return (
                sum(each.ended and len(each.documents) > len(each.dropped) for each in self._landings) >= self._enough
            )
        if self._enough is None or revised is None:
            return False
        try:
            return bool(self._enough(revised))
        except Exception as error:  # noqa: BLE001 - a caller's rule that fails must not cost the answer
            self._enough = None
            self._notes.append(f"enough: it raised {describe(error)}; fanin waited for every source.")
            logger.warning("%s %s", self._question.id, self._notes[-1])
            return False

    # The end.

    def _end(self, _: object = None) -> None:
        self._over = True
        if not self._ended.done():
            self._ended.set_result(None)

    async def _leave(self) -> None:
        if not self.task.done():
            self._ended = self._loop.create_future()
            self.close("cancelled")
            await self._ended

    def _answer(self) -> Answer:
        if self.task.done() and not self.task.cancelled() and (error := self.task.exception()) is not None:
            raise error
        for landing in self._landings:
            if not landing.ended:
                landing.withdraw(STUCK)
                landing.ended = True
        return self._compose()

    async def _written(self, answer: Answer, writer: Writer) -> Answer:
        """The answer in a model's words, or as it is and why, by the deadline."""
        task = self._writing = self._loop.create_task(
            writer.write(
                self._question.text,
                answer.passages,
                numbers=self._numbers,
                until=self._deadline - GRACE,
                tell=self._tell_of_writing,
            )
        )
        begun = self._at()
        try:
            await asyncio.wait((task,), timeout=self._deadline - GRACE / 2 - self._loop.time())
        finally:
            if task.cancel():
                await asyncio.wait((task,), timeout=GRACE / 4)
        self._over_writing = True
        written = task.result() if task.done() and not task.cancelled() else abandoned(writer, self._at() - begun)
        return rewritten(answer, written, ended=self._at())

    def _tell_of_writing(self, model: str, text: str) -> None:
        if not self._over_writing:
            self._tell(Wrote(self._at(), model, text))

    def _compose(self, *, revision: int = 0) -> Answer:
        return compose(
            self._question,
            self._landings,
            skipped=self._skipped,
            clock=self._loop.time,
            cores=self._cores,
            now=self._now,
            numbers=self._numbers,
            notes=self._notes,
            revision=revision,
        )

    def _at(self) -> float:
        return self._loop.time() - self._asked

    def _tell(self, event: Event) -> None:
        log(event, self._question.id)
        if self._queue is not None:
            self._queue.put_nowait(event)
