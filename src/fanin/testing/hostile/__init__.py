"""A server on loopback that misbehaves in more than a hundred ways: see what becomes of your source or client."""

from fanin.testing.hostile.misbehaviours import MISBEHAVIOURS
from fanin.testing.hostile.scripts import Asked, Reset, Script
from fanin.testing.hostile.server import Hostile

__all__ = ["MISBEHAVIOURS", "Asked", "Hostile", "Reset", "Script"]
