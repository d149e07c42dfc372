"""What the record of a source receives, besides the documents and notices that the source itself gives."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Protocol

from fanin.model import Document, Notice
from fanin.pools.pool import Done
from fanin.run.source.source_end import End
from fanin.values import value


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


@value
class FetchEnded:
    """The source has ended, or raised `error`; it was asked at the instant `began`."""

    began: float
    error: BaseException | None = None


@value
class WorkStarted:
    """A worker began to work on a document, or on a part of it."""

    document: int
    worker: str


@value
class PartDone:
    """What became of a part that was submitted at an instant; `offset` turns the worker's clock into the loop's."""

    part: Document
    done: Done
    submitted: float
    offset: float


@value
class Compared:
    """How similar passages are to the question, by document and start, and the work on it; see `PartDone`."""

    similarities: Mapping[tuple[int, int], float]
    works: Sequence[tuple[int, Work]]
    submitted: float
    offset: float


@value
class Inferred:
    """What a language model made of the whole source since the instant `began`; None for nothing."""

    value: Any
    model: str
    began: float


@value
class Stopped:
    """The source is stopped, and what its workers have not finished is given up."""

    end: End


class Complete(Enum):
    """The source and the work on its documents have ended."""

    COMPLETE = "complete"


COMPLETE = Complete.COMPLETE


type Input = Document | Notice | FetchEnded | WorkStarted | PartDone | Compared | Inferred | Stopped | Complete
