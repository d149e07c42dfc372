"""Invariant 10: what was acknowledged is there after SIGKILL, a full disk or an I/O error, and the index agrees."""

import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from knowledge_fakes import environment, start, wrong

from fanin.errors import KnowledgeError
from fanin.knowledge.ingest.file_reading import read_file
from fanin.knowledge.ingest.progress import Added
from fanin.knowledge.ingest.updating import add_paths
from fanin.knowledge.store import queries
from fanin.knowledge.store.database_file import open_for_reading, open_for_writing
from fanin.knowledge.store.integrity import find_problems
from fanin.model import Document

PROGRAM = Path(__file__).parent / "fakes" / "adding_slowly.py"
KILLS = 100 if "FANIN_TEST_ALL" in os.environ else 25


def kept(file: Path) -> dict[str, str]:
    with open_for_reading(file) as connection:
        return dict(connection.execute("SELECT path, text FROM documents"))


def whole(file: Path, acknowledged: set[str]) -> None:
    """Everything acknowledged is there with its text, and `fanin kb check` has nothing to say."""
    assert wrong(file) == []
    there = kept(file)
    assert acknowledged <= set(there)
    assert all(there[path] == Path(path).read_text() for path in acknowledged)


@pytest.fixture
def folder(docs: Path) -> Path:
    for number in range(400):
        words = " ".join(f"harbour{number % 7} word{at}" for at in range(random.Random(number).randrange(20, 600)))
        (docs / f"{number:03}.txt").write_text(words)
    return docs


def test_kills_at_random_points_lose_nothing_that_was_acknowledged(file: Path, folder: Path) -> None:
    """Each kill hits the same file where the last one left it, so the recovery of a recovery is tried as well."""
    chance, points = random.Random(10), set[int]()
    for number in range(KILLS):
        file = file if number % 10 else file.with_name(f"{number}.sqlite")
        child = subprocess.Popen(
            (sys.executable, PROGRAM, file, folder), env=environment(), stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        told = [child.stdout.readline().strip() for _ in range(chance.randrange(0, 40))]
        time.sleep(chance.uniform(0.0, 0.02))
        child.kill()
        told += [line.strip() for line in child.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]
        assert child.returncode == -signal.SIGKILL
        points.add(len(told))
        if file.exists():
            whole(file, set(filter(None, told)))
    assert len(points) > 10


def test_the_command_is_killed_and_goes_on_where_it_was(file: Path, folder: Path) -> None:
    added: set[str] = set()
    for lines in (1, 40, 120):
        child = start(["add", folder, "--kb", file, "--workers", "2"])
        assert child.stdout is not None
        seen = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        seen += [line for line in child.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]
        added |= {line.split()[1] for line in seen if line.startswith("added ")}
        whole(file, added)
    done = start(["sync", "--kb", file])
    out, _ = done.communicate()
    assert done.returncode == 0
    assert len(kept(file)) == 400
    (unchanged,) = re.findall(r"(\d+) unchanged", out)
    assert int(unchanged) >= len(added)
    whole(file, set(kept(file)))


def test_ctrl_c_ends_the_command_soon_and_loses_nothing_that_was_told(file: Path, folder: Path) -> None:
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background, which a child inherits
    child = start(["add", folder, "--kb", file], start_new_session=True)
    signal.signal(signal.SIGINT, ignored)
    assert child.stdout is not None
    first = child.stdout.readline()
    os.killpg(child.pid, signal.SIGINT)
    rest, errors = child.communicate(timeout=30)
    assert child.returncode == 130
    assert "`fanin kb sync` goes on" in errors
    assert "Traceback" not in errors
    whole(file, {line.split()[1] for line in (first + rest).splitlines() if line.startswith("added ")})


@pytest.mark.parametrize("pages", [30, 60, 120, 250])
def test_a_full_disk_ends_it_with_a_sentence_and_keeps_what_was_told(file: Path, folder: Path, pages: int) -> None:
    """SQLite meets its limit of pages as it meets a disk without room: SQLITE_FULL."""
    told: set[str] = set()
    with pytest.raises(KnowledgeError, match="disk is full; fanin stored"):
        add_one_by_one(file, folder, told, pages=pages)
    whole(file, told)


def add_one_by_one(file: Path, folder: Path, told: set[str], *, pages: int) -> None:
    with open_for_writing(file) as connection:
        connection.execute(f"PRAGMA max_page_count = {pages}")
        root = queries.add_root(connection, str(folder), name="", follow_links=False)
        for path in map(str, sorted(folder.iterdir())):
            read = read_file("", Document("", url=path))
            assert isinstance(read, queries.Entry)
            queries.put_documents(connection, root, {path: read})
            told.add(path)


@pytest.mark.parametrize("size", [60_000, 200_000, 500_000])
def test_a_file_that_may_not_grow_ends_the_command_with_a_sentence(file: Path, folder: Path, size: int) -> None:
    """The system refuses to write beyond the limit (EFBIG), as a failing disk refuses (EIO)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))  # which the child inherits
    try:
        child = start(["add", folder, "--kb", file, "--workers", "1"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    out, errors = child.communicate(timeout=50)
    assert child.returncode == 2, errors
    assert "fanin stored what it had reported as added" in errors
    assert "Traceback" not in errors
    whole(file, {line.split()[1] for line in out.splitlines() if line.startswith("added ")})


@pytest.fixture
def unwritable(tmp_path: Path) -> Iterator[Path]:
    """A place where no file can be made, whoever asks: below a file."""
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "kb.sqlite"


def test_a_place_where_no_file_can_be_made_is_told(unwritable: Path, folder: Path) -> None:
    with pytest.raises(KnowledgeError, match="fanin did not open it"), open_for_writing(unwritable):
        pass


async def test_a_folder_that_is_removed_meanwhile_ends_it_or_changes_nothing_that_was_told(file, folder, fill) -> None:
    """On Linux a file goes on living while it is open, so either end is honest; a crash or a traceback is not."""
    told = []

    def report(step) -> None:
        told.append(step)
        if len(told) == 3:
            shutil.rmtree(file.parent)

    try:
        await add_paths(file, [folder], report=report, workers=1)
    except KnowledgeError as error:
        assert "fanin stored" in str(error)  # noqa: PT017 - either end is right
    await fill(folder)
    whole(file, set(kept(file)))
    assert len(kept(file)) == 400


async def test_an_index_that_does_not_agree_is_found_by_the_check(file, folder, fill) -> None:
    (folder / "000.txt").write_text("harbour")
    told = await fill(folder / "000.txt")
    assert isinstance(told[-1], Added)
    for damage, words in [
        (
            "INSERT INTO words (rowid, title, heading, text) VALUES (1, 'x', '', 'other')",
            "index of words does not agree",
        ),
        ("UPDATE documents SET text = 'something else'", "differ from its text"),
        ("DELETE FROM passages", "it has no passages"),
        ("INSERT INTO vectors (passage, vector) VALUES (2, x'0000')", "different sizes"),
        ("INSERT INTO passages SELECT 99, 99, 0, 0, '', '', ''", "belongs to nothing in documents"),
    ]:
        with open_for_writing(file) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("BEGIN")
            connection.execute(damage)
            assert words in "\n".join(find_problems(connection))
            connection.execute("ROLLBACK")
    assert wrong(file) == []
