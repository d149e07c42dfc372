"""Rows of tables among the sentences of an answer: the row that was asked for, without the others (pure)."""

from collections.abc import Mapping
from typing import Protocol

from fanin.model import Passage


class QuotedSentence(Protocol):
    """A sentence that may be quoted."""

    passage: Passage
    quote: str
    matches: Mapping[str, float]


def without_outdone_rows[Quoted: QuotedSentence](sentences: list[Quoted]) -> list[Quoted]:
    """The sentences without rows of which another row of the same table holds all that is asked for, and more.

    The names of the columns stand in every row; what the other row has more is the one that the question names.
    """
    if not [each for each in sentences if "; " in each.quote]:
        return sentences
    keys = [column(each.quote) if "; " in each.quote else "" for each in sentences]
    tables: dict[tuple[str, str], set[frozenset[str]]] = {}
    for each, key in zip(sentences, keys, strict=True):
        if key:
            tables.setdefault((each.passage.document_id, key), set()).add(frozenset(each.matches))
    if not tables:
        return sentences
    return [
        each
        for each, key in zip(sentences, keys, strict=True)
        if not key or not _is_outdone(frozenset(each.matches), tables[each.passage.document_id, key])
    ]


def column(quote: str) -> str:
    """The first column that a row of a table names, "Zone" of "Zone: Harbour; Per day: 15 €."; "" for another text."""
    parts = quote.split("; ")
    named = [name for part in parts if (name := part.partition(": ")[0]) != part]
    return named[0] if named and len(named) >= len(parts) - 1 else ""


def _is_outdone(matches: frozenset[str], others: set[frozenset[str]]) -> bool:
    return any(matches < other for other in others)
