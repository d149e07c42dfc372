"""Dataframes of any library, asked row by row, through the Arrow C stream interface."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import Any

from fanin.arguments import question_text, suggest
from fanin.batch.adaptive_limit import AdaptiveLimit
from fanin.batch.answer_values import ADDED, answer_values
from fanin.batch.arrow.arrow_library import ArrowTable, arrow
from fanin.batch.arrow.parquet_input import values_of
from fanin.batch.arrow.parquet_output import ROWS, answer_arrays, answer_columns
from fanin.batch.in_flight import in_flight
from fanin.batch.question_template import QuestionTemplate
from fanin.errors import ConfigError, describe
from fanin.model import Answer

_NOTHING = "fanin asked nothing"


async def answered(
    table: ArrowTable, ask: Callable[[str], Awaitable[Answer]], question: str, limit: AdaptiveLimit
) -> Any:
    """The table with the columns of the answers behind its own, in its order. Raises ConfigError."""
    template, read = QuestionTemplate(question, called="question"), _read(table)
    _check(read.schema.names, template)

    async def line(given: str | ValueError) -> dict[str, Any]:
        if isinstance(given, ValueError):
            return answer_values(None, str(given))
        try:
            question_text(given)
        except ConfigError as error:
            return answer_values(None, describe(error))
        with limit.measured():
            return answer_values(await ask(given), "")

    lines, parts, schema = list[dict[str, Any]](), list[Any](), arrow().schema(answer_columns())
    async with aclosing(in_flight(line, _questions(read, template), limit=limit, ordered=True)) as results:
        async for each in results:
            lines.append(each)
            if len(lines) == ROWS:
                parts.append(arrow().Table.from_arrays(answer_arrays(lines), schema=schema))
                lines.clear()
    parts.append(arrow().Table.from_arrays(answer_arrays(lines), schema=schema))
    answers = arrow().concat_tables(parts)
    for each in schema:
        read = read.append_column(each, answers[each.name])
    return read


def _read(table: ArrowTable) -> Any:
    library = arrow()
    if not hasattr(table, "__arrow_c_stream__"):
        raise ConfigError(
            f"table: {type(table).__name__} has no Arrow C stream interface; {_NOTHING}. Give a dataframe of Polars or"
            " pandas, or a table of pyarrow."
        )
    return library.RecordBatchReader.from_stream(table).read_all()


def _check(columns: list[str], template: QuestionTemplate) -> None:
    if missing := [name for name in template.columns if name not in columns]:
        raise ConfigError(f"table has no column {missing[0]!r}; {_NOTHING}. {suggest(missing[0], columns)}")
    if taken := [name for name in ADDED if name in columns]:
        raise ConfigError(f"table has a column {taken[0]!r}, and so have answers; {_NOTHING}. Rename it.")


def _questions(table: Any, template: QuestionTemplate) -> Iterator[str | ValueError]:
    """The question of each row, or why it has none."""
    for batch in table.select(list(dict.fromkeys(template.columns))).to_batches(max_chunksize=500):
        for values in values_of(batch):
            try:
                yield template.question(values)
            except ValueError as error:
                yield error
