"""What a run says while it happens, in the past tense and in order; every interface reads the same events.

`at` is in seconds since the question was asked.
"""

from dataclasses import dataclass

from fanin.model import Answer, Document, Failure, Outcome, Question


@dataclass(frozen=True, slots=True)
class Planned:
    """The sources that will be asked, the seconds until the deadline, and the sources that are skipped."""

    at: float
    question: Question
    sources: tuple[str, ...]
    deadline: float
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """A source began its first attempt."""

    at: float
    source: str


@dataclass(frozen=True, slots=True)
class Retrying:
    """An attempt failed; attempt number `attempt` begins `after` seconds from now."""

    at: float
    source: str
    attempt: int
    after: float
    message: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document arrived and went to a worker."""

    at: float
    source: str
    document: Document


@dataclass(frozen=True, slots=True)
class Processed:
    """A document was processed in `seconds` of CPU work by `worker`, or could not be: then `failure` says why."""

    at: float
    source: str
    document: int
    worker: str
    seconds: float
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A source ended, in exactly this outcome."""

    at: float
    source: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Revised:
    """A partial answer from what has landed so far; a citation keeps its number in every later revision."""

    at: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Wrote:
    """A language model wrote one more sentence that stands in what it cites; `text` is all of them so far."""

    at: float
    model: str
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The final answer; no event comes after it."""

    at: float
    answer: Answer


type Event = Planned | Started | Retrying | Fetched | Processed | Finished | Revised | Wrote | Answered
