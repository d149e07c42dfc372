"""What sources deliver, on its way: it is fetched, recorded, and its documents are processed as they arrive."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from fanin.events import Event
from fanin.limits import Limits
from fanin.log import is_warning, logger
from fanin.model import Document, Processor, Question
from fanin.pools.pool import Done
from fanin.run.placement import Placement
from fanin.run.source.source_end import End
from fanin.run.source.source_input import FetchEnded, Input, PartDone, Stopped, WorkStarted
from fanin.run.source.source_tasks import SourceTask, SourceTasks


class SourceDelivery:
    """Fetches the sources of one run; what arrives goes to their records, and to workers.

    `question` is what documents are processed for. `emit` takes the events: all of them if `emits_all`, else those that
    the log has as warnings.
    """

    def __init__(
        self,
        question: Question,
        tasks: SourceTasks,
        *,
        processor: Processor,
        placement: Placement,
        limits: Limits,
        emit: Callable[[Event], None],
        emits_all: bool,
    ) -> None:
        self.question = question
        self._loop = asyncio.get_running_loop()
        self._tasks = tasks
        self._processor = processor
        self._placement = placement
        self._limits = limits
        self._emit = emit
        self._emits_all = emits_all

    async def fetch(self, source: SourceTask) -> None:
        """Ask the source, and take what it gives until it ends, fails or its timeout is over."""
        began = self._tasks.limit(source)
        task = source.fetching = asyncio.current_task()
        late, failure = False, None
        try:
            try:
                for each in source.questions or (self.question,):
                    await self._read(source, each)
            finally:
                source.fetching = None
                # When nobody else told it to stop, it was for its timeout: that is an outcome, and the task goes on.
                late = source.late and task is not None and not task.uncancel()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError) and not late:
                raise
            failure = TimeoutError() if isinstance(error, asyncio.CancelledError) else error
            logger.debug("%s %s failed", self.question.id, source.run.source.name, exc_info=error)
        finally:
            self.receive(source, FetchEnded(began, failure))

    async def _read(self, source: SourceTask, question: Question) -> None:
        run, jobs, most = source.run, source.jobs, self._limits.jobs
        stream = run.source.fetch(question)
        try:
            async for item in stream:
                if run.ended:
                    raise asyncio.CancelledError
                self.receive(source, item)
                if run.unsubmitted:
                    self._process(source)
                if not len(run.documents) % most and isinstance(item, Document):
                    await asyncio.sleep(0)  # a source that never waits must not hold up the others
                if len(jobs) >= most:
                    await source.wait_for_job(most)
                if getattr(stream, "over", False):
                    return
        finally:
            if not getattr(stream, "over", False) and (aclose := getattr(stream, "aclose", None)) is not None:
                await aclose()

    def receive(self, source: SourceTask, item: Input, now: float | None = None) -> None:
        """Pass what arrived, at the instant `now` if that is not this one, to the source's record; emit its events."""
        for event in source.run.receive(item, self._loop.time() if now is None else now):
            if self._emits_all or is_warning(event):
                self._emit(event)

    def stop(self, source: SourceTask, end: End) -> None:
        """Withdraw what workers do for the source, and record that it was stopped."""
        source.withdraw_jobs()
        self.receive(source, Stopped(end))

    def _process(self, source: SourceTask) -> None:
        """Submit the parts of documents that have arrived."""
        now, question = self._loop.time(), self.question
        for part in source.run.take_parts():
            job = self._placement.submit(
                self._processor.work,
                source.run.corrected or question.text,
                part,
                deadline=question.deadline,
                on_start=partial(self._work_started, source, part.number) if self._emits_all else None,
            )
            if isinstance(job, Done):
                self._part_done(source, part, now, job)
            elif job.done():
                self._part_done(source, part, now, job.result())
            else:
                source.jobs.add(job)
                job.add_done_callback(partial(self._job_over, source, part, now))

    def _work_started(self, source: SourceTask, document: int, worker: str) -> None:
        self.receive(source, WorkStarted(document, worker))

    def _job_over(self, source: SourceTask, part: Document, submitted: float, job: asyncio.Future[Done]) -> None:
        source.left(job)
        if not job.cancelled():
            self._part_done(source, part, submitted, job.result())

    def _part_done(self, source: SourceTask, part: Document, submitted: float, done: Done) -> None:
        now = self._loop.time()
        offset = now - time.monotonic()  # the loop's clock may be another one, as a jumping one
        self.receive(source, PartDone(part, done, submitted, offset), now)
