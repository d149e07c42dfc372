"""Fuses several rankings of passages, and ranks documents with several good passages higher."""

from collections.abc import Mapping, Sequence

K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): the higher, the closer the places."""

COUNTED, DECAY = 8, 0.65
"""Passages that count for their document, and the factor from one to the next: several matches are no accident."""

REPEAT_FACTOR = 1 / 3
"""The score of each further passage of a document, relative to the one before, so that other documents have room."""

type Order = tuple[float, Sequence[int]]
"""The weight of a ranking, and its passages, best first."""


def fuse(orders: Sequence[Order]) -> dict[int, float]:
    """The score of each passage, best first: 1 for one that is first in every ranking, less with each place."""
    total = sum(weight for weight, order in orders if order)
    scores: dict[int, float] = {}
    for weight, order in orders:
        for rank, passage in enumerate(order, 1):
            scores[passage] = scores.get(passage, 0.0) + (K + 1) / (K + rank) * weight / total
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def rank_passages(scores: Mapping[int, float], documents: Mapping[int, int]) -> list[tuple[int, float]]:
    """The passages with their final scores, best first; `scores` are best first, `documents` by passage.

    A document's best passage gets the weighted mean of its best `COUNTED` scores, and each further one a third of the
    one before it. No score exceeds 1.
    """
    by_document: dict[int, list[float]] = {}
    for passage, score in scores.items():
        by_document.setdefault(documents[passage], []).append(score)
    most = sum(DECAY**place for place in range(COUNTED))
    document_scores = {
        document: sum(score * DECAY**place for place, score in enumerate(each[:COUNTED])) / most
        for document, each in by_document.items()
    }
    seen: dict[int, int] = dict.fromkeys(by_document, 0)
    found: list[tuple[int, float]] = []
    for passage in scores:
        document = documents[passage]
        found.append((passage, document_scores[document] * REPEAT_FACTOR ** seen[document]))
        seen[document] += 1
    return sorted(found, key=lambda item: -item[1])
