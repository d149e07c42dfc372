"""What fusing gives: the passages of all sources in one order, and what the answer has to know about them."""

from collections.abc import Mapping
from dataclasses import field

from fanin.fuse.candidates import Candidate
from fanin.model import Passage
from fanin.text.question_terms import QuestionTerms
from fanin.text.relevance import Measure
from fanin.values import value


@value
class Fused:
    """The passages, best first, and beside each the candidate that it was made of.

    `unread` is true when a document was not read to its end. `merged` gives for each document whose passages are all
    merged the document that has them; `empty` names the documents without any words. Every document that arrived is
    kept (it has a passage here), merged or empty. `terms` are what the question is about.
    """

    passages: tuple[Passage, ...] = ()
    candidates: tuple[Candidate, ...] = field(default=(), compare=False)
    unread: bool = False
    measure: Measure = field(default_factory=lambda: Measure({}, 0.0, 1.0))
    merged: Mapping[str, str] = field(default_factory=dict[str, str])
    empty: tuple[str, ...] = ()
    terms: QuestionTerms = field(default=QuestionTerms(), compare=False)
