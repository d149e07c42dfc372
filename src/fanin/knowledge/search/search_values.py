"""The parameters and results of a search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from fanin.errors import KnowledgeError

type IsStopped = Callable[[], bool]
"""Whether the search is to stop; it is called often, in the thread that searches."""


class SearchStopped(KnowledgeError):
    """The search was stopped by its caller."""


def raise_if_stopped(stopped: IsStopped) -> None:
    """Raise SearchStopped if the search is to stop."""
    if stopped():
        raise SearchStopped("The search was stopped by its caller; fanin found no passages. Give it more time.")


type SearchMode = Literal["hybrid", "lexical", "semantic"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents are searched: those that match all filters that are set.

    `name` is the name under which they were added, `path` a part of their path or a pattern with "*"; `since` and
    `until` are ISO 8601 dates, the first and the last day.
    """

    name: str = ""
    path: str = ""
    since: str = ""
    until: str = ""

    def clause(self) -> tuple[str, Sequence[str]]:
        """The SQL condition on `roots r` and `documents d`, "" for none, and its values."""
        pattern = self.path if "*" in self.path else f"*{self.path}*"
        conditions = {
            "r.name = ?": self.name,
            "d.path GLOB ?": self.path and pattern.replace("[", "[[]").replace("?", "[?]"),
            "substr(d.published, 1, 10) >= ?": self.since,
            "substr(d.published, 1, 10) <= ?": self.until,
        }
        active = {condition: value for condition, value in conditions.items() if value}
        return " AND ".join(active), list(active.values())


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found: `start` and `end` count characters of its document's stored text.

    `score` is from 0 to 1; only a passage that is first in every ranking can have 1. `published` is ISO 8601.
    """

    path: str
    title: str
    heading: str
    text: str
    start: int
    end: int
    score: float
    name: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """The passages that were found, best first; `searched_for` is the question with its misspelt words corrected.

    It is "" when no word was corrected.
    """

    passages: Sequence[FoundPassage]
    searched_for: str = ""
