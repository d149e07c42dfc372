"""What a database or its driver says, as an error that names no password."""

from collections.abc import Mapping

from fanin.errors import LONGEST_MESSAGE, FailureKind, SourceError
from fanin.sanitize import line
from fanin.sources.sql.sqlite_child import TOO_LARGE

AT_ONCE = 10
"""Statements of one source that run at a time; more of them wait."""

MOST = 20_000_000
"""Characters that the rows for one question may hold."""

_SIGNS: Mapping[str, str] = {
    "not authorized": "25006",
    "prohibited": "25006",
    "readonly": "25006",
    "unable to open": "58",
    "locked": "55",
    "not a database": "58",
    "too big": "54",
    "out of memory": "54",
}
"""What stands for SQLSTATE classes in SQLite's words."""

_KINDS: Mapping[str, tuple[FailureKind, str]] = {
    "25006": (FailureKind.READ_ONLY, "The query wants to write, which this connection cannot. Let it only read."),
    "28": (FailureKind.REFUSED, "Check the user and the password."),
    "3D": (FailureKind.UNREACHABLE, "Check the name of the database."),
    "58": (FailureKind.UNREACHABLE, "Check the path of the file, and that it is a database."),
    "08": (FailureKind.CONNECTION, "Check the address, and that the server runs."),
    "53": (FailureKind.CONNECTION, "The server has too much to do; try again later."),
    "54": (FailureKind.TOO_LARGE, "Let the query give less."),
    "55": (FailureKind.CONNECTION, "Somebody writes to it; try again later."),
    "57": (FailureKind.CONNECTION, "The server ended the query; try again later."),
}
"""SQLSTATE classes (PostgreSQL, Appendix A); any other is a mistake in the query."""


def sql_error(state: str, said: str, called: str) -> SourceError:
    """What a database said in a state of SQLSTATE as an error."""
    kind, advice = _KINDS.get(state) or _KINDS.get(state[:2]) or (FailureKind.QUERY, "Correct the query.")
    said = line(said, limit=LONGEST_MESSAGE)
    return SourceError(f"The database {called} said: {said}; fanin took nothing more from it. {advice}", kind=kind)


def sqlite_error(said: str, called: str) -> SourceError:
    """What SQLite said as an error."""
    if said == TOO_LARGE:
        return too_large()
    low = said.lower()
    return sql_error(next((state for sign, state in _SIGNS.items() if sign in low), "42"), said, called)


def too_large() -> SourceError:
    """The error for more rows than one question may have."""
    return SourceError(
        f"Its rows hold over {MOST:,} characters; fanin stopped reading. Let the query give less.",
        FailureKind.TOO_LARGE,
    )
