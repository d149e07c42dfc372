"""What is told while files are added; a document is told as added when it is on the disk, and not before."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """So many more files will be read."""

    files: int


@dataclass(frozen=True, slots=True)
class Added:
    """The document is kept, and can be found by its words."""

    path: str
    passages: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The file holds what is kept already."""

    path: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The file or folder was not read; `reason` completes "it …". What was kept of it before is kept still."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The file or folder is never read unless it is named itself; `reason` completes "it …"."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Removed:
    """The document is kept no more, since its file is gone."""

    path: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """So many of the passages that had no vector have one now."""

    done: int
    total: int


type Step = Listed | Added | Unchanged | Skipped | Passed | Removed | Embedded
type Report = Callable[[Step], None]
