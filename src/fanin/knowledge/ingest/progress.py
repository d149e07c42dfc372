"""The steps that are reported while files are added; a document is reported as added once it is on the disk."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """`files` more files will be read."""

    files: int


@dataclass(frozen=True, slots=True)
class Added:
    """The document is stored, and can be found."""

    path: str
    passages: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The file has not changed since it was stored."""

    path: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The file or folder could not be read; `reason` completes "it …". Its documents from earlier are kept."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """The file or folder is only read if it is named itself; `reason` completes "it …"."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Removed:
    """The document was removed, since its file is missing."""

    path: str


type Step = Listed | Added | Unchanged | Skipped | Ignored | Removed
type Report = Callable[[Step], None]
