"""SQLite files: a connection in a thread of its own, transactions, scripts, and the version of the tables."""

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

from fanin.background import DaemonThreads


class FileThread:
    """A thread with a connection, which `connect` makes in it at the first use: no event loop waits for a disk."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], *, name: str) -> None:
        self._connect = connect
        self._name = name
        self._thread: DaemonThreads | None = None
        self._connection: sqlite3.Connection | None = None

    async def do[T](self, work: Callable[[], T]) -> T:
        """What the work gives in the thread, where it may call `connection` and `disconnect`."""
        if self._thread is None:
            self._thread = DaemonThreads(1, name=self._name)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self) -> None:
        """Close the file, after all that was begun."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self.disconnect)
            thread.shutdown(wait=True)

    def connection(self) -> sqlite3.Connection:
        """The connection."""
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def disconnect(self) -> None:
        """Close the connection; the next call of `connection` makes another one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """A transaction: all that is written in it is there when it ends, or nothing of it if it fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Execute a script within the caller's transaction, which `executescript` would end."""
    for statement in statements(script):
        connection.execute(statement)


def statements(script: str) -> Iterator[str]:
    """The statements of a script, each complete; what follows the last one is left out."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the tables (SQLite's user_version); 0 in an empty file."""
    return connection.execute("PRAGMA user_version").fetchone()[0]
