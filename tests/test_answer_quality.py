"""The quality of answers on a small part of `bench/answers.py`, so that a change that spoils them is noticed."""

import importlib
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module("answers")


@pytest.fixture
def judging(bench):
    return importlib.import_module("answer_judging")


def share(answers, figure: str) -> float:
    return sum(getattr(each, figure) for each in answers) / len(answers)


def test_answers_are_as_good_as_they_were(bench) -> None:
    answers = [here for here, _ in bench.asked_of("development", every=3)]
    answerable, others = ([each for each in answers if bool(each.asked.facts) is has] for has in (True, False))
    assert (len(answerable) >= 60, len(others) >= 6) == (True, True)
    assert share(answerable, "many") >= 0.95
    assert share(answerable, "fact") >= 0.80
    assert share(answerable, "first") >= 0.65
    assert share(answerable, "misleading") <= 0.05
    assert share(answerable, "silent") <= 0.05
    assert share(others, "silent") >= 0.40


def test_contradictions_are_shown_as_well_as_they_were(bench) -> None:
    pairs = bench.pairs_of("development", every=2)
    contradict, agree = ([each for each in pairs if each.pair.differ is differ] for differ in (True, False))
    assert (len(contradict) >= 40, len(agree) >= 40) == (True, True)
    assert sum(each.alarm and each.both for each in contradict) >= 0.7 * len(contradict)
    assert sum(not each.both for each in contradict) <= 0.05 * len(contradict)
    assert share(agree, "alarm") <= 0.08


def test_what_a_pair_quotes_stands_in_its_texts(bench, judging) -> None:
    for part in ("development", "test"):
        for row in bench.rows(BENCH / "answers" / part / "pairs.jsonl"):
            assert all(judging.holds(text, side) for text, side in zip(row["texts"], row["sides"], strict=True)), row


def test_every_question_names_a_page_that_states_its_facts(bench, judging) -> None:
    for part in ("development", "test"):
        folder = BENCH / "answers" / part
        pages = {each.name: bench.plain(each) for each in (folder / "manuals").rglob("*.*")}
        pages["news"] = " ".join(each["text"] for each in bench.rows(folder / "news.jsonl"))
        for row in bench.rows(folder / "questions.jsonl"):
            for fact in row.get("facts", []):
                assert any(judging.holds(pages[row["page"]], each) for each in fact), row


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
def test_a_fact_is_not_found_within_a_longer_number(judging, text: str, fact: str, held: bool) -> None:
    assert judging.holds(text, fact) is held


def asked(judging, **fields):
    return judging.Asked(kind="default", question="What is the default of pause?", **fields)


def test_a_fact_counts_only_beside_or_below_the_name_of_its_setting(judging) -> None:
    question = asked(judging, section="pause", facts=[["default is on"]])
    below = judging.Said("The default is on.", above="pause")
    beside = judging.Said("Of pause the default is on.", above="Settings")
    elsewhere = judging.Said("The default is on.", above="retry")
    assert [judging.states([each], question) for each in (below, beside, elsewhere)] == [True, True, False]


def test_the_default_of_another_setting_misleads_unless_it_is_named(judging) -> None:
    question = asked(judging, section="pause", facts=[["default is on"]])
    unnamed = judging.Said("The default is off.", above="retry_limit")
    named = judging.Said("Of retry_limit the default is off.", above="retry_limit")
    assert [judging.misleads([], [each], question) for each in (unnamed, named)] == [True, False]


def test_an_old_value_misleads_in_the_first_sentence_unless_the_fact_is_there_too(judging) -> None:
    question = asked(judging, facts=[["8 s"]], not_first=["5 s"])
    old, both = judging.Said("It was 5 s."), judging.Said("It is 8 s; until 2024 it was 5 s.")
    assert [judging.misleads([each], [each], question) for each in (old, both)] == [True, False]


def test_the_first_sentence_is_one_sentence_or_a_list_with_what_introduces_it(judging) -> None:
    texts = ("It is on. It was off.", "Run:\nfanin --help", "Bring:\n- a rope\n- a lamp")
    firsts = [judging.first_sentence([judging.Said(each)])[0].text for each in texts]
    assert firsts == ["It is on.", "Run:\nfanin --help", "Bring:\n- a rope\n- a lamp"]


def test_questions_about_time_are_answered_as_well_as_they_were(bench) -> None:
    answers = bench.dated_of("development")
    assert len(answers) >= 20
    assert share(answers, "first") >= 0.9
    assert share(answers, "misleading") <= 0.05
    assert share(answers, "dated") >= 0.9
