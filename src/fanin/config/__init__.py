"""Reads and validates fanin.toml: the sources, their policies, and the settings of the engine."""

from fanin.config.settings import Settings
from fanin.config.settings_file import FILE, STARTER, find, load
from fanin.durations import seconds

__all__ = ["FILE", "STARTER", "Settings", "find", "load", "seconds"]
