"""Lists of records in small files of JSON that only the user may read, changed by one process at a time."""

import fcntl
import json
import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fanin.storage.private_files import make_file, restrict_file

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def read_records[T](path: Path, kind: type[T]) -> list[T]:
    """The records in the file; none if there is no file. Raises OSError, ValueError and TypeError for anything else."""
    try:
        found: object = json.loads(path.read_text("utf-8") or "[]")
    except FileNotFoundError:
        return []
    return [kind(**each) for each in cast("list[Mapping[str, Any]]", found)]


@contextmanager
def changing_records[T: DataclassInstance](path: Path, kind: type[T]) -> Generator[list[T]]:
    """The records, which are written as a whole at the end; processes that change them at the same time wait in turn.

    Raises as `read_records`.
    """
    make_file(path)
    restrict_file(path)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        records = read_records(path, kind)
        yield records
        _write(path, records)


def _write(path: Path, records: Sequence[DataclassInstance]) -> None:
    written = path.with_name(f"{path.name}.{os.getpid()}")
    make_file(written)
    try:
        with written.open("r+", encoding="utf-8") as file:
            file.write(json.dumps([asdict(each) for each in records]))
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
