# ruff: noqa: RUF001  other scripts are the subject

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.text.languages.function_words import function_words
from fanin.text.question_terms import subject
from fanin.text.words import words

SUBJECTS = [
    ("Wie lange ist der Hafen im Winter geschlossen?", ["lange", "hafen", "winter", "geschlossen"]),
    ("Welche Gebühr muss man für einen Liegeplatz zahlen?", ["gebühr", "liegeplatz", "zahlen"]),
    ("Où est le bureau du port et quand ouvre-t-il ?", ["bureau", "port", "ouvre"]),
    ("Combien coûte une place pour la nuit ?", ["coûte", "place", "nuit"]),
    ("¿Dónde está la oficina del puerto?", ["oficina", "puerto"]),
    ("Donde esta la oficina de correos?", ["oficina", "correos"]),
    ("Qual è il prezzo della traversata per i bambini?", ["prezzo", "traversata", "bambini"]),
    ("Quanto custa a travessia para as crianças?", ["custa", "travessia", "crianças"]),
    ("Hoeveel kost een kaartje voor de veerboot?", ["kost", "kaartje", "veerboot"]),
    ("أين مكتب الميناء؟", ["مكتب", "الميناء"]),
    ("بندرگاہ کا دفتر کہاں ہے؟", ["بندرگاہ", "دفتر"]),
    ("बंदरगाह का दफ़्तर कहाँ है?", ["बंदरगाह", "दफ़्तर"]),
    ("Որտե՞ղ է նավահանգստի գրասենյակը։", ["նավահանգստի", "գրասենյակը"]),
    ("የወደቡ ቢሮ የት ነው?", ["የወደቡ", "ቢሮ"]),
    ("料金は何ですか", ["料金", "金は"]),
    ("什么时候开船", ["候开", "开船"]),
    ("ใคร", []),
]


@pytest.mark.parametrize(("question", "about"), SUBJECTS)
def test_function_words_of_its_language_are_not_what_a_question_is_about(question: str, about: list[str]) -> None:
    assert [*subject(question)] == [found for word in about for found in words(word)]


@pytest.mark.parametrize(
    "question",
    [
        "Will the cat die in the war?",
        "Is MIT near Las Vegas?",
        "What does DES have to do with MS-DOS?",
        "Unternehmen",
        "Who sells van parts?",
        "los hermanos",
    ],
)
def test_a_word_of_an_english_question_is_not_taken_for_one_of_another_language(question: str) -> None:
    assert function_words(words(question)) == frozenset()


@given(st.lists(st.sampled_from(["der", "die", "la", "in", "is", "a", "の", "في", "que", "x"]) | st.text(max_size=4)))
def test_how_often_a_word_is_said_does_not_change_the_language(said: list[str]) -> None:
    assert function_words(said) == function_words(said * 2)
    assert not function_words(["x"])
