"""An answer as the values of a row."""

from typing import Any

from fanin.model import Answer
from fanin.streams.event_json import plain

ADDED = ("answer", "success", "citations", "outcomes", "execution_time", "error")
"""The columns that follow those of the input."""


def answer_values(answer: Answer | None, error: str) -> dict[str, Any]:
    """What is added to the values of a row; without an answer, only the error."""
    if answer is None:
        return {**dict.fromkeys(ADDED), "success": False, "error": error}
    citations = [
        {"number": each.number, "quote": each.quote, "title": each.title, "url": each.url, "source": each.source}
        for each in answer.citations
    ]
    outcomes = {
        name: each.status + (f": {each.message}" if each.message else "") for name, each in answer.sources.items()
    }
    values = (answer.text, answer.success, citations, outcomes, round(answer.execution_time, 3), error or None)
    return dict(zip(ADDED, plain(values), strict=True))
