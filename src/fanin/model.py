"""The words of fanin, from the question to the answer: frozen values that the stages hand to each other.

Worker interpreters import this module, so it holds nothing but light parts of the standard library. Durations are in
seconds. An instant is a reading of the event loop's clock, unless it says that it counts from the question's start.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from fanin.durations import Duration, Rate, calls, named, number, seconds, whole
from fanin.timeline import Timeline
from fanin.values import value

type JSON = bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None

type Status = Literal[
    "ok", "partial", "empty", "timeout", "error", "rate_limited", "open_circuit", "cancelled", "shed", "skipped"
]
"""How a source ended: `partial` gave documents and then failed, `empty` worked and had nothing to say, `skipped` was
not asked because the question is not its topic."""

type WritingStatus = Literal[
    "written", "late", "rate_limited", "key", "refused", "failed", "too_large", "unsupported", "silent", "skipped"
]
"""What became of the text of a language model; see `Writing`."""


@value
class Question:
    """What is asked.

    `deadline` is the instant, on the event loop's clock, at which fetching must be over. A `fresh` question is not
    answered from a cache. `user` is who asks: an answer that is cached for one user is never given to another one.
    `now` is the time of day, with its zone, where the question is asked.
    """

    text: str
    id: str = ""
    deadline: float = float("inf")
    fresh: bool = False
    user: str = ""
    now: datetime | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def today(self) -> date:
        """The day on which it is asked, there: by `now`, or else by the machine's clock and zone."""
        return (self.now or datetime.now()).date()


@value
class Document:
    """One document that a source gave. A source sets the fields up to `metadata`; fanin sets the others.

    - `text`: plain text, or HTML if `media_type` is "text/html".
    - `published`: an ISO 8601 date or time.
    - `metadata`: JSON-able values that stay with the document. Its "sections" are pairs: where a section begins in the
      cleaned text, and the headings above it ("Trains > Fares"); passages are divided there and found by them.
    - `number`: its place among the documents of its source, from 1.
    - `part`, `parts`, `start`: a large document is processed in parts; `start` is where the text of this part begins in
      the whole text.
    """

    text: str
    title: str = ""
    url: str = ""
    published: str = ""
    media_type: str = "text/plain"
    metadata: Mapping[str, JSON] = field(default_factory=dict[str, JSON])

    source: str = ""
    number: int = 1
    part: int = 1
    parts: int = 1
    start: int = 0

    @property
    def id(self) -> str:
        """The document's name within one run: its source and its place among what that source handed over."""
        return f"{self.source}/{self.number}"


@value
class Failure:
    """What went wrong with one document: `kind` is one word, `message` a sentence, `document` its number."""

    kind: str
    message: str
    document: int = 0


@value
class Notice:
    """What a policy or a source reports between documents; `kind` says what `after` and `message` mean.

    "waiting": the call begins in about `after` seconds (0: not known), `message` is "rate" or "concurrency".
    "waited": the turn came after so many seconds. "retrying": attempt number `attempt` begins in so many seconds, for
    the last one failed with `message`. "hedged": the source was asked a second time. "opened": the circuit breaker
    opened for so many seconds, because of `message`. "cached": what follows is so many seconds old, and `message` says
    why if it is stale. "nothing": the source says in `message` why it has nothing to say. "corrected": it searched for
    `message`, the question with misspelt words corrected. "remark": `message` says how it found its documents.
    """

    kind: Literal["waiting", "waited", "retrying", "hedged", "opened", "cached", "nothing", "corrected", "remark"]
    attempt: int = 1
    after: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True, init=False)
class Policy:
    """The policies of a source. All are off by default.

    Durations are seconds, or texts such as "2s".

    - `retries`: attempts after the first one. `retry_budget`: the share of all calls that may be retries.
    - `rate`: calls in a time, "30/min" or (30, 60.0).
    - `concurrency`: calls at a time.
    - `breaker`: whether a source that keeps failing is not called for some time.
    - `hedge`: whether a second call is made when the first is later than usual.
    - `cache`: how long an answer is used again. `stale`: how much longer it may be used if the source fails.

    Raises ConfigError for a value out of range.
    """

    retries: int
    retry_budget: float
    rate: tuple[int, float] | None
    concurrency: int | None
    breaker: bool
    hedge: bool
    cache: float
    stale: float

    def __init__(
        self,
        retries: int = 0,
        retry_budget: float = 0.2,
        rate: Rate | None = None,
        concurrency: int | None = None,
        breaker: bool = False,
        hedge: bool = False,
        cache: Duration = 0.0,
        stale: Duration = 0.0,
    ) -> None:
        for name, given in {
            "retries": whole("retries", retries, least=0),
            "retry_budget": number("retry_budget", retry_budget),
            "rate": None if rate is None else named("rate", calls, rate),
            "concurrency": None if concurrency is None else whole("concurrency", concurrency, least=1),
            "breaker": breaker,
            "hedge": hedge,
            "cache": named("cache", seconds, cache),
            "stale": named("stale", seconds, stale),
        }.items():
            object.__setattr__(self, name, given)


@value
class Processor:
    """CPU work on documents: `work(question, document)` returns a JSON-able value, in a worker.

    `work` must be importable by name. With `split`, a large document is divided into parts (each a Document with
    `part`, `parts` and `start`), which idle cores work on at the same time. `merge` makes one value of the values of
    the parts, in their order. `split` and `merge` run on the event loop, so they must be quick.
    """

    work: Callable[[str, Document], Any]
    split: Callable[[Document], Sequence[Document]] | None = None
    merge: Callable[[Sequence[Any]], Any] | None = None


@value
class Inference:
    """What processing made of one document: `value` is what the process function returned."""

    source: str
    document: int
    value: Any


@value
class Passage:
    """A part of a document that may have the answer.

    - `start`, `end`: its place in the document's cleaned text, in characters. Of plain text, that is the text itself
      with control characters made spaces and without soft hyphens and the like; of HTML, the readable text.
    - `score`: how well it fits the question, compared with other passages of the same answer; more is better.
    - `also`: the ids of documents of other sources that say the same.
    - `meaning`: how similar it is to the question for the language model, -1 to 1; None if it was ranked by words only.
    """

    text: str
    source: str
    document: int
    start: int
    end: int
    score: float
    title: str = ""
    url: str = ""
    published: str = ""
    also: tuple[str, ...] = ()
    meaning: float | None = None

    @property
    def document_id(self) -> str:
        """The same name that the document has: its source and number."""
        return f"{self.source}/{self.document}"


@value
class Citation:
    """Where a sentence of the answer comes from.

    `quote` is word for word what the document's cleaned text has from `start` to `end`, in characters. `number` is
    the one in brackets in the text; several quotes of one page share it. `document` counts the documents of
    `source` from 1. `published` is when the document was, an ISO 8601 date or time; "" if it does not say.
    """

    number: int
    quote: str
    source: str
    document: int
    start: int
    end: int
    title: str = ""
    url: str = ""
    published: str = ""


@value
class Side:
    """One side of a conflict: `figure` stands in the quote of this source with the citation `number`.

    `title` is the document's when another side is of the same source.
    """

    source: str
    figure: str
    number: int
    title: str = ""


@value
class Conflict:
    """Different figures that sources give for what seems to be the same thing; fanin shows them all."""

    sides: tuple[Side, ...]


@value
class Outcome:
    """How one source ended. `documents` fetched = `kept` + `merged` (near-duplicates) + those `dropped`, with reasons.

    `failures` are documents that could not be processed; the answer may still quote their opening. `waiting` is time
    on the clock in which something of it waited: an attempt, a turn, or a document for a worker. `fetching` is the time
    that the source took, `processing` the time that its documents spent on workers, summed over them, `age` how old a
    cached answer is; all in seconds. `hedges` are second calls that were made because the first was late. `rounds` is 2
    if it was asked again for what the first round lacked.
    """

    source: str
    status: Status
    kind: str = ""
    message: str = ""
    attempts: int = 1
    cached: bool = False
    waiting: float = 0.0
    fetching: float = 0.0
    processing: float = 0.0
    age: float = 0.0
    hedges: int = 0
    documents: int = 0
    kept: int = 0
    merged: int = 0
    dropped: tuple[Failure, ...] = ()
    failures: tuple[Failure, ...] = ()
    rounds: int = 1


@value
class Writing:
    """What a language model had to do with an answer.

    `status` is "written", or why its text is not used: "late", "rate_limited", "key", "refused", "failed" and
    "too_large" are about the model or its service; "unsupported": nothing that it wrote is in what it cites;
    "silent": it found that the sources do not say; "skipped": it was not asked. `seconds` is the time of writing,
    `cost` US dollars if known, `dropped` the number of sentences that were left out.
    """

    model: str
    status: WritingStatus
    message: str = ""
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    dropped: int = 0


@value
class Answer:
    """One answer, with its citations and everything that a reader needs to judge it.

    - `text`: the answer, with the numbers of `citations` in brackets. Empty if no source had anything to say.
    - `answered`: false if the sources do not say what was asked. Then the text says so, and quotes what is nearest, if
      there is anything.
    - `success`: whether any source had something to say.
    - `passages`: what the answer was chosen from, best first.
    - `sources`: the outcome of each source by its name, those that were not asked last.
    - `inferences`: what processing made of each document.
    - `errors`: a sentence for each thing that failed.
    - `coverage`: the share of the asked sources that ended ok or empty, 0 to 1.
    - `execution_time`: seconds from the question to the answer. `cores_used`: cores that worked for this question.
    - `ranking`: "semantic" if passages were also ranked by meaning (see `Passage.meaning`).
    - `conflicts`: figures on which the quoted sources differ.
    - `final`: false for the revisions of a stream, whose `revision` counts from 1.
    - `writing`: what a language model had to do with it; None if none was to write.
    - `searched_for`: the question with misspelt words corrected, if a knowledge base was searched for them.
    - `notes`: sentences on how the documents were found, such as that they are in another language than the question;
      and of an answer that does not say what was asked: what was looked at, what is nearest, who could not be asked.
    - `asked_as`: what was asked in the end, if the question was a follow-up that did not stand alone.
    - `asked_again`: the words of the second round, if there was one for what the first round lacked.
    - `related`: up to three questions that the cited documents answer, too, from their headings and names.
    """

    query: str
    text: str
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    sources: Mapping[str, Outcome]
    inferences: tuple[Inference, ...]
    errors: tuple[str, ...]
    success: bool
    coverage: float
    execution_time: float
    cores_used: int
    timeline: Timeline
    question_id: str = ""
    revision: int = 0
    final: bool = True
    answered: bool = True
    ranking: Literal["lexical", "semantic"] = "lexical"
    conflicts: tuple[Conflict, ...] = ()
    writing: Writing | None = None
    searched_for: str = ""
    notes: tuple[str, ...] = ()
    asked_as: str = ""
    related: tuple[str, ...] = ()
    asked_again: str = ""

    def __str__(self) -> str:
        """The text, its citations and what is missing, as the command `fanin ask` prints them."""
        return _rendered("render", "answer_text", self)

    def _repr_html_(self) -> str:
        return _rendered("notebook", "answer_html", self)

    def _repr_markdown_(self) -> str:
        return _rendered("notebook", "answer_markdown", self)

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values: the keys of the lesson's result first, then the rest."""
        return {name: jsonable(value) for name, value in self.members().items()}

    def members(self) -> dict[str, Any]:
        """The same, each value as it is."""
        first = ("query", "success", "sources", "inferences", "errors", "execution_time", "cores_used")
        rest = [name for name in self.__dataclass_fields__ if name not in (*first, "timeline")]
        return {name: getattr(self, name) for name in (*first, *rest)} | {"timeline": self.timeline.to_dict()}


@value
class Turn:
    """A question that was asked before, and its answer: the `Answer`, or its text."""

    question: str
    answer: Answer | str = ""

    @property
    def text(self) -> str:
        """The text of the answer."""
        return self.answer if isinstance(self.answer, str) else self.answer.text

    @property
    def asked(self) -> str:
        """What was asked in the end."""
        return self.question if isinstance(self.answer, str) else self.answer.asked_as or self.question


def _rendered(module: str, function: str, answer: Answer) -> str:
    """The answer as an interface shows it; interfaces are imported when an answer is shown, and never in a worker."""
    return getattr(importlib.import_module(f"fanin.interfaces.{module}"), function)(answer)


def jsonable(value: Any) -> Any:
    """The value with dataclasses as dicts and tuples as lists, however deep."""
    if (names := getattr(value, "__dataclass_fields__", None)) is not None:
        return {name: jsonable(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}  # pyright: ignore
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]  # pyright: ignore
    return value
