"""Finds passages by their words, with SQLite's FTS5, ranked by BM25, and which of the words each has."""

import sqlite3
from collections.abc import Collection, Set
from json import dumps, loads
from math import log

from fanin.knowledge.search.rank_fusion import FoundTerm
from fanin.knowledge.search.search_values import Filters
from fanin.knowledge.search.spelling import is_name
from fanin.text.index_terms import is_part, question_words, term
from fanin.text.question_terms import question_terms
from fanin.text.words import words

_FOUND = """
SELECT rowid, -rank FROM words WHERE words MATCH ? {} ORDER BY rank LIMIT ?
"""
_HAVING = "SELECT rowid FROM words WHERE words MATCH ?"
_COUNTED = """
SELECT count(*), json_group_array(rowid) FILTER (WHERE rowid IN (SELECT value FROM json_each(?)))
FROM words WHERE words MATCH ?
"""
_FILTER = """
AND rowid IN (SELECT p.id FROM passages p JOIN documents d ON d.id = p.document JOIN roots r ON r.id = d.root WHERE {})
"""


def search_words(connection: sqlite3.Connection, question: str, filters: Filters, *, limit: int) -> dict[int, float]:
    """The best passages with any word of the question's subject, best first, with their scores by BM25."""
    wanted = match_expression(question, _held(connection, question))
    if not wanted:
        return {}
    clause, values = filters.clause()
    return dict(connection.execute(_FOUND.format(_FILTER.format(clause) if clause else ""), (wanted, *values, limit)))


def found_terms(connection: sqlite3.Connection, question: str, among: Collection[int]) -> list[FoundTerm]:
    """The terms of the question that any passage has, and which of the passages `among` these do."""
    (total,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    tokens, wanted, found = question_terms(question).tokens, dumps([*among]), list[FoundTerm]()
    for word in _searched(question, _held(connection, question)):
        count, having = _having(connection, _quoted(word), wanted)
        if count:
            named = word in tokens or is_name(word)
            headed = _having(connection, f"{{title heading}}: {_quoted(word)}", wanted)[1] if named else having
            found.append(FoundTerm(log(1.0 + (total - count + 0.5) / (count + 0.5)), having, headed, named))
    return found


def match_expression(question: str, held: Collection[str] = ()) -> str:
    """The question as an expression of FTS5: any of its terms, each quoted, so that none is an operator.

    Words that only ask ("how do I", "please tell me") are left out, unless there are no others, and so are the pieces
    of the technical tokens that some passage has whole (`held`).
    """
    return " OR ".join(dict.fromkeys(map(_quoted, _searched(question, held))))


def _searched(question: str, held: Collection[str]) -> list[str]:
    pieces = {piece for token in held for piece in words(token)}.difference(held)
    return [word for word in question_words(question) if word not in pieces]


def _held(connection: sqlite3.Connection, question: str) -> list[str]:
    """The technical tokens of the question that some passage has whole."""
    tokens = question_terms(question).tokens
    return [token for token in tokens if connection.execute(_HAVING, (_quoted(token),)).fetchone() is not None]


def _having(connection: sqlite3.Connection, expression: str, among: str) -> tuple[int, Set[int]]:
    """How many passages the expression finds, and which of those that a JSON array names."""
    count, having = connection.execute(_COUNTED, (among, expression)).fetchone()
    return count, frozenset(loads(having))


def _quoted(word: str) -> str:
    """The term of a word; a single character of a script without spaces is the beginning of terms."""
    return f'"{term(word).replace('"', '""')}"{"*" * is_part(word)}'
