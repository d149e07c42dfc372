"""A batch from its first row to its last one: read, ask, keep, ask again what was set aside, write."""

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, Protocol

from pydantic import TypeAdapter

from fanin.arguments import suggest
from fanin.background import DaemonThreads
from fanin.batch.adaptive_limit import AdaptiveLimit
from fanin.batch.answer_values import ADDED, answer_values
from fanin.batch.batch_journal import BatchJournal, Written, line_of
from fanin.batch.batch_statistics import BatchStatistics
from fanin.batch.in_flight import in_flight
from fanin.batch.input_rows import InputRows, Row
from fanin.batch.question_template import QuestionTemplate
from fanin.errors import ConfigError, FaninError, describe
from fanin.model import Answer, Status
from fanin.streams.event_json import plain
from fanin.values import value

CHUNK = 200
"""Rows that are read from the input, and answers that are kept, in one go."""

KEEP_SECONDS = 0.5
"""Seconds after which answers are kept though they are fewer."""

TEMPORARY: Sequence[Status] = ("open_circuit", "rate_limited", "timeout", "shed")
"""Ends of a source after which the question is worth asking again at the end."""


_STATISTICS = TypeAdapter(BatchStatistics)


class Asks(Protocol):
    """What answers questions: an engine."""

    async def ask(self, question: str, *, deadline: float | None = None) -> Answer:
        """The answer to one question."""
        ...


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a batch is asked: `limit` is how many at a time, `most` rows are asked, `columns` are those to keep."""

    template: QuestionTemplate
    limit: AdaptiveLimit
    deadline: float | None = None
    most: int | None = None
    columns: Sequence[str] | None = None
    second_pass: bool = False


@value
class _Asked:
    """A row that is asked: its line and digest, what is kept of its values, and its question, or why it has none."""

    number: int
    digest: bytes
    values: Mapping[str, Any]
    question: str
    error: str


@value
class _Done:
    """What is written for a row, and its answer, if it has one, or why not."""

    written: Written
    answer: Answer | None
    error: str


@dataclass(slots=True)
class BatchRun:
    """One batch. `statistics` are up to date while `run` runs; `before` is how many rows were done before it."""

    rows: InputRows
    journal: BatchJournal
    options: BatchOptions
    statistics: BatchStatistics = field(default_factory=BatchStatistics)
    before: int = 0
    _thread: DaemonThreads = field(default_factory=partial(DaemonThreads, 1, name="fanin batch"))
    _read: int = 0
    _checked: bool = False
    _begun: float = 0.0

    def __post_init__(self) -> None:
        if kept := self.journal.statistics:
            self.statistics = replace(_STATISTICS.validate_json(kept), known=0)
            self.before = self.statistics.done

    async def run(self, engine: Asks) -> None:
        """Ask every row that the journal does not know. Raises ConfigError, and sqlite3.Error of the journal.

        What was answered before an error or a cancellation is kept.
        """
        self._begun = asyncio.get_running_loop().time() - self.statistics.seconds
        try:
            await self._pass(engine, self._new_rows(), set_aside=self.options.second_pass)
            if not self._read:
                raise ConfigError(f"{self.rows.name} has no rows; fanin asked nothing. Write a question on each line.")
            if self.options.second_pass:
                await self._pass(engine, self._rows_set_aside(), set_aside=False)
        finally:
            self._thread.shutdown()

    def left(self) -> float | None:
        """About how many rows have to be done yet; None where nobody knows."""
        share = self.rows.share
        if share is None:
            return None
        total = self._read / share if share else math.inf
        total = total if self.options.most is None else min(total, self.options.most)
        return max(0.0, total - self.statistics.done) if math.isfinite(total) else None

    async def _pass(self, engine: Asks, rows: AsyncGenerator[_Asked], *, set_aside: bool) -> None:
        clock, kept, writing = asyncio.get_running_loop().time, list[Written](), None
        work, due = partial(self._answered, engine, set_aside=set_aside), clock() + KEEP_SECONDS
        try:
            async with aclosing(in_flight(work, rows, limit=self.options.limit, ordered=False)) as results:
                async for each in results:
                    self._count(each)
                    kept.append(each.written)
                    if len(kept) >= CHUNK or clock() >= due:
                        if writing is not None:
                            await writing  # its errors end the batch
                        writing = self._kept(kept)
                        kept.clear()
                        due = clock() + KEEP_SECONDS
        finally:
            # Also when it was cancelled; after what the thread does now.
            ends = await asyncio.shield(
                asyncio.gather(*filter(None, (writing, self._kept(kept))), return_exceptions=True)
            )
            for error in ends:
                if isinstance(error, Exception):
                    raise error

    def _kept(self, rows: Sequence[Written]) -> asyncio.Future[None]:
        """Begin to keep rows, with the statistics of all that were kept until then."""
        self.statistics.seconds = asyncio.get_running_loop().time() - self._begun
        statistics = _STATISTICS.dump_json(self.statistics).decode()
        return asyncio.ensure_future(self._in_thread(partial(self.journal.write, tuple(rows), statistics)))

    async def _answered(self, engine: Asks, asked: _Asked, *, set_aside: bool) -> _Done:
        error, answer = asked.error, None
        if not error:
            try:
                with self.options.limit.measured():
                    answer = await engine.ask(asked.question, deadline=self.options.deadline)
            except FaninError as failure:
                error = describe(failure)
        wait = set_aside and answer is not None and _is_worth_repeating(answer)
        line = line_of({**plain(asked.values), **answer_values(answer, error)})
        return _Done(Written(asked.number, asked.digest, line, asked.question if wait else ""), answer, error)

    def _count(self, done: _Done) -> None:
        if done.answer is None:
            self.statistics.fail(done.error)
        else:
            self.statistics.see(done.written.number, done.answer, set_aside=bool(done.written.set_aside))

    async def _new_rows(self) -> AsyncGenerator[_Asked]:
        """The rows of the input that the journal does not know."""
        rows = islice(iter(self.rows), self.options.most)
        while chunk := await self._in_thread(partial(self._chunk, rows)):
            for row in filter(None, chunk):
                yield self._asked(row)

    def _chunk(self, rows: Iterator[Row]) -> Sequence[Row | None]:
        """The next rows, None for each that is known."""
        read = list(islice(rows, CHUNK))
        if not read:
            return ()
        self._read += len(read)
        self._check(read)
        known = self.journal.known([each.number for each in read])
        if changed := [each.number for each in read if known.get(each.number, each.digest) != each.digest]:
            raise ConfigError(
                f"{self.rows.place(changed[0])} of {self.rows.name} changed since this batch began; fanin stopped. Undo"
                f" that to go on with --resume, or delete {self.journal.path} to begin anew."
            )
        self.statistics.known += len(known)
        return [None if each.number in known else each for each in read]

    def _check(self, rows: Sequence[Row]) -> None:
        """Raise ConfigError when the first row shows that the whole batch would be a mistake."""
        first = None if self._checked else next((each.values for each in rows if not each.error), None)
        if first is None:
            return
        self._checked = True
        named = [*self.options.template.columns, *(self.options.columns or ())]
        if missing := [name for name in named if name not in first]:
            known = suggest(missing[0], list(first))
            raise ConfigError(f"{self.rows.name} has no column {missing[0]!r}; fanin asked nothing. {known}")
        if taken := [name for name in ADDED if name in (self.options.columns or first)]:
            raise ConfigError(
                f"{self.rows.name} has a column {taken[0]!r}, and so has the output; fanin asked nothing. Rename it, or"
                " name the columns to keep with --columns."
            )

    def _asked(self, row: Row) -> _Asked:
        error, question, columns = row.error, "", self.options.columns
        if not error:
            try:
                question = self.options.template.question(row.values)
            except ValueError as failure:
                error = str(failure)
        values = row.values if columns is None else {name: row.values.get(name) for name in columns}
        return _Asked(
            row.number, row.digest, values, question, f"{self.rows.place(row.number)}: {error}" if error else ""
        )

    async def _rows_set_aside(self) -> AsyncGenerator[_Asked]:
        """Those that were set aside, once all others are answered."""
        rows = self.journal.written(only_set_aside=True)
        while chunk := await self._in_thread(lambda: list(islice(rows, CHUNK))):
            for each in chunk:
                values = {name: value for name, value in json.loads(each.line).items() if name not in ADDED}
                yield _Asked(each.number, each.digest, values, each.set_aside, "")

    async def _in_thread[T](self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _is_worth_repeating(answer: Answer) -> bool:
    return any(each.status in TEMPORARY for each in answer.sources.values())
