"""What each source was worth: what it had that nobody else had, and how answers that cite it ended. Pure."""

from collections.abc import Mapping, Sequence

from fanin.evaluation.intervals import percentile, wilson
from fanin.evaluation.judging import Given, Judged
from fanin.values import value

SUCCESS = ("ok", "partial", "empty")


@value
class Worth:
    """Counts of one source over all questions for which it was asked; times in seconds.

    `facts` and `documents` are the expected ones that it gave, `only_…` those that no other source gave. Of the answers
    that cite it, so many are right, and so many wrong.
    """

    asked: int
    failed: int
    facts: int
    only_facts: int
    documents: int
    only_documents: int
    cited_right: int
    cited_wrong: int
    p50: float
    p95: float

    @property
    def note(self) -> str:
        """What that says of the source, in a few words; "" if nothing is wrong with it."""
        if self.failed == self.asked:
            return "never answered"
        if wilson(self.cited_wrong, self.cited_wrong + self.cited_right)[0] > 1 / 2:
            return "harmful: most answers that cite it are wrong"
        if not (self.facts or self.documents or self.cited_right):
            return "useless: gave nothing that was expected"
        if self.cited_wrong > self.cited_right:
            return "perhaps harmful: more answers that cite it are wrong than right"
        if not (self.only_facts or self.only_documents):
            return "adds nothing that others lack"
        return ""


def worths(answers: Sequence[Judged]) -> Mapping[str, Worth]:
    """The worth of each source by name."""
    names = dict.fromkeys(name for each in answers for name in each.sources)
    return {name: _worth(name, answers) for name in names}


def _worth(name: str, answers: Sequence[Judged]) -> Worth:
    asked = [each for each in answers if name in each.sources and each.sources[name].status != "skipped"]
    own = [each.sources[name] for each in asked]
    others = [[given for other, given in each.sources.items() if other != name] for each in asked]
    cited = [each.right for each, given in zip(asked, own, strict=True) if given.cited]
    times = [each.seconds for each in own]
    return Worth(
        len(asked),
        sum(each.status not in SUCCESS for each in own),
        sum(len(each.facts) for each in own),
        sum(len(_only(each, rest)[0]) for each, rest in zip(own, others, strict=True)),
        sum(len(each.documents) for each in own),
        sum(len(_only(each, rest)[1]) for each, rest in zip(own, others, strict=True)),
        sum(cited),
        len(cited) - sum(cited),
        percentile(times, 0.5),
        percentile(times, 0.95),
    )


def _only(own: Given, others: Sequence[Given]) -> tuple[frozenset[int], frozenset[int]]:
    facts = own.facts.difference(*(each.facts for each in others))
    return facts, own.documents.difference(*(each.documents for each in others))
