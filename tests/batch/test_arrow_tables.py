"""Dataframes of other libraries, asked row by row: columns stay as they are, and answers come behind them."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fanin
from fanin.errors import ConfigError, EngineClosed, UnknownSource

ROWS: dict[str, list[Any]] = {
    "company": ["Acme", "Bolt", None],
    "day": [date(2026, 11, 28), None, None],
    "price": [1.5, 2.5, None],
}
ADDED = ["answer", "success", "citations", "outcomes", "execution_time", "error"]


@fanin.source
async def harbour(question: fanin.Question) -> str:
    return f"The answer to {question.text} is nine."


@pytest.mark.parametrize("library", [pl.DataFrame, pd.DataFrame, pa.table], ids=["polars", "pandas", "pyarrow"])
async def test_a_dataframe_gets_its_answers(library: Callable[[Any], Any]) -> None:
    async with fanin.Engine([harbour], pool="inline") as engine:
        table = await engine.batch_table(library(ROWS), question="{company}")
    assert table.column_names == [*ROWS, *ADDED]
    first, second, third = table.to_pylist()
    assert (first["company"], first["day"], first["price"]) == ("Acme", date(2026, 11, 28), 1.5)
    assert first["answer"] == "The answer to Acme is nine. [1]"
    assert second["answer"] == "The answer to Bolt is nine. [1]"
    assert second["citations"][0]["source"] == "harbour"
    assert (third["answer"], third["error"]) == (None, "Nothing stands in 'company'.")


async def test_polars_and_pandas_take_the_answers_as_they_are() -> None:
    async with fanin.Engine([harbour], pool="inline") as engine:
        table = await engine.batch_table(pl.DataFrame(ROWS), question="{company}")
    polars, pandas = pl.DataFrame(table), pd.DataFrame.from_arrow(table)
    assert polars["answer"].to_list() == ["The answer to Acme is nine. [1]", "The answer to Bolt is nine. [1]", None]
    assert polars.schema["day"] == pl.Date
    assert polars["citations"].list.len().to_list() == [1, 1, None]
    assert [*pandas["success"]] == [True, True, False]


async def test_rows_keep_their_order_whoever_is_quicker() -> None:
    @fanin.source
    async def slow_at_first(question: fanin.Question) -> str:
        await asyncio.sleep(0.2 if question.text == "Row 0" else 0.0)
        return f"The answer to {question.text} is nine."

    table = pa.table({"question": [f"Row {number}" for number in range(1_200)]})
    async with fanin.Engine([slow_at_first], pool="inline", semantic=False) as engine:
        answers = await engine.batch_table(table, concurrency=20)
    assert answers["answer"].to_pylist() == [f"The answer to Row {number} is nine. [1]" for number in range(1_200)]


async def test_an_empty_dataframe_has_an_empty_answer() -> None:
    async with fanin.Engine([harbour], pool="inline") as engine:
        table = await engine.batch_table(pl.DataFrame({"question": []}, schema={"question": pl.String}))
    assert (table.num_rows, table.column_names) == (0, ["question", *ADDED])


@pytest.mark.parametrize(
    ("rows", "options", "error", "told"),
    [
        ({"question": ["A?"]}, {"question": "qestion"}, ConfigError, "table has no column 'qestion'.*'question'"),
        ({"question": ["A?"], "error": [1]}, {}, ConfigError, "table has a column 'error', and so have answers"),
        ({"question": ["A?"]}, {"question": "{"}, ConfigError, "^question '{'"),
        ({"question": ["A?"]}, {"concurrency": 0}, ConfigError, "concurrency"),
        ({"question": ["A?"]}, {"deadline": -1}, ConfigError, "deadline"),
        ({"question": ["A?"]}, {"sources": ["harbor"]}, UnknownSource, "harbour"),
    ],
)
async def test_a_mistake_is_told(rows: Any, options: dict[str, Any], error: type[Exception], told: str) -> None:
    async with fanin.Engine([harbour], pool="inline") as engine:
        with pytest.raises(error, match=told):
            await engine.batch_table(pa.table(rows), **options)


async def test_what_is_no_dataframe_and_a_closed_engine_are_told() -> None:
    engine = fanin.Engine([harbour], pool="inline")
    with pytest.raises(ConfigError, match="table: list has no Arrow C stream interface"):
        await engine.batch_table([{"question": "A?"}])  # type: ignore[arg-type]
    with pytest.raises(EngineClosed):
        await engine.batch_table(pa.table({"question": ["A?"]}))


def test_fanin_needs_neither_polars_nor_pandas_nor_pyarrow_until_a_table_is_asked() -> None:
    program = "import sys, fanin.engine, fanin.batch.batch_run; print({'polars', 'pandas', 'pyarrow'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
