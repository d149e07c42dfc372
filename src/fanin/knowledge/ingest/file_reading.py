"""One file, read and made ready in a worker: what it holds, or why it cannot be read."""

import errno
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from fanin.documents.formats import Unreadable, format_of
from fanin.knowledge.ingest.passage_spans import Span, divide
from fanin.model import Document
from fanin.text.cleaning import blank

LARGEST = 50_000_000
"""Bytes of a file; larger ones are skipped."""

MOST_PASSAGES = 100_000

EDITION = "1"
"""Changes when the same bytes would be made into something else, so that they are read again."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds. `published` is ISO 8601: the document's own date, or when the file was last changed."""

    digest: str
    title: str
    published: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """The file holds what is known already."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Why the file was skipped; completes "it …"."""

    reason: str


type Reading = Read | Same | Unread


def read_file(known: str, document: Document) -> Reading:
    """The process function of the pool: reads the file at the document's `url`, unless its digest is the known one.

    With `title` set to a folder, what lies outside of it is refused, wherever links lead.
    """
    try:
        content, changed = _content(document.url, within=document.title)
        digest = f"{EDITION}:{sha256(content).hexdigest()}"
        return Same() if digest == known else _read(document.url, content, digest, changed)
    except Unreadable as error:
        return Unread(str(error))
    except OSError as error:
        return Unread(f"cannot be opened: {error.strerror or type(error).__name__}")
    except MemoryError:
        return Unread("needs more memory than there is")


def _read(path: str, content: bytes, digest: str, changed: float) -> Reading:
    parsed = format_of(path)(content)
    spans = divide(parsed)
    if not spans:
        return Unread("holds no text")
    if len(spans) > MOST_PASSAGES:
        return Unread(f"has more than {MOST_PASSAGES:,} passages")
    title = blank(parsed.title).strip() or Path(path).name
    published = parsed.published or datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")
    return Read(digest, title, published, parsed.text, tuple(spans))


def _content(path: str, *, within: str) -> tuple[bytes, float]:
    """The file's bytes and when it was last changed; a file that changes while it is read gets a second chance."""
    for _ in range(2):
        with _open(path) as file:
            before = os.fstat(file.fileno())
            _check(path, before, within=within)
            content = file.read(LARGEST + 1)
            after = os.fstat(file.fileno())
        if (
            (before.st_size, before.st_mtime_ns)
            == (after.st_size, after.st_mtime_ns)
            == (len(content), after.st_mtime_ns)
        ):
            return content, after.st_mtime
    raise Unreadable("changed while it was read")


def _open(path: str):
    """The file, opened without waiting for whoever may sit at the other end of a pipe."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0)


def _check(path: str, found: os.stat_result, *, within: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    if found.st_size > LARGEST:
        raise Unreadable(f"has {found.st_size:,} bytes, which is more than {LARGEST:,}")
    if within and not Path(path).resolve().is_relative_to(within):
        raise Unreadable("is a link that leads outside its folder; --follow-links takes it")
