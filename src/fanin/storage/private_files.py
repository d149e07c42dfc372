"""Files and folders of fanin's own that only their owner may read, and where they are."""

import os
from pathlib import Path
from stat import S_IMODE

_FOLDER, _FILE = 0o700, 0o600

_HOMES = {"XDG_CACHE_HOME": ".cache", "XDG_DATA_HOME": ".local/share", "XDG_STATE_HOME": ".local/state"}
"""What each variable is without a value of its own (XDG Base Directory Specification)."""


def cache_folder() -> Path:
    """Where what can be fetched again is kept."""
    return _home("XDG_CACHE_HOME")


def data_folder() -> Path:
    """Where a person's own data are kept."""
    return _home("XDG_DATA_HOME")


def state_folder() -> Path:
    """Where what a program needs from one run to the next is kept."""
    return _home("XDG_STATE_HOME")


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, for their owner alone; of those that are there only fanin's own are changed.

    Raises OSError.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=_FOLDER, exist_ok=True)
    if not missing and folder in map(_home, _HOMES):
        _correct(folder, _FOLDER)


def make_file(path: Path) -> None:
    """Make an empty file for its owner alone, and its folder, unless it is there. Raises OSError."""
    make_folder(path.parent)
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, _FILE))


def correct_file(path: Path) -> None:
    """Take the rights of others away from a file, and from what SQLite keeps beside it, if it is this user's."""
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        _correct(each, _FILE)


def _home(variable: str) -> Path:
    told = os.environ.get(variable, "")
    return (Path(told) if told.startswith("/") else Path.home() / _HOMES[variable]) / "fanin"


def _correct(path: Path, mode: int) -> None:
    try:
        status = path.stat()
        if status.st_uid == os.geteuid() and S_IMODE(status.st_mode) & ~mode:
            path.chmod(S_IMODE(status.st_mode) & mode)
    except OSError:
        pass  # it is not there, or on a disk that knows no rights
