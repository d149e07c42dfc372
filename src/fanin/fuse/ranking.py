"""One order of all candidates: by words, by likeness, by what each source put first and, where the question asks for
it, by what is newest, and by meaning where that was weighed; joined by reciprocal rank."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fanin.fuse.candidates import Candidate
from fanin.text.relevance import LIKENESS, Measure

K = 60
"""Reciprocal rank fusion: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion outperforms Condorcet and individual
rank learning methods (SIGIR 2009), who fixed k = 60 in a pilot study."""


DAY = 86_400.0

MIN_COSINE = 0.25
"""Cosine from which a passage counts as about the question: texts on other things stay below 0.2 with this model."""

type Window = tuple[datetime, datetime]
"""The instants, with their zones, between which a document should have been published."""


def freshen(candidates: Sequence[Candidate], *, window: Window) -> None:
    """Give each candidate its freshness: 1 / (1 + the days between its document and the window); 0 without a date.

    A time without a zone is taken for one of the window's.
    """
    known: dict[str, float] = {}
    for each in candidates:
        published = each.document.published
        if published and published not in known:
            known[published] = _freshness(published, window)
        each.freshness = known.get(published, 0.0)


def _freshness(published: str, window: Window) -> float:
    try:
        instant = datetime.fromisoformat(published)
        instant = instant if instant.tzinfo else instant.replace(tzinfo=window[0].tzinfo)
        away = max(window[0] - instant, instant - window[1]).total_seconds()
    except ValueError, OverflowError:
        return 0.0
    return 1.0 / (1.0 + max(0.0, away) / DAY)


def rank(
    candidates: Sequence[Candidate],
    measure: Measure,
    *,
    weights: Mapping[str, float],
    window: Window | None = None,
    tokens: Sequence[str] = (),
) -> list[Candidate]:
    """The candidates best first, each with its `fit` and `score`; the order in which they came does not matter.

    Those that hold technical tokens of the question gain, the most of those that hold the most.
    """
    for each in candidates:
        each.weight = weight = weights.get(each.document.source, 1.0)
        each.score = weight / (K + each.order)
    if tokens:
        _vote(candidates, [float(len(each.matches.keys() & tokens)) for each in candidates])
    if window is not None:
        freshen(candidates, window=window)
        _vote(candidates, [each.freshness for each in candidates])
    if meant := [each for each in candidates if each.meaning is not None and each.meaning >= MIN_COSINE]:
        _vote(meant, [each.meaning or 0.0 for each in meant])
        for each in meant:
            each.fit = LIKENESS * (each.meaning or 0.0)
    if fitting := [each for each in candidates if each.matches or each.similarity]:
        similarities = [each.similarity or 0.0 for each in fitting]
        scores = [measure.bm25(each.matches, each.length) for each in fitting]
        votes = _votes(scores)
        for each, score, vote, similarity in zip(fitting, scores, votes, similarities, strict=True):
            each.fit = max(each.fit, measure.joined(score, similarity=similarity))
            each.score += vote * each.weight
        if any(similarities):
            for each, alike, vote in zip(fitting, _votes(similarities), votes, strict=True):
                # One that nobody compared must not stand behind those that were: its words speak for both.
                each.score += (vote if each.similarity is None else alike) * each.weight
    return in_order(candidates)


def supported(kept: Sequence[Candidate], *, weights: Mapping[str, float]) -> Sequence[Candidate]:
    """The same candidates, each with the votes of the other sources that say the same added to its score."""
    for each in kept:
        best = {each.document.source: 0}
        for other in each.also:
            best[other.document.source] = min(best.get(other.document.source, other.order), other.order)
        del best[each.document.source]
        each.score += sum(weights.get(source, 1.0) / (K + order) for source, order in sorted(best.items()))
    return kept


def in_order(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates by falling score; equal ones by source, document and place."""
    return sorted(candidates, key=_place)


def _place(each: Candidate) -> tuple[float, str, int, int]:
    return -each.score, each.document.source, each.document.number, each.start


def _vote(candidates: Sequence[Candidate], values: Sequence[float]) -> None:
    for each, vote in zip(candidates, _votes(values), strict=True):
        each.score += vote * each.weight


def _votes(values: Sequence[float]) -> list[float]:
    """For each value 1 / (k + its rank), highest first; equal values share a rank, and 0 has no vote."""
    ranks: dict[float, int] = {}
    for rank, value in enumerate(sorted(values, reverse=True), 1):
        ranks.setdefault(value, rank)
    return [1.0 / (K + ranks[value]) if value > 0.0 else 0.0 for value in values]
