# ruff: noqa: RUF001  other scripts are the subject
"""A question in another language than the documents finds what names and numbers allow, and is told so."""

import pytest

import fanin
from fanin.interfaces.render import text_with_notes
from fanin.knowledge.search.knowledge import Knowledge
from fanin.plan.languages import language_note
from fanin.sources.knowledge_source import knowledge

PAGES = {
    "pump.md": "# Pump\n\nThe Grundwell pump PX-430 is set to 3.2 bar, and it is checked in the spring of each year.",
    "router.md": "# Router\n\nThe router is a Zentrix 88 and its address is 10.0.0.138; it is in the hall of a flat.",
    "alarm.md": "# Alarm\n\nWhen the panel shows E1042, the battery of the sensor is to be replaced by the owner.",
    "shop.md": "# Shop\n\nThe paint for the fence is sold by Farrow in the shop at the end of the street.",
}


@pytest.fixture
async def filled(docs, file, fill):
    for name, text in PAGES.items():
        (docs / name).write_text(text, "utf-8")
    await fill(docs)
    return file


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("Auf welchen Druck ist die Grundwell PX-430 eingestellt und wann wird sie geprüft?", "pump.md"),
        ("Quelle est la pression de la pompe PX-430 ?", "pump.md"),
        ("¿Cuál es la presión de la Grundwell PX-430?", "pump.md"),
        ("Qual è la pressione della PX-430 e quando si controlla?", "pump.md"),
        ("Какое давление у насоса Grundwell PX-430?", "pump.md"),
        ("ポンプ PX-430 の圧力はいくらですか", "pump.md"),
        ("Welche Adresse hat der Zentrix 88 und wo ist er?", "router.md"),
        ("Quelle est l'adresse du Zentrix 88 dans la maison ?", "router.md"),
        ("路由器 10.0.0.138 在哪里", "router.md"),
        ("Was ist zu tun, wenn der Fehler E1042 kommt?", "alarm.md"),
        ("Que faut-il faire pour le code E1042 et la panne ?", "alarm.md"),
        ("Waar is de verf van Farrow en wat is de prijs?", "shop.md"),
    ],
)
async def test_names_and_numbers_find_a_page_in_another_language_and_the_answer_says_so(filled, question, page) -> None:
    found = Knowledge(filled, embedder=lambda: None).find(question, way="lexical")
    assert found.passages[0].path.endswith(page)
    assert found.searched_for == ""
    async with fanin.Engine([knowledge(filled, name="docs")], semantic=False) as engine:
        answer = await engine.ask(question)
    assert len(answer.notes) == 1
    assert answer.notes[0].startswith("The question is in ")
    assert "what was found is in English" in answer.notes[0]
    assert text_with_notes(answer).startswith(answer.notes[0])


@pytest.mark.parametrize(
    ("question", "texts", "told"),
    [
        ("Wann ist der Keller auf?", ["The cellar is open at nine."], "in German, and what was found is in English"),
        ("When is the cellar open?", ["Der Keller ist um neun auf."], "in English, and what was found is in German"),
        ("When is the cellar open?", ["La cave est ouverte dans une heure."], "found is in French"),
        ("When is the cellar open?", ["地下室九点开门。"], "found is in Chinese"),
        ("いつ開きますか", ["The cellar is open at nine."], "is in Japanese"),
        ("کتابخانه چه ساعتی باز می‌شود", ["The cellar is open at nine."], "is in Persian"),
        ("ห้องสมุดเปิดกี่โมง", ["The cellar is open at nine."], "is in Thai"),
        ("When is the cellar open?", ["Der Keller ist um neun auf.", "The cellar is open at nine."], ""),
        ("When is the cellar open?", ["The cellar is open at nine."], ""),
        ("When is the cellar open?", [], ""),
        ("cellar", ["Der Keller ist um neun auf."], ""),
        ("When is the cellar open?", ["Keller: 9–17"], ""),
        ("Is the manual there in German?", ["The manual is in the cellar."], ""),
    ],
)
def test_the_languages_are_named_when_they_differ_for_sure(question: str, texts: list[str], told: str) -> None:
    note = language_note(question, texts)
    assert told in note
    assert bool(note) == bool(told)


async def test_a_question_in_the_language_of_the_documents_has_no_note(filled) -> None:
    async with fanin.Engine([knowledge(filled, name="docs")], semantic=False) as engine:
        answer = await engine.ask("To what is the pump set, and when is it checked?")
    assert answer.notes == ()
    assert "The question is in" not in text_with_notes(answer)
