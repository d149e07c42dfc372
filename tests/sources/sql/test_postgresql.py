"""PostgreSQL as a source, proved against a real server; skipped where there is none."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, Protocol, cast

import asyncpg
import pytest

from fanin.engine import Engine
from fanin.errors import FailureKind, SourceError
from fanin.model import Document, Question
from fanin.sources.source import Source
from fanin.sources.sql import sql
from fanin.sources.sql.postgresql import _translate_errors
from fanin.testing.check_source import check_source

pytestmark = pytest.mark.all

type Ask = Callable[..., Awaitable[list[Document]]]
type Abuse = Callable[[Source, Source], Awaitable[None]]


class Server(Protocol):
    url: str
    port: int

    def do(self, statement: str) -> str: ...


@pytest.fixture(scope="module")
def server(postgresql: Server) -> Server:
    postgresql.do(
        """
        CREATE TABLE goods (name text, price numeric(8, 2), since timestamptz, tags text[], facts jsonb);
        INSERT INTO goods VALUES
            ('Lamp', 12.5, '2026-01-02 03:04:05+00', '{a,b}', '{"colour": "red"}'), ('Desk', NULL, NULL, NULL, NULL);
        CREATE TABLE notes (title text, body text);
        INSERT INTO notes VALUES ('Harbour', 'The harbour lifts are stuck.'), ('Bridge', 'The bridge is closed.');
        CREATE SEQUENCE numbers;
        CREATE FUNCTION writing() RETURNS int LANGUAGE sql AS 'INSERT INTO goods VALUES (''x'') RETURNING 1';
        """
    )
    return postgresql


def shop(server: Server, query: str = "SELECT * FROM goods ORDER BY price", **settings: Any) -> Source:
    return sql(**{"url": server.url, "query": query, "timeout": 10.0, **settings})


def active(server: Server) -> str:
    return server.do("SELECT query FROM pg_stat_activity WHERE application_name = 'fanin' AND state = 'active'")


async def gone(server: Server) -> bool:
    """Whether the server stops working for fanin within two seconds."""
    end = time.monotonic() + 20.0
    while active(server) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return not active(server)


async def test_each_row_is_a_document(server: Server, ask: Ask) -> None:
    lamp, desk = await ask(shop(server, text="{name} costs {price:.1f}", title="name", published="since"))
    assert (lamp.text, lamp.title, lamp.published) == ("Lamp costs 12.5", "Lamp", "2026-01-02T03:04:05+00:00")
    assert lamp.metadata == {"tags": ["a", "b"], "facts": {"colour": "red"}}
    assert (desk.text, desk.published) == ("Desk costs ", "")


async def test_rows_without_a_template_are_told_as_lines(server: Server, ask: Ask) -> None:
    lamp, _ = await ask(shop(server))
    assert lamp.text == "name: Lamp\nprice: 12.50\nsince: 2026-01-02T03:04:05+00:00\ntags: a, b\nfacts.colour: red"


async def test_it_behaves_as_a_source(server: Server) -> None:
    await check_source(lambda: shop(server))


@pytest.mark.parametrize(
    ("question", "titles"),
    [("Is a lift stuck?", ["Harbour"]), ("bridge & | ! ( ' harbour", ["Bridge", "Harbour"]), ("???", []), ("it", [])],
)
async def test_a_full_text_search_takes_any_question(
    server: Server, ask: Ask, question: str, titles: list[str]
) -> None:
    query = """
        SELECT title, body FROM notes, websearch_to_tsquery('english', :match) AS asked
        WHERE to_tsvector('english', body) @@ asked
        ORDER BY ts_rank(to_tsvector('english', body), asked) DESC LIMIT :limit
    """
    found = await ask(shop(server, query, text="body", title="title"), question)
    assert sorted(document.title for document in found) == titles


async def test_every_parameter_is_bound(server: Server, ask: Ask) -> None:
    attack = "'; DROP TABLE goods; -- lamp"
    query = "SELECT :question AS text, :words AS w, :like AS l, :match AS m, CAST(:limit AS int) AS n"
    (row,) = await ask(shop(server, query, text="text"), attack)
    assert row.text == attack
    assert row.metadata == {
        "w": "drop table goods lamp",
        "l": "%drop%table%goods%lamp%",
        "m": '"drop" OR "table" OR "goods" OR "lamp"',
        "n": 100,
    }
    assert server.do("SELECT count(*) FROM goods") == "2"


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO goods VALUES ('x')",
        "DELETE FROM goods",
        "WITH gone AS (DELETE FROM goods RETURNING *) SELECT * FROM gone",
        "CREATE TABLE more (a int)",
        "CREATE TABLE more AS SELECT * FROM goods",
        "SELECT nextval('numbers')",
        "SELECT writing()",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SET TRANSACTION READ WRITE",
        "SELECT 1; DELETE FROM goods",
        "COMMIT; DELETE FROM goods",
        "DO 'BEGIN DELETE FROM goods; END'",
    ],
)
async def test_nothing_can_be_written(server: Server, ask: Ask, query: str) -> None:
    with pytest.raises(SourceError):
        await ask(shop(server, query))
    assert server.do("SELECT count(*) FROM goods") == "2"
    assert server.do("SELECT count(*) FROM pg_tables WHERE tablename = 'more'") == "0"


async def test_a_session_that_takes_its_setting_back_still_only_reads(server: Server, ask: Ask) -> None:
    taken_back = "set_config('default_transaction_read_only', 'off', false)"
    source = shop(server, f"SELECT CASE :question WHEN 'first' THEN {taken_back} ELSE CAST(writing() AS text) END AS t")
    (row,) = await ask(source, "first")
    assert row.text == "t: off"
    with pytest.raises(SourceError, match="read-only transaction") as caught:
        await ask(source, "then")
    assert caught.value.kind == "read_only"


@pytest.mark.parametrize(
    ("change", "query", "kind", "words"),
    [
        (("hunter2", "wrong"), "SELECT 1 AS a", "refused", ["password authentication failed"]),
        (("/postgres", "/absent"), "SELECT 1 AS a", "unreachable", ['database "absent" does not exist']),
        (("127.0.0.1", "localhost.invalid"), "SELECT 1 AS a", "connection", ["localhost.invalid/postgres"]),
        (("", ""), "SELECT * FROM absent", "query", ['relation "absent" does not exist']),
        (("", ""), "SELECT 1 / 0 AS a", "query", ["division by zero"]),
        (("", ""), "INSERT INTO goods VALUES ('x')", "read_only", ["cannot execute INSERT in a read-only transaction"]),
    ],
)
async def test_what_is_wrong_is_told_without_the_password(
    server: Server, ask: Ask, change: tuple[str, str], query: str, kind: str, words: list[str]
) -> None:
    with pytest.raises(SourceError) as caught:
        await ask(shop(server, query, url=server.url.replace(*change)))
    assert caught.value.kind == kind
    for word in [*words, "fanin"]:
        assert word in str(caught.value)
    assert "hunter2" not in str(caught.value)


async def test_a_server_that_is_not_there_is_told(server: Server, ask: Ask) -> None:
    with pytest.raises(SourceError, match="that the server runs") as caught:
        await ask(shop(server, url=server.url.replace(str(server.port), "1")))
    assert caught.value.kind == "connection"


async def test_the_server_ends_a_statement_by_itself_when_the_time_is_over(server: Server) -> None:
    source = shop(server, "SELECT set_config('a.b', current_setting('statement_timeout'), false) AS t", timeout=7.0)
    async with aclosing(cast("Any", source(Question("q")))) as rows:
        assert (await anext(rows)).metadata["t"] == "7s"
    assert source.close is not None
    await source.close()


async def test_a_statement_ends_with_its_question(server: Server) -> None:
    slow = shop(server, "SELECT pg_sleep(60)", name="slow", timeout=0.5)
    async with Engine([slow], deadline=5.0) as engine:
        begun = time.monotonic()
        answer = await engine.ask("open?")
        assert time.monotonic() - begun < 4.5
        assert answer.sources["slow"].status == "timeout"
        end = time.monotonic() + 20.0
        while engine.statistics()["stuck"] and time.monotonic() < end:  # until the server has confirmed it
            await asyncio.sleep(0.02)
        assert engine.statistics()["stuck"] == 0
        assert await gone(server)


async def test_a_question_that_is_withdrawn_ends_its_statement(server: Server) -> None:
    source = shop(server, "SELECT pg_sleep(60)", timeout=60.0)
    asking = asyncio.create_task(anext(source(Question("q"))))  # pyright: ignore
    end = time.monotonic() + 20.0
    while "pg_sleep" not in active(server) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    assert "pg_sleep" in active(server)
    asking.cancel()
    await asyncio.wait((asking,), timeout=3.0)
    assert asking.cancelled()
    assert await gone(server)
    assert source.close is not None
    await source.close()


async def test_a_connection_that_the_server_has_ended_is_replaced(server: Server, ask: Ask) -> None:
    source = shop(server)
    await ask(source)
    server.do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fanin'")
    assert len(await ask(source)) == 2


async def test_a_connection_that_the_server_ends_in_a_statement_is_an_error(server: Server) -> None:
    slow = shop(server, "SELECT pg_sleep(60)", name="slow", timeout=20.0)
    async with Engine([slow], deadline=20.0) as engine:
        asking = asyncio.create_task(engine.ask("open?"))
        end = time.monotonic() + 20.0
        while "pg_sleep" not in active(server) and time.monotonic() < end:
            await asyncio.sleep(0.02)
        await asyncio.to_thread(
            server.do, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fanin'"
        )
        outcome = (await asking).sources["slow"]
        assert (outcome.status, outcome.kind) == ("error", "connection")
        assert "terminating connection" in outcome.message


async def test_odd_values_are_told_as_text_that_json_can_hold(server: Server, ask: Ask) -> None:
    deep = "repeat('[', 5000) || repeat(']', 5000)"
    query = (
        f"SELECT 'NaN'::float8 AS none, 'Infinity'::float8 AS most, 'NaN'::numeric AS odd, ({deep})::json AS deep,"
        " ARRAY[1.5, NULL] AS list, '\\x00ff'::bytea AS bytes, 'infinity'::timestamptz AS ever,"
        " '[1, 2)'::int4range AS range, point(1, 2) AS place, '10.0.0.0/8'::inet AS net, 'null'::jsonb AS void"
    )
    (row,) = await ask(shop(server, query))
    seen = json.loads(json.dumps(row.metadata, allow_nan=False))
    assert seen["none"] == "nan"
    assert seen["most"] == "inf"
    assert seen["odd"] == "NaN"
    assert seen["deep"].startswith("[[[[")
    assert seen["list"] == ["1.5", None]
    assert seen["bytes"] == "(2 bytes)"
    assert seen["net"] == "10.0.0.0/8"
    assert seen["void"] is None


async def test_all_columns_count_towards_the_limit(server: Server, ask: Ask) -> None:
    with pytest.raises(SourceError, match="20,000,000") as caught:
        await ask(shop(server, "SELECT 'short' AS text, repeat('x', 15000000) AS more FROM goods", text="text"))
    assert caught.value.kind == "too_large"


async def test_closing_leaves_no_connection_descriptor_thread_or_task(
    server: Server, abuse: Abuse, there: Callable[[], object]
) -> None:
    async def use() -> None:
        await abuse(shop(server), shop(server, "SELECT pg_sleep(60)"))

    await use()
    await asyncio.sleep(0.3)
    before = there()
    await use()
    end = time.monotonic() + 20.0
    while there() != before and time.monotonic() < end:
        await asyncio.sleep(0.02)
    assert there() == before
    assert await gone(server)
    assert server.do("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fanin'") == "0"


class Mortal(Protocol):
    server: Server

    def kill(self) -> None: ...
    def start(self) -> None: ...


async def test_a_server_that_is_killed_midway_is_an_error_and_asked_again_once_it_is_back(mortal: Mortal) -> None:
    server = mortal.server
    rows = shop(
        server, "SELECT 'row ' || n AS t, pg_sleep(n * 0.05)::text AS s FROM generate_series(0, 400) n", name="rows"
    )
    quick = shop(server, "SELECT 'open' AS t", name="quick")
    slow = shop(server, "SELECT pg_sleep(60)", name="slow", timeout=20.0)
    async with Engine([rows, slow, quick], deadline=20.0, pool="inline") as engine:
        assert (await engine.ask("open?", sources=["quick"])).sources["quick"].status == "ok"
        asking = asyncio.create_task(engine.ask("open?", sources=["rows", "slow"]))
        end = time.monotonic() + 20.0
        while "pg_sleep(60)" not in active(server) and time.monotonic() < end:
            await asyncio.sleep(0.02)
        begun = time.monotonic()
        mortal.kill()
        outcomes = (await asking).sources
        assert time.monotonic() - begun < 8.0
        assert (outcomes["slow"].status, outcomes["slow"].kind) == ("error", "connection")
        assert outcomes["rows"].status in ("error", "partial")
        down = (await engine.ask("open?", sources=["quick"])).sources["quick"]
        assert (down.status, down.kind) == ("error", "connection")
        mortal.start()
        assert (await engine.ask("open?", sources=["quick"])).sources["quick"].status == "ok"
        assert engine.statistics()["stuck"] == 0
    for outcome in outcomes.values():
        assert "hunter2" not in outcome.message


def test_what_asyncpg_says_of_its_own_state_after_a_lost_connection_is_a_connection_error() -> None:
    with pytest.raises(SourceError) as caught, _translate_errors("harbour"):
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")
    assert (caught.value.kind, "harbour" in str(caught.value)) == (FailureKind.CONNECTION, True)
