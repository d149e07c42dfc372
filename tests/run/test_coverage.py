"""What a first round lacks, and with which words it is asked for."""

from datetime import UTC, datetime

import pytest

from fanin.answer.extractive import extract
from fanin.fuse import fuse
from fanin.model import Document
from fanin.plan.planned_question import PlannedQuestion
from fanin.run.rounds.coverage import Gap, coverage_gap, same_words
from fanin.run.rounds.second_round import again
from fanin.text.question_terms import question_terms

LIGHTHOUSE = "The lighthouse is 41 metres tall."
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def gap(question: str, *texts: str | Document) -> Gap | None:
    """What these documents lack, each of a source of its own: s1, s2 and so on."""
    documents = [each if isinstance(each, Document) else Document(each) for each in texts]
    arrived = [
        (Document(each.text, each.title, published=each.published, source=f"s{number}"), None)
        for number, each in enumerate(documents, 1)
    ]
    fused = fuse(question_terms(question), arrived)
    return coverage_gap(PlannedQuestion(question, now=NOW), fused, extract(question, fused, numbers={}))


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        (
            "When does the ferry leave, and how much is a bicycle?",
            ["The ferry leaves at nine."],
            Gap("how much is a bicycle", "No passage tells: how much is a bicycle"),
        ),
        (
            "When does the Elba ferry leave, and who is its captain?",
            ["The Elba ferry leaves at nine."],
            Gap("who is its captain elba", "No passage tells: who is its captain"),
        ),
        (
            "Is the lighthouse of Ghent open, and may dogs come in?",
            ["The lighthouse of Ghent is open."],
            Gap("may dogs come in ghent", "No passage tells: may dogs come in"),
        ),
    ],
)
def test_a_part_of_which_nothing_tells_is_asked_by_itself(question: str, texts: list[str], expected: Gap) -> None:
    assert gap(question, *texts) == expected


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        ("Are bicycles allowed on the Elba ferry?", ["The Elba ferry leaves at nine."], "bicycles allowed elba"),
        (
            "What is the default of shared_buffers in Postgres?",
            ["Postgres has a default port."],
            "postgres shared_buffers",
        ),
        ("Is the harbour closed for repairs?", ["The harbour is closed because of ice."], "harbour repairs"),
        ("Tell me about the pilots of our harbour", ["The harbour is closed because of ice."], "pilots"),
        (
            "Wie laut war das neue alte Feuerwerk in Graz?",
            ["Graz hat ein altes Feuerwerk."],
            "laut neue feuerwerk",
        ),
    ],
)
def test_a_term_in_no_passage_is_asked_for_with_the_names(question: str, texts: list[str], expected: str) -> None:
    found = gap(question, *texts)
    assert found is not None
    assert found.text == expected
    assert found.reason.startswith("No passage has: ")


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("How tall is the lighthouse?", ["The lighthouse has a height of 41 metres.", "The lighthouse: 41 metres."]),
        ("Is the harbour open?", ["The harbour is open."]),
        ("What is new?", ["The harbour is open."]),
        ("", []),
        ("What about zeppelins?", []),
        ("Which zeppelins fly?", ["Nothing of that kind is told here."]),
    ],
)
def test_an_answer_that_lacks_nothing_that_other_words_could_find_has_no_gap(question: str, texts: list[str]) -> None:
    assert gap(question, *texts) is None


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        ("When did Ada Byron publish her notes?", [], Gap("ada byron", "Nothing was found")),
        ("Who leads Acme?", ["A text of something else."], Gap("acme", "Nothing was found")),
    ],
)
def test_where_nothing_is_found_the_names_are_asked_for_alone(question: str, texts: list[str], expected: Gap) -> None:
    assert gap(question, *texts) == expected


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        (
            "How tall is the lighthouse?",
            ["The lighthouse is 41 metres tall."],
            Gap("tall lighthouse 41", "Only s1 says 41", frozenset({"s1"})),
        ),
        (
            "How much does the ferry cost?",
            ["The ferry costs 12.50 euros.", "The ferry leaves at nine."],
            Gap("ferry cost 12.50", "Only s1 says 12.50", frozenset({"s1"})),
        ),
        (
            "How tall is the lighthouse?",
            ["The lighthouse is 41 metres tall.", "At 41 metres the lighthouse is tall."],
            None,
        ),
        (
            "How tall is the lighthouse?",
            ["The lighthouse is 41 metres tall.", "The lighthouse is 41 metres tall."],
            None,
        ),
        ("How tall is the lighthouse?", ["The lighthouse is two metres tall."], None),
        ("Why is the lighthouse 41 metres tall?", ["The lighthouse is 41 metres tall because of ships."], None),
    ],
)
def test_a_figure_of_one_source_is_for_others_to_confirm(question: str, texts: list[str], expected: Gap | None) -> None:
    assert gap(question, *texts) == expected


@pytest.mark.parametrize(
    ("question", "published", "expected"),
    [
        ("What happened in the harbour yesterday?", "2026-10-02", "harbour 24 November 2026"),
        ("What happened in the harbour last month?", "2026-11-02", "harbour October 2026"),
        ("What happened in the harbour last year?", "2026-11-02", "harbour 2025"),
        ("What happened in the harbour yesterday?", "2026-11-24T08:00:00Z", None),
        ("What happened in the harbour last month?", "2026-10-31", None),
        ("What happened in the harbour yesterday?", "", None),
        ("What happened in the harbour?", "2026-10-02", None),
        ("What is happening in the harbour now?", "2026-10-02", None),
    ],
)
def test_days_that_are_not_met_are_written_in_another_way(question: str, published: str, expected: str | None) -> None:
    found = gap(question, Document("A crane fell into the harbour.", published=published))
    assert (found and found.text) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("When does the ferry leave?", "ferry leave", True),
        ("ferry Elba", "Elba FERRY", True),
        ("ferry Elba", "ferry Capri", False),
        ("ferry Elba", "ferry", False),
        ("Wie laut ist das Feuerwerk in Graz?", "laut feuerwerk graz", True),
    ],
)
def test_the_same_words_are_the_same_search(one: str, other: str, *, same: bool) -> None:
    assert same_words(one, other) == same


def test_the_question_of_a_second_round_keeps_place_days_and_language() -> None:
    first = PlannedQuestion("Wie wird das Wetter in Graz am 2026-11-27?", "q-1", 9.0, user="me", now=NOW)
    second = again(first, "regen")
    assert second == PlannedQuestion("regen", "q-1", 9.0, user="me", now=NOW)
    assert (second.place, second.language, second.period) == ("Graz", "de", first.period)
    assert again(first, "rain in Linz").place == "Linz"
