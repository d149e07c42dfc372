"""Links by which others read one kept run: made, found and taken back on a connection."""

import secrets
import sqlite3
from collections.abc import Sequence
from typing import Any

from fanin.runs.run_record import KeptRun
from fanin.runs.run_rows import events_in, find
from fanin.runs.source_history import AskedSources, calls_of
from fanin.storage.sqlite_file import transaction

NAME_BYTES = 18
"""Random bytes of the name of a link: too many to guess."""


def share(connection: sqlite3.Connection, run: str, *, user: str | None) -> str | None:
    """The name of the link to a run, which is made if there is none; None if there is no such run of this user."""
    with transaction(connection):
        connection.execute(
            "INSERT OR IGNORE INTO shares SELECT ?, number FROM runs WHERE id = ? AND (? IS NULL OR user = ?)",
            (secrets.token_urlsafe(NAME_BYTES), run, user, user),
        )
    return shared_as(connection, run, user=user)


def shared_as(connection: sqlite3.Connection, run: str, *, user: str | None) -> str | None:
    """The name of the link to a run; None if it has none."""
    found = connection.execute(
        "SELECT name FROM shares JOIN runs ON number = run WHERE id = ? AND (? IS NULL OR user = ?)", (run, user, user)
    ).fetchone()
    return found and found[0]


def unshare(connection: sqlite3.Connection, run: str, *, user: str | None) -> bool:
    """Take the link to a run back; false if it had none."""
    with transaction(connection):
        done = connection.execute(
            "DELETE FROM shares WHERE run = (SELECT number FROM runs WHERE id = ? AND (? IS NULL OR user = ?))",
            (run, user, user),
        )
        return bool(done.rowcount)


def find_shared(connection: sqlite3.Connection, name: str) -> KeptRun | None:
    """The run to which the link of this name leads; None if there is no such link, or no more."""
    found = connection.execute("SELECT id FROM shares JOIN runs ON number = run WHERE name = ?", (name,)).fetchone()
    return found and find(connection, found[0], user=None)


def asked_sources(connection: sqlite3.Connection, *, user: str | None, most: int) -> Sequence[AskedSources]:
    """What became of the sources of the newest runs that have an answer, the newest first."""
    rows: list[Any] = connection.execute(
        "SELECT id, question, events, asked_at FROM runs WHERE (? IS NULL OR user = ?) ORDER BY number DESC LIMIT ?",
        (user, user, most),
    ).fetchall()
    return [
        AskedSources(run, question, found, at)
        for run, question, events, at in rows
        if (found := calls_of(events_in(events)))
    ]
