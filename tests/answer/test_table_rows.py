"""What an answer quotes of a table, and of what stands under a heading."""

import pytest

from fanin.answer import extract
from fanin.answer.table_rows import column
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze
from fanin.text.question_terms import question_terms

FINES = "Item: Book; Fine: 20 cents a day.\n\nItem: Film; Fine: 1 € a day.\n\nItem: Drill; Fine: 5 € a day.\n\n"
TRAINS = "Train: IC 4; Leaves: 8:12; Platform: 3.\n\nTrain: RE 9; Leaves: 8:40; Platform: 11.\n\n"
BREEDS = "Collie; Weight: 24 kg; Height: 58 cm.\n\nBeagle; Weight: 11 kg; Height: 38 cm.\n\n"
ROOMS = "Room: Blue hall; Seats: 80.\n\nRoom: Red hall; Seats: 45.\n\nThe halls are heated in winter.\n\n"
FAQ = (
    "Questions\n\nCan I bring my dog?\n\nYes, on a lead and without a charge.\n\n"
    "When do you close?\n\nWe shut the doors at nine in the evening.\n\n"
)
GUIDE = "Guide\n\nResetting the boiler\n\nHold both keys until it beeps.\n\nWarranty\n\nIt lasts for ten years.\n\n"
GERMAN = "Tarif: Kind; Preis: 4 €.\n\nTarif: Hund; Preis: 2 €.\n\nTarif: Fahrrad; Preis: 3 €.\n\n"
FRENCH = "Jour: Lundi; Ouverture: 8 h.\n\nJour: Mardi; Ouverture: 10 h.\n\n"


def answer(question: str, text: str) -> str:
    document = Document(text, source="a")
    return extract(question, fuse(question_terms(question), [(document, analyze(question, document))]), numbers={}).text


@pytest.mark.parametrize(
    ("question", "text", "said", "unsaid"),
    [
        ("What is the fine for a film a day?", FINES, "1 €", ["20 cents", "5 €"]),
        ("What fine is there for a drill?", FINES, "5 €", ["20 cents", "1 €"]),
        ("From which platform leaves the train RE 9?", TRAINS, "11", ["IC 4"]),
        ("When leaves the train IC 4?", TRAINS, "8:12", ["8:40"]),
        ("What is the weight of a beagle?", BREEDS, "11 kg", ["Collie"]),
        ("What height has a collie?", BREEDS, "58 cm", ["Beagle"]),
        ("How many seats has the red hall?", ROOMS, "45", ["80"]),
        ("Was ist der Preis im Tarif Hund?", GERMAN, "2 €", ["Kind", "Fahrrad"]),
        ("Quelle ouverture le mardi ?", FRENCH, "10 h", ["Lundi"]),
        ("Can I bring my dog?", FAQ, "on a lead", ["nine"]),
        ("When do you close?", FAQ, "nine in the evening", ["lead"]),
        ("How does resetting the boiler work?", GUIDE, "Hold both keys", ["ten years"]),
        ("How long is the warranty?", GUIDE, "ten years", ["keys"]),
    ],
)
def test_the_row_or_the_sentence_below_the_heading_that_was_asked_for_is_quoted_alone(
    question: str, text: str, said: str, unsaid: list[str]
) -> None:
    told = answer(question, text)
    assert said in told
    assert [each for each in unsaid if each in told] == []


def test_two_rows_that_are_asked_for_are_both_quoted() -> None:
    told = answer("What is the fine for a book and for a drill?", FINES)
    assert "Book" in told
    assert "Drill" in told
    assert "Film" not in told


def test_every_row_is_quoted_when_none_is_named() -> None:
    told = answer("Which trains leave?", TRAINS)
    assert "IC 4" in told
    assert "RE 9" in told


@pytest.mark.parametrize(
    ("quote", "name"),
    [
        ("Zone: Harbour; Per day: 15 €.", "Zone"),
        ("Harbour; Per day: 15 €; Per hour: 2 €.", "Per day"),
        ("Harbour; Per day: 15 €.", "Per day"),
        ("It rained; nobody came.", ""),
        ("He said: go; they went; all were glad.", ""),
    ],
)
def test_a_row_is_known_by_the_names_of_its_columns(quote: str, name: str) -> None:
    assert column(quote) == name
