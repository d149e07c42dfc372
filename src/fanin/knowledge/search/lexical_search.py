"""Finds passages by their words, with SQLite's FTS5, ranked by BM25."""

import sqlite3
from collections.abc import Collection

from fanin.knowledge.search.search_values import Filters
from fanin.text.index_terms import is_part, question_words, term
from fanin.text.question_terms import question_terms
from fanin.text.words import words

_FOUND = """
SELECT rowid, -rank FROM words WHERE words MATCH ? {} ORDER BY rank LIMIT ?
"""
_FILTER = """
AND rowid IN (SELECT p.id FROM passages p JOIN documents d ON d.id = p.document JOIN roots r ON r.id = d.root WHERE {})
"""


def search_words(connection: sqlite3.Connection, question: str, filters: Filters, *, limit: int) -> dict[int, float]:
    """The best passages with any word of the question's subject, best first, with their scores by BM25."""
    held = [token for token in question_terms(question).tokens if _is_held(connection, token)]
    wanted = match_expression(question, held)
    if not wanted:
        return {}
    clause, values = filters.clause()
    return dict(connection.execute(_FOUND.format(_FILTER.format(clause) if clause else ""), (wanted, *values, limit)))


def match_expression(question: str, held: Collection[str] = ()) -> str:
    """The question as an expression of FTS5: any of its terms, each quoted, so that none is an operator.

    Words that only ask ("how do I", "please tell me") are left out, unless there are no others, and so are the pieces
    of the technical tokens that some passage has whole (`held`).
    """
    pieces = {piece for token in held for piece in words(token)}.difference(held)
    return " OR ".join(dict.fromkeys(_quoted(word) for word in question_words(question) if word not in pieces))


def _is_held(connection: sqlite3.Connection, token: str) -> bool:
    return connection.execute("SELECT 1 FROM words WHERE words MATCH ?", (_quoted(token),)).fetchone() is not None


def _quoted(word: str) -> str:
    """The term of a word; a single character of a script without spaces is the beginning of terms."""
    return f'"{term(word).replace('"', '""')}"{"*" * is_part(word)}'
