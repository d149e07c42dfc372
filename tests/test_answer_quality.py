"""The quality of answers on a small part of `bench/answers.py`, so that a change that spoils them is noticed."""

import importlib
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module("answers")


def share(answers, figure: str) -> float:
    return sum(getattr(each, figure) for each in answers) / len(answers)


def test_answers_are_as_good_as_they_were(bench) -> None:
    answers = [here for here, _ in bench.asked_of("development", every=3)]
    answerable, others = ([each for each in answers if bool(each.asked.facts) is has] for has in (True, False))
    assert (len(answerable) >= 60, len(others) >= 6) == (True, True)
    assert share(answerable, "many") >= 0.95
    assert share(answerable, "fact") >= 0.60
    assert share(answerable, "first") >= 0.35
    assert share(answerable, "misleading") <= 0.05
    assert share(answerable, "silent") <= 0.05
    assert share(others, "silent") >= 0.40


def test_contradictions_are_shown_as_well_as_they_were(bench) -> None:
    pairs = bench.compared("development", every=2)
    contradict, agree = ([each for each in pairs if each.pair.differ is differ] for differ in (True, False))
    assert (len(contradict) >= 20, len(agree) >= 20) == (True, True)
    assert sum(each.alarm and each.both for each in contradict) >= 0.2 * len(contradict)
    assert sum(not each.both for each in contradict) <= 0.4 * len(contradict)
    assert share(agree, "alarm") <= 0.25


def test_what_a_pair_quotes_stands_in_its_texts(bench) -> None:
    for part in ("development", "test"):
        for row in bench.rows(BENCH / "answers" / part / "pairs.jsonl"):
            assert [bench.holds(text, side) for text, side in zip(row["texts"], row["sides"], strict=True)] == [
                True,
                True,
            ]


def test_every_question_names_a_page_that_states_its_facts(bench) -> None:
    for part in ("development", "test"):
        folder = BENCH / "answers" / part
        pages = {each.name: bench.plain(each) for each in (folder / "manuals").rglob("*.*")}
        pages["news"] = " ".join(each["text"] for each in bench.rows(folder / "news.jsonl"))
        for row in bench.rows(folder / "questions.jsonl"):
            for fact in row.get("facts", []):
                assert any(bench.holds(pages[row["page"]], each) for each in fact), row


@pytest.mark.parametrize(
    ("text", "fact", "held"),
    [
        ("The default is 10.", "10", True),
        ("The default is 100.", "10", False),
        ("The default is 2.10 s.", "10", False),
        ("It costs 10,000.", "10", False),
        ("It is  ON\nby default", "on by default", True),
    ],
)
def test_a_fact_is_not_found_within_a_longer_number(bench, text: str, fact: str, held: bool) -> None:
    assert bench.holds(text, fact) is held
