from math import isclose, sqrt

from hypothesis import given
from hypothesis import strategies as st

from fanin.process.hashed_vectors import DIMENSIONS, HashedNgrams

EMBEDDER = HashedNgrams()


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 9), min_size=1))
def test_vectors_have_length_one_or_none_and_few_dimensions(stems: dict[str, int]):
    vector = EMBEDDER.passage("", stems)
    length = sqrt(sum(value * value for value in vector.values()))
    assert isclose(length, 1.0 if vector else 0.0)
    assert all(0 <= index < DIMENSIONS for index in vector)


def test_a_token_is_most_like_itself_and_more_like_its_kin_than_like_a_stranger():
    pressure, presure, banana = (EMBEDDER.token(word) for word in ("pressure", "presure", "banana"))
    assert isclose(EMBEDDER.similarity(pressure, pressure), 1.0)
    assert EMBEDDER.similarity(pressure, presure) > 0.5 > 0.2 > EMBEDDER.similarity(pressure, banana)


def test_a_word_said_often_counts_more_but_not_as_often_as_it_is_said():
    rain = EMBEDDER.token("rain")
    once, often = ({"rain": count, "lisbon": 1, "tuesday": 1} for count in (1, 10))
    likeness = [EMBEDDER.similarity(rain, EMBEDDER.passage("", stems)) for stems in (once, often)]
    assert likeness[0] < likeness[1] < 0.99


def test_strangers_stay_below_the_floor():
    question = EMBEDDER.passage("", dict.fromkeys(("weather", "forecast", "lisbon"), 1))
    strangers = ("football coach", "bond yields", "quantum physics", "garden path", "theatre opening", "stone bridge")
    assert all(
        EMBEDDER.similarity(question, EMBEDDER.passage("", dict.fromkeys(each.split(), 1))) < EMBEDDER.floor
        for each in strangers
    )


def test_nothing_is_like_nothing():
    assert EMBEDDER.similarity(EMBEDDER.passage("", {}), EMBEDDER.token("rain")) == 0.0
