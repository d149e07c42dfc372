"""What is asked of a knowledge base, and what it gives back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from fanin.errors import KnowledgeError

type Stopped = Callable[[], bool]
"""Whether nobody waits for a search any more; it is asked often, in the thread that searches."""


class SearchStopped(KnowledgeError):
    """The search ended early because nobody waits for it any more."""


def check(stopped: Stopped) -> None:
    """Raise SearchStopped when nobody waits for the search any more."""
    if stopped():
        raise SearchStopped("The search was told to stop; fanin gives none of its passages. Give it more time.")


type Way = Literal["hybrid", "lexical", "semantic"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents are searched: all, or those that fit each filter that is set.

    `name` is what their root was added under, `path` a part of their path or a pattern with "*", `since` and `until`
    are ISO 8601 dates, the first and the last day.
    """

    name: str = ""
    path: str = ""
    since: str = ""
    until: str = ""

    def clause(self) -> tuple[str, Sequence[str]]:
        """The SQL condition on `roots r` and `documents d`, "" for none, and its values."""
        pattern = self.path if "*" in self.path else f"*{self.path}*"
        told = {
            "r.name = ?": self.name,
            "d.path GLOB ?": self.path and pattern.replace("[", "[[]").replace("?", "[?]"),
            "substr(d.published, 1, 10) >= ?": self.since,
            "substr(d.published, 1, 10) <= ?": self.until,
        }
        wanted = {condition: value for condition, value in told.items() if value}
        return " AND ".join(wanted), list(wanted.values())


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: `start` and `end` count characters of its document's stored text.

    `score` goes from 0 to 1, which is the first in every order that was asked for. `published` is ISO 8601.
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
