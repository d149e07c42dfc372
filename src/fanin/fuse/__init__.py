"""From the passages of every source to one ranking: score, rank, and merge near-duplicates. Pure."""

from fanin.fuse.candidates import Candidate, Sentence
from fanin.fuse.fused import Fused
from fanin.fuse.fusion import fuse

__all__ = ["Candidate", "Fused", "Sentence", "fuse"]
