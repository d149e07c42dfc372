"""From the passages of every source to one ranking: weigh, join, and merge what is said twice. Pure."""

from fanin.fuse.fused import Fused, Sentence
from fanin.fuse.fusion import fuse

__all__ = ["Fused", "Sentence", "fuse"]
