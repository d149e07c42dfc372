"""What a run says while it happens, in the past tense and in order; every interface reads the same events.

`at` is in seconds since the question was asked.
"""

from fanin.model import Answer, Citation, Document, Failure, Outcome, Question
from fanin.values import value


@value
class Planned:
    """The sources that will be asked, the seconds until the deadline, the sources that are skipped, and the workers.

    `workers` is how many there are for CPU work, of the kind `pool`.
    """

    at: float
    question: Question
    sources: tuple[str, ...]
    deadline: float
    skipped: tuple[str, ...] = ()
    pool: str = ""
    workers: int = 0


@value
class Skipped:
    """A source is not asked; `reason` says why."""

    at: float
    source: str
    reason: str


@value
class Started:
    """A source began its first attempt."""

    at: float
    source: str


@value
class AskedAgain:
    """A second round began to ask a source for `question`; `reason` says what the first round lacked.

    What the source gives then adds to what it gave before, and it finishes once more.
    """

    at: float
    source: str
    question: str
    reason: str


@value
class Retrying:
    """An attempt failed; attempt number `attempt` begins `after` seconds from now."""

    at: float
    source: str
    attempt: int
    after: float
    message: str


@value
class Waiting:
    """A call of a source waits about `after` seconds, for `reason`: "rate" (its rate limit) or "concurrency".

    `after` is 0 when it is not known.
    """

    at: float
    source: str
    reason: str
    after: float = 0.0


@value
class Hedged:
    """A source was asked a second time, because the first call is later than most; the first to answer counts."""

    at: float
    source: str


@value
class Cached:
    """The documents that follow are from the cache and `age` seconds old; `reason` says why if they are stale."""

    at: float
    source: str
    age: float
    reason: str = ""


@value
class CircuitOpened:
    """The circuit breaker of a source opened: it is not asked for `after` seconds; `message` is its last failure."""

    at: float
    source: str
    after: float
    message: str


@value
class Fetched:
    """A document arrived."""

    at: float
    source: str
    document: Document


@value
class Processing:
    """A worker began to work on a document, whose parts may go to several."""

    at: float
    source: str
    document: int
    worker: str


@value
class Processed:
    """A document was processed in `seconds` of CPU work by `worker`, or could not be: then `failure` says why."""

    at: float
    source: str
    document: int
    worker: str
    seconds: float
    failure: Failure | None = None


@value
class Finished:
    """A source ended in this outcome; once, or once more after `AskedAgain`."""

    at: float
    source: str
    outcome: Outcome


@value
class Revised:
    """A partial answer from what has arrived so far; a citation keeps its number in every later revision.

    Sources that end at the same time make one revision, and revisions take a sixth of the time at most. When the last
    source ends, the final answer comes in place of a revision, unless a model or another round improves it first.
    The final answer numbers its citations from 1 in order of appearance.
    """

    at: float
    answer: Answer


@value
class Wrote:
    """A language model wrote one more sentence that stands in what it cites; `text` is all of them so far.

    Numbers in it are those of `citations`, which count from 1 as in the final answer.
    """

    at: float
    model: str
    text: str
    citations: tuple[Citation, ...] = ()


@value
class Answered:
    """The final answer; no event comes after it."""

    at: float
    answer: Answer


type CallEvent = Started | AskedAgain | Waiting | Retrying | Hedged | Cached | CircuitOpened
"""What happens to a call of a source."""

type SourceEvent = CallEvent | Fetched | Processing | Processed | Finished
"""What happens to one source that is asked."""

type Event = (
    Planned
    | Skipped
    | Started
    | AskedAgain
    | Waiting
    | Retrying
    | Hedged
    | Cached
    | CircuitOpened
    | Fetched
    | Processing
    | Processed
    | Finished
    | Revised
    | Wrote
    | Answered
)
