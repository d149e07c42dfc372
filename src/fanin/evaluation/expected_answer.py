"""A question with what its answer must hold, as a row of a file tells it. Pure."""

from collections.abc import Mapping
from typing import Any, cast

from fanin.arguments import question_text
from fanin.errors import ConfigError, describe
from fanin.evaluation.expected_facts import Fact, facts_of
from fanin.values import value

COLUMNS = ("question", "facts", "documents", "unanswerable", "id")
"""What a row may tell; other columns are left alone."""


@value
class Expected:
    """A question: the facts that its answer must hold, the addresses or titles of the documents that have them.

    `unanswerable`: the sources do not say it, so that there must be no answer.
    """

    id: str
    question: str
    facts: tuple[Fact, ...] = ()
    documents: tuple[str, ...] = ()
    unanswerable: bool = False


def expected(number: int, values: Mapping[str, Any]) -> Expected:
    """What a row tells. Raises ValueError for one that tells nothing to judge by."""
    question = str(values.get("question") or "").strip()
    try:
        question_text(question)
    except ConfigError as error:
        raise ValueError(describe(error)) from error
    facts, documents = facts_of(values.get("facts")), _texts(values.get("documents"))
    unanswerable = values.get("unanswerable") in (True, "true", "True", "1", "yes")
    if unanswerable and facts:
        raise ValueError("It is unanswerable, and has facts.")
    if not (unanswerable or facts or documents):
        raise ValueError('It has no "facts", no "documents" and no "unanswerable": true.')
    return Expected(str(values.get("id") or number), question, facts, documents, unanswerable)


def _texts(raw: object) -> tuple[str, ...]:
    each = cast("list[object]", raw) if isinstance(raw, list) else [raw] if raw else []
    if not all(isinstance(one, str) and one for one in each):
        raise ValueError('Its "documents" are no texts: give addresses, ends of them, or titles.')
    return tuple(map(str, each))
