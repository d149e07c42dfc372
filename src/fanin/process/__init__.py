"""From a document to its best passages, in pure Python, inside workers: clean, divide, weigh, choose."""

from fanin.documents.document_text import clean
from fanin.model import Processor
from fanin.process.analysis import analyze
from fanin.process.parts import merge, split

ANALYSIS = Processor(work=analyze, split=split, merge=merge)
"""What fanin does with documents when it is not told to do something else."""

__all__ = ["ANALYSIS", "analyze", "clean", "merge", "split"]
