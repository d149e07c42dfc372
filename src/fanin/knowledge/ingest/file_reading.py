"""Reads one file and divides it into passages, in a worker."""

import errno
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from fanin.documents.formats import Unreadable, format_of
from fanin.knowledge.ingest.passage_spans import divide
from fanin.knowledge.store.passage_vectors import packed_vector
from fanin.knowledge.store.queries import Entry
from fanin.knowledge.store.word_index import index_rows
from fanin.limits import Limits
from fanin.model import Document
from fanin.text.cleaning import blank

READER_VERSION = "5"
"""Part of each digest: raised when the same bytes give another result, so that all files are read again."""


@dataclass(frozen=True, slots=True)
class UnchangedFile:
    """A file whose digest has not changed."""


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """A file that was skipped; `reason` completes "it …"."""

    reason: str


type FileResult = Entry | UnchangedFile | UnreadableFile


def read_file(known: str, document: Document) -> FileResult:
    """Read the file at the document's `url`, unless its digest is the known one; runs in a worker.

    Its `metadata` are the limits that are not the default ones. If `title` is a folder, a file outside of it is
    refused, also one that a link leads to.
    """
    limits = Limits.read(document.metadata)
    try:
        content, changed = _read_content(document.url, limits.file_bytes, within=document.title)
        digest = f"{READER_VERSION}:{sha256(content).hexdigest()}"
        return UnchangedFile() if digest == known else _parse(document.url, content, digest, changed, limits)
    except Unreadable as error:
        return UnreadableFile(str(error))
    except OSError as error:
        return UnreadableFile(f"cannot be opened: {error.strerror or type(error).__name__}")
    except MemoryError:
        return UnreadableFile("needs more memory than there is")


def _parse(path: str, content: bytes, digest: str, changed: float, limits: Limits) -> FileResult:
    parsed = format_of(path)(content, limits)
    spans = divide(parsed)
    if not spans:
        return UnreadableFile("holds no text")
    if len(spans) > limits.file_passages:
        return UnreadableFile(f"has more than {limits.file_passages:,} passages")
    title = blank(parsed.title).strip() or Path(path).name
    published = parsed.published or datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")
    passages = [(title, heading, parsed.text[start:stop]) for start, stop, heading in spans]
    index, spellings = index_rows(passages)
    vectors = [packed_vector(*passage) for passage in passages]
    return Entry(digest, title, published, parsed.text, tuple(spans), index, vectors, spellings)


def _read_content(path: str, largest: int, *, within: str) -> tuple[bytes, float]:
    """The file's bytes and the time of its last change; a file that changes while it is read is read once more."""
    for _ in range(2):
        with _open(path) as file:
            before = os.fstat(file.fileno())
            _check(path, before, largest, within=within)
            content = file.read(largest + 1)
            after = os.fstat(file.fileno())
        if (
            (before.st_size, before.st_mtime_ns)
            == (after.st_size, after.st_mtime_ns)
            == (len(content), after.st_mtime_ns)
        ):
            return content, after.st_mtime
    raise Unreadable("changed while it was read")


def _open(path: str):
    """The open file; opening a named pipe does not wait for its other end."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0)


def _check(path: str, found: os.stat_result, largest: int, *, within: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    if found.st_size > largest:
        raise Unreadable(f"has {found.st_size:,} bytes, which is more than {largest:,}")
    if within and not Path(path).resolve().is_relative_to(within):
        raise Unreadable("is a link that leads outside its folder; --follow-links takes it")
