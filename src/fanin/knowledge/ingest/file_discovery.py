"""The files under a path: which are taken, and why others are not."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fanin.documents.formats import is_known
from fanin.knowledge.ingest.progress import Passed

HIDDEN, KIND, MADE = "is hidden", "is of a kind that is not read", "holds what a program put there"
"""Why a file or folder is passed by; completes "it …"."""

PASSED_BY = frozenset(("__pycache__", "node_modules", "_static", "_sources", "site-packages"))
"""Folders that hold what a program put there: caches, libraries, and the sources beside the pages that Sphinx built.

Folders and files whose names begin with a full stop are passed by as well.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read."""

    path: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or folder that is not read, and why; completes "it …"."""

    path: str
    reason: str


type Listing = Found | Refused | Passed


def walk(root: Path, *, follow_links: bool) -> Iterator[Listing]:
    """The files of a folder and its subfolders in order of their names; a root that is a file is itself.

    Links that lead outside the folder are refused unless they are to be followed; one that leads to a folder inside
    is not followed, because its files are found where they are. Raises OSError when the root cannot be listed.
    """
    if not root.is_dir():
        root.stat()
        yield Found(str(root))
        return
    yield from _folder(str(root), _Bounds(root.resolve(), follow_links, set()))


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Where a walk may go; `seen` are the folders where it was, since links can make a circle."""

    inside: Path
    follow_links: bool
    seen: set[tuple[int, int]]


def _folder(folder: str, bounds: _Bounds) -> Iterator[Listing]:
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda entry: entry.name)
    for entry in entries:
        if not entry.name.isprintable():
            yield Refused(ascii(entry.path), "has a name that cannot be shown")
        elif entry.name.startswith("."):
            yield Passed(entry.path, HIDDEN)
        elif entry.is_symlink():
            yield from _link(entry, bounds)
        elif entry.is_dir(follow_symlinks=False):
            yield from _inner(entry, bounds)
        else:
            yield Found(entry.path) if is_known(entry.name) else Passed(entry.path, KIND)


def _inner(entry: os.DirEntry[str], bounds: _Bounds) -> Iterator[Listing]:
    if entry.name in PASSED_BY:
        yield Passed(entry.path, MADE)
        return
    try:
        about = entry.stat()
        if (about.st_dev, about.st_ino) in bounds.seen:
            return
        bounds.seen.add((about.st_dev, about.st_ino))
        yield from _folder(entry.path, bounds)
    except RecursionError:
        yield Refused(entry.path, "lies too deep")
    except OSError as error:
        yield Refused(entry.path, f"cannot be listed: {error.strerror or type(error).__name__}")


def _link(entry: os.DirEntry[str], bounds: _Bounds) -> Iterator[Listing]:
    try:
        target = Path(entry.path).resolve(strict=True)
    except OSError, RuntimeError:
        yield Refused(entry.path, "is a link that leads nowhere") if is_known(entry.name) else Passed(entry.path, KIND)
        return
    outside = not target.is_relative_to(bounds.inside)
    if outside and not bounds.follow_links:
        if target.is_dir() or is_known(entry.name):
            yield Refused(entry.path, "is a link that leads outside its folder; --follow-links takes it")
        else:
            yield Passed(entry.path, KIND)
    elif not target.is_dir():
        yield Found(entry.path) if is_known(entry.name) else Passed(entry.path, KIND)
    elif outside:
        yield from _inner(entry, bounds)
