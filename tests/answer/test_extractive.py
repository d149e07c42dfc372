"""Which sentences an answer takes, from evidence whose figures are given."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

import fanin.answer
from fanin.answer.conflicting.conflicts import conflicts
from fanin.answer.extractive import extract
from fanin.fuse import Candidate, Fused, Sentence
from fanin.model import Document, Passage

type Said = tuple[str, float]
"""A sentence, and how alike it is to the question: it says half as much of it."""


def evidence(**sources: Sequence[Said]) -> Fused:
    """Each source has one passage of these sentences; the ranks of all passages are equal."""
    passages: list[Passage] = []
    candidates: list[Candidate] = []
    for source, said in sources.items():
        text = " ".join(sentence for sentence, _ in said)
        passages.append(Passage(text, source, 1, 0, len(text), 1.0))
        starts = [text.index(sentence) for sentence, _ in said]
        sentences = [Sentence(at, at + len(s), {}, alike) for at, (s, alike) in zip(starts, said, strict=True)]
        found = Candidate(
            Document(text, source=source),
            1,
            text=text,
            start=0,
            length=0,
            matches={},
            similarity=0.0,
            sentences=sentences,
            sketch=None,
        )
        found.fit = 1.0
        candidates.append(found)
    return Fused(tuple(passages), tuple(candidates))


def quoted(**sources: Sequence[Said]) -> list[str]:
    """The first word of each sentence that the answer quotes, by source and in order of the text."""
    return [each.quote.split()[0] for each in extract("", evidence(**sources), numbers={}).citations]


def apart(name: str, alike: float) -> Said:
    return " ".join([name.capitalize(), *(f"{name}{n}" for n in range(8))]) + ".", alike


@pytest.mark.parametrize(("alike", "taken"), [(1.0, True), (0.5, True), (0.48, False)])
def test_a_further_sentence_says_at_least_half_as_much_as_the_best(alike: float, taken: bool) -> None:
    assert quoted(a=[apart("best", 1.0), apart("more", alike)]) == ["Best", *["More"] * taken]


@pytest.mark.parametrize(("alike", "taken"), [(0.2, True), (0.18, False)])
def test_a_source_that_says_less_than_a_fifth_of_the_best_is_not_quoted(alike: float, taken: bool) -> None:
    assert quoted(a=[apart("best", 1.0)], b=[apart("little", alike)]) == ["Best", *["Little"] * taken]


@pytest.mark.parametrize(
    ("third", "other", "last"),
    [(0.90, 0.74, "B2"), (0.94, 0.58, "A3")],
)
def test_each_sentence_that_a_source_has_in_the_answer_makes_its_next_one_worth_less(
    third: float, other: float, last: str
) -> None:
    a = [apart("a1", 1.0), apart("a2", 0.98), apart("a3", third)]
    told = quoted(a=a, b=[apart("b1", 0.97), apart("b2", other)], c=[apart("c1", 0.96)])
    assert sorted(told) == sorted(["A1", "A2", "B1", "C1", last])


def test_what_has_no_word_in_common_with_the_answer_goes_first() -> None:
    def shares(name: str, count: int, alike: float) -> Said:
        words = [f"one{n}" for n in range(count)] + [f"{name}{n}" for n in range(9 - count)]
        return f"{name.capitalize()} {' '.join(words)}.", alike

    a, d = [apart("one", 1.0)], [apart("two", 0.95)]
    b, c = [apart("bee", 0.9)], [apart("sea", 0.9)]
    rest = [shares("near", 4, 0.9), shares("far", 1, 0.84)]
    told = quoted(a=a, b=b, c=c, d=[*d, *rest])
    assert sorted(told) == ["Bee", "Far", "One", "Sea", "Two"]


def test_a_word_in_common_weighs_by_its_share_of_the_sentence() -> None:
    long = "Long one0 " + " ".join(f"long{n}" for n in range(18)) + ".", 0.98
    told = quoted(
        a=[apart("one", 1.0)],
        b=[apart("bee", 0.99)],
        c=[apart("sea", 0.99)],
        d=[apart("two", 0.99), long, apart("far", 0.9)],
    )
    assert sorted(told) == ["Bee", "Long", "One", "Sea", "Two"]


def test_a_source_whose_best_sentence_another_one_says_is_told_by_its_next() -> None:
    same = apart("same", 0.9)
    assert quoted(a=[same], b=[same, apart("other", 0.8)]) == ["Same", "Other"]


@pytest.mark.parametrize(
    ("other", "quotes"),
    [
        ("Red trams go slowly along every street past busy shops.", 2),
        ("Red trams go slowly along every wall past busy shops.", 1),
    ],
)
def test_a_sentence_adds_something_unless_more_than_three_fifths_of_it_are_said(other: str, quotes: int) -> None:
    said = "Red trams go slowly along every wall beside old gardens."
    assert len(quoted(a=[(said, 1.0)], b=[(other, 0.9)])) == quotes


@pytest.mark.parametrize(
    ("published", "conflicts"), [("2026-11-24T18:00:00", 1), ("2026-11-24", 1), ("2026-11-25T09:00:00", 0), ("", 0)]
)
def test_sources_contradict_each_other_about_one_day(published: str, conflicts: int) -> None:
    made = evidence(a=[("The harbour is open today.", 1.0)], b=[("The harbour is closed today.", 0.9)])
    days = ("2026-11-24", published)
    passages = tuple(replace(each, published=day) for each, day in zip(made.passages, days, strict=True))
    assert len(extract("", replace(made, passages=passages), numbers={}).conflicts) == conflicts


def test_what_another_source_says_hides_no_source_behind_it() -> None:
    assert quoted(a=[apart("same", 1.0)], b=[apart("same", 0.9)], c=[apart("other", 0.3)]) == ["Same", "Other"]


def test_a_passage_that_does_not_fit_hides_none_behind_it() -> None:
    made = evidence(a=[apart("unfit", 1.0)], b=[apart("fits", 0.5)])
    made.candidates[0].fit = 0.0
    assert [each.source for each in extract("", made, numbers={}).citations] == ["b"]


def test_a_citation_has_the_title_and_the_address_of_its_passage() -> None:
    made = evidence(a=[apart("one", 1.0)])
    passages = tuple(replace(each, title="News", url="https://a.example/1") for each in made.passages)
    (citation,) = extract("", replace(made, passages=passages), numbers={}).citations
    assert (citation.title, citation.url) == ("News", "https://a.example/1")


def test_the_names_of_the_package_load_when_they_are_used() -> None:
    assert fanin.answer.__getattr__("extract") is extract
    assert fanin.answer.__getattr__("conflicts") is conflicts
    with pytest.raises(AttributeError, match=r"module 'fanin.answer' has no attribute 'nothing'"):
        fanin.answer.__getattr__("nothing")
