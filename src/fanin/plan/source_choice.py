"""Which sources are asked: all, or those whose topics fit the question (pure)."""

from collections.abc import Sequence
from typing import Protocol

from fanin.errors import FailureKind
from fanin.model import Outcome
from fanin.plan.topics import fitting


class Topical(Protocol):
    """Something with a name that may be good for some topics only."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def topics(self) -> tuple[str, ...]:
        """What it is good for; () for everything."""
        ...


def choose[S: Topical](question: str, sources: Sequence[S]) -> tuple[list[S], list[Outcome]]:
    """The sources to ask, and an outcome for each that is skipped because none of its topics fits the question.

    A source without topics is always asked. If no source fits, all are asked.
    """
    if not any(source.topics for source in sources):
        return list(sources), []
    asked = [source for source in sources if not source.topics or fitting(question, source.topics)]
    if not asked:
        return list(sources), []
    chosen = {source.name for source in asked}
    return asked, [_skipped(source) for source in sources if source.name not in chosen]


def _skipped(source: Topical) -> Outcome:
    topics = ", ".join(source.topics)
    return Outcome(
        source=source.name,
        status="skipped",
        kind=FailureKind.TOPICS,
        message=f"The question does not fit its topics ({topics}); fanin did not ask it. Name it to ask it anyway.",
        attempts=0,
    )
