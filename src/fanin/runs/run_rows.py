"""Runs as rows of the file: written, read, searched and removed on a connection."""

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from fanin.events import Event, Fetched
from fanin.runs.long_texts import LongTexts, put_in
from fanin.runs.run_figure import Lane, RunFigure
from fanin.runs.run_record import AskedBy, EndedRun, KeptRun, RunSummary, summary_of
from fanin.storage.sqlite_file import transaction
from fanin.streams.event_json import values_of

MOST_CHARACTERS = 20_000_000
"""Characters of documents that are kept of one run, in order of arrival; of those beyond, all but the text is kept."""

_SUMMARY = "id, user, question, asked_at, status, text, seconds, answered, success, figure"


def insert(connection: sqlite3.Connection, run: EndedRun) -> None:
    """Keep a run."""
    long, found = LongTexts(), summary_of(run)
    events = _packed(json.dumps([long.take_out(values_of(each)) for each in _bounded(run.events)]))
    row = (found.id, found.user, found.question, found.asked_at, found.status, found.text, found.seconds)
    request = (_request(run.request), run.request.key or None)
    with transaction(connection):
        number = connection.execute(
            f"INSERT INTO runs ({_SUMMARY}, events, request, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (*map(_encodable, row), found.answered, found.success, _figure_text(found.figure), events, *request),
        ).lastrowid
        for place, (digest, text) in enumerate(long.texts.items()):
            connection.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (digest, _packed(text)))
            connection.execute("INSERT INTO run_texts VALUES (?, ?, ?)", (number, place, digest))


def find(connection: sqlite3.Connection, run: str, *, user: str | None) -> KeptRun | None:
    """The run of this id and user."""
    found = connection.execute(
        f"SELECT number, events, request, {_SUMMARY} FROM runs WHERE id = ? AND (? IS NULL OR user = ?)",  # noqa: S608
        (run, user, user),
    ).fetchone()
    if found is None:
        return None
    number, events, request, *summary = found
    rows = connection.execute(
        "SELECT text FROM run_texts JOIN texts USING (digest) WHERE run = ? ORDER BY place", (number,)
    )
    texts = [_unpacked(text) for (text,) in rows]
    result = tuple(put_in(events_in(events), texts))
    return KeptRun(_summary(summary), result, AskedBy(**json.loads(request)))


def repeated(connection: sqlite3.Connection, key: str, *, since: float) -> tuple[str, str] | None:
    """The id and the digest of the body of the newest run since an instant whose request had this key."""
    found = connection.execute(
        "SELECT id, request FROM runs WHERE key = ? AND asked_at >= ? ORDER BY number DESC LIMIT 1", (key, since)
    ).fetchone()
    return None if found is None else (found[0], AskedBy(**json.loads(found[1])).body)


def events_in(packed: bytes) -> list[dict[str, Any]]:
    """The events of a row as JSON values, in which long texts are references."""
    return json.loads(_unpacked(packed))


def summaries(
    connection: sqlite3.Connection, *, user: str | None, words: str, before: str, most: int
) -> Sequence[RunSummary]:
    """The newest runs of this user, with all these words, older than the run `before`."""
    where, values = ["(? IS NULL OR user = ?)"], [user, user]
    if words.strip():
        where.append("number IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(_query(words))
    if before:
        where.append("number < (SELECT number FROM runs WHERE id = ? AND (? IS NULL OR user = ?))")
        values += [before, user, user]
    rows = connection.execute(
        f"SELECT {_SUMMARY} FROM runs WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT ?",  # noqa: S608
        (*values, most),
    )
    return [_summary(row) for row in rows]


def delete(connection: sqlite3.Connection, run: str, *, user: str | None) -> bool:
    """Remove a run, and the texts that no other one has; false if there is none."""
    with transaction(connection):
        done = connection.execute("DELETE FROM runs WHERE id = ? AND (? IS NULL OR user = ?)", (run, user, user))
        return bool(done.rowcount)


def kept(connection: sqlite3.Connection, runs: Collection[str]) -> set[str]:
    """Those of these ids that are ids of runs."""
    wanted = json.dumps(sorted(runs))
    return {
        run
        for (run,) in connection.execute("SELECT id FROM runs WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
    }


def delete_older(connection: sqlite3.Connection, than: float) -> None:
    """Remove the runs that were asked before an instant, in seconds since 1970."""
    with transaction(connection):
        connection.execute("DELETE FROM runs WHERE asked_at < ?", (than,))


def _bounded(events: Iterable[Event]) -> Iterable[Event]:
    left = MOST_CHARACTERS
    for event in events:
        if isinstance(event, Fetched):
            left -= len(event.document.text)
            yield event if left >= 0 else replace(event, document=replace(event.document, text=""))
        else:
            yield event


def _request(request: AskedBy) -> str:
    return json.dumps({name: each for name in request.__dataclass_fields__ if (each := getattr(request, name))})


def _query(words: str) -> str:
    """Each word quoted, so that it has no meaning for FTS5, and as the beginning of one."""
    return " ".join(f'"{each.replace('"', '""')}"*' for each in words.replace("\0", " ").split())


def _summary(row: Sequence[Any]) -> RunSummary:
    run, user, question, asked_at, status, text, seconds, answered, success, figure = row
    deadline, lanes = json.loads(figure)
    drawn = RunFigure(deadline, tuple([Lane(*each) for each in lanes]))
    return RunSummary(run, user, question, asked_at, status, text, seconds, bool(answered), bool(success), drawn)


def _figure_text(figure: RunFigure) -> str:
    return json.dumps(
        [figure.deadline, [[each.source, each.fetched, each.worked, each.ended] for each in figure.lanes]]
    )


def _encodable(value: Any) -> Any:
    """The value; of a text, with a question mark for what UTF-8 cannot say."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def _unpacked(packed: bytes) -> str:
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")
