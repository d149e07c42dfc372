"""Whom a second round asks, with which words and for how long, as a model planned it (pure)."""

from dataclasses import replace

import pytest

import fanin
from fanin.events import AskedAgain
from fanin.model import Processor
from fanin.plan.plan import Plan
from fanin.plan.planned_question import PlannedQuestion
from fanin.run.rounds.second_round import LEAST, PLANNED, SecondRound, second_round
from fanin.run.source.source_end import SourceResult
from fanin.run.source.source_input import COMPLETE, FetchEnded
from fanin.run.source.source_run import SourceRun
from fanin.sources.source import Source
from fanin.writing.planning import ModelPlan

ASKED = 10.0
QUESTION = PlannedQuestion("How much does it cost?", "q-1", 30.0)
MEANT = "How much does the Elba ferry cost?"
WIKI = replace(fanin.source(name="wiki")(lambda _: None), searches=True)
NOTES = fanin.source(name="notes")(lambda _: None)
PLAN = Plan[Source](QUESTION, [WIKI, NOTES], ASKED, 30.0)


def ended(source: Source, seconds: float = 0.0) -> SourceResult:
    run = SourceRun(source, Processor(lambda question, document: None), ASKED)
    run.receive(FetchEnded(ASKED), ASKED + seconds)
    run.receive(COMPLETE, ASKED + seconds)
    return run.result()


def planned(
    plan: ModelPlan, *, question: PlannedQuestion = QUESTION, left: float = 10.0, p95: float = 0.5, took: float = 0.0
) -> SecondRound | None:
    results = [ended(WIKI, took), ended(NOTES, took)]
    return second_round(replace(PLAN, question=question), None, results, plan, left=left, p95=lambda _: p95)


def texts(found: SecondRound | None) -> dict[str, list[str]]:
    return {} if found is None else {name: [each.text for each in asked] for name, asked in found.asked.items()}


def test_what_a_follow_up_means_is_asked_of_every_source_and_the_parts_of_those_that_search() -> None:
    found = planned(ModelPlan(MEANT, (("Where is Elba?", ("wiki", "notes")),)))
    assert texts(found) == {"wiki": [MEANT, "Where is Elba?"], "notes": [MEANT]}
    assert found is not None
    assert (found.reason, found.meant, found.text) == (
        PLANNED,
        replace(QUESTION, text=MEANT),
        f"{MEANT}; Where is Elba?",
    )


@pytest.mark.parametrize("standalone", ["", "how much it costs", "How much does it cost?"])
def test_a_meaning_in_the_same_words_is_none(standalone: str) -> None:
    assert planned(ModelPlan(standalone)) is None
    found = planned(ModelPlan(standalone, (("Where is Elba?", ("wiki",)),)))
    assert found is not None
    assert (texts(found), found.meant) == ({"wiki": ["Where is Elba?"]}, None)


@pytest.mark.parametrize(
    ("p95", "took", "questions", "seconds"),
    [(0.5, 0.0, 1, 1.0), (0.5, 0.0, 2, 2.0), (0.5, 1.0, 1, 2.0), (0.01, 0.0, 1, LEAST), (4.0, 0.0, 1, 8.0)],
)
def test_a_round_may_take_twice_as_long_as_each_question_usually_takes(
    p95: float, took: float, questions: int, seconds: float
) -> None:
    plan = ModelPlan("", tuple((f"Where is Elba {number}?", ("wiki",)) for number in range(questions)))
    found = planned(plan, p95=p95, took=took)
    assert found is not None
    assert found.seconds == seconds


@pytest.mark.parametrize(("left", "asked"), [(0.5, False), (0.51, True)])
def test_a_source_is_asked_again_only_if_it_usually_takes_less_than_what_is_left(left: float, asked: bool) -> None:
    assert (planned(ModelPlan(MEANT), left=left) is not None) == asked


@pytest.mark.parametrize(("given", "kept"), [("", "How much does it cost?"), ("and the price?", "and the price?")])
def test_the_plan_goes_on_with_the_meaning_and_keeps_what_was_given(given: str, kept: str) -> None:
    meant = replace(QUESTION, text=MEANT)
    plan = SecondRound({"wiki": [meant]}, PLANNED, 1.0, meant).applied_to(replace(PLAN, given=given))
    assert (plan.question, plan.given, plan.again) == (meant, kept, MEANT)


def test_without_another_meaning_the_question_stays() -> None:
    plan = SecondRound({"wiki": [replace(QUESTION, text="Elba ferry")]}, PLANNED, 1.0).applied_to(PLAN)
    assert (plan.question, plan.given, plan.again) == (QUESTION, "", "Elba ferry")


def test_each_source_that_is_asked_has_an_event_with_its_questions() -> None:
    questions = [replace(QUESTION, text=text) for text in ("Elba ferry", "Elba bicycles")]
    found = SecondRound({"wiki": questions, "notes": questions[:1]}, "Nothing was found", 1.0)
    assert found.events(2.5) == [
        AskedAgain(2.5, "wiki", "Elba ferry; Elba bicycles", "Nothing was found"),
        AskedAgain(2.5, "notes", "Elba ferry", "Nothing was found"),
    ]
