"""Which questions ask several things, and how their parts are answered one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.answer import extract
from fanin.answer.question_parts import MAX_PARTS, question_parts
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze
from fanin.text.question_terms import question_terms

BOAT = (
    "The boat to Skarv is painted blue. Skarv has a long beach. Cats may travel in a basket. A berth costs 31 crowns. "
    "The boat to Skarv sails at 7:40. The cook is from Bergen."
)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When does it sail, what does a berth cost, and may I take my cat?", 3),
        ("When does the museum open and where is it?", 1),  # "it" has no word of its own
        ("When does the museum open and where is the entrance?", 2),
        ("Is the pool open? How much is a ticket?", 2),
        ("Wann fährt das Schiff und was kostet eine Koje?", 2),
        ("Quand part le bateau et combien coûte une couchette ?", 2),
        ("¿Cuándo sale el barco y cuánto cuesta una litera?", 2),
        ("What is the weather in Lisbon and Porto?", 1),
        ("Which rooms have a bath and a view?", 1),
        ("The boat, when does it sail?", 1),
        ("How long is the pier?", 1),
    ],
)
def test_a_question_is_divided_where_a_new_one_begins(question: str, parts: int) -> None:
    assert len(question_parts(question)) == parts


@given(st.text(max_size=200))
def test_the_parts_are_pieces_of_the_question_in_order(question: str) -> None:
    parts = question_parts(question)
    assert 1 <= len(parts) <= MAX_PARTS
    at = 0
    for part in parts:
        at = question.index(part, at) + len(part)


def answer(question: str, text: str = BOAT) -> str:
    document = Document(text, source="a")
    return extract(question, fuse(question_terms(question), [(document, analyze(question, document))]), numbers={}).text


def test_each_part_is_answered_in_the_order_asked_and_with_nothing_else() -> None:
    assert answer("When does the boat to Skarv sail, what does a berth cost, and may I take my cats?") == (
        "The boat to Skarv sails at 7:40. [1] A berth costs 31 crowns. [1] Cats may travel in a basket. [1]"
    )


def test_a_part_of_which_nothing_is_said_is_named() -> None:
    told = answer("When does the boat to Skarv sail, and is there a sauna?")
    assert told == "The boat to Skarv sails at 7:40. [1]\nThe sources do not say: is there a sauna?"
