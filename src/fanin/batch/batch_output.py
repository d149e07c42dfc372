"""Writes the rows of a batch into a file, which is there whole or not at all."""

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from fanin.batch.batch_journal import BatchJournal
from fanin.batch.input_rows import format_of
from fanin.errors import ConfigError

ADDED = ("answer", "success", "citations", "outcomes", "execution_time", "error")
"""The columns that follow those of the input."""


def check_output(path: Path) -> None:
    """Raise ConfigError for an output that exists, that has no known format, or that cannot be written."""
    format_of(path, option="--output")
    if path.exists():
        raise ConfigError(f"{path} exists; fanin asked nothing. Delete it, or name another --output.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigError(f"No file can be written in {path.parent}; fanin asked nothing. Name another --output.")


def write_output(journal: BatchJournal, path: Path) -> None:
    """Write all rows of the journal, in the order of the input, and move the file into place. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    as_csv = format_of(path, option="--output") == "csv"
    with part.open("w", encoding="utf-8", newline="" if as_csv else "\n") as file:
        if as_csv:
            writer = csv.writer(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            columns = _columns(_lines(journal))
            writer.writerow(columns)
            writer.writerows([_cell(line.get(name)) for name in columns] for line in _lines(journal))
        else:
            file.writelines(f"{each.line}\n" for each in journal.written())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


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
