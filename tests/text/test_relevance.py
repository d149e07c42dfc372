from math import isclose, log

from hypothesis import given
from hypothesis import strategies as st

from fanin.text.relevance import Measure

COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 50))


def test_a_score_is_the_formula_of_bm25():
    measure = Measure.over({"rain": 2, "lisbon": 9}, passages=10, words=800)
    assert measure.average == 80
    rain, lisbon = log(1 + 8.5 / 2.5), log(1 + 1.5 / 9.5)
    norm = 1.2 * (1 - 0.75 + 0.75 * 120 / 80)
    assert isclose(measure.bm25({"rain": 3}, 120), rain * 3 * 2.2 / (3 + norm))
    both = rain * 3 * 2.2 / (3 + norm) + lisbon * 2.2 / (1 + norm)
    assert isclose(measure.bm25({"rain": 3, "lisbon": 1}, 120), both)
    assert isclose(measure.fit({"rain": 3, "lisbon": 1}, 120, similarity=0.4), both / (2.2 * (rain + lisbon)) + 0.2)


def test_a_match_in_a_shorter_passage_counts_more():
    measure = Measure.over({"rain": 2}, passages=10, words=800)
    assert measure.bm25({"rain": 1}, 20) > measure.bm25({"rain": 1}, 200)


def test_a_rare_term_covers_more_of_the_question_than_a_common_one():
    measure = Measure.over({"rain": 1, "lisbon": 9}, passages=10, words=800)
    assert measure.covered({"rain": 1}) > 0.5 > measure.covered({"lisbon": 5})
    assert isclose(measure.covered({"rain": 1, "lisbon": 1}), 1.0)


@given(COUNTS, COUNTS, st.integers(0, 60), st.integers(0, 9000), st.integers(0, 900), st.floats(0, 1))
def test_any_numbers_give_a_fit_between_nothing_and_one_and_a_half(
    frequencies, matches, passages, words, length, alike
):
    measure = Measure.over(frequencies, passages=passages, words=words)
    matches = {term: count for term, count in matches.items() if term in frequencies}
    assert 0.0 <= measure.fit(matches, length, similarity=alike) <= 1.5
    assert 0.0 <= measure.covered(matches) <= 1.0 + 1e-9


def test_a_question_without_terms_fits_nothing():
    measure = Measure.over({}, passages=3, words=30)
    assert measure.fit({}, 10, similarity=0.0) == measure.covered({}) == 0.0
