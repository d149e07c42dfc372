"""Sentences of two sources that answer a question differently, and those that speak of different things."""

from pathlib import Path

import pytest

from fanin.answer.conflicting.antonyms import is_opposite, plain_stems, without_prefix
from fanin.answer.conflicting.conflicts import conflicts, differences
from fanin.model import Citation


def cited(*quotes: str) -> list[Citation]:
    return [Citation(number, quote, f"s{number}", 1, 0, len(quote)) for number, quote in enumerate(quotes, 1)]


def rows(name: str) -> list[list[str]]:
    lines = Path(__file__).with_name(f"{name}.txt").read_text("utf-8").splitlines()
    return [line.split(" | ") for line in lines]


def figures(question: str, one: str, other: str) -> list[list[str]]:
    found = differences(cited(one, other), question=question).conflicts
    return [[side.figure for side in each.sides] for each in found]


@pytest.mark.parametrize(("question", "one", "other"), rows("contradict"))
def test_different_answers_to_one_question_contradict_each_other(question: str, one: str, other: str) -> None:
    (sides,) = figures(question, one, other)
    assert [side in text for side, text in zip(sides, (one, other), strict=True)] == [True, True]
    assert len(figures(question, other, one)) == 1


@pytest.mark.parametrize(("question", "one", "other"), rows("compatible"))
def test_what_speaks_of_different_things_does_not_contradict_each_other(question: str, one: str, other: str) -> None:
    assert figures(question, one, other) == []
    assert figures(question, other, one) == []


def test_without_a_question_only_sentences_that_are_much_alike_are_compared() -> None:
    one, other = "The play Salt was written by Mari Lund.", "Olav Hauge wrote the play Salt."
    assert conflicts(cited(one, other)) == ()
    assert figures("Who wrote the play Salt?", one, other) == [["Mari Lund", "Olav Hauge"]]


def test_two_documents_of_one_source_contradict_each_other_when_both_are_about_all_that_is_asked() -> None:
    one, other = "The mayor of Holt is Ann Lee.", "Bob Ray is the mayor of Holt."
    of_one = [Citation(n, quote, "s", n, 0, len(quote)) for n, quote in enumerate((one, other), 1)]
    (found,) = differences(of_one, question="Who is the mayor of Holt?").conflicts
    assert [side.figure for side in found.sides] == ["Ann Lee", "Bob Ray"]
    assert differences(of_one, question="Who is the mayor of Holt in June?").conflicts == ()


@pytest.mark.parametrize(
    ("one", "other", "opposite"),
    [
        ("rose", "sank", True),
        ("approved", "voted down", True),
        ("renewed", "revoked", True),
        ("went up", "fell", True),
        ("attended", "absent", True),
        ("passed", "defeated", True),
        ("grew", "shrank", True),
        ("won", "lost", True),
        ("opened", "launched", False),
        ("rose", "climbed", False),
        ("red", "green", False),
    ],
)
def test_which_words_say_the_opposite(one: str, other: str, opposite: bool) -> None:
    (first,), (second,) = plain_stems(one), plain_stems(other)
    assert is_opposite(first, second) is is_opposite(second, first) is opposite


@pytest.mark.parametrize(
    ("word", "denied"), [("unsafe", ["safe"]), ("inedible", ["edibl"]), ("under", []), ("open", [])]
)
def test_what_a_word_with_a_denying_beginning_denies(word: str, denied: list[str]) -> None:
    assert without_prefix(word) == denied


def test_a_quote_that_is_too_long_is_not_read() -> None:
    one, other = "The play Salt was written by Mari Lund.", "Olav Hauge wrote the play Salt"
    assert figures("Who wrote the play Salt?", one, f"{other}{' and' * 100}.") == []
    assert len(figures("Who wrote the play Salt?", one, f"{other}{' and' * 80}.")) == 1
