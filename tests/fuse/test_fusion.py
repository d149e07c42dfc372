"""What fusing knows of all that arrived, as whole values."""

from typing import Any

import pytest

from fanin.fuse import Fused, fuse
from fanin.fuse.fusion import MAX_PASSAGES, _passage
from fanin.fuse.ranking import K
from fanin.model import Document, Passage
from fanin.process import analyze
from fanin.text.question_terms import question_terms
from fanin.text.relevance import Measure

QUESTION = "When is the tram line finished?"
LINE, RED = "The tram line is long.", "A tram is red, and so is that tram."


def told(text: str, source: str = "a", number: int = 1, **parts: Any) -> Document:
    return Document(text, source=source, number=number, **parts)


@pytest.mark.parametrize("read", [True, False])
def test_a_term_is_rare_when_few_of_all_passages_hold_it(read: bool) -> None:
    arrived = [told(LINE), told(RED, number=2), told("Rain falls here.", "b")]
    fused = fuse(question_terms(QUESTION), [(each, analyze(QUESTION, each) if read else None) for each in arrived])
    words = fused.measure.average * 3
    assert fused.measure == Measure.over({"tram": 2, "line": 1, "finish": 0}, passages=3, words=round(words))
    assert words == pytest.approx(5 + 9 + 3, abs=0 if not read else 3)


def test_a_passage_is_told_with_its_document_and_its_score() -> None:
    document = told(f" {LINE}", title="Trams", url="https://example.com/1", published="2026-11-27")
    assert fuse(question_terms(""), [(document, None)]).passages == (
        Passage(LINE, "a", 1, 1, 23, 1 / (K + 1), "Trams", "https://example.com/1", "2026-11-27"),
    )


def test_each_further_document_of_a_source_has_a_later_place() -> None:
    arrived = [
        (told(text, source, number), None)
        for source, number, text in (
            ("a", 1, "It rains."),
            ("a", 2, "It snows."),
            ("b", 1, "Nothing."),
            ("a", 3, " "),
            ("a", 4, "It is hot."),
        )
    ]
    scores = {each.document_id: each.score for each in fuse(question_terms(""), arrived).passages}
    assert scores == {"a/1": 1 / (K + 1), "b/1": 1 / (K + 1), "a/2": 1 / (K + 2), "a/4": 1 / (K + 4)}


@pytest.mark.parametrize(
    "value",
    [None, 7, [], "statistics", {"mine": 1}, {"statistics": {}}, {"statistics": 3, "passages": [], "title": {}}],
)
def test_of_what_is_no_analysis_the_opening_is_taken(value: Any) -> None:
    assert fuse(question_terms(QUESTION), [(told(LINE), value)]) == fuse(question_terms(QUESTION), [(told(LINE), None)])


def broken(analysis: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return analysis | parts


@pytest.mark.parametrize(
    "parts",
    [
        {"passages": [{"start": 0}]},
        {"passages": 7},
        {"title": None},
        {"statistics": {"passages": 1}},
        {"statistics": {"passages": 1, "frequencies": {}}},
        {"tokens": "many"},
    ],
    ids=str,
)
def test_an_analysis_that_is_damaged_is_none_and_counts_for_nothing(parts: dict[str, Any]) -> None:
    document = told(LINE)
    value = analyze(QUESTION, document) | parts
    assert fuse(question_terms(QUESTION), [(document, value)]) == fuse(question_terms(QUESTION), [(document, None)])


@pytest.mark.parametrize(("length", "unread"), [(400, False), (4_000, True)])
def test_a_document_of_which_only_the_opening_was_read_is_told(length: int, unread: bool) -> None:
    long = told("word " * (length // 5))
    assert fuse(question_terms(QUESTION), [(long, None), (told(LINE, "b"), None)]).unread is unread
    assert fuse(question_terms(QUESTION), [(long, analyze(QUESTION, long)), (told(LINE, "b"), None)]).unread is False


def test_what_is_merged_and_what_is_empty_is_told_by_document() -> None:
    arrived = [(told(LINE), None), (told(LINE, "b"), None), (told(" ", "c"), None), (told(LINE, number=2), None)]
    fused = fuse(question_terms(QUESTION), arrived)
    assert (fused.merged, fused.empty) == ({"b/1": "a/1", "a/2": "a/1"}, ("c/1",))
    assert [(each.document_id, each.also) for each in fused.passages] == [("a/1", ("a/2", "b/1"))]


def test_a_document_of_which_something_is_kept_is_not_merged() -> None:
    more = " ".join(f"Another word {number} stands here." for number in range(60))
    arrived = [told(LINE), told(f"{LINE}\n\n{more}\n\n{more.replace('word', 'line')}", "b")]
    fused = fuse(question_terms(QUESTION), [(each, analyze(QUESTION, each)) for each in arrived])
    assert "b/1" in {each.document_id for each in fused.passages}
    assert "b/1" not in fused.merged


def test_every_document_has_a_passage_however_many_there_are() -> None:
    text = "\n\n".join(f"Passage {number} tells of the tram line. " * 12 for number in range(9))

    def passages(count: int) -> list[int]:
        documents = [told(text.replace("tells", f"tells{source}"), f"s{source}") for source in range(count)]
        fused = fuse(question_terms(QUESTION), [(each, analyze(QUESTION, each)) for each in documents])
        return [sum(each.source == document.source for each in fused.passages) for document in documents]

    assert passages(2) == [9, 9]
    assert passages(MAX_PASSAGES // 4) == [4] * (MAX_PASSAGES // 4)


def test_nothing_gives_nothing() -> None:
    assert fuse(question_terms(QUESTION), []) == Fused(
        measure=Measure.over({"tram": 0, "line": 0, "finish": 0}, passages=0, words=0)
    )


def test_a_passage_is_told_with_its_meaning_and_the_other_documents_that_say_it() -> None:
    one, other = (
        fuse(question_terms("tram"), [(told("The tram is late.", source), None)]).candidates[0] for source in ("a", "b")
    )
    one.meaning, one.also = 0.75, [other, one]
    assert _passage(one).meaning == 0.75
    assert _passage(one).also == ("b/1",)


def test_fuse_still_takes_a_question_and_warns() -> None:
    arrived = [(told(LINE), None)]
    with pytest.warns(DeprecationWarning, match="question_terms"):
        fused = fuse(QUESTION, arrived)
    assert fused == fuse(question_terms(QUESTION), arrived)
