"""The program that reads SQLite files for fanin, in a process that can be killed whatever SQLite is doing.

It imports nothing of fanin, so that it starts in 30 ms. Each line of its input is a request (JSON): the file, the
query, its parameters, and the limits of rows, of characters in all rows, and of memory. For each request it writes
these lines: {"columns": [...]}; then the cells of all rows as arrays, where an array within an array is a piece of a
text that the next cell continues; at last {"error": "..."}, which is empty without one. It exits when its input ends,
even in the middle of a statement.
"""

import json
import os
import sqlite3
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from queue import SimpleQueue
from typing import Any
from urllib.parse import quote

LOCK_TIMEOUT = 1.0
"""Seconds that SQLite waits for a writer; it has to wait only while that one commits."""

PIECE = 65_536
"""Characters of a line, approximately: reading one takes less than a millisecond."""

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 20_000_000,  # bytes of a text or a blob
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

TOO_LARGE = "too many characters"
"""The error for rows with more characters than the limit."""

_READING = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
)


def main() -> None:
    """Answer requests until the input ends."""
    requests = SimpleQueue[bytes]()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    while True:
        _write({"error": _answer(json.loads(requests.get()))})


def _listen(requests: SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)  # not sys.exit: the other thread may be in a statement that never ends


def _answer(request: dict[str, Any]) -> str:
    """Write the rows. Gives the error, or ""."""
    try:
        with closing(_open(request["path"], request["memory"])) as file:
            found = file.execute(request["query"], request["values"])
            _write({"columns": [name for name, *_ in found.description or ()]})
            for line in lines(_rows(found, request["rows"]), most=request["characters"]):
                _write(line)
    except MemoryError:
        return "out of memory"
    except BrokenPipeError:
        os._exit(0)
    except (sqlite3.Error, ValueError, OverflowError) as error:
        return str(error)[:1000] or type(error).__name__
    return ""


def _open(path: str, memory: int) -> sqlite3.Connection:
    """A read-only connection, which also refuses to prepare any statement that does more than read.

    The file is opened for reading only (sqlite.org/uri.html), but VACUUM INTO could write even so. The authorizer is
    set last: it refuses any PRAGMA that would switch `query_only` off.
    """
    file = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=LOCK_TIMEOUT)
    file.text_factory = _decode
    file.execute("PRAGMA query_only = ON")
    file.execute(f"PRAGMA hard_heap_limit = {memory}")
    for limit, value in LIMITS.items():
        file.setlimit(limit, value)
    file.set_authorizer(_authorize)
    return file


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _authorize(action: int, first: str | None, *_: str | None) -> int:
    # Full-text tables query the data_version themselves.
    allowed = action in _READING or (action == sqlite3.SQLITE_PRAGMA and first == "data_version")
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _rows(found: sqlite3.Cursor, most: int) -> Iterator[tuple[Any, ...]]:
    for _ in range(most):
        if (row := found.fetchone()) is None:
            return
        yield row


def lines(rows: Iterable[Iterable[Any]], *, most: float, piece: int = PIECE) -> Iterator[list[Any]]:
    """The cells of the rows, in lines of about `piece` characters; each row ends a line.

    Raises ValueError if the rows have more than `most` characters.
    """
    written = 0
    for row in rows:
        line, length = list[Any](), 0
        for cell in row:
            for part, size in _parts(cell, piece):
                line.append(part)
                length, written = length + size, written + size
                if written > most:
                    raise ValueError(TOO_LARGE)
                if length >= piece:
                    yield line
                    line, length = [], 0
        if line:
            yield line


def _parts(cell: Any, piece: int) -> Iterator[tuple[Any, int]]:
    """A cell as JSON, long texts in pieces, each with its length; a blob as its size."""
    if isinstance(cell, bytes):
        cell = f"({len(cell)} bytes)"
    if not isinstance(cell, str):
        yield cell, 24
        return
    last = max(len(cell) - 1, 0) // piece * piece
    for at in range(0, last, piece):
        yield [cell[at : at + piece]], piece
    yield cell[last:], len(cell) - last


def _write(line: object) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
