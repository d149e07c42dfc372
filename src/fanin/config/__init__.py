"""fanin.toml: which sources there are and how patient fanin is with them, validated before anything is asked."""

from fanin.config.settings import FILE, Settings, load
from fanin.config.values import seconds

__all__ = ["FILE", "Settings", "load", "seconds"]
