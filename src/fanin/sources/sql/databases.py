"""Connections that can only read: how each database is opened, limited in time, and stopped."""

import asyncio
import importlib
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fanin.errors import ConfigError

if TYPE_CHECKING:
    import aiosqlite
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

AT_ONCE = 5
"""Connections of one source that stay open; a rush may open as many again."""

LOCKED = 1.0
"""Seconds that SQLite waits for a writer; a reader is only in a writer's way while that one commits."""

type Stop = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Database:
    """A database that is only read. `called` is its address without anything secret.

    `limit` gives a connection so many seconds. `stop` gives what ends a connection's statement, None when cancelling
    does; `open_stop` is that for opening one.
    """

    called: str
    engine: Callable[[], AsyncEngine]
    limit: Callable[[AsyncConnection, float], Awaitable[None]]
    stop: Callable[[AsyncConnection], Awaitable[Stop | None]]
    open_stop: Stop | None = None


def database(address: str, folder: str | None = None) -> Database:
    """The database at an address such as "sqlite:///file.db" or "postgresql://user:password@host/name".

    A relative path starts in `folder`, or in the working directory.
    Raises ConfigError for another one, and without the extra `fanin[sql]`.
    """
    url = _url(address)
    match url.get_backend_name():
        case "sqlite":
            return _sqlite(url, folder)
        case "postgresql" | "postgres":
            return _postgresql(url)
        case other:
            raise ConfigError(
                f"The database {other!r} is none that can be opened for reading only; fanin did not add the source."
                " Use sqlite:///file or postgresql://user:password@host/name."
            )


@asynccontextmanager
async def connected(database: Database, engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """A connection of the engine, given back whatever happens and whenever this is cancelled."""
    connection = engine.connect()
    try:
        await stoppable(connection.start(), database.open_stop)
        yield connection
    finally:
        if connection.sync_connection is not None:
            await stoppable(connection.close(), _wait)


async def stoppable[T](work: Awaitable[T], stop: Stop | None) -> T:
    """The result of some work. When this is cancelled the work is stopped, again and again until it has ended."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait((task,))
        return task.result()
    except asyncio.CancelledError:
        if stop is None:
            task.cancel()
        while not task.done():
            if stop is not None:
                stop()
            await asyncio.wait((task,), timeout=0.01)
        if not task.cancelled():
            task.exception()  # it was told to fail
        raise


def _wait() -> None:
    """Stop nothing: what takes milliseconds may end, and is waited for."""


def _url(address: str) -> URL:
    try:
        make_url = importlib.import_module("sqlalchemy").make_url
        importlib.import_module("greenlet")
        importlib.import_module("aiosqlite" if address.startswith("sqlite") else "asyncpg")
    except ImportError as error:
        raise ConfigError(
            f"The kind sql needs {error.name!r}, which is not installed; fanin did not add the source. Install"
            " fanin[sql]."
        ) from error
    try:
        return make_url(address)
    except Exception:  # noqa: BLE001 - the cause would tell the address, with its password
        raise ConfigError(
            "The address of the database cannot be read; fanin did not add the source. Write sqlite:///file or"
            " postgresql://user:password@host/name."
        ) from None


def _sqlite(url: URL, folder: str | None) -> Database:
    from sqlalchemy import URL, event
    from sqlalchemy.ext.asyncio import create_async_engine

    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise ConfigError("The address names no file; fanin did not add the source. Write sqlite:///path/of/the/file.")
    path = quote(str(Path(folder or "") / Path(url.database).expanduser()))
    # The mode is part of SQLite's own address, so that no connection is ever open for writing (sqlite.org/uri.html).
    address = URL.create("sqlite+aiosqlite", database=f"file:{path}", query={"mode": "ro", "uri": "true"})

    def opened() -> AsyncEngine:
        engine = create_async_engine(
            address, pool_size=AT_ONCE, max_overflow=AT_ONCE, hide_parameters=True, connect_args={"timeout": LOCKED}
        )
        event.listen(engine.sync_engine, "connect", _only_read)
        return engine

    return Database(url.database, opened, _no_limit, _interrupt, _wait)


def _only_read(connection: Any, _: object) -> None:
    """Refuse, when a statement is prepared, all that is no reading: VACUUM INTO could write even on such a connection.

    The rules hold for what comes after them, so that no later PRAGMA takes `query_only` back.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()
    connection.run_async(_set_rules)


def _set_rules(driver: aiosqlite.Connection) -> Coroutine[Any, Any, None]:
    return driver.set_authorizer(_reading)


_READING = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
)


def _reading(action: int, first: str | None, *_: str | None) -> int:
    # Full-text tables ask for the data_version themselves.
    allowed = action in _READING or (action == sqlite3.SQLITE_PRAGMA and first == "data_version")
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


async def _no_limit(_: AsyncConnection, __: float) -> None:
    """SQLite has no limit in time; it is interrupted when the time is over."""


async def _interrupt(connection: AsyncConnection) -> Stop:
    raw = (await connection.get_raw_connection()).driver_connection
    inner = getattr(raw, "_conn")  # noqa: B009 - its own `interrupt` is a coroutine, which a stop must not wait for

    def stop() -> None:
        with suppress(Exception):
            inner.interrupt()

    return stop


def _postgresql(url: URL) -> Database:
    from sqlalchemy.ext.asyncio import create_async_engine

    address = url.set(drivername="postgresql+asyncpg", query=_asyncpg(url.query))
    settings = {"default_transaction_read_only": "on", "application_name": "fanin"}

    address.get_dialect()

    def opened() -> AsyncEngine:
        engine = create_async_engine(
            address,
            pool_size=AT_ONCE,
            max_overflow=AT_ONCE,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"server_settings": settings},
        )
        return engine.execution_options(postgresql_readonly=True)

    return Database(f"{url.host or 'local'}/{url.database or ''}", opened, _statement_timeout, _no_stop)


def _asyncpg(query: Mapping[str, Any]) -> dict[str, Any]:
    """An address's settings as asyncpg calls them: `sslmode`, as everything else has it, is its `ssl`."""
    return {"ssl" if name == "sslmode" else name: value for name, value in query.items()}


async def _statement_timeout(connection: AsyncConnection, seconds: float) -> None:
    from sqlalchemy import text

    limit = text("SELECT set_config('statement_timeout', :limit, true)")
    await connection.execute(limit, {"limit": str(max(1, int(seconds * 1000)))})


async def _no_stop(_: AsyncConnection) -> None:
    """A cancelled task of asyncpg asks the server to cancel its statement."""
