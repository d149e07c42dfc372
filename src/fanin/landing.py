"""What one source has delivered so far in one run: its documents, what became of them, and how it ended."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from fanin.errors import CircuitOpen, FaninError, RateLimited, SourceError, describe, message_of
from fanin.model import Document, Failure, Inference, Notice, Outcome, Processor, Status
from fanin.pools.pool import Done
from fanin.process import WITH_PIECES
from fanin.sources.source import Source
from fanin.timeline import Span


class Work(Protocol):
    """What a worker did: its name, from when to when (time.monotonic), and CPU seconds."""

    @property
    def worker(self) -> str: ...  # noqa: D102
    @property
    def started(self) -> float: ...  # noqa: D102
    @property
    def ended(self) -> float: ...  # noqa: D102
    @property
    def cpu(self) -> float: ...  # noqa: D102


type End = tuple[Status, str, str]
"""Status, kind and message of how a source ended."""

OK: End = ("ok", "", "")


class Landing:
    """The growing record of one source within a run; only the run's event loop touches it. Instants are loop time."""

    __slots__ = (
        "age",
        "asked",
        "attempts",
        "cached",
        "documents",
        "dropped",
        "end",
        "ended",
        "failures",
        "hedges",
        "idle",
        "inference",
        "jobs",
        "nothing",
        "parts",
        "pieces",
        "processor",
        "results",
        "source",
        "spans",
        "stale",
        "waiting",
    )

    def __init__(self, source: Source, processor: Processor, *, asked: float) -> None:
        self.source = source
        self.processor = processor
        self.asked = asked
        self.documents: list[Document] = []
        self.parts: dict[int, list[Done | None]] = {}
        self.pieces: list[tuple[int, dict[str, Any], Sequence[int]]] = []
        self.results: dict[int, Any] = {}
        self.inference: Inference | None = None
        self.jobs: set[asyncio.Future[Done]] = set()
        self.idle: asyncio.Future[None] | None = None
        self.spans: list[Span] = []
        self.dropped: list[Failure] = []
        self.failures: list[Failure] = []
        self.attempts = 1
        self.cached = False
        self.age = 0.0
        self.hedges = 0
        self.stale = ""
        self.nothing = ""
        self.waiting = 0.0
        self.end: End = OK
        self.ended = False

    def arrive(self, document: Document) -> Document:
        """The document with its source and number, counted; one without any text is dropped at once."""
        number = len(self.documents) + 1
        # Spelt out: `replace` takes three times as long, for each document of each question.
        document = Document(
            document.text,
            document.title,
            document.url,
            document.published,
            document.media_type,
            document.metadata,
            self.source.name,
            number,
        )
        self.documents.append(document)
        if not document.text or document.text.isspace():
            self.dropped.append(Failure("empty", f"Document {number} has no text; fanin left it out.", number))
        return document

    def leave_out(self, empty: Iterable[str]) -> None:
        """Drop the documents of this source, among those named, in which no text could be found."""
        for document in self.documents:
            known = any(failure.document == document.number for failure in self.dropped)
            if document.id in empty and not known:
                message = f"Document {document.number} has no readable text; fanin left it out."
                self.dropped.append(Failure("empty", message, document.number))

    def from_cache(self, notice: Notice) -> None:
        """What follows was given `after` seconds ago; a message says why nothing newer could be had."""
        self.cached, self.age = True, notice.after
        if notice.message:
            self.stale = f"It gave nothing new ({notice.message}); fanin used what it said {notice.after:.0f} s ago."

    def fetched(self, begun: float, ended: float) -> None:
        """Record the stretch of time in which the source was asked."""
        name = self.source.name
        self.spans.append(Span("fetch", name, name, begun - self.asked, ended - self.asked))

    def divide(self, document: Document) -> Sequence[Document]:
        """The parts of a document that are to be processed, with room made for what the workers will say."""
        parts: Sequence[Document] = (document,)
        if self.processor.split is not None:
            try:
                parts = self.processor.split(document)
            except Exception as error:  # noqa: BLE001 - a failing split is the failure of this document
                self._failed(document.number, Failure("exception", f"Its split raised {describe(error)}."))
                return ()
        self.parts[document.number] = [None] * len(parts)
        return parts

    def processed(self, part: Document, done: Done, *, submitted: float) -> bool:
        """Record what became of one part; true when its document is whole. `submitted` is loop time."""
        parts = self.parts[part.number]
        parts[part.part - 1] = done
        if done.worker:
            self.worked(part.number, done, submitted)
        if done.failure is not None:
            self._failed(part.number, done.failure)
        if whole := None not in parts:
            self._settle(part.number)
        return whole

    def _failed(self, number: int, failure: Failure) -> None:
        if not any(known.document == number for known in self.failures):
            self.failures.append(replace(failure, document=number))

    def worked(self, number: int, done: Work, submitted: float) -> None:
        """Record work on a document that was handed over at `submitted` (loop time)."""
        # Workers read the machine's monotonic clock; the loop's clock may be another one, as under a jumping clock.
        shift = asyncio.get_running_loop().time() - time.monotonic()
        arrived = submitted - self.asked
        start = max(arrived, done.started + shift - self.asked)
        end = max(start, done.ended + shift - self.asked)
        self.waiting += start - arrived
        self.spans.append(Span("process", done.worker, self.source.name, start, end, number, done.cpu, arrived))

    def work_on(self, number: int) -> tuple[int, str, float, Failure | None]:
        """A document's number, its workers' names, their seconds of work on it, and what went wrong."""
        spans = [span for span in self.spans if span.kind == "process" and span.document == number]
        workers = ", ".join(sorted({span.lane for span in spans}))
        failure = next((failure for failure in self.failures if failure.document == number), None)
        return number, workers, sum(span.seconds for span in spans), failure

    def withdraw(self, end: End) -> None:
        """Stop everything that still runs for this source; documents that workers had not finished are failures."""
        if self.end is OK:
            self.end = end
        for job in tuple(self.jobs):
            job.cancel()
        self.jobs.clear()
        for number in [number for number, parts in self.parts.items() if None in parts]:
            self._failed(number, Failure(end[1], f"Document {number} was not processed in time."))
            self._settle(number)

    async def settled(self) -> None:
        """Return once no job of this source is left."""
        while self.jobs:
            self.idle = asyncio.get_running_loop().create_future()
            await self.idle

    def _settle(self, number: int) -> None:
        """Make one result of the parts that succeeded, if any did."""
        values = [done.value for done in self.parts[number] if done is not None and done.failure is None]
        if not values:
            return
        if self.processor.merge is None or len(self.parts[number]) == 1:
            self.results[number] = values[0] if len(values) == 1 else values
            if self.processor is WITH_PIECES:
                self._set_aside(number)
            return
        try:
            self.results[number] = self.processor.merge(values)
            if self.processor is WITH_PIECES:
                self._set_aside(number)
        except Exception as error:  # noqa: BLE001 - a failing merge is the failure of this document
            self._failed(number, Failure("exception", f"Its merge raised {describe(error)}."))

    def _set_aside(self, number: int) -> None:
        """Take the pieces out of a result: a model of meaning reads them, and nobody else wants them."""
        for passage in self.results[number]["passages"]:
            self.pieces.append((number, passage, passage.pop("pieces")))

    def weighable(self) -> list[tuple[int, dict[str, Any], Sequence[int]]]:
        """The passages with their pieces, those first that have most in common with the question by their words."""
        return sorted(self.pieces, key=_by_words)

    def inferences(self) -> tuple[Inference, ...]:
        """What a model made of the source as a whole (document 0), then what processing made of each document."""
        whole = (self.inference,) if self.inference else ()
        return whole + tuple(Inference(self.source.name, each, self.results[each]) for each in sorted(self.results))

    def outcome(self, *, merged: int = 0) -> Outcome:
        """How the source ended, as a value; `merged` counts its documents that say what another one says."""
        status, kind, message = self._verdict()
        fetching = sum(span.seconds for span in self.spans if span.kind == "fetch")
        return Outcome(
            source=self.source.name,
            status=status,
            kind=kind,
            message=message,
            attempts=self.attempts,
            cached=self.cached,
            age=self.age,
            hedges=self.hedges,
            waiting=self.waiting,
            fetching=fetching,
            processing=sum(span.seconds for span in self.spans if span.kind == "process"),
            documents=len(self.documents),
            kept=len(self.documents) - len(self.dropped) - merged,
            merged=merged,
            dropped=tuple(self.dropped),
            failures=tuple(self.failures),
        )

    def _verdict(self) -> End:
        usable = len(self.documents) - len(self.dropped)
        status, kind, message = self.end
        if status != "ok":
            return ("partial" if usable else status), kind, message
        if not usable:
            return "empty", "", self.nothing
        if self.failures:
            first, count = self.failures[0], len(self.failures)
            return "partial", first.kind, f"{count} of {usable} documents not processed: {first.message}"
        return ("ok", "stale", self.stale) if self.stale else OK


def _by_words(passage: tuple[int, dict[str, Any], Sequence[int]]) -> tuple[int, float, int, int]:
    number, found, _ = passage
    return -len(found["matches"]), -found["similarity"], number, found["start"]


def failed(error: BaseException, source: Source) -> End:
    """How a source ended that raised: status, one word for the kind, and a sentence."""
    match error:
        case RateLimited():
            return "rate_limited", error.kind, describe(error)
        case CircuitOpen():
            return "open_circuit", error.kind, describe(error)
        case SourceError(kind="shed"):
            return "shed", error.kind, describe(error)
        case FaninError():
            return "error", error.kind, describe(error)
        case TimeoutError():
            what = message_of(error) or f"No answer within {source.timeout:g} s"
            return "timeout", "timeout", f"{what}; fanin went on without it."
        case BaseExceptionGroup():
            return failed(error.exceptions[0], source)
        case OSError():
            return "error", "connection", describe(error)
        case _:
            return "error", "exception", describe(error)
