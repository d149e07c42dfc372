"""One source within one run, as a state machine: it receives what arrives, and returns events.

Nobody else writes its fields. It knows no event loop: instants are readings of the loop's clock that come with what
arrives, so every transition can be tested with `==`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from fanin.bounded_json import without_surrogates
from fanin.errors import FailureKind, SourceError, describe
from fanin.events import (
    Cached,
    CircuitOpened,
    Event,
    Fetched,
    Finished,
    Hedged,
    Processed,
    Processing,
    Retrying,
    Waiting,
)
from fanin.limits import LIMITS
from fanin.log import QUIET
from fanin.model import Document, Failure, Inference, Notice, Outcome, Processor
from fanin.pools.pool import Done
from fanin.run.source.source_end import OK, SourceResult, end_of, failed
from fanin.run.source.source_input import (
    Compared,
    Complete,
    FetchEnded,
    Inferred,
    Input,
    PartDone,
    Stopped,
    Work,
    WorkStarted,
)
from fanin.sources.source import Source
from fanin.timeline import Span, covered

SHORTEST_WAIT = 0.1e-3
"""Seconds between a document's arrival and the work on it up to which it did not wait."""


OF_CALLS = ("waiting", "waited", "hedged", "opened")
"""Notices that are of one call, and not of all that the source says."""


class SourceRun:
    """The record of one source; `asked` is the instant at which its question was asked.

    It takes `most` documents. A `quiet` one gives only events of what goes wrong. `unsubmitted`
    are the parts of documents that are to be processed. `corrected` is the question that it searched for, if it
    corrected misspelt words.
    """

    __slots__ = (
        "_anew", "_attempts", "_before", "_cached", "_dropped", "_end", "_failures", "_fetching", "_hedges",
        "_inference", "_nothing", "_outcome", "_parts", "_processing", "_remarks", "_spans", "_until", "_waits",
        "_working", "asked", "corrected", "documents", "ended", "most", "processor", "quiet", "source",
        "unsubmitted", "values",
    )  # fmt: skip

    def __init__(
        self, source: Source, processor: Processor, asked: float, quiet: bool = False, most: int = LIMITS.documents
    ) -> None:
        self.source = source
        self.processor = processor
        self.asked = asked
        self.quiet = quiet
        self.most = most
        self.ended = False
        self.documents: list[Document] = []
        self.values: dict[int, Any] = {}
        self.unsubmitted: Sequence[Document] = ()
        self._end = OK
        self._parts: dict[int, list[Done | None]] = {}
        self._working: set[int] = set()
        self._dropped: tuple[Failure, ...] = ()
        self._failures: tuple[Failure, ...] = ()
        self._spans: list[Span] = []
        self._waits: list[tuple[float, float]] = []
        self._inference: Inference | None = None
        self._cached: Notice | None = None
        self._nothing = self.corrected = ""
        self._remarks: tuple[str, ...] = ()
        self._attempts = 1
        self._hedges = 0
        self._until = self._fetching = self._processing = 0.0
        self._outcome: Outcome | None = None
        self._before: Mapping[tuple[str, str], Document] | None = None
        self._anew = False

    def reopen(self, *, anew: bool = False) -> None:
        """Begin a second round; its failures do not change the outcome of the first.

        With `anew` the question has another meaning: documents that come again are processed again.
        """
        self._before = {(each.url, each.text): each for each in self.documents}
        self._anew = anew
        self.ended, self._outcome = False, None
        self.corrected = "" if anew else self.corrected

    def receive(self, item: Input, now: float) -> Sequence[Event]:
        """Take in what arrived at the instant `now`, and give the events that it makes.

        Once the source has ended it takes in nothing but what models found out about it.

        Raises SourceError for what is no document, and for one document too many.
        """
        if self.ended and not isinstance(item, Compared):
            return ()
        handler = self._HANDLERS.get(type(item))
        if handler is None:  # what it gave may be of a class derived from these
            handler = next((found for kind, found in self._HANDLERS.items() if isinstance(item, kind)), _refuse)
        return handler(self, item, now - self.asked)

    def take_parts(self) -> Sequence[Document]:
        """The parts of documents that arrived and are to be processed, each given once."""
        parts, self.unsubmitted = self.unsubmitted, ()
        return parts

    @property
    def delivered(self) -> bool:
        """Whether it has given a document with a text."""
        return len(self.documents) > len(self._dropped)

    def result(self) -> SourceResult:
        """What it has delivered so far, as a value."""
        documents: Sequence[Document] = tuple(self.documents)
        if self._dropped:
            dropped = {failure.document for failure in self._dropped}
            documents = [document for document in documents if document.number not in dropped]
        source = self.source
        return SourceResult(
            source.name,
            source.weight,
            self.ended,
            documents,
            dict(self.values),
            self._inferences(),
            tuple(self._spans),
            self._outcome or self._made_outcome(),
            self._end,
            self._nothing,
            self.corrected,
            self._remarks,
        )

    # Documents and the work on them.

    def _document(self, document: Document, at: float) -> Sequence[Event]:
        name, text, number = self.source.name, document.text, len(self.documents) + 1
        if self._before is not None and self._is_repeated(document, number):
            return ()
        if number > self.most:
            raise SourceError(f"More than {self.most} documents; fanin stopped reading.", FailureKind.TOO_MANY)
        try:
            text.encode()
            f"{document.title}{document.url}{document.published}".encode()
        except UnicodeEncodeError:  # neither JSON nor a file would take it
            document = _encodable(document)
            text = document.text
        # Spelt out: `replace` takes three times as long, for each document of each question.
        document = Document(
            text,
            document.title,
            document.url,
            document.published,
            document.media_type,
            document.metadata,
            name,
            number,
        )
        self.documents.append(document)
        if not text or text.isspace():
            message = f"Document {number} has no text; fanin left it out."
            self._dropped = (*self._dropped, Failure(FailureKind.EMPTY, message, number))
        else:
            self._divide(document)
        return () if self.quiet else (Fetched(at, name, document),)

    def _is_repeated(self, document: Document, number: int) -> bool:
        """Whether a second round brings a document that is known, or one too many."""
        before = self._before or {}
        known = before.get((document.url, document.text))
        if known is not None and self._anew:
            self._divide(known)
        return known is not None or number > self.most

    def _divide(self, document: Document) -> None:
        parts: Sequence[Document] = (document,)
        if self.processor.split is not None:
            try:
                parts = self.processor.split(document)
            except Exception as error:  # noqa: BLE001 - a failing split is the failure of this document
                self._fail(document.number, Failure(FailureKind.EXCEPTION, f"Its split raised {describe(error)}."))
                return
        self._parts[document.number] = [None] * len(parts)
        self.unsubmitted = (*self.unsubmitted, *parts) if self.unsubmitted else parts

    def _work_started(self, item: WorkStarted, at: float) -> Sequence[Event]:
        if item.document in self._working:
            return ()
        self._working.add(item.document)
        return (Processing(at, self.source.name, item.document, item.worker),)

    def _part_done(self, item: PartDone, at: float) -> Sequence[Event]:
        number, done = item.part.number, item.done
        parts = self._parts[number]
        parts[item.part.part - 1] = done
        if done.worker:
            self._worked(number, done, item.submitted, item.offset)
        if done.failure is not None:
            self._fail(number, done.failure)
        if None in parts:
            return ()
        if len(parts) > 1:
            self._merge(number)
        elif done.failure is None:
            self.values[number] = done.value
        return () if self.quiet and not self._failures else (self._processed(number, at),)

    def _worked(self, number: int, work: Work, submitted: float, offset: float) -> None:
        arrived = submitted - self.asked
        start = max(arrived, work.started + offset - self.asked)
        end = max(start, work.ended + offset - self.asked)
        self._outcome = None
        self._processing += end - start
        if start > arrived + SHORTEST_WAIT:
            self._waits.append((arrived, start))
        self._spans.append(Span("process", work.worker, self.source.name, start, end, number, work.cpu, arrived))

    def _processed(self, number: int, at: float) -> Processed:
        works = [done for done in self._parts[number] if done is not None and done.worker]
        workers = works[0].worker if len(works) == 1 else ", ".join(sorted({done.worker for done in works}))
        failure = None
        if self._failures:
            failure = next((failure for failure in self._failures if failure.document == number), None)
        return Processed(at, self.source.name, number, workers, sum([w.ended - w.started for w in works]), failure)

    def _merge(self, number: int) -> None:
        """Make one value of the parts that succeeded, if any did."""
        parts = self._parts[number]
        values = [done.value for done in parts if done is not None and done.failure is None]
        if not values:
            return
        if self.processor.merge is None:
            self.values[number] = values[0] if len(values) == 1 else values
            return
        try:
            self.values[number] = self.processor.merge(values)
        except Exception as error:  # noqa: BLE001 - a failing merge is the failure of this document
            self._fail(number, Failure(FailureKind.EXCEPTION, f"Its merge raised {describe(error)}."))

    def _fail(self, number: int, failure: Failure) -> None:
        if self._before is None and not any(known.document == number for known in self._failures):
            self._failures = (*self._failures, replace(failure, document=number))

    # Notices of policies, and results of models.

    def _notice(self, notice: Notice, at: float) -> Sequence[Event]:
        """In a second round, a notice on the answer as a whole is ignored."""
        return self._of_call(notice, at) if self._before is None or notice.kind in OF_CALLS else ()

    def _of_call(self, notice: Notice, at: float) -> Sequence[Event]:
        name = self.source.name
        match notice.kind:
            case "cached":
                self._cached = notice
                return (Cached(at, name, notice.after, notice.message),)
            case "waiting":
                return (Waiting(at, name, notice.message, notice.after),)
            case "waited":
                self._waits.append((max(0.0, at - notice.after), at))
            case "nothing":
                self._nothing = notice.message
            case "corrected":
                self.corrected = notice.message
            case "remark":
                self._remarks = (*self._remarks, notice.message)
            case "hedged":
                self._hedges += 1
                return (Hedged(at, name),)
            case "opened":
                return (CircuitOpened(at, name, notice.after, notice.message),)
            case "retrying":
                self._attempts = notice.attempt
                self._waits.append((at, at + notice.after))
                return (Retrying(at, name, notice.attempt, notice.after, notice.message),)
        return ()

    def _compared(self, item: Compared, _: float) -> Sequence[Event]:
        for number in {number for number, _ in item.similarities} & self.values.keys():
            value = self.values[number]
            nearness = [item.similarities.get((number, found["start"])) for found in value["passages"]]
            passages = [
                found if near is None else found | {"meaning": near}
                for found, near in zip(value["passages"], nearness, strict=True)
            ]
            self.values[number] = value | {"passages": passages}
        for number, work in item.works:
            self._worked(number, work, item.submitted, item.offset)
        return ()

    def _inferred(self, item: Inferred, at: float) -> Sequence[Event]:
        name = self.source.name
        self._spans.append(Span("model", item.model, name, item.began - self.asked, at))
        if item.value is not None:
            self._inference = Inference(name, 0, item.value)
        return ()

    # How it ends.

    def _fetch_ended(self, item: FetchEnded, at: float) -> Sequence[Event]:
        name, began = self.source.name, item.began - self.asked
        self._fetching += at - began
        self._spans.append(Span("fetch", name, name, began, at))
        if item.error is not None and self._before is None:
            self._end = failed(item.error, self.source)
        return ()

    def _stopped(self, item: Stopped, _: float) -> Sequence[Event]:
        end = item.end
        if self._end is OK and self._before is None:
            self._end = end
        for number in [number for number, parts in self._parts.items() if None in parts]:
            self._fail(number, Failure(end.kind, f"Document {number} was not processed in time."))
            self._merge(number)
        return ()

    def _complete(self, _: Complete, at: float) -> Sequence[Event]:
        self.ended, self._until = True, at
        self._outcome = outcome = self._made_outcome()
        return () if self.quiet and outcome.status in QUIET else (Finished(at, self.source.name, outcome),)

    def _made_outcome(self) -> Outcome:
        documents, usable = len(self.documents), len(self.documents) - len(self._dropped)
        failures, stale = self._failures, self._stale()
        status, kind, message = end_of(self._end, usable, failures, nothing=self._nothing, stale=stale)
        cached = self._cached
        return Outcome(
            self.source.name,
            status,
            kind,
            message,
            self._attempts,
            cached is not None,
            covered(self._waits, until=self._until) if self._waits else 0.0,
            self._fetching,
            self._processing,
            0.0 if cached is None else cached.after,
            self._hedges,
            documents,
            usable,
            0,
            self._dropped,
            failures,
            1 if self._before is None else 2,
        )

    def _stale(self) -> str:
        if self._cached is None or not self._cached.message:
            return ""
        why, age = self._cached.message, self._cached.after
        return f"It gave nothing new ({why}); fanin used what it said {age:.0f} s ago."

    def _inferences(self) -> tuple[Inference, ...]:
        """What a model made of the source as a whole (document 0), then what processing made of each document."""
        each = [Inference(self.source.name, number, self.values[number]) for number in sorted(self.values)]
        return (self._inference, *each) if self._inference else tuple(each)

    _HANDLERS: ClassVar[Mapping[type[Any], Callable[..., Sequence[Event]]]] = {
        Document: _document,
        Notice: _notice,
        FetchEnded: _fetch_ended,
        WorkStarted: _work_started,
        PartDone: _part_done,
        Compared: _compared,
        Inferred: _inferred,
        Stopped: _stopped,
        Complete: _complete,
    }


def _encodable(document: Document) -> Document:
    """The document with U+FFFD for each lone surrogate of its texts."""
    names = ("text", "title", "url", "published")
    return replace(document, **{name: without_surrogates(getattr(document, name)) for name in names})


def _refuse(_: SourceRun, item: object, __: float) -> Sequence[Event]:
    raise SourceError(
        f"It gave a {type(item).__name__}, which is no document; fanin stopped reading.", FailureKind.TYPE
    )
