"""What a database or its driver says, as an error that names no password."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from fanin.errors import FaninError, SourceError, message_of


@contextmanager
def told_by(called: str) -> Generator[None]:
    """Raise what the database or its driver says as a SourceError, without the address and its password."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    try:
        yield
    except FaninError, TimeoutError:
        raise
    except (SQLAlchemyError, OSError) as error:
        cause = (error.orig or error) if isinstance(error, DBAPIError) else error
        raise _account(cause, called) from error
    except Exception as error:
        # What asyncpg raises while rows are fetched comes through SQLAlchemy as it is.
        if not hasattr(error, "sqlstate"):
            raise
        raise _account(error, called) from error


def _state(error: BaseException) -> str:
    """The five characters of PostgreSQL's SQLSTATE, or what stands for them in SQLite's words."""
    if state := getattr(error, "sqlstate", None):
        return str(state)
    if isinstance(error, OSError):
        return "08"
    words = str(error).lower()
    found = (state for sign, state in _SIGNS.items() if sign in words)
    return next(found, "42")


_SIGNS: Mapping[str, str] = {
    "not authorized": "25006",
    "prohibited": "25006",
    "readonly": "25006",
    "unable to open": "58",
    "locked": "55",
    "not a database": "58",
    "interrupted": "57014",
}

_KINDS: Mapping[str, tuple[str, str]] = {
    "25006": ("read_only", "The query wants to write, which this connection cannot. Let it only read."),
    "28": ("refused", "Check the user and the password."),
    "3D": ("unreachable", "Check the name of the database."),
    "58": ("unreachable", "Check the path of the file, and that it is a database."),
    "08": ("connection", "Check the address, and that the server runs."),
    "53": ("connection", "The server has too much to do; try again later."),
    "55": ("connection", "Somebody writes to it; try again later."),
    "57": ("connection", "The server ended the query; try again later."),
}
"""SQLSTATE classes (PostgreSQL, Appendix A); any other is a mistake in the query."""


def _account(error: BaseException, called: str) -> SourceError | TimeoutError:
    state = _state(error)
    if state == "57014":
        return TimeoutError(f"The database {called} did not finish in time")
    kind, advice = _KINDS.get(state) or _KINDS.get(state[:2]) or ("query", "Correct the query.")
    said = message_of(error) or type(error).__name__
    return SourceError(f"The database {called} said: {said}; fanin took nothing more from it. {advice}", kind=kind)
