"""Judges by words whether a passage supports a claim, for texts of models and for contradictions of sources.

In these modules, `claim` is the sentence that is judged, and `source` a sentence of the passage.
"""

from fanin.text.claims.alignment import WorkBudget
from fanin.text.claims.evidence import Evidence
from fanin.text.claims.support import Judgement, judge

__all__ = ["Evidence", "Judgement", "WorkBudget", "judge"]
