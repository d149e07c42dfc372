"""Writes the rows of a batch into a file, which is there whole or not at all."""

import csv
import json
import os
from codecs import getwriter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from fanin.batch.answer_values import ADDED
from fanin.batch.arrow.arrow_library import arrow
from fanin.batch.arrow.parquet_input import ParquetInput
from fanin.batch.arrow.parquet_output import write_parquet
from fanin.batch.batch_journal import BatchJournal
from fanin.batch.input_rows import format_of
from fanin.errors import ConfigError


def check_output(path: Path) -> None:
    """Raise ConfigError for an output that exists, that has no known format, or that cannot be written."""
    if format_of(path, option="--output") == "parquet":
        arrow()
    if path.exists():
        raise ConfigError(f"{path} exists; fanin asked nothing. Delete it, or name another --output.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigError(f"No file can be written in {path.parent}; fanin asked nothing. Name another --output.")


def write_output(
    journal: BatchJournal, path: Path, *, own: ParquetInput | None = None, columns: Sequence[str] | None = None
) -> None:
    """Write all rows of the journal, in the order of the input, and move the file into place. Raises OSError.

    `own` is the input, where that is Parquet, and `columns` what is kept of it.
    """
    with _whole(path) as file:
        match format_of(path, option="--output"):
            case "parquet":
                write_parquet(file, partial(_lines, journal), own=own, columns=columns)
            case "csv":
                _write_csv(journal, file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            case _:
                file.writelines(f"{each.line}\n".encode() for each in journal.written())


@contextmanager
def _whole(path: Path) -> Generator[BinaryIO]:
    """A file that is moved into place when the block ends, and is gone if it fails."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _write_csv(journal: BatchJournal, file: BinaryIO, *, delimiter: str) -> None:
    writer = csv.writer(getwriter("utf-8")(file), delimiter=delimiter)
    columns = _columns(_lines(journal))
    writer.writerow(columns)
    writer.writerows([_cell(line.get(name)) for name in columns] for line in _lines(journal))


def _lines(journal: BatchJournal) -> Iterator[dict[str, Any]]:
    return (json.loads(each.line) for each in journal.written())


def _columns(lines: Iterable[dict[str, Any]]) -> Sequence[str]:
    """All columns in the order in which they come first, those of the answers last."""
    seen = dict.fromkeys(name for line in lines for name in line)
    return [*(name for name in seen if name not in ADDED), *ADDED]


def _cell(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
