"""The process that reads SQLite files: killed in time, ended with its parent, and bounded in what it holds and says."""

import asyncio
import json
import math
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.engine import Engine
from fanin.errors import SourceError
from fanin.model import Document, Question
from fanin.sources.source import Source
from fanin.sources.sql import sql, sqlite_child
from fanin.sources.sql.sqlite_process import RowAssembler

type Ask = Callable[..., Awaitable[list[Document]]]

DEAF = "SELECT instr(hex(zeroblob(9000000)), hex(zeroblob(4500000)) || '1') AS text"
"""One call of a function of SQLite that takes hours, in which nothing can interrupt it."""

PROGRAM = """
import asyncio, sys, time, fanin
from fanin.sources.sql import sql

async def main(path, query):
    source = sql(url=f"sqlite:///{path}", query=query, name="slow", timeout=0.5)
    async with fanin.Engine([source], deadline=5.0, pool="inline", semantic=False) as engine:
        outcome = (await engine.ask("open?")).sources["slow"]
        print(outcome.status, engine.statistics()["stuck"], time.monotonic(), flush=True)

asyncio.run(main(*sys.argv[1:]))
print(time.monotonic(), flush=True)
"""

HANGS = """
import asyncio, sys, fanin
from fanin.sources.sql import sql

async def main(path, query):
    source = sql(url=f"sqlite:///{path}", query=query, timeout=60.0)
    async for _ in source(fanin.Question("open?")):
        pass

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "goods.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE goods (name TEXT)")
        connection.executemany("INSERT INTO goods VALUES (?)", [("Lamp",), ("Desk",)])
    connection.close()
    return path


def shop(file: Path, query: str = "SELECT * FROM goods", **settings: Any) -> Source:
    return sql(url=f"sqlite:///{file}", query=query, **{"timeout": 20.0, **settings})


def children(parent: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text("utf-8").split()]


async def until(true: Callable[[], bool], *, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return true()


async def test_a_program_answers_and_ends_whatever_sqlite_does(file: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(file), DEAF, stdout=subprocess.PIPE, start_new_session=True
    )
    seen, _ = await asyncio.wait_for(program.communicate(), 30.0)
    assert program.returncode == 0
    status, stuck, answered_at, closed_at = seen.decode().split()
    assert (status, stuck) == ("timeout", "0")
    assert float(closed_at) - float(answered_at) < 5.0


async def test_the_process_ends_with_the_program_that_started_it_even_in_the_middle_of_a_statement(file: Path) -> None:
    program = subprocess.Popen([sys.executable, "-c", HANGS, str(file), DEAF])
    try:
        assert await until(lambda: bool(children(program.pid)))
        (child,) = children(program.pid)
        assert await until(lambda: processor_time(child) > 0.3), "it works on the statement"
    finally:
        program.kill()
        program.wait()
    assert await until(lambda: has_ended(child))


def processor_time(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def has_ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def test_one_process_serves_question_after_question_and_is_gone_when_the_source_is_closed(file: Path) -> None:
    source = shop(file)
    before = children(os.getpid())
    found = set[int]()
    for _ in range(3):
        async with aclosing(cast("Any", source(Question("q")))) as rows:
            assert [row.metadata["name"] async for row in rows] == ["Lamp", "Desk"]
        found.update(set(children(os.getpid())) - set(before))
    assert len(found) == 1
    assert source.close is not None
    await source.close()
    assert children(os.getpid()) == before


async def test_a_process_that_was_killed_is_an_error_and_the_next_question_gets_another(file: Path, ask: Ask) -> None:
    source = shop(file, "SELECT name, :question AS asked FROM goods LIMIT 1")
    before = children(os.getpid())
    await ask(source)
    for process in set(children(os.getpid())) - set(before):
        os.kill(process, signal.SIGKILL)
    with pytest.raises(SourceError, match="starts another one") as caught:
        await ask(source)
    assert caught.value.kind == "exit"
    assert len(await ask(source)) == 1


async def test_more_questions_than_processes_wait_for_their_turn(file: Path) -> None:
    async with Engine([shop(file)], deadline=30.0, pool="inline") as engine:
        before = set(children(os.getpid()))
        answers = [asyncio.create_task(engine.ask(f"Question {number}?")) for number in range(40)]
        most = 0
        while not all(each.done() for each in answers):
            most = max(most, len(set(children(os.getpid())) - before))
            await asyncio.sleep(0.005)
    assert {(await each).sources["sql"].status for each in answers} == {"ok"}
    assert most <= 10


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT printf('%.*c', 900000000, 'x') AS text", "too big"),
        ("SELECT zeroblob(900000000) AS text", "too big"),
        ("SELECT replace(printf('%.*c', 100000, 'x'), 'x', printf('%.*c', 9000, 'y')) AS text", "too big"),
        ("SELECT " + ", ".join(f"hex(zeroblob(9000000 + {n})) AS c{n}" for n in range(100)), "out of memory"),
        ("SELECT hex(zeroblob(5000000)) AS a, hex(zeroblob(5000001)) AS b, hex(zeroblob(5000002)) AS c", "20,000,000"),
        (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT hex(zeroblob(200000)) AS t FROM n",
            "20,000,000",
        ),
    ],
)
async def test_what_is_too_large_is_an_error(file: Path, ask: Ask, query: str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        await ask(shop(file, query, limit=1000))
    assert caught.value.kind == "too_large"


async def test_all_columns_count_towards_the_limit_and_not_the_text_alone(file: Path, ask: Ask) -> None:
    query = "SELECT 'short' AS text, hex(zeroblob(5000000)) AS more FROM goods, goods AS others"
    with pytest.raises(SourceError, match="20,000,000"):
        await ask(shop(file, query, text="text"))


async def test_a_long_text_comes_whole(file: Path, ask: Ask) -> None:
    query = "SELECT replace(hex(zeroblob(2000000)), '00', 'é€') AS text, 'end' AS title"
    (row,) = await ask(shop(file, query, text="text", title="title"))
    assert row.text == "é€" * 2_000_000
    assert row.title == "end"


async def test_odd_values_are_told_as_text_that_json_can_hold(file: Path, ask: Ask) -> None:
    query = (
        "SELECT 9e999 AS infinite, -9e999 AS least, 9223372036854775807 AS large, CAST(x'66ff66' AS text) AS broken,"
        " 'a' || char(0, 7, 27, 8238) || 'b' AS controls, x'' AS empty, NULL AS void, 1 AS double, 2 AS double"
    )
    (row,) = await ask(shop(file, query))
    assert row.metadata == {
        "infinite": "inf",
        "least": "-inf",
        "large": 9223372036854775807,
        "broken": "f\ufffdf",
        "controls": "a\0\a\x1b\u202eb",
        "empty": "(0 bytes)",
        "void": None,
        "double": 2,
    }
    json.dumps(row.metadata, allow_nan=False)


CELL = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(),
    st.binary(max_size=9),
    st.builds(lambda text, times: text * times, st.text(min_size=1), st.integers(1, 200)),
)


@given(st.integers(1, 5).flatmap(lambda columns: st.lists(st.tuples(*[CELL] * columns), max_size=5)))
def test_rows_come_out_of_their_pieces_as_they_were(rows: Sequence[tuple[Any, ...]]) -> None:
    cells, found = RowAssembler(), list[Sequence[Any]]()
    for line in sqlite_child.lines(rows, most=math.inf, piece=16):
        cells.add(json.loads(json.dumps(line)))
        assert sum(len(each[0] if isinstance(each, list) else str(each)) for each in line) <= 16 + 25
        if len(cells.complete) == len(rows[0]):
            found.append(cells.take_row())
    seen = [[f"({len(cell)} bytes)" if isinstance(cell, bytes) else cell for cell in row] for row in rows]
    assert found == seen
