"""The connection that writes, in a thread of its own, so that the event loop never waits for a disk."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Concatenate

from fanin.background import DaemonThreads
from fanin.knowledge.store.database_file import open_for_writing, translate_errors


class Writer:
    """Runs functions on the connection, one after another, in its thread; see `open_writer`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, thread: DaemonThreads) -> None:
        self._path = path
        self._connection = connection
        self._thread = thread

    async def __call__[**P, T](
        self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The result of `work(connection, …)`, which also runs to its end if the caller is cancelled."""
        call = partial(self._run, partial(work, self._connection, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _run[T](self, call: Callable[[], T]) -> T:
        with translate_errors(self._path):
            return call()


@asynccontextmanager
async def open_writer(path: Path) -> AsyncGenerator[Writer]:
    """A writer for the knowledge base at that path, which is made if it does not exist."""
    loop, thread, stack = asyncio.get_running_loop(), DaemonThreads(1, name="fanin writer"), ExitStack()
    try:
        connection = await loop.run_in_executor(thread, stack.enter_context, open_for_writing(path))
        yield Writer(path, connection, thread)
    finally:
        await loop.run_in_executor(thread, stack.close)
        thread.shutdown()
