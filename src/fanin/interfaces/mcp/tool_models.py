"""What the tools take and give, as pydantic models: their JSON schemas are what an agent sees."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from fanin.interfaces.render import cited_documents, missing, web_address
from fanin.knowledge.search.search_values import Findings
from fanin.model import Answer

LONGEST_QUESTION = 8_000
"""Characters of a question."""

MOST_PASSAGES = 50
"""Passages that one search gives at most."""


class Given(BaseModel):
    """Arguments of a tool, or what it gives: nothing but these fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Not `type Text = …`: its schema would be a reference, which some clients do not follow.
Text = Annotated[
    str, Field(min_length=1, max_length=LONGEST_QUESTION, description="What you want to know, in plain words.")
]


class AskArguments(Given):
    """The arguments of `ask`."""

    question: Text
    deadline: Annotated[
        float | str | None,
        Field(description='Seconds until the answer, or a text such as "3s"; 50 at most. Default: that of the server.'),
    ] = None
    sources: Annotated[
        list[str] | None,
        Field(description="Ask only these sources; `list_sources` names them. Default: all that fit the question."),
    ] = None
    fresh: Annotated[bool, Field(description="Take no source's answer from the cache.")] = False


class SearchArguments(Given):
    """The arguments of `search_knowledge`."""

    question: Text
    limit: Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="Passages at most.")] = 10


class WatchArguments(Given):
    """The arguments of `watch_question`."""

    question: Text
    after: Annotated[int, Field(ge=0, description="The number of the last event that you got.")] = 0


class Watched(Given):
    """The events of a run after a number, and which run it is; null if no such question runs."""

    run: dict[str, Any] | None
    events: list[dict[str, Any]]


class NoArguments(Given):
    """`list_sources` takes none."""


class Cited(Given):
    """A document that the answer quotes: `number` is the one in brackets in the text."""

    number: int
    quote: str
    title: str
    url: str
    source: str
    published: str


class Missing(Given):
    """A source that is not wholly in the answer, and why."""

    source: str
    label: str
    reason: str


class Figure(Given):
    """One side of a conflict: what the document of this number says."""

    source: str
    figure: str
    number: int


class AskResult(Given):
    """An answer. `answered` is false if the sources do not say what was asked: then `text` is what is nearest."""

    question: str
    answered: bool
    text: str
    citations: list[Cited]
    conflicts: list[list[Figure]]
    missing: list[Missing]
    notes: list[str]
    related: list[str]
    coverage: Annotated[float, Field(description="The share of the sources that ended well, 0 to 1.")]
    seconds: float

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The answer, without passages and times."""
        return cls(
            question=answer.query,
            answered=answer.answered,
            text=answer.text,
            citations=[
                Cited(
                    number=each.number,
                    quote=each.quote,
                    title=each.title,
                    url=web_address(each),
                    source=each.source,
                    published=each.published,
                )
                for each in cited_documents(answer)
            ],
            conflicts=[
                [Figure(source=side.source, figure=side.figure, number=side.number) for side in each.sides]
                for each in answer.conflicts
            ],
            missing=[Missing(source=name, label=label, reason=why) for label, name, why in missing(answer)],
            notes=list(answer.notes),
            related=list(answer.related),
            coverage=round(answer.coverage, 3),
            seconds=round(answer.execution_time, 3),
        )


class FoundText(Given):
    """A passage of the knowledge base; `start` and `end` are its place in the document, in characters."""

    path: str
    title: str
    heading: str
    text: str
    start: int
    end: int
    score: float


class SearchResult(Given):
    """Passages, best first. `searched_for` is the question with misspelt words corrected, or empty."""

    searched_for: str
    passages: list[FoundText]

    @classmethod
    def of(cls, found: Findings) -> Self:
        """What was found."""
        names = FoundText.model_fields
        return cls(
            searched_for=found.searched_for,
            passages=[FoundText(**{name: getattr(each, name) for name in names}) for each in found.passages],
        )


class SourceHealth(Given):
    """A source, and how it has been doing; `p50` and `p95` are seconds, null where it never answered."""

    name: str
    kind: str
    topics: list[str]
    calls: int = 0
    failures: int = 0
    p50: float | None = None
    p95: float | None = None
    breaker: str = "closed"
    reason: str = ""


class SourcesResult(Given):
    """The sources that can be asked."""

    sources: list[SourceHealth]
