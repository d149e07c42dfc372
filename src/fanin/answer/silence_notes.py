"""Notes on the search, of an answer that does not say what was asked. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from fanin.model import Citation, Outcome, Passage

MAY_NOT_ANSWER = "What was found may not answer the question."

MAX_NAMES = 5
"""Sources that are named in one sentence."""

NOT_TO_THE_END, NOT_ASKED = "Could not be asked, or not to the end: ", "Not asked: "
"""How the notes on what became of sources begin."""

ASKED = ("ok", "empty")
"""Statuses of sources that were asked to the end."""


def silence_notes(
    passages: Sequence[Passage], outcomes: Mapping[str, Outcome], citations: Sequence[Citation]
) -> tuple[str, ...]:
    """What was looked at, what comes nearest, and which sources were not asked: nobody knows what these say."""
    documents = Counter([source for source, _ in dict.fromkeys([(each.source, each.document) for each in passages])])
    looked = [f"{_counted(count, 'document')} of {source}" for source, count in documents.items()]
    nothing = [name for name, each in outcomes.items() if each.status in ASKED and name not in documents]
    others = {name: f"{name} ({_why(each)})" for name, each in outcomes.items() if each.status not in ASKED}
    skipped = [others.pop(name) for name in [*others] if outcomes[name].status == "skipped"]
    return (
        *([f"Looked at: {_listed(looked)}."] if looked else ()),
        *([f"Nothing was found in: {_listed(nothing)}."] if nothing else ()),
        *([f"Nearest: {_named(citations[0])}."] if citations else ()),
        *([f"{NOT_TO_THE_END}{_listed(others.values())}."] if others else ()),
        *([f"{NOT_ASKED}{_listed(skipped)}."] if skipped else ()),
    )


def _named(citation: Citation) -> str:
    title = f'"{citation.title}"' if citation.title else f"document {citation.document} of {citation.source}"
    return f"{title} ({citation.url})" if citation.url else title


def _why(outcome: Outcome) -> str:
    """The first part of the outcome's message, which says what happened, or its status."""
    happened = re.split(r"; fanin|, | \(", outcome.message, maxsplit=1)[0].rstrip(".")
    return happened or outcome.status.replace("_", " ")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    rest = len(shown) - MAX_NAMES
    return ", ".join(shown[:MAX_NAMES]) + (f" and {rest} more" if rest > 0 else "")
