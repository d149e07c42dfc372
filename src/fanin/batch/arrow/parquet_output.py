"""Writes the rows of a batch as Parquet, a few at a time."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

from fanin.batch.arrow.arrow_library import arrow
from fanin.batch.arrow.parquet_input import ParquetInput

ROWS = 5_000
"""Rows of a row group at most: so many answers are in memory at a time."""

type Line = Mapping[str, Any]


def write_parquet(
    file: BinaryIO,
    lines: Callable[[], Iterator[Line]],
    *,
    own: ParquetInput | None = None,
    columns: Sequence[str] | None = None,
) -> None:
    """Write what `lines` gives, which may be called twice: the columns of the input, then those of the answers.

    Columns of an input in Parquet stay as they are there; others get the type that holds all their values. Raises
    OSError.
    """
    parts = _typed_by_values(lines) if own is None else _beside_input(lines(), own, columns)
    schema = next(parts)
    with arrow("pyarrow.parquet").ParquetWriter(file, schema, compression="zstd") as writer:
        for each in _row_groups(parts):
            writer.write_table(each)


def _row_groups(tables: Iterable[Any]) -> Iterator[Any]:
    """The tables, joined to so many rows: each row group costs memory until the end."""
    joined = list[Any]()
    for each in tables:
        joined.append(each)
        if sum(map(len, joined)) >= ROWS:
            yield arrow().concat_tables(joined)
            joined.clear()
    if joined:
        yield arrow().concat_tables(joined)


def answer_columns() -> list[Any]:
    """The Arrow fields of an answer."""
    library = arrow()
    text = library.string()
    parts = [("number", library.int64()), *((name, text) for name in ("quote", "title", "url", "source"))]
    return [
        library.field("answer", text),
        library.field("success", library.bool_()),
        library.field("citations", library.list_(library.struct(parts))),
        library.field("outcomes", library.map_(text, text)),
        library.field("execution_time", library.float64()),
        library.field("error", text),
    ]


def answer_arrays(lines: Sequence[Line]) -> list[Any]:
    """The Arrow arrays of so many answers."""
    return [
        arrow().array([_pairs(line[each.name]) for line in lines], each.type) for each in answer_columns()
    ]  # fmt: skip


def _typed_by_values(lines: Callable[[], Iterator[Line]]) -> Iterator[Any]:
    """The schema, then the tables."""
    library, added = arrow(), answer_columns()
    own = [library.field(name, kind) for name, kind in _types(lines(), {each.name for each in added}).items()]
    schema, rest = library.schema([*own, *added]), lines()
    yield schema
    while some := list(islice(rest, ROWS)):
        arrays = [library.array([_fit(line.get(each.name), each.type) for line in some], each.type) for each in own]
        yield library.Table.from_arrays([*arrays, *answer_arrays(some)], schema=schema)


def _beside_input(lines: Iterator[Line], own: ParquetInput, columns: Sequence[str] | None) -> Iterator[Any]:
    """The schema, then the tables."""
    library = arrow()
    kept = [each.with_nullable(True) for each in own.schema(columns)]
    schema = library.schema([*kept, *answer_columns()])
    yield schema
    for batch in own.batches(columns):
        if not (some := list(islice(lines, batch.count))):
            return
        arrays = [library.nulls(len(some), each.type) for each in kept]
        if batch.values is not None:
            arrays = [each.slice(0, len(some)) for each in batch.values.columns]
        yield library.Table.from_arrays([*arrays, *answer_arrays(some)], schema=schema)


def _types(lines: Iterable[Line], added: set[str]) -> dict[str, Any]:
    """The Arrow type of each column that is not added, in the order in which they come first."""
    library, kinds = arrow(), dict[str, set[type[object]]]()
    for line in lines:
        for name, each in line.items():
            if name not in added:
                kinds.setdefault(name, set[type[object]]()).add(_kind(each))
    return {name: _type(found - {type(None)}, library) for name, found in kinds.items()}


def _kind(each: object) -> type[object]:
    return str if isinstance(each, int) and not -(2**63) <= each < 2**63 else type(each)


def _type(kinds: set[type[object]], library: Any) -> Any:
    match kinds:
        case _ if kinds == {bool}:
            return library.bool_()
        case _ if kinds == {int}:
            return library.int64()
        case _ if kinds and kinds <= {int, float}:
            return library.float64()
        case _:
            return library.string()


def _fit(each: Any, kind: Any) -> Any:
    """The value for a column of this type: in one of texts, what is no text is JSON."""
    as_json = kind == arrow().string() and not isinstance(each, str | None)
    return json.dumps(each, ensure_ascii=False) if as_json else each


def _pairs(each: Any) -> Any:
    """What Arrow makes a map of."""
    return [*each.items()] if isinstance(each, dict) else each
