"""Questions and texts with other forms of one irregular verb."""

import pytest

from fanin.answer import extract
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze
from fanin.text.languages.irregular_verbs import BASE_FORMS
from fanin.text.question_terms import question_terms
from fanin.text.words import stem

BESIDE = "The parish has a hall, a bell and a ship. It took two years to plan the hall."


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who rang the bell?", "The bell is rung by Ole Moe."),
        ("Who took the picture?", "The picture was taken by Ane Lie."),
        ("When did the ship sink?", "The ship sank in 1911."),
        ("Who sang at the feast?", "At the feast a psalm was sung by Ina Vik."),
        ("Who broke the lamp?", "The lamp was broken by Per Aas."),
        ("When was the barn torn down?", "They tear down the barn in May 1990."),
        ("Who spoke at the burial?", "At the burial Dean Holm speaks."),
        ("Who drew the chart?", "The chart is drawn by Liv Bø."),
        ("Who taught the class?", "The class is taught by Eva Roe."),
        ("Who steals the silver?", "The silver was stolen by Jon Rud."),
        ("Who drives the tractor?", "The tractor is driven by Kim Dale."),
        ("Who wrote the hymn?", "The hymn was written by Nora Lind."),
        ("Who will choose the colour?", "The colour was chosen by Siv Bakke."),
    ],
)
def test_another_form_of_the_verb_answers_first_and_without_doubt(question: str, text: str) -> None:
    documents = [Document(text, source="a", number=1), Document(BESIDE, source="b", number=1)]
    draft = extract(
        question, fuse(question_terms(question), [(each, analyze(question, each)) for each in documents]), numbers={}
    )
    assert draft.answered
    assert not draft.doubtful
    assert draft.text.startswith(f"{text} [1]")


@pytest.mark.parametrize(
    "form", ["taken", "sank", "rung", "spoke", "swum", "wrote", "drove", "froze", "hidden", "bought"]
)
def test_each_form_begins_as_the_question_says_that_its_forms_begin(form: str) -> None:
    (beginning,) = question_terms(f"Who is it that {BASE_FORMS[form]}s?").beginnings
    assert form.startswith(beginning)
    assert stem(form) == stem(BASE_FORMS[form])


def test_words_of_their_own_stay_what_they_are() -> None:
    assert [stem(word) for word in ("saw", "bit", "felt", "rose", "led", "founded")] == [
        "saw", "bit", "felt", "rose", "led", "found",
    ]  # fmt: skip


@pytest.mark.parametrize("question", ["Who came on Friday?", "Who opens it in May?"])
def test_a_day_is_no_person(question: str) -> None:
    text = "On Friday came Ada Moe. In May it is opened by Ada Moe. It is shut on Sunday."
    document = Document(text, source="a")
    draft = extract(question, fuse(question_terms(question), [(document, analyze(question, document))]), numbers={})
    assert "Ada Moe" in draft.statements[0].text
