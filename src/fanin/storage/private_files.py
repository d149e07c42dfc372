"""fanin's own files and folders, which only the user may read."""

import os
from pathlib import Path
from stat import S_IMODE

_FOLDER, _FILE = 0o700, 0o600

_XDG_DEFAULTS = {"XDG_CACHE_HOME": ".cache", "XDG_DATA_HOME": ".local/share", "XDG_STATE_HOME": ".local/state"}
"""The default of each variable (XDG Base Directory Specification)."""


def cache_folder() -> Path:
    """The folder for data that can be fetched again."""
    return _xdg_folder("XDG_CACHE_HOME")


def data_folder() -> Path:
    """The folder for the user's own data."""
    return _xdg_folder("XDG_DATA_HOME")


def state_folder() -> Path:
    """The folder for what a program needs from one run to the next."""
    return _xdg_folder("XDG_STATE_HOME")


def make_folder(folder: Path) -> None:
    """Make the folder and missing parents, for the user alone; of existing ones, only fanin's own are restricted.

    Raises OSError.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=_FOLDER, exist_ok=True)
    if not missing and folder in map(_xdg_folder, _XDG_DEFAULTS):
        _restrict(folder, _FOLDER)


def make_file(path: Path) -> None:
    """Make an empty file for the user alone, and its folder, unless it exists. Raises OSError."""
    make_folder(path.parent)
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, _FILE))


def restrict_file(path: Path) -> None:
    """Remove the rights of others from a file of this user, and from SQLite's files beside it."""
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        _restrict(each, _FILE)


def _xdg_folder(variable: str) -> Path:
    value = os.environ.get(variable, "")
    return (Path(value) if value.startswith("/") else Path.home() / _XDG_DEFAULTS[variable]) / "fanin"


def _restrict(path: Path, mode: int) -> None:
    try:
        status = path.stat()
        if status.st_uid == os.geteuid() and S_IMODE(status.st_mode) & ~mode:
            path.chmod(S_IMODE(status.st_mode) & mode)
    except OSError:
        pass  # it does not exist, or its file system has no rights
