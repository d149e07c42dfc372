"""The engine of a settings file, for programs."""

from pathlib import Path

from fanin.config.settings_file import find
from fanin.config.settings_file import load as settings
from fanin.engine import Engine


def load(path: str | Path | None = None) -> Engine:
    """The engine that a settings file describes, to be opened with `async with`.

    Without a path it is the file that the command `fanin` would find: ./fanin.toml, the user's, or else the starter
    set. Raises ConfigError with one line for each mistake in the file.
    """
    return settings(find(None if path is None else Path(path))).engine()
