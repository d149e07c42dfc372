"""The protocol of a database, and the choice of one by its address."""

import re
from collections.abc import AsyncGenerator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from fanin import lazy
from fanin.errors import ConfigError
from fanin.limits import LIMITS, Limits
from fanin.sources.sql.query_parameters import NAMES, Values
from fanin.sources.sql.sqlite_process import SQLite

_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_NOT_ADDED = "fanin did not add the source. Write sqlite:///file or postgresql://user:password@host/name."


class Database(Protocol):
    """A database that is only read, with one query."""

    def rows(self, values: Values, *, most: int, seconds: float) -> AsyncGenerator[Sequence[Any]]:
        """The names of the columns, then at most `most` rows for these parameters, as they arrive.

        The statement may take `seconds`; closing the generator ends it. Raises SourceError, and TimeoutError if the
        database ended the statement.
        """
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


def database(address: str, query: str, folder: str | None = None, limits: Limits = LIMITS) -> Database:
    """The database at an address such as "sqlite:///file.db" or "postgresql://user:password@host/name".

    A relative path starts in `folder`, or in the working directory. Raises ConfigError for another address, for a
    query with an unknown parameter, and for PostgreSQL without the extra `fanin[sql]`.
    """
    scheme, found, rest = address.partition("://")
    if not found:
        raise ConfigError(f"The address of the database cannot be read; {_NOT_ADDED}")
    match scheme.partition("+")[0]:
        case "sqlite":
            return _sqlite(rest, query, folder, limits)
        case "postgresql" | "postgres":
            return _postgresql(rest, query, limits)
        case other:
            raise ConfigError(f"fanin cannot open databases of the kind {other!r}; {_NOT_ADDED}")


def _sqlite(rest: str, query: str, folder: str | None, limits: Limits) -> Database:
    path = unquote(rest.partition("?")[0])
    if not path.startswith("/") or path == "/" or path.startswith(("/:memory:", "/file:")):
        raise ConfigError("The address names no file; fanin did not add the source. Write sqlite:///path/of/the/file.")
    _names(query)
    return SQLite(Path(folder or "") / Path(path[1:]).expanduser(), _plain(query), label=path[1:], limits=limits)


def _postgresql(rest: str, query: str, limits: Limits) -> Database:
    try:
        import_module("asyncpg")
    except ImportError as error:
        raise ConfigError(
            f"PostgreSQL needs {error.name!r}, which is not installed; fanin did not add the source. Install"
            " fanin[sql]."
        ) from error
    try:
        parts = urlsplit(f"postgresql://{rest}")
        label, _ = f"{parts.hostname or 'local'}/{parts.path[1:]}", parts.port
    except ValueError:  # its message holds the address with the password
        raise ConfigError(f"The address of the database cannot be read; {_NOT_ADDED}") from None
    names = _names(query)
    numbered = _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", query)
    plain = _plain(numbered)
    return lazy.postgresql.PostgreSQL(parts.geturl(), plain, names=names, label=label, at_once=limits.statements)


def _names(query: str) -> list[str]:
    names = list(dict.fromkeys(_PARAMETER.findall(query)))
    if unknown := [name for name in names if name not in NAMES]:
        raise ConfigError(
            f"The query has an unknown parameter :{unknown[0]}; fanin did not add the source. There are:"
            f" {', '.join(f':{name}' for name in NAMES)}. Write \\: for a colon that is not one."
        )
    return names


def _plain(query: str) -> str:
    return query.replace("\\:", ":")
