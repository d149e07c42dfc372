"""Candidates as they are read: what matches, what a sentence is, and which analysis is not believed."""

from typing import Any

import pytest

from fanin.fuse import Sentence
from fanin.fuse.candidates import OPENING_CHARACTERS, TITLE_WEIGHT, analysed, found_in, opened
from fanin.model import Document
from fanin.text.question_terms import question_terms

QUESTION = question_terms("When is the tram line finished?")
FIRST, SECOND = "The tram is late.", "Trams are red."


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("tram line", "The line is long, and the tram is late; a line of trams.", {"tram": 2, "line": 2}),
        ("dying skies", "He died. Under the sky, death.", {"die": 1, "sky": 1}),
        ("hoping", "They hope, and hopped.", {"hope": 1}),
        ("trams", "The tram, of course.", {"tram": 1}),
        ("tram", "A tram-stop and a tram/bus.", {"tram": 2}),
        ("tram", "Die tram fährt.", {"tram": 1}),
        ("tram", "Nothing of it.", {}),
        ("What now?", "What now?", {}),
    ],
)
def test_how_often_each_term_of_a_question_stands_in_a_text(question: str, text: str, found: dict[str, int]) -> None:
    assert found_in(question_terms(question), text) == found


@pytest.mark.parametrize(
    ("text", "title", "matches"),
    [
        (FIRST, "", {"tram": 1}),
        (FIRST, "Tram line", {"tram": 1 + TITLE_WEIGHT, "line": TITLE_WEIGHT}),
        (FIRST, "A line", {"tram": 1, "line": TITLE_WEIGHT}),
        (FIRST, "Trams, trams", {"tram": 1 + 2 * TITLE_WEIGHT}),
        ("Nothing of it.", "Tram", {"tram": TITLE_WEIGHT}),
        (f"{FIRST} {SECOND}", "News", {"tram": 2}),
        (FIRST, "x" * OPENING_CHARACTERS + " tram", {"tram": 1}),
    ],
)
def test_a_match_in_the_title_counts_half(text: str, title: str, matches: dict[str, float]) -> None:
    candidate, _ = opened(QUESTION, Document(text, title=title), place=1)
    assert candidate is not None
    assert candidate.matches == matches


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (FIRST, [Sentence(0, 17, {"tram": 1}, 0.0)]),
        (f" {FIRST}\n", [Sentence(1, 18, {"tram": 1}, 0.0)]),
        (f"{FIRST} {SECOND}", [Sentence(0, 17, {"tram": 1}, 0.0), Sentence(18, 32, {"tram": 1}, 0.0)]),
        (f"{FIRST} Rain.", [Sentence(0, 17, {"tram": 1}, 0.0), Sentence(18, 23, {}, 0.0)]),
        ("Größer wird sie. Tram!", [Sentence(0, 16, {}, 0.0), Sentence(17, 22, {"tram": 1}, 0.0)]),
        ("晴れです。雨です。", [Sentence(0, 5, {}, 0.0), Sentence(5, 9, {}, 0.0)]),
        ("It rains. It snows.", [Sentence(0, 9, {}, 0.0), Sentence(10, 19, {}, 0.0)]),
    ],
)
def test_the_sentences_of_an_opening_each_with_its_own_matches(text: str, sentences: list[Sentence]) -> None:
    candidate, whole = opened(QUESTION, Document(text, source="a"), place=3)
    assert candidate is not None
    assert whole
    assert (candidate.sentences, candidate.order, candidate.similarity, candidate.sketch) == (sentences, 3, None, None)
    assert (candidate.start, candidate.end) == (sentences[0].start, sentences[-1].end)
    assert candidate.text == text[candidate.start : candidate.end]
    assert candidate.length == candidate.text.count(" ") + 1


@pytest.mark.parametrize(
    ("text", "end", "whole"),
    [
        ("word " * 100 + "end.", OPENING_CHARACTERS + 4, True),
        ("word " * 200, OPENING_CHARACTERS - 1, False),
        ("x" * 1000, OPENING_CHARACTERS + 20, False),
        ("Short. " + "Word " + "word " * 200, 6, False),
        ("Ten words. " * 60, 494, False),
        ("word " * 98 + "x" * 9 + ". Next." + " word" * 100, OPENING_CHARACTERS, False),
        ("Ten words. Word " + "word " * 92 + " " * 60 + "more words go on. " * 50, 10, False),
    ],
)
def test_an_opening_ends_with_a_sentence_or_at_a_space_within_its_length(text: str, end: int, whole: bool) -> None:
    candidate, read = opened(QUESTION, Document(text), place=1)
    assert candidate is not None
    assert (candidate.start, candidate.end, read) == (0, end, whole)


@pytest.mark.parametrize(("text", "spoken"), [("The Tram, late.", ["the", "tram", "late"]), ("Die große Tram.", None)])
def test_an_opening_knows_its_words_where_they_are_plain(text: str, spoken: list[str] | None) -> None:
    candidate, _ = opened(QUESTION, Document(text), place=1)
    assert candidate is not None
    assert candidate.words == spoken


@pytest.mark.parametrize("text", ["A tram-stop is here.", "A tram/bus is here."])
def test_the_words_of_an_opening_are_apart_at_hyphens_and_strokes(text: str) -> None:
    candidate, _ = opened(QUESTION, Document(text), place=1)
    assert candidate is not None
    assert candidate.matches == {"tram": 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [(FIRST, [{"tram": 1 + TITLE_WEIGHT, "line": TITLE_WEIGHT}]), (f"{FIRST} It rains.", [{"tram": 1}, {}])],
)
def test_the_title_counts_for_an_opening_of_one_sentence(text: str, found: list[dict[str, float]]) -> None:
    candidate, _ = opened(QUESTION, Document(text, title="Tram line"), place=1)
    assert candidate is not None
    assert [sentence.matches for sentence in candidate.sentences] == found


def test_a_document_without_words_has_no_candidate() -> None:
    assert opened(QUESTION, Document(" \n"), place=1) == (None, True)


def passage(start: int, text: str, *sentences: dict[str, Any], **parts: Any) -> dict[str, Any]:
    found = {"start": start, "end": start + len(text), "text": text, "tokens": 4, "matches": {"tram": 1}}
    return {**found, "similarity": 0.25, "sketch": [1, 2], "sentences": list(sentences), **parts}


def said(start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "matches": {"tram": 1}, "similarity": 0.5}


def test_the_passages_of_an_analysis_are_candidates_in_its_order() -> None:
    value = {
        "title": {"tram": 1, "line": 2},
        "passages": [
            passage(5, FIRST, said(5, 22), meaning=0.75),
            passage(30, SECOND, said(30, 44)),
            passage(60, SECOND),
        ],
    }
    first, second = analysed(Document("…", source="a"), value, place=7, most=2)
    assert [(each.order, each.start, each.end, each.text) for each in (first, second)] == [
        (7, 5, 22, FIRST),
        (8, 30, 44, SECOND),
    ]
    matches = {"tram": 1 + TITLE_WEIGHT, "line": 2 * TITLE_WEIGHT}
    assert (first.matches, first.length, first.similarity) == (matches, 4, 0.25)
    assert (first.sentences, first.sketch) == ([Sentence(5, 22, {"tram": 1}, 0.5)], [1, 2])
    assert (first.meaning, second.meaning) == (0.75, None)


@pytest.mark.parametrize(
    ("start", "end", "kept"), [(5, 22, 1), (4, 22, 0), (5, 23, 0), (9, 9, 0), (9, 8, 0), (9, 10, 1)]
)
def test_a_sentence_beside_its_passage_is_not_believed(start: int, end: int, kept: int) -> None:
    value = {"title": {}, "passages": [passage(5, FIRST, said(start, end))]}
    (candidate,) = analysed(Document("…"), value, place=1, most=1)
    assert len(candidate.sentences) == kept


def test_a_passage_that_is_not_as_long_as_it_says_is_no_analysis() -> None:
    with pytest.raises(ValueError, match="from 5 to 23 has 17 characters"):
        analysed(Document("…"), {"title": {}, "passages": [passage(5, FIRST, end=23)]}, place=1, most=1)
