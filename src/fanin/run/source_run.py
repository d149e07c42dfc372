"""What one source has delivered so far in one run: its documents, what became of them, and how it ended."""

import asyncio
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, Protocol

from fanin.errors import CircuitOpen, FaninError, RateLimited, SourceError, describe, message_of
from fanin.model import Document, Failure, Inference, Notice, Outcome, Processor, Status
from fanin.pools.pool import Done
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

MOST_DOCUMENTS = 1000
"""Documents that one source may hand over in one run; fanin stops reading it after that."""

OK: End = ("ok", "", "")

STOPPED: Mapping[str, End] = {
    "deadline": ("timeout", "deadline", "Not finished when the question's deadline came; fanin answered without it."),
    "enough": ("cancelled", "enough", "Not finished when enough had arrived; fanin answered without it."),
    "finished": ("cancelled", "finished", "Not finished when the answer was asked for; fanin answered without it."),
    "cancelled": ("cancelled", "cancelled", "The question was withdrawn."),
    "itself": ("cancelled", "cancelled", "The source cancelled itself; fanin went on without it."),
}
STUCK: End = ("timeout", "stuck", "It did not stop when told to; fanin left it behind and answered without it.")

SHED: End = ("shed", "stuck", "Not asked: too many earlier calls of it are still stuck, deaf to being stopped.")


class Landing:
    """The growing record of one source within a run; only the run's event loop touches it. Instants are loop time.

    `task` is there while it fetches, and `late` is true once it was told to stop for its timeout.
    """

    __slots__ = (
        "_room",
        "age",
        "asked",
        "attempts",
        "cached",
        "documents",
        "dropped",
        "end",
        "ended",
        "failures",
        "fetching",
        "hedges",
        "inference",
        "jobs",
        "late",
        "nothing",
        "parts",
        "processing",
        "processor",
        "results",
        "source",
        "spans",
        "stale",
        "task",
        "waiting",
    )

    def __init__(self, source: Source, processor: Processor, *, asked: float) -> None:
        self.source = source
        self.processor = processor
        self.asked = asked
        self.documents: list[Document] = []
        self.parts: dict[int, list[Done | None]] = {}
        self.results: dict[int, Any] = {}
        self.inference: Inference | None = None
        self.jobs: set[asyncio.Future[Done]] = set()
        self._room: tuple[int, asyncio.Future[None]] | None = None
        self.spans: list[Span] = []
        self.dropped: list[Failure] = []
        self.failures: list[Failure] = []
        self.attempts = 1
        self.cached = False
        self.age = 0.0
        self.hedges = 0
        self.stale = ""
        self.nothing = ""
        self.waiting = self.fetching = self.processing = 0.0
        self.task: asyncio.Task[Any] | None = None
        self.late = False
        self.end: End = OK
        self.ended = False

    def arrive(self, document: Document) -> Document:
        """The document with its source and number, counted; one without any text is dropped at once.

        Raises SourceError for one too many.
        """
        number = len(self.documents) + 1
        if number > MOST_DOCUMENTS:
            raise SourceError(f"More than {MOST_DOCUMENTS} documents; fanin stopped reading.", "too_many")
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

    def leave_out(self, empty: Set[str]) -> None:
        """Drop the documents of this source, among those named, in which no text could be found."""
        known = {failure.document for failure in self.dropped}
        for document in self.documents:
            if document.id in empty and document.number not in known:
                message = f"Document {document.number} has no readable text; fanin left it out."
                self.dropped.append(Failure("empty", message, document.number))

    def notice(self, notice: Notice) -> None:
        """Take down what a policy or the source itself says of how it is doing."""
        match notice.kind:
            case "cached":
                self.cached, self.age = True, notice.after
                if notice.message:
                    why = f"It gave nothing new ({notice.message})"
                    self.stale = f"{why}; fanin used what it said {notice.after:.0f} s ago."
            case "waited":
                self.waiting += notice.after
            case "nothing":
                self.nothing = notice.message
            case "hedged":
                self.hedges += 1
            case "retrying":
                self.attempts = notice.attempt
                self.waiting += notice.after

    def fetched(self, begun: float, ended: float) -> None:
        """Record the stretch of time in which the source was asked."""
        name = self.source.name
        self.fetching += ended - begun
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
        parts, number = self.parts[part.number], part.number
        parts[part.part - 1] = done
        if done.worker:
            self.worked(number, done, submitted)
        if done.failure is not None:
            self._failed(number, done.failure)
        elif len(parts) == 1:
            self.results[number] = done.value
            return True
        if whole := None not in parts:
            self._settle(number)
        return whole

    def _failed(self, number: int, failure: Failure) -> None:
        if not any(known.document == number for known in self.failures):
            self.failures.append(replace(failure, document=number))

    def worked(self, number: int, done: Work, submitted: float) -> None:
        """Record work on a document that was handed over at `submitted` (loop time)."""
        # Workers read the machine's monotonic clock; the loop's clock may be another one, as under a jumping clock.
        zero = self.asked + time.monotonic() - asyncio.get_running_loop().time()
        arrived = submitted - self.asked
        start = max(arrived, done.started - zero)
        end = max(start, done.ended - zero)
        self.waiting += start - arrived
        self.processing += end - start
        self.spans.append(Span("process", done.worker, self.source.name, start, end, number, done.cpu, arrived))

    def work_on(self, number: int) -> tuple[int, str, float, Failure | None]:
        """A document's number, its workers' names, their seconds of work on it, and what went wrong."""
        works = [done for done in self.parts[number] if done is not None and done.worker]
        workers = ", ".join(sorted({done.worker for done in works}))
        failure = next((failure for failure in self.failures if failure.document == number), None)
        return number, workers, sum([done.ended - done.started for done in works]), failure

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

    async def room(self, most: int) -> None:
        """Return once fewer jobs of this source than `most` are in work."""
        while len(self.jobs) >= most:
            came: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._room = most, came
            await came

    def left(self, job: asyncio.Future[Done]) -> None:
        """Count a job that is over, and let `room` go on if there is some."""
        self.jobs.discard(job)
        if self._room is not None and len(self.jobs) < self._room[0]:
            if not self._room[1].done():
                self._room[1].set_result(None)
            self._room = None

    def _settle(self, number: int) -> None:
        """Make one result of the parts that succeeded, if any did."""
        values = [done.value for done in self.parts[number] if done is not None and done.failure is None]
        if not values:
            return
        if self.processor.merge is None or len(self.parts[number]) == 1:
            self.results[number] = values[0] if len(values) == 1 else values
            return
        try:
            self.results[number] = self.processor.merge(values)
        except Exception as error:  # noqa: BLE001 - a failing merge is the failure of this document
            self._failed(number, Failure("exception", f"Its merge raised {describe(error)}."))

    def inferences(self) -> tuple[Inference, ...]:
        """What a model made of the source as a whole (document 0), then what processing made of each document."""
        name = self.source.name
        each = tuple([Inference(name, number, value) for number, value in sorted(self.results.items(), key=_number)])
        return (self.inference, *each) if self.inference else each

    def outcome(self, *, merged: int = 0) -> Outcome:
        """How the source ended, as a value; `merged` counts its documents that say what another one says."""
        status, kind, message = self._verdict()
        documents = len(self.documents)
        return Outcome(
            self.source.name,
            status,
            kind,
            message,
            self.attempts,
            self.cached,
            self.waiting,
            self.fetching,
            self.processing,
            self.age,
            self.hedges,
            documents,
            documents - len(self.dropped) - merged,
            merged,
            tuple(self.dropped),
            tuple(self.failures),
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


def _number(result: tuple[int, Any]) -> int:
    return result[0]


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
