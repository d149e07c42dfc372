# ruff: noqa: RUF001  other scripts are the subject


import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.text.question_terms import subject, terms
from fanin.text.word_overlap import loses_a_fact, resemblance, runs, sketch
from fanin.text.words import LONGEST, stem, words


def stems(text: str) -> list[str]:
    return [found for word in words(text) if (found := stem(word))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The state-of-the-art engine", ["the", "state", "of", "the", "art", "engine"]),
        ("It's 3.14 or 1,000 at 10:30.", ["it's", "3.14", "or", "1,000", "at", "10:30", "."]),
        ("São Paulo’s price", ["são", "paulo's", "price"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("東京の天気", ["東京", "京の", "の天", "天気"]),
        ("abc天気x", ["abc", "天気", "x"]),
        ("雨", ["雨"]),
        ("C, C++ and C#: F# too", ["c", ",", "c++", "and", "c#", ":", "f#", "too"]),
        ("Ist C++ für Anfänger?", ["ist", "c++", "für", "anfänger", "?"]),
        ("abc++ and a#b", ["abc", "+", "+", "and", "a", "b"]),
        ("snake_case ñ", ["snake", "case", "ñ"]),
        ("", []),
    ],
)
def test_words_of_any_script(text: str, expected: list[str]):
    assert words(text) == expected


@given(st.text())
def test_any_text_has_words_of_bounded_length_each_with_a_stem(text: str):
    for word in words(text):
        assert 0 < len(word) <= 2 * LONGEST + 10
        assert (stem(word) is None) == (len(word) == 1 and not word.isalnum())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("running", "runs"),
        ("Organisations", "organisation"),
        ("São", "Sao"),
        ("naïve", "naive"),
        ("Ｒｏｍｅ", "rome"),
        ("Lisbon's", "lisbon"),
        ("Lisbon’s", "lisbon"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str):
    assert stems(one) == stems(other) != []


def test_stop_words_and_punctuation_have_no_stem():
    assert stems("What's this? It isn't; they'll be there, and don't ...") == []


@pytest.mark.parametrize(
    "question", ["What's happening now?", "Tell me the latest news, please", "What is new today?", "?"]
)
def test_a_question_that_only_asks_has_no_subject(question: str):
    assert subject(question) == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was the new bridge opened?", ("new", "bridge", "opened")),
        ("What is new in Lisbon?", ("lisbon",)),
        ("Any new updates on ferries?", ("ferries",)),
        ("What is new, and where?", ()),
    ],
)
def test_new_is_of_the_subject_before_a_word_of_it(question: str, expected: tuple[str, ...]):
    assert subject(question) == expected


def test_the_subject_is_in_order_without_repetitions():
    assert terms("What's the weather in Lisbon, and is Lisbon's weather changing?") == ("weather", "lisbon", "chang")


def test_a_question_of_a_page_has_a_bounded_subject():
    assert len(subject(" ".join(f"word{number}" for number in range(10_000)))) == 32


@pytest.mark.parametrize("unit", ["a", "'", "a'", "1.", "天", "é", "ก", "_", ".", "\u0301", "ａ"])
def test_hostile_text_takes_work_in_proportion_to_its_length(unit: str, grows_in_proportion):
    grows_in_proportion(lambda text: [stem(word) for word in words(text)], unit)


def test_texts_resemble_each_other_by_their_runs_of_words():
    text = [f"w{number}" for number in range(50)]
    changed = [*text[:25], "other", *text[26:]]
    assert resemblance(runs(text), runs(text)) == 1.0
    assert 0.85 < resemblance(runs(text), runs(changed)) < 0.95
    assert len(set(sketch(runs(text))) & set(sketch(runs(changed)))) >= 10
    assert sketch(runs(text)) == sorted(sketch(runs(text)))


@pytest.mark.parametrize(
    ("gone", "stays", "loses"),
    [
        ("Rain in Lisbon.", "Rain in Lisbon, says the office.", False),
        ("Rain in Porto.", "Rain in Lisbon.", True),
        ("It is 18 degrees.", "It is 21 degrees.", True),
        ("The plan was approved.", "The plan was not approved.", True),
        ("The plan wasn't approved.", "The plan was approved.", True),
        ("the office says rain", "the office says heavy rain", False),
    ],
)
def test_a_text_loses_a_number_a_name_or_a_denial(gone: str, stays: str, loses: bool):
    assert loses_a_fact(gone, stays=stays) is loses
