"""Finds the files under a path, and says why others are not read."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fanin.documents.formats import is_known
from fanin.knowledge.ingest.progress import Ignored

HIDDEN, KIND, GENERATED = "is hidden", "is of a kind that is not read", "holds what a program put there"
"""Why a file or folder is ignored; completes "it …"."""

IGNORED_FOLDERS = frozenset(("__pycache__", "node_modules", "_static", "_sources", "site-packages"))
"""Folders with generated files: caches, libraries, and the sources beside the pages that Sphinx built.

Hidden folders and files, whose names begin with a full stop, are ignored too.
"""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read."""

    path: str


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file or folder that is not read, and why; completes "it …"."""

    path: str
    reason: str


type Listing = FoundFile | RefusedFile | Ignored


def walk(root: Path, *, follow_links: bool) -> Iterator[Listing]:
    """The files of a folder and its subfolders, ordered by name; or the root itself if it is a file.

    Links that lead outside the folder are refused, or followed with `follow_links`. A link to a folder inside is never
    followed, because its files are found there. Raises OSError if the root cannot be listed.
    """
    if not root.is_dir():
        root.stat()
        yield FoundFile(str(root))
        return
    yield from _list_folder(str(root), _Walk(root.resolve(), follow_links, set()))


@dataclass(frozen=True, slots=True)
class _Walk:
    """The root and options of a walk, and the folders that were visited, since links can form a cycle."""

    root: Path
    follow_links: bool
    seen: set[tuple[int, int]]


def _list_folder(folder: str, bounds: _Walk) -> Iterator[Listing]:
    with os.scandir(folder) as scanned:
        entries = sorted(scanned, key=lambda entry: entry.name)
    for entry in entries:
        if not entry.name.isprintable():
            yield RefusedFile(ascii(entry.path), "has a name that cannot be shown")
        elif entry.name.startswith("."):
            yield Ignored(entry.path, HIDDEN)
        elif entry.is_symlink():
            yield from _resolve_link(entry, bounds)
        elif entry.is_dir(follow_symlinks=False):
            yield from _list_subfolder(entry, bounds)
        else:
            yield FoundFile(entry.path) if is_known(entry.name) else Ignored(entry.path, KIND)


def _list_subfolder(entry: os.DirEntry[str], bounds: _Walk) -> Iterator[Listing]:
    if entry.name in IGNORED_FOLDERS:
        yield Ignored(entry.path, GENERATED)
        return
    try:
        status = entry.stat()
        if (status.st_dev, status.st_ino) in bounds.seen:
            return
        bounds.seen.add((status.st_dev, status.st_ino))
        yield from _list_folder(entry.path, bounds)
    except RecursionError:
        yield RefusedFile(entry.path, "is nested too deep")
    except OSError as error:
        yield RefusedFile(entry.path, f"cannot be listed: {error.strerror or type(error).__name__}")


def _resolve_link(entry: os.DirEntry[str], bounds: _Walk) -> Iterator[Listing]:
    try:
        target = Path(entry.path).resolve(strict=True)
    except OSError, RuntimeError:
        yield (
            RefusedFile(entry.path, "is a link that leads nowhere")
            if is_known(entry.name)
            else Ignored(entry.path, KIND)
        )
        return
    outside = not target.is_relative_to(bounds.root)
    if outside and not bounds.follow_links:
        if target.is_dir() or is_known(entry.name):
            yield RefusedFile(entry.path, "is a link that leads outside its folder; --follow-links takes it")
        else:
            yield Ignored(entry.path, KIND)
    elif not target.is_dir():
        yield FoundFile(entry.path) if is_known(entry.name) else Ignored(entry.path, KIND)
    elif outside:
        yield from _list_subfolder(entry, bounds)
