"""Which questions ask several things, and how their parts are answered one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.answer import extract
from fanin.answer.parts.question_parts import MAX_PARTS, question_parts
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
        ("When does the museum open and where is it?", 2),
        ("Compare the ferry with the bus.", 2),
        ("What is the difference between a sloop and a ketch?", 2),
        ("How do sloops and ketches differ?", 2),
        ("How does a sloop differ from a ketch?", 2),
        ("Vergleiche den Bus mit der Fähre", 2),
        ("Was ist der Unterschied zwischen einem Kahn und einem Boot?", 2),
        ("Quelle est la différence entre un bac et un pont ?", 2),
        ("What is the fare for adults, children and dogs?", 3),
        ("How is the weather in Oslo, Bergen, Bodø, and Tromsø?", 4),
        ("Which rooms have a bath, a view and a balcony?", 1),
        ("How do I get from the pier to the castle?", 1),
        ("How do I carry bags and boxes?", 1),
        ("When does the museum open and where is the entrance?", 2),
        ("Is the pool open? How much is a ticket?", 2),
        ("Wann fährt das Schiff und was kostet eine Koje?", 2),
        ("Quand part le bateau et combien coûte une couchette ?", 2),
        ("¿Cuándo sale el barco y cuánto cuesta una litera?", 2),
        ("What is the weather in Lisbon and Porto?", 1),
        ("Which rooms have a bath and a view?", 1),
        ("The boat, when does it sail?", 1),
        ("What do a skiff and a barge cost?", 2),
        ("How much do adults, pupils and soldiers pay?", 3),
        ("When were the lighthouse and the pier built?", 2),
        ("How old are the lighthouse and the pier?", 2),
        ("What are the height and the age of the lighthouse?", 2),
        ("What is the price of a skiff and of a barge in May?", 2),
        ("What is the fare for adults, children and dogs in winter?", 3),
        ("Which is faster, the skiff or the barge?", 2),
        ("How do I open the lid and the box?", 1),
        ("How often do I oil the hinge, and with what?", 1),
        ("Is smoking allowed, and where?", 2),
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
        at = question.index(part.text, at) + len(part.text)


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


LAMPS = (
    "The Ara lamp gives 400 lumens. The Ara lamp has a warranty of two years. The Ebi lamp gives 250 lumens."
    " The Ebi lamp has a warranty of five years. The Ivo lamp is sold out."
    " Changing the bulb of the Ara lamp takes three minutes. To change the bulb of the Ara lamp, unscrew its hood."
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Compare the warranty of the Ara lamp with the Ebi lamp.",
            "The Ara lamp has a warranty of two years. [1] The Ebi lamp has a warranty of five years. [1]",
        ),
        (
            "What is the warranty of the Ebi, the Ara and the Ivo?",
            (
                "The Ebi lamp has a warranty of five years. [1] The Ara lamp has a warranty of two years. [1]"
                " The Ivo lamp is sold out. [1]"
            ),
        ),
        (
            "How many lumens has the Ebi lamp and who designed the Ara lamp?",
            "The Ebi lamp gives 250 lumens. [1]\nThe sources do not say: who designed the Ara lamp?",
        ),
        (
            "How do I change the bulb of the Ara lamp, and how long does it take?",
            (
                "To change the bulb of the Ara lamp, unscrew its hood. [1]"
                " Changing the bulb of the Ara lamp takes three minutes. [1]"
            ),
        ),
    ],
)
def test_what_is_compared_or_in_a_row_is_told_part_by_part(question: str, told: str) -> None:
    assert answer(question, LAMPS) == told


def test_the_second_thing_is_told_by_a_sentence_of_its_own() -> None:
    text = "Replace kale with chard. With chard, no stalks are left over. Kale is a cabbage."
    assert answer("Compare kale with chard.", text) == "Kale is a cabbage. [1] With chard, no stalks are left over. [1]"


def test_a_term_of_a_list_is_a_definition() -> None:
    text = "Ways of folding:\n\n- `half`: once in the middle\n- `fan`: to and fro\n\nThe usual one is `half`."
    told = answer("What is the difference between half and fan?", text)
    assert told == "Ways of folding: `half`: once in the middle [1] `fan`: to and fro [1]"


WAIT = "Fill the kettle and press the lever to boil the water. After four minutes the lever springs back. It holds 2 l."


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        (
            "How do I boil the water and how long does it take?",
            WAIT,
            (
                "Fill the kettle and press the lever to boil the water. [1]"
                " After four minutes the lever springs back. [1]"
            ),
        ),
        (
            "How do I boil the water and how long does it take?",
            "Press the lever to boil the water. Allow four minutes for a full kettle.",
            "Press the lever to boil the water. [1] Allow four minutes for a full kettle. [1]",
        ),
        (
            "How do I boil the water and how long does it take?",
            "Press the lever to boil the water at 100 °C. The cable is 80 cm long.",
            "Press the lever to boil the water at 100 °C. [1]\nThe sources do not say: how long does it take?",
        ),
        (
            "How do I stop the saw, and how quickly does it stop?",
            "Release the handle to stop the saw. The saw stops within two seconds.",
            "Release the handle to stop the saw. [1] The saw stops within two seconds. [1]",
        ),
        (
            "Who painted the ceiling and when was it finished?",
            "The ceiling was painted by Nils Aaby. The work was completed in 1702.",
            "The ceiling was painted by Nils Aaby. [1] The work was completed in 1702. [1]",
        ),
        (
            "When does the swimming pool open and where is it?",
            "The swimming pool opens at 7 am on weekdays. It stands in Ash Lane, behind the school.",
            "The swimming pool opens at 7 am on weekdays. It stands in Ash Lane, behind the school. [1]",
        ),
        (
            "What does a permit cost and how do I get one?",
            "A permit costs 12 euros. Ask for it at the town hall.",
            "A permit costs 12 euros. [1] Ask for it at the town hall. [1]",
        ),
        (
            "How do I dry the tent and how long does it take?",
            "Hang the tent up to dry it. Two hours in the sun are enough.",
            "Hang the tent up to dry it. [1]\nThe sources do not say: how long does it take?",
        ),
        (
            "How do I bake the pie and how long does it take?",
            "Bake the pie at 200 °C on the lowest rack. It takes 35 minutes.",
            "Bake the pie at 200 °C on the lowest rack. It takes 35 minutes. [1]",
        ),
        (
            "When was the well dug and who owns it now?",
            "The well was dug in 1810.",
            "The well was dug in 1810. [1]\nThe sources do not say: who owns it now?",
        ),
        (
            "How high is the mast and how is it painted?",
            "The mast is 31 m high. It is painted twice a year from a basket.",
            "The mast is 31 m high. It is painted twice a year from a basket. [1]",
        ),
    ],
)
def test_a_part_about_the_one_before_is_told_by_the_value_below_its_answer(question: str, text: str, told: str) -> None:
    assert answer(question, text) == told


def answered(question: str, **texts: str) -> str:
    documents = [Document(text, title=title, source="a", number=at) for at, (title, text) in enumerate(texts.items())]
    found = [(each, analyze(question, each)) for each in documents]
    return extract(question, fuse(question_terms(question), found), numbers={}).text


SKIFFS = (
    "Skiffs are let at the quay. A skiff costs 8 crowns an hour. A barge costs 30 crowns an hour. Skiffs carry two."
)
BELLS = (
    "Concerts start at noon on Sundays and last an hour. They are directed by Ingrid Moe. The hall is shut on Mondays."
    " The great bell was cast in 1702 by Hans Dahl. It weighs 900 kg. The next fair is on 3 May. It is 40 metres long."
)
GARDEN = "Keep bulbs on a string. The gate is shut from 9 p.m. to 7 a.m. Water the beds after every dry week."


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "What do a skiff and a barge cost?",
            "A skiff costs 8 crowns an hour. [1] A barge costs 30 crowns an hour. [1]",
        ),
        (
            "When do concerts start, and who directs them?",
            "Concerts start at noon on Sundays and last an hour. They are directed by Ingrid Moe. [1]",
        ),
        (
            "Who cast the great bell and how heavy is it?",
            "The great bell was cast in 1702 by Hans Dahl. It weighs 900 kg. [1]",
        ),
        (
            "When is the next fair and how long is it?",
            "The next fair is on 3 May. It is 40 metres long. [1]",
        ),
        ("How often do I water the beds, and with what?", "Water the beds after every dry week. [1]"),
    ],
)
def test_the_parts_are_answered_from_the_page_that_is_about_all_of_them(question: str, told: str) -> None:
    assert answered(question, Boats=SKIFFS, Hall=BELLS, Garden=GARDEN) == told


def test_of_two_alternatives_each_is_told() -> None:
    told = answered("Which is dearer, a ketch or a barge?", Boats="A ketch costs 50 crowns. A barge costs 30 crowns.")
    assert told == "A ketch costs 50 crowns. [1] A barge costs 30 crowns. [1]"
