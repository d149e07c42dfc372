"""What holds of any two texts that are compared word for word."""

from hypothesis import given
from hypothesis import strategies as st

from fanin.text.word_overlap import SKETCH, loses_a_fact, plain, resemblance, runs, sketch

WORDS = st.lists(
    st.sampled_from(["rain", "in", "Lisbon", "18", "not", "isn't", "the", "tram", "“late”,", "—"]), max_size=9
)


@given(WORDS, WORDS)
def test_texts_resemble_each_other_alike_from_nothing_to_one(one: list[str], other: list[str]) -> None:
    alike = resemblance(runs(one), runs(other))
    assert alike == resemblance(runs(other), runs(one))
    assert 0.0 <= alike <= 1.0
    assert (alike == 1.0) == (runs(one) == runs(other))


@given(WORDS)
def test_a_sketch_has_a_few_numbers_in_order_and_does_not_depend_on_that_of_the_runs(words: list[str]) -> None:
    found = sketch(runs(words))
    assert found == sorted(set(found))
    assert found == sketch(sorted(runs(words), reverse=True))
    assert 1 <= len(found) <= SKETCH


@given(WORDS, WORDS)
def test_a_text_loses_nothing_beside_itself_or_beside_what_has_all_of_it_and_denies_no_more(
    one: list[str], other: list[str]
) -> None:
    text, more = " ".join(one), " ".join([*other, *one])
    assert not loses_a_fact(text, stays=text)
    denies = {"not", "isn't"}.intersection(other) - set(one)
    assert loses_a_fact(text, stays=more) == bool(denies)


@given(WORDS)
def test_plain_words_are_those_of_the_text_without_punctuation_around_them(words: list[str]) -> None:
    assert plain(" ".join(words)) == [word.strip("“”,") for word in words]
