"""Reads PostgreSQL by asyncpg, in read-only transactions and with a statement timeout in the server."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs]

from fanin.errors import message_of
from fanin.sources.json_documents import is_shallow, parse_json
from fanin.sources.sql.query_parameters import Values
from fanin.sources.sql.sql_errors import sql_error

ROWS = 50
"""Rows that are fetched at a time."""

CLOSE_TIMEOUT = 0.2
"""Seconds for connections to close when the source is closed; then they are terminated."""

_ENDED = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, OSError)
_LOST = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises for the next operation when the connection was lost."""

_SETTINGS = {"default_transaction_read_only": "on", "application_name": "fanin"}


class PostgreSQL:
    """A PostgreSQL database that is only read, with one query; its `$1`, `$2`, … are `names` in this order."""

    def __init__(self, address: str, query: str, *, names: Sequence[str], label: str, at_once: int) -> None:
        self._at_once = at_once
        self._label = label
        self._address = address
        self._query = query
        self._names = names
        self._pool: Any = None

    async def rows(self, values: Values, *, most: int, seconds: float) -> AsyncGenerator[Sequence[Any]]:
        """The names of the columns, then at most `most` rows, as they arrive; the statement may take `seconds`.

        Raises SourceError, and TimeoutError if the server ended the statement.
        """
        with _translate_errors(self._label):
            async with self._transaction() as connection:
                limit = str(max(1, int(seconds * 1000)))
                await connection.execute("SELECT set_config('statement_timeout', $1, true)", limit)
                statement = await connection.prepare(self._query)
                columns = statement.get_attributes()
                yield [column.name for column in columns]
                is_json = [column.type.name in ("json", "jsonb") for column in columns]
                arguments = [values[name] for name in self._names]
                number = 0
                async for row in statement.cursor(*arguments, prefetch=min(most, ROWS)):
                    yield [_read(cell) if json else cell for cell, json in zip(row, is_json, strict=True)]
                    if (number := number + 1) == most:
                        return

    async def close(self) -> None:
        """Close every connection."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(CLOSE_TIMEOUT):
                    await pool.close()
            except TimeoutError:
                pool.terminate()

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[Any]:
        """A connection within a read-only transaction, which is always given back."""
        pool = await self._connections()
        for is_last in (False, True):
            async with pool.acquire() as connection:
                transaction = connection.transaction(readonly=True)
                try:
                    await transaction.start()
                except _ENDED:
                    if is_last:
                        raise
                    await pool.expire_connections()  # the server closed it while it was idle, perhaps others too
                    continue
                try:
                    yield connection
                finally:
                    with suppress(*_LOST):
                        await transaction.rollback()
                return

    async def _connections(self) -> Any:
        if self._pool is None:
            pool = cast("Any", asyncpg).create_pool
            self._pool = pool(self._address, min_size=0, max_size=self._at_once, server_settings=_SETTINGS)
        return await self._pool


@contextmanager
def _translate_errors(label: str) -> Generator[None]:
    """Turn errors of the server, asyncpg and the system into SourceError, and a statement timeout into TimeoutError.

    Their messages are without the address and its password.
    """
    try:
        yield
    except TimeoutError:
        raise
    except (asyncpg.PostgresError, *_LOST, OSError) as error:
        gone = isinstance(error, (OSError, asyncpg.InternalClientError))
        state = "08" if gone else str(getattr(error, "sqlstate", None) or "42")
        if state == "57014":
            raise TimeoutError(f"The database {label} did not finish in time") from error
        raise sql_error(state, message_of(error) or type(error).__name__, label) from error


def _read(cell: Any) -> Any:
    """The value of a JSON cell; its text if it is nested too deep to be written as lines."""
    if cell is None:
        return None
    try:
        value = parse_json(cell)
    except ValueError:
        return cell
    return value if is_shallow(value) else cell
