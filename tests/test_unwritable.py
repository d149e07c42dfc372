"""Where a plain user may not write, and where a disk is full: a clear error or a clean way out, but an answer."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import asyncio, json, logging, os, resource, sys
from pathlib import Path

import fanin
from fanin.errors import FaninError
from fanin.interfaces.cli.app import main
from fanin.knowledge.store.database_file import open_for_reading, open_for_writing
from fanin.policies.identity import user_key
from fanin.storage import open_store
from fanin.storage.sqlite_store import SQLiteStore

what, folder = sys.argv[1], Path(sys.argv[2])
if os.getuid() == 0 and what != "full":
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
if what == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
told = []
handler = logging.Handler()
handler.emit = lambda record: told.append(record.getMessage())
logging.getLogger("fanin").addHandler(handler)


@fanin.source(cache=60.0, breaker=True)
async def harbour(question: fanin.Question) -> fanin.Document:
    return fanin.Document(f"The harbour is open until nine tonight, question {question.text[-3:]}." + "x" * 9_000)


async def asked() -> list[str]:
    async with fanin.Engine([harbour], pool="inline", semantic=False, store=open_store(folder / "a.sqlite")) as engine:
        return [(await engine.ask(f"Is the harbour open {number}?")).sources["harbour"].status for number in range(30)]


def tried(work):
    try:
        with work as connection:
            return connection.execute("select count(*) from documents").fetchone()[0]
    except FaninError as error:
        return str(error)


print(json.dumps({
    "statuses": asyncio.run(asked()),
    "key": len(user_key()),
    "reading": tried(open_for_reading(folder / "knowledge.sqlite")),
    "writing": tried(open_for_writing(folder / "knowledge.sqlite")),
    "new": tried(open_for_writing(folder / "other.sqlite")),
    "log": told,
}))
"""


def ran(what: str, folder: Path) -> dict[str, Any]:
    environment = {**os.environ, "XDG_STATE_HOME": str(folder)}
    command = [sys.executable, "-c", PROGRAM, what, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=50, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder that nobody but its owner may write in, nor even he; everybody may get there and read."""
    for each in (tmp_path, *tmp_path.parents[:2]):
        each.chmod(0o755)
    folder = tmp_path / "closed"
    folder.mkdir()
    return folder


def test_a_folder_in_which_nothing_can_be_made(closed: Path) -> None:
    closed.chmod(0o555)
    seen = ran("closed", closed)
    assert seen["statuses"] == ["ok"] * 30
    assert seen["key"] == 32
    assert "There is no knowledge base" in seen["reading"]
    assert "Permission denied; fanin did not open it. Name another place" in seen["writing"]
    assert list(closed.iterdir()) == []
    assert sum("a.sqlite cannot be used" in line for line in seen["log"]) == 1
    assert any("store.key cannot be stored" in line and "Set store_key" in line for line in seen["log"])


def test_files_that_can_only_be_read(closed: Path) -> None:
    first = ran("full", closed)
    assert "There is no knowledge base" in first["reading"]
    for each in closed.iterdir():
        if each.is_file():
            each.chmod(0o444)
    (closed / "fanin").chmod(0o555)
    closed.chmod(0o555)
    seen = ran("closed", closed)
    assert seen["statuses"] == ["ok"] * 30
    assert sum("a.sqlite cannot be used" in line for line in seen["log"]) == 1
    assert "fanin" in seen["reading"]
    assert "Name another" in seen["writing"]


def test_a_disk_that_is_full(closed: Path) -> None:
    seen = ran("full", closed)
    assert seen["statuses"] == ["ok"] * 30
    assert sum("a.sqlite cannot be used" in line for line in seen["log"]) == 1
    assert [line for line in seen["log"] if "store.key" in line] == []
    again = ran("full", closed)
    assert again["statuses"] == ["ok"] * 30
