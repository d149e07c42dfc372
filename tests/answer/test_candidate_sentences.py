"""Which sentences may stand in an answer, and what each is score."""

from collections.abc import Sequence

import pytest

from fanin.answer.candidate_sentences import (
    FRESH_BONUS,
    LONG_SENTENCE,
    MAX_PASSAGES,
    OWN_SHARE,
    RANK_BONUS,
    CandidateSentence,
    fitting_sentences,
    leading_sentences,
)
from fanin.fuse import Candidate, Fused, Sentence
from fanin.model import Document, Passage
from fanin.text.relevance import LIKENESS, Measure

GOOD, MORE = "The tram line is finished in May.", "Fourteen stops are planned in all."
MEASURE = Measure({"tram": 1.0, "line": 3.0}, 4.0, 9.0)


def evidence(
    *rows: tuple[str, int, int, Sequence[tuple[str, dict[str, float], float]]],
    fits: Sequence[float] = (),
    scores: Sequence[float] = (),
    freshness: Sequence[float] = (),
) -> Fused:
    """Each row is a passage: its source, document and start, and its sentences with matches and likeness."""
    passages: list[Passage] = []
    candidates: list[Candidate] = []
    for at, (source, document, start, said) in enumerate(rows):
        text = " ".join(sentence for sentence, _, _ in said)
        passages.append(Passage(text, source, document, start, start + len(text), scores[at] if scores else 1.0))
        places = [start + text.index(sentence) for sentence, _, _ in said]
        found = Candidate(
            Document(text, source=source, number=document),
            1,
            text=text,
            start=start,
            length=0,
            matches={},
            similarity=0.0,
            sentences=[Sentence(b, b + len(s), *rest) for b, (s, *rest) in zip(places, said, strict=True)],
            sketch=None,
        )
        found.fit, found.freshness = (fits[at] if fits else 1.0), (freshness[at] if freshness else 0.0)
        candidates.append(found)
    return Fused(tuple(passages), tuple(candidates), measure=MEASURE)


def told(lines: Sequence[CandidateSentence]) -> list[tuple[str, float, float]]:
    return [(each.quote, each.relevance, pytest.approx(each.score)) for each in lines]


def test_a_sentence_says_as_much_of_the_question_as_its_rarer_words_and_its_likeness_tell() -> None:
    found = fitting_sentences(
        "?", evidence(("a", 1, 7, [(GOOD, {"tram": 2.0, "line": 1.0}, 0.0), (MORE, {"tram": 1.0}, 0.5)]))
    )
    all_of_it, half = 1.0 + OWN_SHARE, 0.25 + OWN_SHARE * (0.25 + LIKENESS * 0.5)
    alike = 0.25 + LIKENESS * 0.5
    assert half < alike
    assert told(found) == [(GOOD, all_of_it, all_of_it + RANK_BONUS), (MORE, alike, alike + RANK_BONUS - 0.001)]
    assert [(each.start, each.end) for each in found] == [
        (7, 7 + len(GOOD)),
        (8 + len(GOOD), 8 + len(GOOD) + len(MORE)),
    ]


def test_a_sentence_that_says_nothing_is_left_out_unless_its_passage_fits_by_its_title_alone() -> None:
    silent = [(GOOD, {}, 0.0), (MORE, {}, 0.0)]
    assert told(fitting_sentences("?", evidence(("a", 1, 0, [*silent, ("Trams.", {"tram": 1.0}, 0.0)])))) == [
        ("Trams.", 0.25 * (1 + OWN_SHARE), 0.25 * (1 + OWN_SHARE) + RANK_BONUS - 0.002 - 1.0)
    ]
    assert told(fitting_sentences("?", evidence(("a", 1, 0, silent), fits=[0.8]))) == [
        (GOOD, 0.4, 0.4 + RANK_BONUS),
        (MORE, 0.4, 0.4 + RANK_BONUS - 0.001),
    ]
    assert fitting_sentences("?", evidence(("a", 1, 0, silent), fits=[0.0])) == []


def test_the_place_of_its_passage_and_its_days_count_less_than_what_it_says() -> None:
    said = [(GOOD, {"line": 1.0}, 0.0)]
    found = fitting_sentences(
        "?", evidence(("a", 1, 0, said), ("b", 1, 0, said), scores=[2.0, 1.0], freshness=[0.0, 0.5])
    )
    assert told(found) == [(GOOD, 0.75, 0.75 + RANK_BONUS), (GOOD, 0.75, 0.75 + RANK_BONUS / 2 + FRESH_BONUS / 2)]


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        (GOOD, False),
        ("Tram line", True),
        ("Is the tram line finished in May?", True),
        ("Home | News | Tram line", True),
        ("return answers;", True),
    ],
)
def test_headings_questions_menus_and_code_are_worth_less(text: str, weak: bool) -> None:
    (line,) = fitting_sentences("?", evidence(("a", 1, 0, [(text, {"tram": 1.0}, 0.0)])))
    assert (line.weak, line.score) == (weak, pytest.approx(0.25 + RANK_BONUS - weak))


def test_the_question_itself_is_no_answer() -> None:
    (line,) = fitting_sentences(GOOD, evidence(("a", 1, 0, [(GOOD, {"tram": 1.0}, 0.0)])))
    assert line.weak


@pytest.mark.parametrize(("length", "less"), [(LONG_SENTENCE, 0.0), (LONG_SENTENCE + 1, 0.5)])
def test_a_very_long_sentence_is_worth_less(length: int, less: float) -> None:
    text = ("The tram line " + "goes on " * 100)[: length - 1].strip().ljust(length - 1, "x") + "."
    (line,) = fitting_sentences("?", evidence(("a", 1, 0, [(text, {"tram": 1.0}, 0.0)])))
    assert (len(text), line.score) == (length, pytest.approx(0.25 + RANK_BONUS - less))


def test_lines_are_in_order_of_worth_and_then_of_place() -> None:
    said = [(GOOD, {"tram": 1.0}, 0.0)]
    rows = [("b", 1, 0, said), ("a", 2, 0, said), ("a", 1, 50, said), ("a", 1, 0, said)]
    found = sorted(fitting_sentences("?", evidence(*rows)), key=CandidateSentence.order)
    assert [(each.passage.source, each.passage.document, each.start) for each in found] == [
        ("a", 1, 0),
        ("a", 1, 50),
        ("a", 2, 0),
        ("b", 1, 0),
    ]


def test_the_words_of_a_line_are_compared_without_regard_to_case() -> None:
    (line,) = fitting_sentences("?", evidence(("a", 1, 0, [("The Tram The tram.", {"tram": 1.0}, 0.0)])))
    assert line.words() == {"the", "tram", "tram."}
    assert line.words() is line.words()


def test_each_document_leads_with_its_first_good_sentence() -> None:
    rows = [
        ("a", 1, 90, [(MORE, {}, 0.0)]),
        ("a", 1, 0, [("Heading", {}, 0.0), (GOOD, {}, 0.0), (MORE, {}, 0.0)]),
        ("a", 2, 0, [("Only a heading", {}, 0.0), ("Another one", {}, 0.0)]),
        ("b", 1, 0, [(MORE, {}, 0.0)]),
    ]
    found = leading_sentences(evidence(*rows, scores=[4.0, 3.0, 2.0, 1.0]))
    assert told(found) == [(GOOD, 1.0, 3.0), ("Only a heading", 1.0, 1.0), (MORE, 1.0, 1.0)]


def test_only_the_best_passages_and_the_best_of_each_source_are_within_reach() -> None:
    many = [("a", number, 0, [(GOOD, {"tram": 1.0}, 0.0)]) for number in range(1, MAX_PASSAGES + 3)]
    rows = [*many, ("b", 1, 0, [(MORE, {"tram": 1.0}, 0.0)]), ("b", 2, 0, [(MORE, {"tram": 1.0}, 0.0)])]
    documents = [(each.passage.source, each.passage.document) for each in fitting_sentences("?", evidence(*rows))]
    assert documents == [*(("a", number) for number in range(1, MAX_PASSAGES + 1)), ("b", 1)]
    assert len(fitting_sentences("?", evidence(*many[:MAX_PASSAGES]))) == MAX_PASSAGES
