"""The rows of a file, one after another: JSON lines, CSV, Parquet. A row that cannot be read is one with its error."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, cast

from fanin.batch.arrow.parquet_input import ParquetInput, values_of
from fanin.bounded_json import bounded_json, without_surrogates
from fanin.errors import ConfigError, describe
from fanin.values import value

LINE_BYTES = 1_000_000
"""Bytes of one row."""

FORMATS: Mapping[str, str] = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}
"""The format of a file by how its name ends."""

DELIMITERS = ",;\t|"

_NOTHING = "fanin asked nothing"


@value
class Row:
    """One row: the line of the file where it begins, from 1; its values by column; or why it could not be read.

    In Parquet, its place among the rows stands for the line.
    """

    number: int
    values: Mapping[str, Any]
    error: str = ""

    @property
    def digest(self) -> bytes:
        """The same for the same row only."""
        content = json.dumps([self.values, self.error], ensure_ascii=False, default=str)
        return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class InputRows:
    """The rows of a file, or of the standard input for "-", which is read as JSON lines. Raises ConfigError.

    `share` is how much of the file has been read, from 0 to 1; None where nobody knows its size.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.format = "json" if self.name == "-" else format_of(path, option="IN")
        try:
            self._file: BinaryIO = sys.stdin.buffer if self.name == "-" else path.open("rb")
        except OSError as error:
            raise ConfigError(
                f"{path} cannot be read: {error.strerror}; {_NOTHING}. Name a file of JSON lines, CSV or Parquet."
            ) from error
        self._text: TextIOWrapper | None = None
        self._size = path.stat().st_size if self.name != "-" else 0
        self.parquet = self._opened_parquet() if self.format == "parquet" else None
        self._given = 0

    def _opened_parquet(self) -> ParquetInput:
        try:
            return ParquetInput(self._file, self.name)
        except ConfigError:
            self.close()
            raise

    def place(self, number: int) -> str:
        """What to call a row."""
        return f"Row {number}" if self.parquet else f"Line {number}"

    @property
    def share(self) -> float | None:
        """How much has been read."""
        if self.parquet is not None:
            return self._given / max(1, self.parquet.rows)
        if not self._size:
            return None
        return 1.0 if self._file.closed else self._file.tell() / self._size

    def close(self) -> None:
        """Close the file."""
        if self.name != "-":
            self._file.close()

    def __iter__(self) -> Iterator[Row]:
        if self.parquet is not None:
            return self._parquet_rows(self.parquet)
        return _json_rows(self._file) if self.format == "json" else self._csv_rows()

    def _parquet_rows(self, parquet: ParquetInput) -> Iterator[Row]:
        self._given = 0
        for batch in parquet.batches():
            for values in [{}] * batch.count if batch.values is None else values_of(batch.values):
                self._given += 1
                yield Row(self._given, values, batch.error)

    def _csv_rows(self) -> Iterator[Row]:
        # Kept, since it closes the file when it goes.
        text = self._text = TextIOWrapper(self._file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        head = text.readline(LINE_BYTES)
        delimiter = max(DELIMITERS, key=head.count)
        columns = next(csv.reader([head], delimiter=delimiter), list[str]())
        if not columns or not all(map(str.strip, columns)):
            what = "has a column without a name" if columns else "is empty"
            raise ConfigError(f"The first line of {self.name} {what}; {_NOTHING}. Name the columns there.")
        yield from _records(csv.reader(text, delimiter=delimiter), columns)


def format_of(path: Path, *, option: str) -> str:
    """The format of a file, by how its name ends. Raises ConfigError."""
    if (found := FORMATS.get(path.suffix.lower())) is None:
        known = ", ".join(FORMATS)
        raise ConfigError(f"{option}: the format of {path} is unknown; {_NOTHING}. Let the name end in one of {known}.")
    return found


def _json_rows(file: BinaryIO) -> Iterator[Row]:
    number = 0
    while line := file.readline(LINE_BYTES + 1):
        number += 1
        whole = len(line) <= LINE_BYTES
        while not line.endswith(b"\n") and not whole and (rest := file.readline(LINE_BYTES)):
            line = rest
        if whole and not line.strip():
            continue
        yield _json_row(number, line) if whole else Row(number, {}, f"It has more than {LINE_BYTES:,} bytes.")


def _json_row(number: int, line: bytes) -> Row:
    try:
        values = bounded_json(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Row(number, {}, "It is not in UTF-8.")
    except ValueError as error:
        return Row(number, {}, f"It is no JSON: {describe(error)}.")
    if not isinstance(values, dict):
        return Row(number, {}, 'It is no JSON object, as {"question": "…"} is one.')
    return Row(number, cast("dict[str, Any]", values))


def _records(reader: Any, columns: Sequence[str]) -> Iterator[Row]:
    while True:
        number = reader.line_num + 2
        try:
            values = next(reader, None)
        except csv.Error as error:
            yield Row(number, {}, f"It is no CSV: {error}.")
            continue
        if values is None:
            return
        if not values:
            continue
        yield _record(number, values, columns)


def _record(number: int, values: Sequence[str], columns: Sequence[str]) -> Row:
    named = dict(zip(columns, values, strict=False))
    if len(values) != len(columns):
        return Row(number, named, f"It has {len(values)} values, and the first line names {len(columns)} columns.")
    clean = {name: without_surrogates(each) for name, each in named.items()}  # what is no UTF-8 was read as those
    return Row(number, clean, "" if clean == named else "It is not in UTF-8.")
