"""fanin.toml: which sources there are and how patient fanin is with them, validated before anything is asked."""

from fanin.config.settings import Settings
from fanin.config.settings_file import FILE, STARTER, find, load
from fanin.durations import seconds

__all__ = ["FILE", "STARTER", "Settings", "find", "load", "seconds"]
