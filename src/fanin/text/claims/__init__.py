"""Whether a passage supports a sentence, judged by its words: for models' texts, and for contradictions of sources."""

from fanin.text.claims.alignment import Work
from fanin.text.claims.evidence import Evidence
from fanin.text.claims.support import Judgement, judge

__all__ = ["Evidence", "Judgement", "Work", "judge"]
