from collections.abc import Mapping
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.model import Question
from fanin.plan.search_terms import PLACES, search_terms, values, without_days

TODAY = date(2026, 11, 23)
QUESTION = "Will the storm surge flood the harbour, and are the ferries running?"


def given_by(question: str) -> Mapping[str, str]:
    return values(Question(question, now=datetime.combine(TODAY, time())))


def test_search_terms_leave_out_words_that_ask_and_operators() -> None:
    assert search_terms(QUESTION) == "storm surge flood harbour ferries running"
    assert search_terms('"intitle:x" -y OR z* ~1.5') == "intitle x y z 1.5"
    assert search_terms("What is the latest news about Rust?") == "Rust"


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("What does --table print in psql?", "table print psql"),
        ("What is C++ for, and what C#?", "C++ C#"),
        ("Who owns web-01.eu and C:\\Windows?", "owns web-01.eu C:\\Windows"),
        ("How is .NET started on Pi-hole?", ".NET started Pi-hole"),
        ("What causes ORA-00942 in /etc/hosts?", "causes ORA-00942 /etc/hosts"),
        ("What does std::vector do?", "std vector"),
        ("What is max_connections in 3.14.2?", "max_connections 3.14.2"),
        ("Who closed #1234 for jo.doe@mail.example?", "closed #1234 jo.doe@mail.example"),
        ("Qu'est-ce que l\u2019été?", "Qu'est-ce que l\u2019été"),
        ("हिन्दी में मौसम", "हिन्दी में मौसम"),
        ("東京の天気は?", "東京の天気は"),
    ],
)
def test_a_search_looks_for_technical_tokens_whole_and_for_words_of_any_script(question: str, terms: str) -> None:
    assert search_terms(question) == terms


def test_a_question_of_asking_words_alone_is_searched_as_it_is() -> None:
    assert search_terms("Who are you?") == "Who are you"


@pytest.mark.parametrize("text", ["harbour " * 200, "x" * 2_000])
def test_search_terms_stay_below_their_limit_and_are_never_cut_to_nothing(text: str) -> None:
    assert 280 < len(search_terms(text)) <= 300
    assert search_terms("harbour " * 200).endswith("harbour")


def test_a_question_gives_its_words_place_language_and_days() -> None:
    assert given_by("What did the mayor of Port Merrow say last week?") == {
        "question": "What did the mayor of Port Merrow say last week?",
        "words": "mayor Port Merrow last week",
        "place": "Port Merrow",
        "language": "en",
        "from": "2026-11-16",
        "to": "2026-11-22",
    }


def test_what_a_question_does_not_name_is_empty_and_its_language_english() -> None:
    seen = given_by("Rust")
    assert (seen["place"], seen["language"], seen["from"], seen["to"]) == ("", "en", "", "")


def test_days_that_only_end_have_no_beginning() -> None:
    assert given_by("storms before 2024-01-01")["from"] == ""
    assert given_by("storms before 2024-01-01")["to"] == "2023-12-31"


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("What was new in Rust in March 2025?", "Rust"),
        ("storms between 2024-01-01 and 2024-03-31", "storms"),
        ("Rust since last week", "Rust"),
        ("Rust", "Rust"),
    ],
)
def test_a_search_that_is_told_the_days_otherwise_looks_for_the_other_words(question: str, terms: str) -> None:
    assert search_terms(without_days(question, today=TODAY)) == terms


@given(st.text(max_size=200))
def test_any_question_has_a_text_for_each_place(text: str) -> None:
    seen = given_by(text)
    assert tuple(seen) == PLACES
    assert all(isinstance(value, str) for value in seen.values())
