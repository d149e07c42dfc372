"""Joins the scores of passages by words and by vectors, and ranks documents with several good passages higher."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

COUNTED, DECAY = 8, 0.65
"""Passages that count for their document, and the factor from one to the next: several matches are no accident."""

VOTE_POWER = 1.25
"""The power of a score that counts for its document: many passages that fit by half are less than a few that fit."""

REPEAT_FACTOR = 1 / 3
"""The score of each further passage of a document, relative to the one before, so that other documents have room."""

COVERED = 0.2
"""The weight of the share of the question that a passage has, beside its scores by words and vectors."""

NAMELESS, HEADED = 0.4, 0.2
"""What remains of the score of a passage without the names in the question, and what one below them gains."""

OF_DOCUMENT = 0.15
"""The weight of how similar the question and the whole document of a passage are, beside the passage's own score."""

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


class FoundTerm(NamedTuple):
    """A term of a question: how much a match tells, and the passages that have it, and that have it in their headings.

    `is_name`: it is a technical token, or no word of English, and so the name of something.
    """

    rarity: float
    passages: Set[int]
    headed: Set[int]
    is_name: bool


def weigh(scores: Scores, terms: Sequence[FoundTerm]) -> dict[int, float]:
    """The scores, 0 to 1, by how much of the question each passage has, which neither BM25 nor vectors tell.

    In BM25 a passage that repeats common words may outdo one with the rare word. One without the names in the question
    counts less than half, and one below a heading with them more: that is where they are defined.
    """
    names = [each for each in terms if each.is_name]
    found = {passage: (1.0 - COVERED) * score + COVERED * _share(terms, passage) for passage, score in scores.items()}
    if names:
        found = {passage: score * _named(names, passage) for passage, score in found.items()}
    return {passage: round(score, DIGITS) for passage, score in found.items()}


def _named(names: Sequence[FoundTerm], passage: int) -> float:
    headed = sum([each.rarity for each in names if passage in each.headed]) / sum([each.rarity for each in names])
    return (NAMELESS + (1.0 - NAMELESS) * _share(names, passage)) * (1.0 + HEADED * headed) / (1.0 + HEADED)


def _share(terms: Sequence[FoundTerm], passage: int) -> float:
    """The share of the terms that the passage has, weighted by their rarity."""
    whole = sum([each.rarity for each in terms])
    return sum([each.rarity for each in terms if passage in each.passages]) / whole if whole else 0.0


def with_documents(scores: Scores, documents: Mapping[int, int], similar: Scores) -> dict[int, float]:
    """The scores, 0 to 1, also by how `similar` their documents are; one that is not known is as the least."""
    most, least = max(similar.values(), default=0.0), min(similar.values(), default=0.0)
    if most <= 0.0:
        return {**scores}
    shares = {passage: max(0.0, similar.get(documents[passage], least)) / most for passage in scores}
    return {
        passage: round((score + OF_DOCUMENT * shares[passage]) / (1.0 + OF_DOCUMENT), DIGITS)
        for passage, score in scores.items()
    }


def best_first(scores: Scores, ordered: Iterable[int]) -> dict[int, float]:
    """The scores of these passages, best first; equal ones as they are `ordered`."""
    return {passage: scores[passage] for passage in sorted(ordered, key=lambda passage: -scores[passage])}


def reorder(scores: Scores, best: Sequence[int]) -> dict[int, float]:
    """The same scores for the same passages, with the first places taken by the `best`, in their order."""
    chosen = set(best)
    order = [*best, *(passage for passage in scores if passage not in chosen)]
    return dict(zip(order, scores.values(), strict=True))


def with_best_documents(scores: Scores, of_best: Sequence[Sequence[int]], *, limit: int) -> list[tuple[int, float]]:
    """The best passages with their scores, best first; a quarter of them at least are of the document that is first,
    and half as many of each of the next ones.

    `of_best` are the passages of each of these documents, best first; one may share no word with the question.
    """
    needed = [passage for at, each in enumerate(of_best) for passage in each[: limit // (8 if at else 4)]]
    others = [passage for passage in scores if passage not in needed]
    chosen = {*needed, *others[: max(0, limit - len(needed))]}
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
