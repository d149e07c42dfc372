import pytest

from fanin.plan.places import place_in


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("What is the weather in New York?", "New York"),
        ("Is it raining in Rio de Janeiro today", "Rio de Janeiro"),
        ("weather in St. Louis, Missouri on Monday", "St. Louis, Missouri"),
        ("Will it be hot in March in Paris?", "Paris"),
        ("News of the World in Port Merrow, and the ferries?", "Port Merrow"),
        ("Weather in Frankfurt am Main?", "Frankfurt am Main"),
        ("In Île-de-France?", "Île-de-France"),
        ("weather in São Paulo", "São Paulo"),
        ("Is it cold in New York In January", "New York"),
        ("rain in the Netherlands", "Netherlands"),
        ("I am in New York. Is it cold?", "New York"),
        ("What is on in London's centre?", "London"),
        ("Who lives on the coast of the Isle of Wight?", "Isle of Wight"),
        ("weather in new york today", "new york"),
    ],
)
def test_the_place_that_a_question_names_is_found(question: str, place: str) -> None:
    assert place_in(question) == place


@pytest.mark.parametrize(
    "question",
    [
        "What happened in March?",
        "what is up",
        "",
        "for",
        "What happens in practice?",
        "Shall I go in on Monday?",
        "in I",
    ],
)
def test_a_question_without_a_place_names_none(question: str) -> None:
    assert place_in(question) == ""


def test_a_very_long_question_is_read_quickly() -> None:
    assert place_in("in " * 500_000 + "Paris") == ""
