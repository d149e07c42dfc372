"""SQLite as a source: real files, real statements."""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fanin.engine import Engine
from fanin.errors import ConfigError, SourceError
from fanin.model import Document
from fanin.sources.source import Source
from fanin.sources.sql import sql
from fanin.testing.check_source import check_source

type Ask = Callable[..., Awaitable[list[Document]]]
type Abuse = Callable[[Source, Source], Awaitable[None]]

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n"
PRICES = [("Lamp", 12.5, "a/b&c", "2026-01-02"), ("Desk", 200.0, "d", None), ("Chair", None, "", "2026-03-04")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a shop?#%.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE goods (name TEXT, price REAL, code TEXT, since TEXT)")
        connection.executemany("INSERT INTO goods VALUES (?, ?, ?, ?)", PRICES)
        connection.execute("CREATE VIRTUAL TABLE notes USING fts5 (title, body)")
        notes = [("Harbour", "The harbour lift is stuck."), ("Bridge", "The bridge is closed."), ("Tea", "A cup.")]
        connection.executemany("INSERT INTO notes VALUES (?, ?)", notes)
    connection.close()
    return path


def shop(file: Path, query: str = "SELECT * FROM goods", **settings: Any) -> Source:
    return sql(
        url=f"sqlite:///{file}".replace("%", "%25").replace("?", "%3F"), query=query, **{"timeout": 10.0, **settings}
    )


async def test_each_row_is_a_document_and_its_columns_are_told(file: Path, ask: Ask) -> None:
    lamp, desk, chair = await ask(shop(file))
    assert lamp.text == "name: Lamp\nprice: 12.5\ncode: a/b&c\nsince: 2026-01-02"
    assert lamp.metadata == {"name": "Lamp", "price": 12.5, "code": "a/b&c", "since": "2026-01-02"}
    assert desk.text == "name: Desk\nprice: 200.0\ncode: d"
    assert chair.text == "name: Chair\nsince: 2026-03-04"


async def test_templates_and_columns_make_the_parts_of_a_document(file: Path, ask: Ask) -> None:
    source = shop(
        file,
        text="{name} costs {price:.2f}.",
        title="name",
        link="https://example.com/{code}",
        published="since",
        query="SELECT *, 3 AS stock FROM goods LIMIT 1",
    )
    (lamp,) = await ask(source)
    assert lamp == Document(
        "Lamp costs 12.50.",
        title="Lamp",
        url="https://example.com/a%2Fb%26c",
        published="2026-01-02",
        metadata={"stock": 3},
    )


async def test_a_column_that_is_a_link_stays_as_it_is_and_null_is_nothing(file: Path, ask: Ask) -> None:
    rows = await ask(shop(file, text="{name}: {price}", link="code"))
    assert [row.url for row in rows] == ["a/b&c", "d", ""]
    assert rows[2].text == "Chair: "


async def test_a_relative_path_starts_in_the_folder_that_is_named(file: Path, ask: Ask) -> None:
    file.rename(file.with_name("shop.db"))
    query = "SELECT * FROM goods"
    assert len(await ask(sql(url="sqlite:///shop.db", query=query, folder=str(file.parent), timeout=10.0))) == 3
    assert len(await ask(sql(url=f"sqlite:///{file.parent}/shop.db", query=query, folder="/", timeout=10.0))) == 3


async def test_it_behaves_as_a_source(file: Path) -> None:
    await check_source(lambda: shop(file))


async def test_a_question_is_a_parameter_and_never_sql(file: Path, ask: Ask) -> None:
    source = shop(file, "SELECT :question AS text, (SELECT count(*) FROM goods) AS goods", text="text")
    attack = "'; DROP TABLE goods; --"
    (row,) = await ask(source, attack)
    assert (row.text, row.metadata["goods"]) == (attack, 3)


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("What is stuck at the harbour?", ["Harbour"]),
        ("bridge AND NOT harbour", ["Bridge", "Harbour"]),
        ('"*) OR title:tea (', ["Tea"]),
        ("???", []),
        ("天気予報", []),
        ("what is it?", []),
    ],
)
async def test_a_full_text_search_takes_any_question(file: Path, ask: Ask, question: str, titles: list[str]) -> None:
    query = "SELECT title, body FROM notes WHERE notes MATCH :match ORDER BY rank LIMIT :limit"
    found = await ask(shop(file, query, text="body", title="title"), question)
    assert sorted(document.title for document in found) == sorted(titles)


@pytest.mark.parametrize(("question", "found"), [("Is the harbour lift on?", 1), ("lift harbour", 0), ("is it?", 0)])
async def test_like_wants_all_words_in_their_order(file: Path, ask: Ask, question: str, found: int) -> None:
    assert len(await ask(shop(file, "SELECT body FROM notes WHERE body LIKE :like"), question)) == found


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM goods",
        "UPDATE goods SET price = 0",
        "INSERT INTO goods VALUES ('x', 1, '', '')",
        "DROP TABLE goods",
        "CREATE TABLE more (a)",
        "INSERT INTO goods SELECT :question, 1, '', '' RETURNING name",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'other.db'",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA user_version = 7",
        "DELETE FROM goods; SELECT 1 AS a",
        "SELECT 1 AS a; DELETE FROM goods",
    ],
)
async def test_nothing_can_be_written(file: Path, ask: Ask, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    before = file.read_bytes()
    with pytest.raises(SourceError):
        await ask(shop(file, query))
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


async def test_no_more_rows_are_read_than_the_limit(file: Path, ask: Ask) -> None:
    assert len(await ask(shop(file, limit=2))) == 2
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    assert len(await ask(shop(file, endless, limit=250))) == 250


async def test_a_query_without_rows_gives_nothing(file: Path, ask: Ask) -> None:
    assert await ask(shop(file, "SELECT * FROM goods WHERE name = :words")) == []


@pytest.mark.parametrize(
    ("query", "settings", "kind", "words"),
    [
        ("SELECT * FROM absent", {}, "query", ["no such table: absent"]),
        ("SELEC", {}, "query", ["syntax error"]),
        ("DELETE FROM goods", {}, "read_only", ["not authorized", "Let the query only read"]),
        ("SELECT * FROM goods", {"text": "nme"}, "columns", ["'nme'", "name, price, code, since"]),
        ("SELECT * FROM goods", {"text": "{name:.2f}"}, "columns", ["does not fit its template"]),
        ("SELECT zeroblob(3) AS b", {"limit": 1, "text": "{x}"}, "columns", ["'x'"]),
    ],
)
async def test_what_is_wrong_is_told(
    file: Path, ask: Ask, query: str, settings: dict[str, Any], kind: str, words: list[str]
) -> None:
    with pytest.raises(SourceError) as caught:
        await ask(shop(file, query, **settings))
    assert caught.value.kind == kind
    for word in [*words, "fanin"]:
        assert word in str(caught.value)


async def test_a_file_that_is_no_database_or_not_there_is_told(tmp_path: Path, ask: Ask) -> None:
    (tmp_path / "text").write_text("no database, but a text that is longer than a page of one" * 20, "utf-8")
    for name, words in (("text", "not a database"), ("absent", "unable to open")):
        with pytest.raises(SourceError, match=words) as caught:
            await ask(shop(tmp_path / name))
        assert caught.value.kind == "unreachable"
    assert not (tmp_path / "absent").exists()


async def test_bytes_and_huge_texts_do_no_harm(file: Path, ask: Ask) -> None:
    (row,) = await ask(shop(file, "SELECT zeroblob(3) AS b, 'x' AS text", text="text"))
    assert row.metadata == {"b": "(3 bytes)"}
    with pytest.raises(SourceError, match="20,000,000"):
        await ask(shop(file, "SELECT hex(zeroblob(6000000)) AS text FROM goods", text="text"))


async def test_a_statement_ends_with_its_question(file: Path) -> None:
    source = shop(file, ENDLESS, name="slow", timeout=0.5)
    async with Engine([source], deadline=5.0) as engine:
        begun = time.monotonic()
        answer = await engine.ask("open?")
        assert time.monotonic() - begun < 4.5
        assert (answer.sources["slow"].status, answer.sources["slow"].kind) == ("timeout", "timeout")
        assert engine.statistics()["stuck"] == 0
        busy = time.process_time()
        await asyncio.sleep(0.5)
        assert time.process_time() - busy < 0.25, "SQLite still works on it"


async def test_closing_leaves_no_thread_descriptor_or_task(
    file: Path, abuse: Abuse, there: Callable[[], object]
) -> None:
    async def use() -> None:
        await abuse(shop(file), shop(file, ENDLESS, timeout=0.1))

    await use()
    before = await at_rest(there)
    for _ in range(3):
        await use()
    await settle(lambda: there() == before)
    assert there() == before


async def at_rest(there: Callable[[], object]) -> object:
    """What is there when half a second changes nothing of it."""
    before, now = None, there()
    while now != before:
        await asyncio.sleep(0.5)
        before, now = now, there()
    return now


async def settle(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20.0
    while not true() and time.monotonic() < end:
        await asyncio.sleep(0.02)


async def test_a_writer_beside_it_does_not_stop_it(file: Path, ask: Ask) -> None:
    with sqlite3.connect(file) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE goods SET price = 1")
        assert len(await ask(shop(file))) == 3
    writer.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"url": "mysql://user:hunter2@host/db"}, ["mysql", "cannot open databases"]),
        ({"url": "sqlite://"}, ["no file"]),
        ({"url": "sqlite:///:memory:"}, ["no file"]),
        ({"url": "sqlite:///file:x?mode=rwc"}, ["no file"]),
        ({"url": "user:hunter2@host"}, ["cannot be read"]),
        ({"query": "SELECT :hunter"}, [":hunter", ":question, :words"]),
        ({"text": "{name.__class__}"}, ["name.__class__"]),
        ({"text": "{name!r}"}, ["plain name"]),
        ({"text": "{name"}, ["expected '}'"]),
        ({"text": "{name:{width}}"}, ["plain name"]),
    ],
)
def test_settings_that_make_no_sense_are_told_without_the_password(settings: dict[str, str], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        sql(**{"url": "sqlite:///x.db", "query": "SELECT 1", **settings})  # pyright: ignore
    for word in [*words, "fanin did not add"]:
        assert word in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(caught.value.__cause__)


def test_only_postgresql_needs_a_library_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    sql(url="sqlite:///x.db", query="SELECT 1")
    with pytest.raises(ConfigError, match=r"Install fanin\[sql\]") as caught:
        sql(url="postgresql://host/name", query="SELECT 1")
    assert "asyncpg" in str(caught.value)
