"""What fanin keeps is for its owner alone: files 0600, folders 0700, also where something was there before."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from fanin.knowledge.store.database_file import open_for_reading, open_for_writing
from fanin.storage.private_files import cache_folder, data_folder, make_folder, state_folder
from fanin.storage.sqlite_store import SQLiteStore


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """The rights that nearly every system gives to new files."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {each.relative_to(folder).as_posix(): oct(each.stat().st_mode & 0o777) for each in sorted(folder.rglob("*"))}


async def stored(path: Path) -> SQLiteStore:
    store = SQLiteStore(path)
    await store.put("a", b"1", seconds=60.0)
    assert await store.get("a") == b"1"
    return store


async def test_a_store_is_its_owners(tmp_path: Path) -> None:
    store = await stored(tmp_path / "new" / "deep" / "store.sqlite")
    files = {f"new/deep/store.sqlite{end}": "0o600" for end in ("", "-shm", "-wal")}
    assert modes(tmp_path) == {"new": "0o700", "new/deep": "0o700", **files}
    await store.close()


async def test_a_store_that_all_could_read_is_corrected_and_a_folder_of_others_is_not(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir(mode=0o755)
    path = tmp_path / "project" / "store.sqlite"
    first = await stored(path)
    for each in path.parent.iterdir():
        each.chmod(0o644)
    second = await stored(path)
    assert modes(tmp_path) == {
        "project": "0o755",
        **{f"project/store.sqlite{end}": "0o600" for end in ("", "-shm", "-wal")},
    }
    await second.close()
    await first.close()


async def test_the_folders_of_fanin_itself_are_corrected(tmp_path: Path, monkeypatch) -> None:
    for variable, place in (
        ("XDG_CACHE_HOME", cache_folder),
        ("XDG_DATA_HOME", data_folder),
        ("XDG_STATE_HOME", state_folder),
    ):
        home = tmp_path / variable
        monkeypatch.setenv(variable, str(home))
        assert place() == home / "fanin"
        place().mkdir(mode=0o755, parents=True)
        make_folder(place())
        assert modes(home) == {"fanin": "0o700"}
        assert home.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("home", ["", "relative/path"])
def test_a_home_that_is_no_absolute_path_is_not_obeyed(home: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", home)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder() == tmp_path / ".local" / "state" / "fanin"


def test_a_knowledge_base_is_its_owners_and_corrected_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "new" / "knowledge.sqlite"
    for opening in (open_for_writing, open_for_reading, open_for_writing):
        with opening(path) as connection:
            connection.execute("SELECT count(*) FROM passages").fetchall()
            assert {*modes(tmp_path).values()} == {"0o700", "0o600"}, opening
            assert modes(tmp_path)["new/knowledge.sqlite"] == "0o600"
        for each in path.parent.iterdir():
            each.chmod(0o666)


def test_a_file_that_is_no_knowledge_base_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("create table other (value)")
    file.close()
    path.chmod(0o644)
    with pytest.raises(Exception, match="not a knowledge base"), open_for_reading(path):
        pass
    assert modes(tmp_path) == {"other.sqlite": "0o644"}


async def test_what_an_older_fanin_kept_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("create table kept (key text primary key, value blob not null, until real not null) without rowid")
        file.execute("insert into kept values ('answer:0', x'00', 1e12), ('health:news', x'00', 1e12)")
    file.close()
    path.chmod(0o644)
    store = await stored(path)
    assert [await store.get(key) for key in ("answer:0", "health:news")] == [None, None]
    await store.close()
    with sqlite3.connect(path) as file:
        assert file.execute("select key from kept").fetchall() == [("a",)]
    file.close()
    again = SQLiteStore(path)
    assert await again.get("a") == b"1"
    await again.close()


@pytest.mark.parametrize("table", ["create table goods (name)", "create table kept (name)", "create table kept (key)"])
async def test_the_database_of_another_program_is_left_as_it_is(table: str, tmp_path: Path, caplog) -> None:
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as file:
        file.execute(table)
    file.close()
    path.chmod(0o644)
    store = SQLiteStore(path)
    await store.put("a", b"1", seconds=60.0)
    assert await store.get("a") is None
    await store.close()
    assert "database of another program" in caplog.text
    with sqlite3.connect(path) as file:
        assert [sql.lower() for (sql,) in file.execute("select sql from sqlite_schema")] == [table]
        assert file.execute("pragma journal_mode").fetchone() == ("delete",)
    file.close()
    assert path.stat().st_mode & 0o777 == 0o644
