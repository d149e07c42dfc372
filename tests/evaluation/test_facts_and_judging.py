"""Facts in texts, and what is right and wrong in one answer."""

from dataclasses import replace
from typing import Any

import pytest

import fanin
from fanin.evaluation.expected_answer import Expected, expected
from fanin.evaluation.expected_facts import facts_of, holds
from fanin.evaluation.judging import first_sentence, judged
from fanin.model import Answer, Citation, Outcome, Passage, Writing
from fanin.timeline import Timeline


@pytest.mark.parametrize(
    ("raw", "text", "there"),
    [
        ("192 megabytes", "It is 192\nMegabytes.", True),
        ("192 megabytes", "It is 1192 megabytes.", False),
        ("4", "It is 4.5 long.", False),
        ("4", "It is 4, not 5.", True),
        ("Bolt", "Bolton", False),
        (1200, "It carries 1,200 boats.", True),
        (1200, "It carries 1 200 boats.", True),
        (1200, "It carries 1.2 thousand boats.", True),
        (1200, "Er trägt 1.200 Boote.", True),
        (1200, "It carries 11,200 boats.", False),
        (12, "There are twelve.", True),
        (7.4, "Sie ist 7,4 km lang.", True),
        (-1, "The default is -1.", True),
        (1, "The default is -1.", False),
        (1234.5, "It costs 1.234,50 euros.", True),
        (2_500_000, "2.5 million people", True),
        ({"number": 7.4, "within": 0.1}, "It is 7.5 km long.", True),
        ({"number": 7.4, "within": 0.1}, "It is 7.6 km long.", False),
        ({"regex": r"founded in 19\d8"}, "It was Founded\nin 1998.", True),
        ({"regex": "^x"}, "a x", False),
        ([["seven", "7 am"]], "It opens at 7 am.", True),
    ],
)
def test_a_fact_is_found_in_each_of_its_forms(raw: object, text: str, there: bool) -> None:
    (fact,) = facts_of(raw)
    assert holds(text, fact) is there


@pytest.mark.parametrize("raw", [True, [None], [""], [{"regex": "("}], [{"number": "4"}], [{"regex": "a", "x": 1}], {}])
def test_what_is_no_fact_is_told(raw: object) -> None:
    with pytest.raises(ValueError, match="The fact"):
        facts_of(raw)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"question": "A?"}, 'no "facts"'),
        ({"question": " ", "facts": "a"}, "question"),
        ({"question": "A?", "facts": "a", "unanswerable": True}, "unanswerable, and has facts"),
        ({"question": "A?", "documents": [1]}, '"documents"'),
    ],
)
def test_a_row_that_tells_nothing_to_judge_by_is_told(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        expected(1, values)


def test_a_row_of_csv_is_as_good_as_one_of_json() -> None:
    row = {"question": " A? ", "facts": "nine", "documents": "a.md", "unanswerable": "", "id": ""}
    assert expected(7, row) == Expected("7", "A?", (("nine",),), ("a.md",))
    assert expected(7, {"question": "A?", "unanswerable": "true"}).unanswerable


PASSAGES = (
    Passage("The lift was built in 1998.", "guide", 1, 0, 27, 2.0, "Lift", "file:///docs/lift.md"),
    Passage("It carries 1,200 boats.", "guide", 1, 28, 51, 1.5, "Lift", "file:///docs/lift.md"),
    Passage("It is open until nine.", "harbour", 2, 0, 22, 1.0, "Hours", "https://a.example/hours/", also=("forum/4",)),
)


def answer(text: str, **changed: Any) -> Answer:
    sources = {name: Outcome(name, "ok", fetching=0.5) for name in ("guide", "harbour", "forum")}
    cited = (Citation(1, "The lift was built in 1998.", "guide", 1, 0, 27),)
    made = Answer("A?", text, cited, PASSAGES, sources, (), (), True, 1.0, 0.7, 1, Timeline())
    return replace(made, **changed)


def test_documents_have_the_rank_of_their_best_passage() -> None:
    asked = Expected("1", "A?", (), ("docs/lift.md", "Hours", "https://a.example/hours", "lift.md2"))
    assert judged(asked, answer("It was built in 1998. [1]")).ranks == (1, 2, 2, 0)


def test_each_source_is_credited_with_what_it_gave() -> None:
    asked = Expected("1", "A?", facts_of(["nine", 1998]), ("Hours",))
    found = judged(asked, answer("It was built in 1998. [1]"))
    assert {name: (each.facts, each.documents, each.cited) for name, each in found.sources.items()} == {
        "guide": ({1}, set(), True),
        "harbour": ({0}, {0}, False),
        "forum": ({0}, {0}, False),
    }
    assert (found.in_passages, found.in_answer, found.in_first_sentence, found.right) == (True, False, False, False)


@pytest.mark.parametrize(
    ("text", "in_answer", "first"),
    [
        ("It was built in 1998. [1] It is old. [1]", True, True),
        ("It is old. [1] It was built in 1998. [1]", True, False),
        ("It is old [1998].", False, False),
        ("Run this:\n\n    lift --since 1998 [1]", True, True),
    ],
)
def test_a_fact_stands_in_the_answer_or_in_its_first_sentence(text: str, in_answer: bool, first: bool) -> None:
    found = judged(Expected("1", "A?", facts_of(1998)), answer(text))
    assert (found.in_answer, found.in_first_sentence) == (in_answer, first)


def test_an_answer_that_says_that_there_is_none_is_silent_whatever_it_quotes() -> None:
    silent = answer("The sources do not say. Nearest is: it was built in 1998. [1]", answered=False)
    wrong, right = (
        judged(Expected("1", "A?", facts_of(1998)), silent),
        judged(Expected("1", "A?", unanswerable=True), silent),
    )
    assert (wrong.silent, wrong.in_answer, wrong.right) == (True, False, False)
    assert (right.silent, right.in_answer, right.right) == (True, None, True)
    assert not judged(Expected("1", "A?", unanswerable=True), answer("It was 1998. [1]")).right


def test_time_cost_and_contradictions_are_those_of_the_answer() -> None:
    found = judged(Expected("1", "A?", facts_of(1)), answer("1.", writing=Writing("m", "written", cost=0.25)))
    assert (found.seconds, found.cost, found.contradiction) == (0.7, 0.25, False)
    assert judged(Expected("1", "A?", facts_of(1)), answer("1.", conflicts=(fanin.Conflict(()),))).contradiction


def test_the_first_sentence_has_no_marks() -> None:
    assert first_sentence("One [1] and two. [2] Three.").split() == ["One", "and", "two."]
