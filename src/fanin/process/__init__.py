"""From a document to its best passages, in pure Python, inside workers: clean, divide, weigh, choose."""

from fanin.model import Processor
from fanin.process.analysis import analyze, analyze_with_pieces
from fanin.process.parts import merge, split
from fanin.text.cleaning import clean

ANALYSIS = Processor(work=analyze, split=split, merge=merge)
"""What fanin does with documents when it is not told to do something else."""

WITH_PIECES = Processor(work=analyze_with_pieces, split=split, merge=merge)
"""The same for runs in which passages are weighed by their meaning, too."""

__all__ = ["ANALYSIS", "WITH_PIECES", "analyze", "clean", "merge", "split"]
