"""What each ranking adds to a candidate's score and fit, exactly."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.fuse.candidates import Candidate
from fanin.fuse.ranking import MIN_COSINE, K, in_order, rank, supported
from fanin.model import Document
from fanin.text.relevance import LIKENESS, Measure

MEASURE = Measure({"tram": 1.0}, 1.0, 4.0)
FIRST, SECOND, THIRD = 1 / (K + 1), 1 / (K + 2), 1 / (K + 3)
WEEK = (datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))


def candidate(
    source: str,
    order: int = 1,
    *,
    tram: float = 0.0,
    similarity: float | None = 0.0,
    meaning: float | None = None,
    published: str = "",
    number: int = 1,
    start: int = 0,
) -> Candidate:
    made = Candidate(
        Document("Four words, no more.", source=source, number=number, published=published),
        order,
        text="Four words, no more.",
        start=start,
        length=4,
        matches={"tram": tram} if tram else {},
        similarity=similarity,
        sentences=(),
        sketch=None,
    )
    made.meaning = meaning
    return made


def scores(*candidates: Candidate, **weights: float) -> dict[str, float]:
    return {each.document.source: each.score for each in rank(candidates, MEASURE, weights=weights, window=WEEK)}


def test_what_fits_nothing_has_only_its_place_in_its_source() -> None:
    assert scores(candidate("a"), candidate("b", 2)) == {"a": FIRST, "b": SECOND}


def test_words_vote_by_how_well_they_match() -> None:
    found = scores(candidate("a", tram=1.0), candidate("b", tram=3.0), candidate("c"))
    assert found == {"b": FIRST + FIRST, "a": FIRST + SECOND, "c": FIRST}


def test_likeness_votes_as_words_do() -> None:
    found = scores(candidate("a", similarity=0.2), candidate("b", similarity=0.4), candidate("c"))
    assert found == {"b": FIRST + FIRST, "a": FIRST + SECOND, "c": FIRST}


def test_what_nobody_compared_gets_for_its_likeness_what_it_gets_for_its_words() -> None:
    found = scores(candidate("a", tram=3.0, similarity=None), candidate("b", tram=1.0, similarity=0.4))
    assert found == {"a": FIRST + FIRST + FIRST, "b": FIRST + SECOND + FIRST}
    alone = scores(candidate("a", tram=3.0, similarity=None), candidate("b", tram=1.0, similarity=None))
    assert alone == {"a": FIRST + FIRST, "b": FIRST + SECOND}


def test_equals_share_a_rank_and_the_next_one_keeps_its_place() -> None:
    found = scores(
        candidate("a", similarity=0.4), candidate("b", similarity=0.4), candidate("c", similarity=0.2), candidate("d")
    )
    assert found == {"a": FIRST + FIRST, "b": FIRST + FIRST, "c": FIRST + THIRD, "d": FIRST}


def test_meaning_votes_from_where_it_is_about_the_question() -> None:
    below = candidate("c", meaning=MIN_COSINE - 0.01)
    found = scores(candidate("a", meaning=MIN_COSINE), candidate("b", meaning=0.9), below)
    assert found == {"b": FIRST + FIRST, "a": FIRST + SECOND, "c": FIRST}


def test_freshness_votes_where_days_were_asked_for() -> None:
    found = scores(
        candidate("a", published="2026-11-20"), candidate("b", published="2026-11-01"), candidate("c", published="odd")
    )
    assert found == {"a": FIRST + FIRST, "b": FIRST + SECOND, "c": FIRST}


@pytest.mark.parametrize(
    "vote", [{"tram": 1.0}, {"similarity": 0.4}, {"meaning": 0.9}, {"published": "2026-11-20"}], ids=str
)
def test_the_weight_of_a_source_multiplies_each_vote(vote: dict[str, object]) -> None:
    assert scores(candidate("a", **vote), a=3.0) == {"a": pytest.approx(3 * (FIRST + FIRST))}


def test_a_fit_is_the_better_of_words_with_likeness_and_meaning() -> None:
    words, meant, both = candidate("a", tram=1.0, similarity=0.4), candidate("b", meaning=0.9), candidate("c")
    both.matches, both.meaning = {"tram": 1.0}, 0.3
    rank([words, meant, both], MEASURE, weights={})
    match = MEASURE.joined(MEASURE.bm25({"tram": 1.0}, 4), similarity=0.0)
    assert [words.fit, meant.fit, both.fit] == [match + LIKENESS * 0.4, LIKENESS * 0.9, match]


def told_by(source: str, order: int, *others: tuple[str, int]) -> Candidate:
    kept = candidate(source, order)
    kept.also = [candidate(name, place) for name, place in others]
    return kept


@pytest.mark.parametrize(
    ("others", "support"),
    [
        ((), 0.0),
        ((("b", 2),), 2 * SECOND),
        ((("b", 2), ("c", 1)), 2 * SECOND + FIRST),
        ((("b", 3), ("b", 2)), 2 * SECOND),
        ((("b", 2), ("b", 3)), 2 * SECOND),
        ((("a", 1),), 0.0),
        ((("a", 1), ("b", 2)), 2 * SECOND),
    ],
)
def test_only_other_sources_support_what_one_says_each_by_its_best_place(
    others: tuple[tuple[str, int], ...], support: float
) -> None:
    alone = told_by("a", 1, *others)
    alone.score = 0.5
    (kept,) = supported([alone], weights={"a": 5.0, "b": 2.0})
    assert kept.score == pytest.approx(0.5 + support)


def test_equal_candidates_are_in_order_of_source_document_and_place() -> None:
    rows = [("b", 1, 0), ("a", 2, 0), ("a", 1, 9), ("a", 1, 0)]
    made = [candidate(source, number=number, start=start) for source, number, start in rows]
    assert [(each.document.source, each.document.number, each.start) for each in in_order(made)] == sorted(rows)
    made[0].score = 1.0
    assert in_order(made)[0] is made[0]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.floats(0, 5), st.floats(0, 1)), max_size=8),
    st.permutations(range(8)),
    st.dictionaries(st.sampled_from("abc"), st.floats(0.1, 9)),
)
def test_whatever_order_candidates_come_in_their_scores_fall_and_are_the_same(
    rows: list[tuple[str, int, float, float]], order: list[int], weights: dict[str, float]
) -> None:
    def made() -> list[Candidate]:
        return [
            candidate(source, order, tram=tram, similarity=alike, number=number)
            for number, (source, order, tram, alike) in enumerate(rows)
        ]

    def told(ranked: list[Candidate]) -> list[tuple[int, float, float]]:
        return [(each.document.number, each.score, each.fit) for each in ranked]

    ranked = rank(made(), MEASURE, weights=weights)
    candidates = made()
    shuffled = [candidates[at] for at in order if at < len(candidates)]
    assert told(rank(shuffled, MEASURE, weights=weights)) == told(ranked)
    assert [each.score for each in ranked] == sorted([each.score for each in ranked], reverse=True)
    assert all(each.score > 0.0 and 0.0 <= each.fit <= 1.5 for each in ranked)
