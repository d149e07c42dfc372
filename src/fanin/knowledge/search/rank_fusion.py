"""Fuses several rankings of passages, and ranks documents with several good passages higher."""

from collections.abc import Mapping, Sequence

K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): the higher, the closer the places."""

COUNTED, DECAY = 8, 0.65
"""Passages that count for their document, and the factor from one to the next: several matches are no accident."""

REPEAT_FACTOR = 1 / 3
"""The score of each further passage of a document, relative to the one before, so that other documents have room."""

type Order = Sequence[int]
"""The passages of a ranking, best first."""


def fuse(orders: Sequence[Order]) -> dict[int, float]:
    """The score of each passage, best first: 1 for one that is first in every ranking, less with each place."""
    filled = [order for order in orders if order]
    scores: dict[int, float] = {}
    for order in filled:
        for rank, passage in enumerate(order, 1):
            scores[passage] = scores.get(passage, 0.0) + (K + 1) / (K + rank) / len(filled)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def reorder(scores: Mapping[int, float], best: Sequence[int]) -> dict[int, float]:
    """The same scores for the same passages, with the first places taken by the `best`, in their order."""
    chosen = set(best)
    order = [*best, *(passage for passage in scores if passage not in chosen)]
    return dict(zip(order, scores.values(), strict=True))


def with_first_document(scores: Mapping[int, float], of_first: Sequence[int], *, limit: int) -> list[tuple[int, float]]:
    """The best passages with their scores, best first, a quarter of them at least from `of_first`, best first.

    Those are the passages of the document that is first: what it says may share no word with the question.
    """
    needed = of_first[: limit // 4]
    others = [passage for passage in scores if passage not in needed]
    chosen = {*needed, *others[: limit - len(needed)]}
    found = dict.fromkeys(needed, 0.0) | dict(scores)
    return sorted(((passage, found[passage]) for passage in chosen), key=lambda item: (-item[1], item[0]))


def rank_passages(
    scores: Mapping[int, float], documents: Mapping[int, int], sizes: Mapping[int, int]
) -> list[tuple[int, float]]:
    """The passages with their final scores, best first; `scores` are best first, `documents` by passage.

    A document's best passage gets the weighted mean of its best `COUNTED` scores, and each further one a third of the
    one before it. No score exceeds 1. `sizes` are the numbers of passages of the documents: a short one is not held
    against it (see `_mean`).
    """
    by_document: dict[int, list[float]] = {}
    places: dict[int, int] = {}
    for place, (passage, score) in enumerate(scores.items(), 1):
        by_document.setdefault(documents[passage], []).append(score)
        places.setdefault(documents[passage], place)
    means = {document: _mean(each, sizes[document], places[document]) for document, each in by_document.items()}
    seen: dict[int, int] = dict.fromkeys(by_document, 0)
    found: list[tuple[int, float]] = []
    for passage in scores:
        document = documents[passage]
        found.append((passage, means[document] * REPEAT_FACTOR ** seen[document]))
        seen[document] += 1
    return sorted(found, key=lambda item: -item[1])


def _mean(scores: Sequence[float], size: int, place: int) -> float:
    """The weighted mean of the best scores of a document of `size` passages, whose best one stands at `place`.

    A passage that a short document does not have counts like its best one divided by the place of that: a note that is
    the best of all keeps its score, one that is the tenth does not stand above a page with several good passages.
    """
    missing = max(0, COUNTED - max(size, len(scores)))
    counted = [*scores[: COUNTED - missing], *[0.0] * COUNTED][: COUNTED - missing] + [scores[0] / place] * missing
    return sum(score * DECAY**at for at, score in enumerate(counted)) / sum(DECAY**at for at in range(COUNTED))
