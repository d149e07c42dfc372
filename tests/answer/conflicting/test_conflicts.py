"""Figures on which sources differ, and figures that only look so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.answer import extract
from fanin.answer.conflicting.conflicts import MAX_CONFLICTS, conflicts, differences
from fanin.answer.conflicting.contradictions import _agree
from fanin.answer.draft import side_by_side
from fanin.fuse import fuse
from fanin.model import Citation, Conflict, Document, Side
from fanin.process import analyze
from fanin.text.claims.alignment import WorkBudget
from fanin.text.question_terms import question_terms

FORECAST = (
    "The weather in Boston at 2026-11-23 14:00 is clear sky: the temperature is 72 °F and feels like 70 °F."
    " The wind in Boston is a fresh breeze of 35 km/h from the north with gusts of 60 km/h."
)
WIND = FORECAST.partition("70 °F. ")[2]


def cited(*quotes: str) -> list[Citation]:
    return [Citation(number, quote, f"s{number}", 1, 0, len(quote)) for number, quote in enumerate(quotes, 1)]


def figures(*quotes: str) -> list[list[str]]:
    return [[side.figure for side in found.sides] for found in conflicts(cited(*quotes))]


@pytest.mark.parametrize(
    ("one", "other", "sides"),
    [
        ("The temperature in Boston is 72 °F.", "It is 68 °F in Boston right now.", ["72 °F", "68 °F"]),
        ("The temperature in Boston is 72 °F.", "In Boston the temperature is 18 °C.", ["72 °F", "18 °C"]),
        (FORECAST.partition(" The wind")[0], "The temperature in Boston is 68 °F, they say.", ["72 °F", "68 °F"]),
        (WIND, "Winds of 60 km/h hit Boston.", ["35 km/h", "60 km/h"]),
        (WIND, "Gusts of 80 km/h hit Boston.", ["60 km/h", "80 km/h"]),
        ("The tram line costs 120 million euros.", "The new tram line will cost 190 million euros, the mayor said.",
         ["120 million euros", "190 million euros"]),
        ("Lisbon has 545,000 inhabitants.", "The city of Lisbon has 509,000 inhabitants.",
         ["545,000 inhabitants", "509,000 inhabitants"]),
        ("Stocks fell by 2 percent.", "Stocks fell 3 percent on Tuesday.", ["2 percent", "3 percent"]),
        ("It is 72 °F in Boston's harbour now.", "It is 68 °F in Boston harbour now.", ["72 °F", "68 °F"]),
        ("The harbour lift closes at 9 pm.", "The harbour lift closes at 20:00.", ["9 pm", "20:00"]),
        ("At 9 am a ticket costs 5 euros.", "At 9 am a ticket costs 7 euros.", ["5 euros", "7 euros"]),
        ("5 euros is the price of a ticket.", "7 euros is the price of a ticket.", ["5 euros", "7 euros"]),
        ("In November 2026 a ticket costs 5 euros.", "On 24 November 2026 a ticket costs 7 euros.",
         ["5 euros", "7 euros"]),
    ],
)  # fmt: skip
def test_different_figures_for_the_same_thing_are_a_conflict(one: str, other: str, sides: list[str]) -> None:
    assert figures(one, other) == [sides]
    assert figures(other, one) == [sides[::-1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The temperature in Boston is 72 °F.", "The temperature in Boston is 22 °C."),
        ("The temperature in Boston is 72 °F.", "The temperature in Miami is 88 °F."),
        ("The high temperature in Boston is 72 °F.", "The high temperature in Miami is 88 °F."),
        ("The temperature in Boston is 72 °F.", "The low in Boston is 50 °F."),
        ("The temperature in Boston is 72 °F.", "The temperature in Boston tomorrow is 60 °F."),
        ("The temperature in Boston on Monday is 72 °F.", "The temperature in Boston on Tuesday is 60 °F."),
        ("The wind in Boston is 35 km/h.", "Gusts of 80 km/h are possible in Boston."),
        ("The tram line costs 120 million euros.", "The tram line costs more than 100 million euros."),
        ("The tram line costs 120 million euros.", "The mayor of Porto sold the stadium for 5 million euros."),
        ("Lisbon has 545,000 inhabitants.", "Porto has 230,000 inhabitants."),
        ("Lisbon's harbour has 12 gates.", "Porto's harbour has 9 gates."),
        ("The tram has 14 stops.", "The tram has 4 drivers."),
        ("The ferry tickets are 4 euros.", "The ferry bikes are 9 euros."),
        ("The harbour lift opens at 9 am.", "The harbour lift closes at 8 pm."),
        ("The temperature in Boston is about 70 °F.", "The temperature in Boston is 72 °F."),
        ("Adult tickets for the museum cost 12 euros.", "Child tickets for the museum cost 6 euros."),
        ("On 24 November the temperature in Boston is 5 °C.", "On 25 November the temperature in Boston is 9 °C."),
        ("At 9:00 the temperature in Boston is 5 °C.", "At 15:00 the temperature in Boston is 9 °C."),
        ("No figures here.", "Nor here."),
    ],
)
def test_what_may_both_be_true_is_no_conflict(one: str, other: str) -> None:
    assert figures(one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "sides"),
    [
        ("The harbour is open today.", "The harbour is closed today.", ["open", "closed"]),
        ("The museum is open on Monday.", "On Monday the museum is closed.", ["open", "closed"]),
        ("The harbour is open.", "The harbour is not open.", ["open", "not open"]),
        ("The bridge in Porto is safe.", "The bridge in Porto isn't safe.", ["safe", "isn't safe"]),
        ("The bridge is safe, the mayor said.", "The bridge is unsafe.", ["safe", "unsafe"]),
        ("The pool is no longer heated.", "The pool is heated.", ["no longer heated", "heated"]),
        ("The harbour is open.", "The harbour is CLOSED.", ["open", "CLOSED"]),
        ("THE HARBOUR IS OPEN.", "The harbour is Not Open.", ["OPEN", "Not Open"]),
    ],
)
def test_a_sentence_that_denies_what_another_source_says_is_a_conflict(one: str, other: str, sides: list[str]) -> None:
    assert figures(one, other) == [sides]
    assert figures(other, one) == [sides[::-1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The harbour is open on Monday.", "The harbour is closed on Tuesday."),
        ("The harbour is open until nine.", "The harbour is closed."),
        ("The harbour is open.", "The north harbour is closed."),
        ("The harbour in Porto is open.", "The harbour in Lisbon is closed."),
        ("It is open today.", "It is closed today."),
        ("The harbour is not open.", "The harbour is closed."),
        ("The harbour is not closed.", "The harbour is not open."),
        ("The harbour is not open.", "The market is open."),
        ("The harbour is open.", "The harbour may be closed."),
        ("The harbour is open.", "If it storms, the harbour is closed."),
        ("The harbour is open.", "The mayor denied that the harbour is closed."),
    ],
)
def test_what_does_not_surely_deny_the_other_sentence_is_no_conflict(one: str, other: str) -> None:
    assert figures(one, other) == []
    assert figures(other, one) == []


@pytest.mark.parametrize(
    ("days", "conflict"),
    [(("", ""), True), (("2026-11-24", "2026-11-24T10:00:00Z"), True), (("2026-11-24", ""), False),
     (("2026-11-24", "2026-11-25"), False), (("2024-11-24", "2026-11-25"), False)],
)  # fmt: skip
def test_what_was_published_on_other_days_may_both_have_been_true(days: tuple[str, str], conflict: bool) -> None:
    said = cited("The harbour is open today.", "The harbour is closed today.")
    found = conflicts([replace(each, published=day) for each, day in zip(said, days, strict=True)])
    assert bool(found) is conflict


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The fee for a mooring is 210 crowns.", "The fee for a mooring is 260 crowns."),
        ("The director of the mill is Ann Lee.", "The director of the mill is Bob Ray."),
        ("The plan for the pier was approved.", "The plan for the pier was rejected."),
        ("The lift is safe.", "The lift is not safe."),
    ],
)
@pytest.mark.parametrize(("day", "conflict"), [("2026-11-20", True), ("2026-11-12", False), ("2023-11-12", False)])
def test_what_was_published_at_about_the_same_time_contradicts_each_other(
    one: str, other: str, day: str, conflict: bool
) -> None:
    first, second = cited(one, other)
    first, second = replace(first, published="2026-11-24T08:00:00Z"), replace(second, published=day)
    found = differences([first, second])
    assert (bool(found.conflicts), found.outdated) == (conflict, () if conflict else ((first, second),))


def test_one_source_does_not_contradict_itself() -> None:
    said = "The temperature in Boston is {} °F."
    one, other = (Citation(n, said.format(70 + 5 * n), "weather", n, 0, 37) for n in (1, 2))
    assert conflicts([one, other]) == ()


def test_documents_of_one_source_are_told_apart_by_their_titles() -> None:
    said = "Entries of the journal are kept for {} days."
    one, other = (Citation(n, said.format(30 * n), "manual", n, 0, 43, f"Page {n}") for n in (1, 2))
    (found,) = conflicts([one, other])
    assert found.sides == (Side("manual", "30 days", 1, "Page 1"), Side("manual", "60 days", 2, "Page 2"))
    assert side_by_side(found) == "Sources differ: Page 1 says 30 days [1], Page 2 says 60 days [2]."


@pytest.mark.parametrize(
    ("one", "other", "sides"),
    [
        ("The pier is 426 metres long.", "With its length of 448 m the pier was new.", ["426 metres", "448 m"]),
        ("The ditch is 4 metres deep.", "The ditch has a depth of 5 metres.", ["4 metres", "5 metres"]),
        ("The bell weighs 700 kg.", "The weight of the bell is 900 kg.", ["700 kg", "900 kg"]),
    ],
)
def test_a_dimension_may_be_told_in_two_words(one: str, other: str, sides: list[str]) -> None:
    assert figures(one, other) == [sides]


def test_other_dimensions_of_one_thing_are_no_conflict() -> None:
    assert figures("The pier is 426 metres long.", "The pier is 12 metres wide.") == []


def test_three_sources_that_differ_are_one_conflict() -> None:
    said = "The temperature in Boston is {} °F."
    assert figures(said.format(72), said.format(68), said.format(60)) == [["72 °F", "68 °F", "60 °F"]]


def test_the_answer_shows_both_sides_and_averages_nothing() -> None:
    question = "What is the temperature in Boston?"
    documents = [
        Document("The temperature in Boston is 72 °F.", source="weather"),
        Document("It is 68 °F in Boston, where the temperature falls.", source="news"),
    ]
    draft = extract(
        question, fuse(question_terms(question), [(each, analyze(question, each)) for each in documents]), numbers={}
    )
    numbers = {citation.source: citation.number for citation in draft.citations}
    sides = {Side("weather", "72 °F", numbers["weather"]), Side("news", "68 °F", numbers["news"])}
    (found,) = draft.conflicts
    assert set(found.sides) == sides
    told = ", ".join(f"{side.source} says {side.figure} [{side.number}]" for side in found.sides)
    assert draft.text.splitlines()[-1] == f"Sources differ: {told}."
    assert "70" not in draft.text
    assert isinstance(found, Conflict)


SAID = st.builds(
    "{} in {} is {}.".format,
    st.sampled_from(["The temperature", "The wind", "The number of gates"]),
    st.sampled_from(["Boston", "Boston's harbour", "Miami"]),
    st.sampled_from(["72 °F", "68 °F", "20 °C", "35 km/h", "60 km/h", "12 gates", "9", "unknown"]),
)


@given(st.lists(SAID | st.text(max_size=30), max_size=6))
def test_any_citations_give_conflicts_of_several_sources_each_with_a_figure_that_it_quotes(quotes: list[str]) -> None:
    found = conflicts(cited(*quotes))
    assert len(found) <= MAX_CONFLICTS
    for each in found:
        assert len({side.source for side in each.sides}) == len(each.sides) >= 2
        for side in each.sides:
            assert side.figure in " ".join(quotes[side.number - 1].split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The harbour is open.", "The harbour is open, and the market is red."),
        ("The harbour is open, and the market is red.", "The harbour is open."),
    ],
)
def test_sentences_are_compared_as_long_as_there_is_work_left(one: str, other: str) -> None:
    assert _agree(one, other, WorkBudget())
    assert not _agree(one, other, WorkBudget(0))
