"""The engine: it owns sources and workers, and answers questions until it is closed."""

import asyncio
import itertools
import os
import secrets
import time
from collections import Counter
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from concurrent.futures import Executor
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from warnings import warn

from fanin import lazy
from fanin.arguments import check_callable, check_list, instance, question_text, suggest
from fanin.batch.adaptive_limit import AdaptiveLimit
from fanin.batch.arrow.arrow_library import ArrowTable
from fanin.batch.in_flight import in_flight
from fanin.durations import Duration, positive, shown, whole
from fanin.embeddings.similarity import wanted
from fanin.engine_arguments import NOTHING, checked_processor, checked_rounds, checked_turns, sources_by_name
from fanin.errors import ConfigError, EngineClosed, UnknownSource, describe
from fanin.events import Answered, Event
from fanin.limits import LIMITS, Limits
from fanin.log import logger
from fanin.model import Answer, Document, Outcome, Policy, Processor, Question, Turn
from fanin.plan.plan import Plan
from fanin.plan.planned_question import PlannedQuestion
from fanin.plan.source_choice import choose as choose_sources
from fanin.policies.stack import Stacks
from fanin.pools.pool import Pool
from fanin.pools.pool_choice import NAMES, choose, wait_until_ready
from fanin.run.blocking_calls import BlockingCalls, watched
from fanin.run.build_answer import COMPLETE
from fanin.run.enrichment import Enrichment
from fanin.run.placement import Placement
from fanin.run.run import Run
from fanin.run.sufficiency import Enough, checked, needed
from fanin.sources.source import Item, Source, SourceFunction
from fanin.storage import Store, named_store
from fanin.telemetry import question_trace, traced, tracer
from fanin.writing.models import Model

RESERVE = 0.15
"""Seconds of the deadline kept for the answer; a tenth of it when it is short, more when a model is to write it."""

GRACE, CLOSING = 0.1, 0.4
"""Seconds that closing an engine waits for questions to end, and then for workers and sources."""


class Engine:
    """Asks sources, processes what they say on every core, and answers on time.

    Use it as an async context manager, in one event loop. Durations are seconds, or texts with a unit such as "3s".

    - `sources`: fanin sources or plain functions, each with a name of its own.
    - `deadline`: the time for a whole question.
    - `process`: a function `(question: str, document: Document) -> JSON-able value` that can be imported by name, or a
      `Processor`. The default ranks passages.
    - `pool`: "interpreters", "threads", "processes", "inline", or any executor. Without it: interpreters, or what the
      process function needs instead.
    - `workers`: how many there are; one for each core without it.
    - `enough`: when to end a question early: a number of sources (int), a share of them (float, 0 to 1), or a function
      that gets the answer so far and returns a bool.
    - `rounds`: 2 if sources that search are asked once more, with other words, for what a first round lacks and while
      there is time; 1 if not.
    - `writer`: the language model that writes the answer, "SERVICE:NAME"; of a list, each is the fallback of the one
      before it. `writers`: others by name, which a question may have in its place. `process_model`: the one that says
      what each source says. All need the extra fanin[llm].
    - `policy`: for every source without a policy of its own.
    - `store`: a path or the address of a Redis; keeps answers and health of sources beyond this process. `store_key`: a
      secret that machines with a common store share; without it, fanin makes one for this user.
    - `semantic`: whether passages are also ranked by meaning. None: if the extra fanin[semantic] is installed, and
      processing and workers are fanin's own.
    - `limits`: how much is taken of sources and models; sources and networks that you make take theirs by themselves.
    - `now`: gives the time of day with its zone, which says what "today" is; the machine's own if none is given.

    Raises ConfigError for arguments that make no sense, PoolError for a named pool that cannot run `process`.
    """

    def __init__(
        self,
        sources: Sequence[Source | SourceFunction],
        *,
        deadline: Duration = 15.0,
        process: Callable[[str, Document], Any] | Processor | None = None,
        pool: str | Executor | Pool | None = None,
        workers: int | None = None,
        enough: float | Enough | None = None,
        rounds: int = 2,
        writer: str | Model | Sequence[str | Model] | None = None,
        writers: Mapping[str, str | Model | Sequence[str | Model]] | None = None,
        process_model: str | Model | None = None,
        policy: Policy | None = None,
        store: Store | str | Path | None = None,
        store_key: str | None = None,
        semantic: bool | None = None,
        limits: Limits = LIMITS,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self.sources = sources_by_name(sources)
        self._deadline = positive("deadline", deadline)
        self._processor = checked_processor(process, pool)
        if workers is not None:
            whole("workers", workers, least=1)
        check_callable(
            "now", now, "a function without arguments that gives the time, such as one with datetime.now(UTC)"
        )
        self._stacks = Stacks(
            list(self.sources.values()),
            policy=instance("policy", policy or Policy(), Policy, "Give one, such as fanin.Policy(retries=2)."),
            store=named_store(store, limits),
            store_key=store_key,
            wall=lambda: now().timestamp(),
            limits=instance("limits", limits, Limits, "Give some, such as fanin.Limits(documents=100)."),
        )
        self._limits = limits
        self._pool_choice = pool
        meant = wanted(semantic, own=process is None, pool=pool)
        self._enrichment = Enrichment(
            writer=writer, inferring=process_model, semantic=meant, writers=writers, limits=limits
        )
        self._workers = workers
        self._enough = checked(enough)
        self._rounds = checked_rounds(rounds)
        self._seeks = rounds > 1 and any(each.searches for each in self.sources.values())
        self._now = now
        self._own = process is None
        self._asked_sources = {name: watched(each) for name, each in self._stacks.sources.items()}
        self._blocking = BlockingCalls()
        self._placement: Placement | None = None
        self._runs: dict[Run, str] = {}
        self._stuck: Counter[str] = Counter()
        self._cores = os.process_cpu_count() or 1
        self._id = secrets.token_hex(3)
        self._count = itertools.count(1)
        self._asked = 0

    async def __aenter__(self) -> Self:
        await self._stacks.restore()
        await self._enrichment.open(workers=self._workers)
        pool = choose(self._pool_choice, workers=self._workers, work=self._processor.work)
        # Work that is given to a pool or an executor of the user's own is done there.
        cheap = self._own and (self._pool_choice is None or self._pool_choice in NAMES)
        self._placement = Placement(pool, cheap=cheap)
        if isinstance(self._pool_choice, str):
            await wait_until_ready(pool)
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def ask(
        self,
        question: str,
        *,
        deadline: Duration | None = None,
        sources: Sequence[str] | None = None,
        fresh: bool = False,
        user: str = "",
        history: Sequence[Turn] = (),
        writer: str | None = None,
    ) -> Answer:
        """The answer to one question within `deadline` (3.0 or "3s"), from the named sources, or else all that fit.

        A source with topics fits when the question is about one of them. A `fresh` question passes caches by. `user` is
        who asks: no answer that a cache holds is given to another one. `history` are the questions and answers before
        it: "and tomorrow?" is completed from the last one, and `Answer.asked_as` says to what. `writer` is one of
        `Engine.writers`.
        Failures of sources are outcomes in the answer. Raises UnknownSource, ConfigError for a senseless deadline or
        an empty question, and EngineClosed outside of `async with`.
        """
        began = time.time_ns()
        run = self._run(
            question, deadline=deadline, sources=sources, fresh=fresh, user=user, history=history, writer=writer
        )
        trace, answer = question_trace(question, began=began), None
        try:
            answer = await (run.answer() if trace is None else trace.around(run.answer()))
            return self._blocking.add_to_answer(answer)
        finally:
            self._forget(run)
            if trace is not None:
                trace.end(answer)

    async def stream(
        self,
        question: str,
        *,
        deadline: Duration | None = None,
        sources: Sequence[str] | None = None,
        fresh: bool = False,
        user: str = "",
        history: Sequence[Turn] = (),
        writer: str | None = None,
    ) -> AsyncGenerator[Event]:
        """The events of one question as they happen, the last being Answered; arguments and errors as for `ask`."""
        began = time.time_ns()
        run = self._run(
            question, deadline=deadline, sources=sources, fresh=fresh, user=user, history=history, writer=writer
        )
        trace, answer = question_trace(question, began=began), None
        events = run.events(None if trace is None else trace.context())
        try:
            async for event in events:
                if isinstance(event, Answered):
                    answer = self._blocking.add_to_answer(event.answer)
                    yield replace(event, answer=answer)
                else:
                    yield event
        finally:
            await events.aclose()
            self._forget(run)
            if trace is not None:
                trace.end(answer)

    @property
    def writers(self) -> Sequence[str]:
        """The names of what can write an answer: "extractive", which needs no model, each model, and named ones."""
        return list(self._enrichment.writers)

    async def batch(
        self,
        questions: Iterable[str] | AsyncIterable[str],
        *,
        concurrency: int | None = None,
        ordered: bool = True,
        deadline: Duration | None = None,
        sources: Sequence[str] | None = None,
        fresh: bool = False,
        user: str = "",
        writer: str | None = None,
    ) -> AsyncGenerator[Answer]:
        """The answers to many questions, in their order, or else each as soon as it is there.

        So many are asked at a time as `concurrency` says; by default, as many as do not make each other slower. A
        question is read from `questions` when it can be asked, and none is asked ahead of who takes the answers, so
        that memory does not grow with their number. The other arguments, and the errors, are those of `ask`.
        """
        limit = _limit(concurrency)

        async def ask(question: str) -> Answer:
            with limit.measured():
                return await self.ask(
                    question, deadline=deadline, sources=sources, fresh=fresh, user=user, writer=writer
                )

        async with aclosing(in_flight(ask, questions, limit=limit, ordered=ordered)) as answers:
            async for answer in answers:
                yield answer

    async def batch_table(
        self,
        table: ArrowTable,
        *,
        question: str = "question",
        concurrency: int | None = None,
        deadline: Duration | None = None,
        sources: Sequence[str] | None = None,
        fresh: bool = False,
        user: str = "",
        writer: str | None = None,
    ) -> Any:
        """The rows of a table with their answers: a pyarrow.Table, which Polars, pandas and others take.

        `table` is a dataframe of any library with the Arrow C stream interface, such as Polars or pandas. `question` is
        the column to ask, or a text with several: "{company} news". Behind the columns of the table come answer,
        success, citations, outcomes, execution_time (seconds) and error, as in the output of `fanin batch`. The other
        arguments are those of `batch`. Raises ConfigError, also without the extra fanin[arrow].
        """
        ask = partial(self.ask, deadline=deadline, sources=sources, fresh=fresh, user=user, writer=writer)
        return await lazy.arrow_tables.answered(table, ask, question, _limit(concurrency))

    def statistics(self) -> dict[str, Any]:
        """Counts since the start: questions asked, running now, calls that are stuck; the pool's, and each source's."""
        return {
            "asked": self._asked,
            "running": len(self._runs),
            "stuck": self._stuck.total(),
            "pool": self._placement.statistics() if self._placement else {},
            "sources": self._stacks.snapshot(),
        }

    def fresh_for(self, answer: Answer) -> float:
        """Seconds for which no source would be called for the same question, as each one's answer is in its cache.

        0 for an answer that is not complete, or that a model was to write and did not.
        """
        if answer.writing is not None and answer.writing.status != "written":
            return 0.0
        asked = [each for each in answer.sources.values() if each.status != "skipped"]
        if not asked or any(each.status not in COMPLETE for each in asked):
            return 0.0
        left = min([self._stacks.fresh_seconds(each.source) - each.age for each in asked])
        return max(0.0, left - answer.execution_time)

    def reset(self, source: str) -> None:
        """Close the breaker of a source, and end the pause that it asked for: the next question asks it.

        Raises UnknownSource.
        """
        self._known([source])
        self._stacks.reset(source)

    def finish(self, question: str = "") -> None:
        """Answer the question of this id, or else every one that is running, with what has arrived.

        It is as if the deadline had come. The id is that of `Planned.question` and of `Answer.question_id`.
        """
        for run, asked in tuple(self._runs.items()):
            if asked == question or not question:
                run.close("finished")

    async def close(self) -> None:
        """Withdraw every running question, then end workers and sources, within half a second; safe to call twice."""
        placement, self._placement = self._placement, None
        for run in tuple(self._runs):
            run.close("cancelled")
        running = [task for run in self._runs for task in run.tasks]
        if running:
            await asyncio.wait(running, timeout=GRACE)
        self._blocking.close()
        if placement is not None:
            sources = [source.close() for source in self.sources.values() if source.close is not None]
            await _side_by_side(placement.close(), self._stacks.keep(), self._enrichment.close(), *sources)

    def _run(
        self,
        question: str,
        *,
        deadline: Duration | None,
        sources: Sequence[str] | None,
        fresh: bool,
        user: str,
        history: Sequence[Turn],
        writer: str | None,
    ) -> Run:
        if self._placement is None:
            raise EngineClosed("The engine is not open; fanin asked nothing. Use `async with fanin.Engine(...)`.")
        question_text(question)
        seconds = self._deadline if deadline is None else positive("deadline", deadline, did=NOTHING)
        now = asyncio.get_running_loop().time()
        end = now + seconds
        enrichment = self._enrichment if writer is None else self._enrichment.written_by(self._known_writer(writer))
        kept = enrichment.share * seconds if enrichment.writer else min(RESERVE, seconds / 10)
        day = self._now()
        asked = PlannedQuestion(question, f"{self._id}-{next(self._count)}", end - kept, fresh, user, day)
        if history:
            asked = lazy.standalone.standalone(asked, checked_turns(history))
        planned, skipped = self._choose(asked.text, sources)
        planned = planned if tracer() is None else [*map(_traced, planned)]
        self._asked += 1
        given = question if asked.text != question else ""
        run = Run(
            Plan(asked, planned, now, end, self._cores, skipped, given),
            processor=self._processor,
            placement=self._placement,
            enough=needed(self._enough, len(planned)),
            shed=[name for name, count in self._stuck.items() if count >= self._limits.stuck_calls],
            enrichment=enrichment,
            limits=self._limits,
            p95=self._stacks.p95 if self._seeks or (history and self._rounds > 1) else None,
            planner=enrichment.planner(question, history, planned) if self._rounds > 1 else None,
        )
        self._runs[run] = asked.id
        self._blocking.begin()
        return run

    def _choose(self, question: str, names: Sequence[str] | None) -> tuple[list[Source], Sequence[Outcome]]:
        """The sources to ask: those named whatever their topics, else those that fit; outcomes of the others."""
        if names is None:
            return choose_sources(question, list(self._asked_sources.values()))
        known = self._known(check_list("sources", names, did=NOTHING))
        return [self._asked_sources[name] for name in dict.fromkeys(known)], ()

    def _known(self, names: list[str]) -> list[str]:
        for name in names:
            if name not in self.sources:
                raise UnknownSource(
                    f"There is no source {shown(name)}; {NOTHING}. {suggest(str(name), list(self.sources))}"
                )
        return names

    def _known_writer(self, name: str) -> str:
        if str(name) not in self._enrichment.writers:
            raise ConfigError(f"There is no writer {shown(name)}; {NOTHING}. {suggest(str(name), self.writers)}")
        return name

    def _forget(self, run: Run) -> None:
        self._blocking.end(self._runs.pop(run))
        for task, name in run.left_behind:
            self._stuck[name] += 1
            task.add_done_callback(lambda _, name=name: self._stuck.subtract((name,)))


def _limit(concurrency: int | None) -> AdaptiveLimit:
    if concurrency is None:
        return AdaptiveLimit()
    return AdaptiveLimit(first=whole("concurrency", concurrency, least=1), fixed=True)


def __getattr__(name: str) -> object:
    if name not in ("Options", "ask"):
        raise AttributeError(f"module 'fanin.engine' has no attribute {name!r}")
    warn(f"fanin.engine.{name} is fanin.ask_once.{name} now; change the import.", DeprecationWarning, stacklevel=2)
    return getattr(import_module("fanin.ask_once"), name)


async def _side_by_side(*closing: Awaitable[None]) -> None:
    """Close all at the same time: one that fails, or waits long for a program to end, holds up no other."""
    tasks = [asyncio.ensure_future(each) for each in closing]
    _, late = await asyncio.wait(tasks, timeout=CLOSING)
    for task in late:
        task.cancel()
    for error in await asyncio.gather(*(task for task in tasks if task not in late), return_exceptions=True):
        if isinstance(error, Exception):
            logger.warning("something could not be closed: %s", describe(error))
    if late:
        logger.warning("%d things were not closed within %g s; fanin waits for them no longer", len(late), CLOSING)


def _traced(source: Source) -> Source:
    """The source, each answer of which is in a trace."""

    def fetch(question: Question) -> AsyncIterator[Item]:
        return traced(source.fetch(question), name=source.name, question=question.text)

    return replace(source, fetch=fetch)
