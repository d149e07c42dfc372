"""Writes an answer with the first model that can, within the time that is left."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from fanin.answer.draft import Statement
from fanin.errors import describe
from fanin.limits import LIMITS
from fanin.loop_time import TimeSlice
from fanin.model import Passage, Writing, WritingStatus
from fanin.writing.citation_check import readings
from fanin.writing.models import Model, ModelError, Usage
from fanin.writing.prompt import WRITE, NumberedPassage, prompt, select_passages

SHARE = 0.4
"""The part of a question's deadline that is kept for writing: of the lesson's 15 s, 6 for a model and 9 to fetch in,
which leaves a source its 5 s. What the sources do not use is the model's as well."""

LEAST = 0.2
"""Seconds below which no model is asked: none has written a sentence in so short a time."""

BACKOFF = 0.5
"""Seconds before the only model is asked again when it did not say how long to wait."""

SILENT = "The sources do not say"


@dataclass(frozen=True, slots=True)
class Written:
    """The supported statements of a model's text; if there are none, `writing` says why."""

    writing: Writing
    statements: tuple[Statement, ...] = ()


type Report = Callable[[str, Sequence[Statement]], None]
"""Called with the model's name and the statements so far for each supported sentence, as it arrives."""


def abandoned(writer: Writer, seconds: float) -> Written:
    """The result of a writing that was stopped from outside, or did not stop in time."""
    message = "It was stopped before it was ready; fanin kept the sentences of the sources."
    return Written(Writing(writer.models[0].name, "late", message, seconds))


class Writer:
    """Writes at most `most` characters with the first of its models that works; the others are fallbacks."""

    def __init__(self, models: Sequence[Model], *, most: int = LIMITS.written_characters) -> None:
        self._most = most
        self.models = tuple(models)

    async def write(
        self, question: str, passages: Sequence[Passage], *, numbers: dict[str, int], until: float, report: Report
    ) -> Written:
        """A text from the passages by `until` (loop time). It never raises for what a model does."""
        loop = asyncio.get_running_loop()
        begun, given = loop.time(), select_passages(passages, numbers)
        if not given:
            return Written(Writing(self.models[0].name, "skipped", "There was nothing to write from."))
        last, used = Written(Writing(self.models[0].name, "skipped", "No time was left for writing.")), Usage()
        for place, each in enumerate(self.models, 1):
            left = until - loop.time()
            if left < LEAST:
                break
            task = _Task(each, question, given, report, only=place == len(self.models), used=used, most=self._most)
            last = await task.run(loop.time() + left / (len(self.models) - place + 1), begun=begun)
            used = task.used
            if last.statements or last.writing.status == "silent":
                break
        return last


class _Task:
    """The attempt of one model at one text; `used` is the usage of all attempts so far."""

    def __init__(
        self,
        model: Model,
        question: str,
        given: Sequence[NumberedPassage],
        report: Report,
        *,
        only: bool,
        used: Usage,
        most: int,
    ) -> None:
        self._model = model
        self._question = question
        self._given = given
        self._report = report
        self._only = only
        self._most = most
        self._text = ""
        self._read_to = 0
        self._statements: list[Statement] = []
        self._dropped = 0
        self.used = used

    async def run(self, until: float, *, begun: float) -> Written:
        """The supported text by `until` (loop time); `begun` is when the writing began."""
        try:
            async with asyncio.timeout_at(until):
                status, message = await self._ask(until)
        except TimeoutError:
            status, message = "late", f"{self._model.name} was not ready in time; fanin kept the sources' sentences."
        except ModelError as error:
            status, message = error.kind, describe(error)
        except Exception as error:  # noqa: BLE001 - whatever a model's client does, the answer stands without it
            what = f"{self._model.name}: {describe(error)}"
            status, message = "failed", f"{what}; fanin kept the sentences of the sources."
        seconds = asyncio.get_running_loop().time() - begun
        used = self.used
        writing = Writing(
            self._model.name, status, message, seconds, used.input_tokens, used.output_tokens, used.cost, self._dropped
        )
        if status != "written":
            return Written(writing)
        return Written(writing, tuple(self._statements))

    async def _ask(self, until: float) -> tuple[WritingStatus, str]:
        """Ask, and a second time if that may help and there is no other model."""
        try:
            return await self._read()
        except ModelError as error:
            wait = next_wait(error, only=self._only, left=until - asyncio.get_running_loop().time())
            if wait is None or self._statements:
                raise
            await asyncio.sleep(wait)
        return await self._read()

    async def _read(self) -> tuple[WritingStatus, str]:
        self._text, self._read_to = "", 0
        async with aclosing(self._model.stream(WRITE, prompt(self._question, self._given))) as stream:
            async for piece in stream:
                if isinstance(piece, Usage):
                    self.used += piece
                    continue
                self._text += piece[: self._most - len(self._text)]
                if len(self._text) == self._most:
                    break
                await self._take(whole=False)
        await self._take(whole=True)
        if self._statements:
            return "written", ""
        if SILENT.lower() in self._text.lower():
            return "silent", f"{self._model.name} found that the sources do not say."
        return "unsupported", f"Nothing that {self._model.name} wrote stands in what it cites; fanin left it out."

    async def _take(self, *, whole: bool) -> None:
        before = self._statements[-1].text if self._statements else ""
        found, working = len(self._statements), TimeSlice()
        for reading in readings(self._text, self._given, start=self._read_to, whole=whole, before=before):
            self._read_to = reading.end
            self._dropped += reading.dropped
            self._statements += reading.statements
            await working.checkpoint()
        if len(self._statements) > found:
            self._report(self._model.name, self._statements)


def next_wait(error: ModelError, *, only: bool, left: float) -> float | None:
    """Seconds before the same model is asked again; None if there is another one, it is no use, or no time is left.

    At least half of the time that is left is kept for the second attempt.
    """
    if not only or not error.transient:
        return None
    wait = BACKOFF if error.retry_after is None else max(0.0, error.retry_after)
    return wait if wait <= left / 2 else None
