"""Finds passages by their words, with SQLite's FTS5, ranked by BM25."""

import sqlite3

from fanin.knowledge.search.search_values import Filters
from fanin.text.index_terms import is_part, question_words, term

TITLE, HEADING, TEXT = 2.0, 2.0, 1.0
"""The weight of each column (FTS5's bm25 multiplies the frequency of a word by it)."""

_FOUND = """
SELECT rowid FROM words WHERE words MATCH ? AND rank MATCH ? {} ORDER BY rank LIMIT ?
"""
_FILTER = """
AND rowid IN (SELECT p.id FROM passages p JOIN documents d ON d.id = p.document JOIN roots r ON r.id = d.root WHERE {})
"""


def search_words(connection: sqlite3.Connection, question: str, filters: Filters, *, limit: int) -> list[int]:
    """The passages with any word of the question's subject, best first."""
    wanted = match_expression(question)
    if not wanted:
        return []
    clause, values = filters.clause()
    rows = connection.execute(
        _FOUND.format(_FILTER.format(clause) if clause else ""),
        (wanted, f"bm25({TITLE}, {HEADING}, {TEXT})", *values, limit),
    )
    return [number for (number,) in rows]


def match_expression(question: str) -> str:
    """The question as an expression of FTS5: any of its terms, each quoted, so that none is an operator.

    Words that only ask ("how do I", "please tell me") are left out, unless there are no others.
    """
    return " OR ".join(dict.fromkeys(map(_quoted, question_words(question))))


def _quoted(word: str) -> str:
    """The term of a word; a single character of a script without spaces is the beginning of terms."""
    return f'"{term(word).replace('"', '""')}"{"*" * is_part(word)}'
