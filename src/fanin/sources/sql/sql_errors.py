"""Errors of databases and their drivers as SourceError, without passwords."""

from collections.abc import Mapping

from fanin.errors import LONGEST_MESSAGE, FailureKind, SourceError
from fanin.sanitize import line
from fanin.sources.sql.sqlite_child import TOO_LARGE

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
"""The SQLSTATE class for a phrase in a message of SQLite."""

_KINDS: Mapping[str, tuple[FailureKind, str]] = {
    "25006": (FailureKind.READ_ONLY, "The connection is read-only. Let the query only read."),
    "28": (FailureKind.REFUSED, "Check the user and the password."),
    "3D": (FailureKind.UNREACHABLE, "Check the name of the database."),
    "58": (FailureKind.UNREACHABLE, "Check the path of the file, and that it is a database."),
    "08": (FailureKind.CONNECTION, "Check the address, and that the server runs."),
    "53": (FailureKind.CONNECTION, "The server has too much to do; try again later."),
    "54": (FailureKind.TOO_LARGE, "Let the query give less."),
    "55": (FailureKind.CONNECTION, "Another program writes to it; try again later."),
    "57": (FailureKind.CONNECTION, "The server ended the query; try again later."),
}
"""SQLSTATE classes (PostgreSQL, Appendix A); any other is a mistake in the query."""


def sql_error(state: str, message: str, label: str) -> SourceError:
    """The error for a message of a database with this SQLSTATE."""
    kind, advice = _KINDS.get(state) or _KINDS.get(state[:2]) or (FailureKind.QUERY, "Correct the query.")
    message = line(message, limit=LONGEST_MESSAGE)
    return SourceError(f"The database {label} said: {message}; fanin took nothing more from it. {advice}", kind=kind)


def sqlite_error(message: str, label: str, *, most: int) -> SourceError:
    """The error for a message of SQLite."""
    if message == TOO_LARGE:
        return too_large(most)
    low = message.lower()
    return sql_error(next((state for sign, state in _SIGNS.items() if sign in low), "42"), message, label)


def too_large(most: int) -> SourceError:
    """The error for more rows than one question may have."""
    return SourceError(
        f"Its rows hold over {most:,} characters; fanin stopped reading. Let the query give less.",
        FailureKind.TOO_LARGE,
    )
