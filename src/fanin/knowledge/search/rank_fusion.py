"""Several orders of passages as one, in which documents with several good passages stand higher."""

from collections.abc import Mapping, Sequence

K = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): how little the first places count above the next."""

VOICES, QUIETER = 8, 0.65
"""Passages that speak for their document, each one so much more quietly: where several fit, it is no accident."""

REPEATED = 1 / 3
"""What each further passage of a document gets of the one before it, so that a long one does not push out the rest."""

type Order = tuple[float, Sequence[int]]
"""Passages, best first, and the weight of this order."""


def fuse(orders: Sequence[Order]) -> dict[int, float]:
    """The score of each passage, best first: 1 for what is first in every order, less for each place further down."""
    total = sum(weight for weight, order in orders if order)
    scores: dict[int, float] = {}
    for weight, order in orders:
        for rank, passage in enumerate(order, 1):
            scores[passage] = scores.get(passage, 0.0) + (K + 1) / (K + rank) * weight / total
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def ranked(scores: Mapping[int, float], documents: Mapping[int, int]) -> list[tuple[int, float]]:
    """Passages with their scores in the end, best first; `scores` are best first, `documents` say whose each is.

    A document's best passage gets what all of its best passages say together, and each further one a third of the one
    before it. 1 is what no document can exceed.
    """
    voices: dict[int, list[float]] = {}
    for passage, score in scores.items():
        voices.setdefault(documents[passage], []).append(score)
    most = sum(QUIETER**place for place in range(VOICES))
    said = {
        document: sum(score * QUIETER**place for place, score in enumerate(each[:VOICES])) / most
        for document, each in voices.items()
    }
    seen: dict[int, int] = dict.fromkeys(voices, 0)
    found: list[tuple[int, float]] = []
    for passage in scores:
        document = documents[passage]
        found.append((passage, said[document] * REPEATED ** seen[document]))
        seen[document] += 1
    return sorted(found, key=lambda item: -item[1])
