"""Kept runs: what is written comes back, for its user alone, for its time, and whatever the disk does."""

import asyncio
import json
import logging
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fanin.errors import RunsError
from fanin.runs.run_figure import NO_FIGURE, Lane, RunFigure
from fanin.runs.run_file import STEPS, VERSION
from fanin.runs.run_record import AskedBy, summary_of
from fanin.runs.sqlite_runs import SQLiteRuns
from fanin.streams.event_json import from_json, to_json

DAY = 86_400.0
FIGURES = 5
"""The version from which on a run has a figure."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "runs.sqlite"


@pytest.fixture
async def opened(path: Path) -> AsyncIterator[Callable[..., SQLiteRuns]]:
    made: list[SQLiteRuns] = []

    def make(*, now: float = 1_000.0, place: Path = path) -> SQLiteRuns:
        made.append(SQLiteRuns(place, seconds=30 * DAY, wall=lambda: now))
        return made[-1]

    yield make
    for each in made:
        await each.close()


async def ids(store: SQLiteRuns, **wanted) -> list[str]:
    return [each.id for each in await store.summaries(**{"user": None, **wanted})]


async def test_a_kept_run_has_every_event_and_the_answer_with_timeline_and_passages(opened, ended, events) -> None:
    await opened().keep(ended("a"))
    kept = await opened().find("a", user="")
    assert kept.summary == summary_of(ended("a"))
    assert [to_json(from_json(each)) for each in kept.events] == [to_json(each) for each in events]
    assert from_json(kept.events[-1]).answer == events[-1].answer


async def test_a_run_in_a_list_has_its_figure(opened, ended) -> None:
    await opened().keep(ended("a"))
    (found,) = await opened().summaries(user=None)
    assert found.figure == RunFigure(15.0, (Lane("short", 0.1, 0.1, "ok"), Lane("long", 0.2, 0.2, "ok")))


async def test_a_text_of_two_runs_is_in_the_file_once_and_goes_with_the_last_of_them(opened, ended, path) -> None:
    store = opened()
    await store.keep(ended("a"))
    await store.keep(ended("b"))
    file = sqlite3.connect(path)
    count = "SELECT count(*) FROM texts"
    (texts,) = file.execute(count).fetchone()
    assert texts == len({digest for (digest,) in file.execute("SELECT digest FROM run_texts WHERE run = 1")})
    assert await store.delete("a", user=None)
    assert file.execute(count).fetchone() == (texts,)
    assert await store.delete("b", user=None)
    assert file.execute(count).fetchone() == (0,)
    assert file.execute("SELECT count(*) FROM run_texts").fetchone() == (0,)
    file.close()


async def test_the_list_is_newest_first_in_pages_and_by_words(opened, ended) -> None:
    store = opened()
    for number in range(5):
        await store.keep(ended(f"run {number}", question=f"Is berth {number} in Zürich free?"))
    assert await ids(store) == [f"run {number}" for number in (4, 3, 2, 1, 0)]
    assert await ids(store, most=2) == ["run 4", "run 3"]
    assert await ids(store, most=2, before="run 3") == ["run 2", "run 1"]
    assert await ids(store, words="zurich BERTH 3") == ["run 3"]
    assert await ids(store, words="twelve lift", most=1) == ["run 4"]  # they stand in the answer


@pytest.mark.parametrize("words", ['"', "AND", "a OR", "question:berth", "*", "^", "NEAR(", "\0", "-", "(", "{x}"])
async def test_no_word_of_a_search_is_an_operator(opened, ended, words: str) -> None:
    store = opened()
    await store.keep(ended("a"))
    assert await ids(store, words=f"nowhere {words}") == []


async def test_a_user_sees_lists_and_deletes_own_runs_alone(opened, ended) -> None:
    store = opened()
    await store.keep(ended("a", user="anna"))
    await store.keep(ended("b", user="bert"))
    assert await ids(store, user="anna") == ["a"]
    assert await ids(store, user="bert", before="a") == []
    assert await store.find("a", user="bert") is None
    assert await store.find("a", user="") is None
    assert not await store.delete("a", user="bert")
    assert (await store.find("a", user="anna")).summary.user == "anna"


async def test_runs_older_than_they_are_kept_are_removed(opened, ended) -> None:
    await opened().keep(ended("old", at=1_000.0))
    later = opened(now=1_000.0 + 31 * DAY)
    await later.keep(ended("new", at=1_000.0 + 31 * DAY))
    assert await ids(later) == ["new"]
    assert await ids(later, words="harbour") == ["new"]


async def test_the_file_and_its_folder_are_for_the_user_alone(opened, ended, path: Path) -> None:
    await opened().keep(ended("a"))
    modes = [oct(each.stat().st_mode & 0o777) for each in (path.parent, *sorted(path.parent.iterdir()))]
    assert modes == ["0o700", "0o600", "0o600", "0o600"]


async def test_without_a_file_there_are_no_runs_and_none_is_made(opened, path: Path) -> None:
    store = opened()
    assert (await ids(store), await store.find("a", user=None), await store.delete("a", user=None)) == ([], None, False)
    assert not path.exists()


@pytest.mark.parametrize("version", range(1, VERSION))
async def test_a_file_of_an_older_version_is_brought_up_to_date(opened, ended, path: Path, version: int) -> None:
    await opened().keep(ended("model"))
    await opened().close()
    file = sqlite3.connect(path, isolation_level=None)
    file.execute("PRAGMA foreign_keys = ON")
    rows = {name: file.execute(f"SELECT * FROM {name}").fetchall() for name in ("runs", "texts", "run_texts")}
    file.close()
    old = path.with_name("old.sqlite")
    file = sqlite3.connect(old)
    for script in STEPS[:version]:
        file.executescript(script)
    for name, found in rows.items():
        known = len(file.execute(f"PRAGMA table_info({name})").fetchall())
        file.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * known)})", [each[:known] for each in found])
    file.execute(f"PRAGMA user_version = {version}")
    file.execute(f"PRAGMA application_id = {0x66616E72}")
    file.commit()
    file.close()
    store, model = opened(place=old), await opened().find("model", user="")
    drawn = model.summary.figure if version >= FIGURES else NO_FIGURE
    assert await store.find("model", user="") == replace(model, summary=replace(model.summary, figure=drawn))
    await store.keep(ended("new"))
    assert await ids(store, words="harbour") == ["new", "model"]
    file = sqlite3.connect(old)
    assert file.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()


async def test_what_a_request_said_is_kept_and_it_is_known_when_it_is_sent_again(opened, ended) -> None:
    store = opened()
    assert await store.repeated("k", since=0.0) is None
    request = AskedBy(writer="quick", background=True, previous="resp_1", key="k", body="b")
    await store.keep(replace(ended("first", at=1_000.0), request=replace(request, body="before")))
    await store.keep(replace(ended("second", at=2_000.0), request=request))
    await store.keep(ended("third", at=3_000.0))
    assert (await store.find("second", user="")).request == request
    assert (await store.find("third", user="")).request == AskedBy()
    assert await store.repeated("k", since=1_500.0) == ("second", "b")
    assert await store.repeated("k", since=2_500.0) is None
    assert await store.repeated("", since=0.0) is None


async def test_the_file_of_a_newer_version_or_another_program_is_left_as_it_is(opened, ended, path, caplog) -> None:
    await opened().keep(ended("a"))
    file = sqlite3.connect(path)
    file.execute("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(RunsError, match=r"made by another version of fanin \(99"):
        await opened().find("a", user=None)
    other = path.with_name("other.sqlite")
    file = sqlite3.connect(other)
    file.execute("CREATE TABLE theirs (a)")
    file.commit()
    file.close()
    before = other.read_bytes()
    store = opened(place=other)
    with pytest.raises(RunsError, match="holds no runs of fanin; fanin left it as it is"):
        await store.summaries(user=None)
    await store.keep(ended("a"))
    assert other.read_bytes() == before


async def test_what_cannot_be_kept_is_logged_once_and_raises_nothing(opened, ended, tmp_path: Path, caplog) -> None:
    (tmp_path / "file").write_text("")
    store = opened(place=tmp_path / "file" / "runs.sqlite")
    with caplog.at_level(logging.WARNING, logger="fanin"):
        await store.keep(ended("a"))
        await store.keep(ended("b"))
    assert len(caplog.messages) == 1
    assert "A run was not kept: The runs in" in caplog.text
    assert "Make room, make the file writable, or name another one in [runs] of fanin.toml." in caplog.text


FULL = """
import asyncio, logging, resource, sys
from pathlib import Path
from fanin.runs.run_record import EndedRun
from fanin.runs.sqlite_runs import SQLiteRuns

logging.basicConfig(stream=sys.stdout, format="%(message)s")

async def main():
    store = SQLiteRuns(Path(sys.argv[1]), seconds=1e10)
    await store.keep(EndedRun("before", "", "Is there room?", 1.0, "cancelled"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    for n in range(9):
        await store.keep(EndedRun(f"full {n}", "", "x" * 40_000, 2.0, "cancelled"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await store.keep(EndedRun("after", "", "Is there room again?", 3.0, "cancelled"))
    found = [each.id for each in await store.summaries(user=None)]
    print(found[0], found[-1], len(found) < 11)
    await store.close()

asyncio.run(main())
"""


def test_a_full_disk_costs_records_and_later_ones_are_kept_again(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    warning, result = done.stdout.splitlines()
    assert warning.startswith("A run was not kept: The runs in")
    assert result == "after before True"


WRITES = """
import asyncio, sys
from pathlib import Path
from fanin.runs.run_record import EndedRun
from fanin.runs.sqlite_runs import SQLiteRuns

async def main():
    store = SQLiteRuns(Path(sys.argv[1]), seconds=1e10)
    for n in range(100_000):
        await store.keep(EndedRun(str(n), "", "Is the harbour open? " * 100, 1.0, "cancelled"))
        print(n, flush=True)

asyncio.run(main())
"""


def test_after_a_kill_the_file_is_whole_and_has_every_run_that_was_reported_as_kept(path: Path) -> None:
    for kept in (1, 7, 40):
        path.unlink(missing_ok=True)
        command = [sys.executable, "-c", WRITES, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            reported = [writer.stdout.readline() for _ in range(kept)][-1]
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().splitlines()
        last = int(rest[-1] if rest else reported)
        file = sqlite3.connect(path)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert {str(n) for n in range(last + 1)} <= {each for (each,) in file.execute("SELECT id FROM runs")}
        file.close()


async def test_no_key_of_a_source_is_in_the_file(opened, path, monkeypatch, tmp_path, serve) -> None:
    from aiohttp import web

    from fanin.config import load
    from fanin.runs.run_record import EndedRun

    secret = "sk-SECRETKEY12345abcdef"
    monkeypatch.setenv("HARBOUR_KEY", secret)

    async def repeats(request: web.Request) -> web.Response:
        return web.json_response({"text": f"The harbour is open, says {request.headers['X-Key']}." + "x" * 600})

    address = await serve(repeats)
    (tmp_path / "fanin.toml").write_text(
        f'store = "memory"\n[runs]\nfile = "{path}"\n[sources.harbour]\nkind = "http"\nurl = "{address}/"\n'
        'headers = { X-Key = "${HARBOUR_KEY}" }\nallow_private = true\n'
    )
    settings = load(tmp_path / "fanin.toml")
    async with settings.engine() as engine:
        seen = tuple([event async for event in engine.stream("Is the harbour open?")])
    store = settings.run_store()
    await store.keep(EndedRun("a", "", "Is the harbour open?", 1e10, "answered", seen))
    kept = json.dumps((await store.find("a", user=None)).events)
    await store.close()
    assert "The harbour is open, says ***" in kept
    assert secret not in kept
    assert secret.encode() not in b"".join(each.read_bytes() for each in path.parent.iterdir())


async def test_two_stores_write_to_one_file(opened, ended) -> None:
    one, two = opened(), opened()
    await asyncio.gather(*(each.keep(ended(f"{each is one} {n}")) for n in range(10) for each in (one, two)))
    assert len(await ids(one, most=100)) == 20


def test_the_protocol_is_what_the_store_in_sqlite_has() -> None:
    from fanin.runs.run_record import RunStore

    names = {name for name in vars(RunStore) if not name.startswith("_")}
    assert names == {name for name in vars(SQLiteRuns) if not name.startswith("_")}
