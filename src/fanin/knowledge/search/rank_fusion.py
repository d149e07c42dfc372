"""Joins the scores of passages by words and by vectors, and ranks documents with several good passages higher."""

from collections.abc import Iterable, Mapping, Sequence

COUNTED, DECAY = 8, 0.65
"""Passages that count for their document, and the factor from one to the next: several matches are no accident."""

VOTE_POWER = 1.25
"""The power of a score that counts for its document: many passages that fit by half are less than a few that fit."""

REPEAT_FACTOR = 1 / 3
"""The score of each further passage of a document, relative to the one before, so that other documents have room."""

DIGITS = 6
"""Digits of a score: what numpy adds up in another order may differ in the last ones."""

type Scores = Mapping[int, float]
"""How well each passage fits by one measure; the more the better, and 0 or less for none of it."""


def fuse(measured: Iterable[Scores]) -> dict[int, float]:
    """The score of each passage, 0 to 1: the mean of its shares of the best score of each measure.

    How much better one passage is than another counts, which ranks alone do not tell (Bruch, Gai and Ingber, An
    Analysis of Fusion Functions for Hybrid Retrieval, 2023). A measure by which no passage fits does not count.
    """
    filled = [(scores, max(scores.values())) for scores in measured if max(scores.values(), default=0.0) > 0.0]
    fused: dict[int, float] = {}
    for scores, most in filled:
        for passage, score in scores.items():
            fused[passage] = fused.get(passage, 0.0) + max(0.0, score) / most / len(filled)
    return {passage: round(score, DIGITS) for passage, score in fused.items()}


def best_first(scores: Scores, ordered: Iterable[int]) -> dict[int, float]:
    """The scores of these passages, best first; equal ones as they are `ordered`."""
    return {passage: scores[passage] for passage in sorted(ordered, key=lambda passage: -scores[passage])}


def reorder(scores: Scores, best: Sequence[int]) -> dict[int, float]:
    """The same scores for the same passages, with the first places taken by the `best`, in their order."""
    chosen = set(best)
    order = [*best, *(passage for passage in scores if passage not in chosen)]
    return dict(zip(order, scores.values(), strict=True))


def with_first_document(scores: Scores, of_first: Sequence[int], *, limit: int) -> list[tuple[int, float]]:
    """The best passages with their scores, best first, a quarter of them at least from `of_first`, best first.

    Those are the passages of the document that is first: what it says may share no word with the question.
    """
    needed = of_first[: limit // 4]
    others = [passage for passage in scores if passage not in needed]
    chosen = {*needed, *others[: limit - len(needed)]}
    beside = sorted(passage for passage in needed if passage not in scores)
    return [(passage, scores.get(passage, 0.0)) for passage in (*scores, *beside) if passage in chosen]


def rank_passages(scores: Scores, documents: Mapping[int, int], sizes: Mapping[int, int]) -> list[tuple[int, float]]:
    """The passages with their final scores, best first; `scores` are best first, `documents` by passage.

    A document's best passage gets the weighted mean of its best `COUNTED` scores, each to the `VOTE_POWER`, and each
    further one a third of the one before it. No score exceeds 1. `sizes` are the numbers of passages of the documents:
    a short one is not held against it (see `_mean`).
    """
    by_document: dict[int, list[float]] = {}
    places: dict[int, int] = {}
    for place, (passage, score) in enumerate(scores.items(), 1):
        by_document.setdefault(documents[passage], []).append(score**VOTE_POWER)
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
