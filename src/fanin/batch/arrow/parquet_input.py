"""Reads a Parquet file a few rows at a time."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any, BinaryIO

from fanin.batch.arrow.arrow_library import arrow
from fanin.errors import ConfigError, describe
from fanin.values import value

ROWS, BUFFER = 500, 1 << 20
"""Rows that are in memory at a time, and bytes of a column: a row group may have millions of rows."""


@value
class RowBatch:
    """So many rows that follow each other: as an Arrow record batch, or None and why they cannot be read."""

    count: int
    values: Any
    error: str = ""


class ParquetInput:
    """A Parquet file that is open for reading. Raises ConfigError for another file, and without fanin[arrow]."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._arrow, parquet = arrow(), arrow("pyarrow.parquet")
        try:
            self._file = parquet.ParquetFile(
                file, buffer_size=BUFFER, pre_buffer=False, page_checksum_verification=True
            )
            names = self._file.schema_arrow.names
        except (OSError, self._arrow.ArrowException) as error:
            raise ConfigError(f"{name} is no Parquet file ({describe(error)}); fanin asked nothing.") from error
        if twice := [each for each in names if names.count(each) > 1]:
            raise ConfigError(f"{name} has two columns {twice[0]!r}; fanin asked nothing. Rename one.")
        self.rows: int = self._file.metadata.num_rows

    def schema(self, columns: Sequence[str] | None) -> Any:
        """The Arrow schema, or that of some columns."""
        schema = self._file.schema_arrow.remove_metadata()
        return schema if columns is None else self._arrow.schema([schema.field(each) for each in columns])

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[RowBatch]:
        """All rows in their order, or some columns of them; a row group that is broken is a batch with its error."""
        for group in range(self._file.num_row_groups):
            left = self._file.metadata.row_group(group).num_rows
            try:
                for batch in self._file.iter_batches(ROWS, row_groups=[group], use_threads=False):
                    left -= len(batch)
                    yield RowBatch(len(batch), batch if columns is None else batch.select(list(columns)))
            except (OSError, self._arrow.ArrowException) as error:
                yield RowBatch(left, None, f"Its row group {group + 1} cannot be read: {describe(error)}.")


def values_of(batch: Any) -> list[dict[str, Any]]:
    """The rows of a record batch by column, each value as JSON has it, or a number, or its usual text."""
    library = arrow()
    columns = [_without_nanoseconds(each, library) for each in batch.columns]
    rows = library.RecordBatch.from_arrays(columns, names=batch.schema.names).to_pylist()
    return [{name: _readable(each) for name, each in row.items()} for row in rows]


def _without_nanoseconds(column: Any, library: Any) -> Any:
    """Python's times have microseconds."""
    kind = column.type
    if library.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(library.timestamp("us", kind.tz), safe=False)
    if library.types.is_duration(kind) and kind.unit == "ns":
        return column.cast(library.duration("us"), safe=False)
    return column.cast(library.time64("us"), safe=False) if kind == library.time64("ns") else column


def _readable(each: Any) -> Any:
    match each:
        case bytes():
            return b64encode(each).decode()
        case date() | time():
            return each.isoformat()
        case _:
            return each
