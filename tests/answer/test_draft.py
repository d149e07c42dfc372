"""How a draft reads, and what is left of it when its citations are checked."""

from dataclasses import replace

import pytest

from fanin.answer.draft import NOT_ANSWERED, Draft, Statement, page_of, renumbered, side_by_side, standing
from fanin.model import Citation, Conflict, Passage, Side

SAID = Passage("The lift is stuck. It is 18 °C.", "a", 1, 10, 41, 1.0)
LIFT = Citation(1, "The lift is stuck.", "a", 1, 10, 28)
WARM = Citation(1, "It is 18 °C.", "a", 1, 29, 41)
OTHER = Citation(2, "It is 21 °C.", "b", 1, 0, 12)
DIFFER = Conflict((Side("a", "18 °C", 1), Side("b", "21 °C", 2)))


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (Statement("It is warm.", (WARM,)), "It is warm. [1]"),
        (Statement("It is warm.", (OTHER, WARM, OTHER)), "It is warm. [2][1]"),
    ],
)
def test_a_statement_has_each_of_its_numbers_once_behind_it(statement: Statement, text: str) -> None:
    assert str(statement) == text


def draft(*citations: Citation, answered: bool = True, conflicts: tuple[Conflict, ...] = ()) -> Draft:
    return Draft(tuple(Statement(each.quote, (each,)) for each in citations), answered, conflicts)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (Draft(), ""),
        (Draft(conflicts=(DIFFER,)), ""),
        (draft(LIFT), "The lift is stuck. [1]"),
        (draft(WARM, OTHER), "It is 18 °C. [1] It is 21 °C. [2]"),
        (draft(LIFT, answered=False), f"{NOT_ANSWERED} The lift is stuck. [1]"),
        (
            draft(WARM, OTHER, conflicts=(DIFFER,)),
            "It is 18 °C. [1] It is 21 °C. [2]\nSources differ: a says 18 °C [1], b says 21 °C [2].",
        ),
    ],
)
def test_how_a_draft_reads(made: Draft, text: str) -> None:
    assert made.text == text


def test_the_citations_are_in_the_order_of_the_text() -> None:
    assert draft(OTHER, LIFT).citations == (OTHER, LIFT)
    assert side_by_side(DIFFER) == "Sources differ: a says 18 °C [1], b says 21 °C [2]."


@pytest.mark.parametrize(
    "wrong",
    [
        replace(LIFT, quote="The lift is free."),
        replace(LIFT, start=11, end=29),
        replace(LIFT, start=9, end=27),
        replace(WARM, start=30, end=42),
        replace(LIFT, document=2),
        replace(LIFT, source="b"),
    ],
    ids=["other words", "other place", "before", "behind", "other document", "other source"],
)
def test_a_citation_that_does_not_stand_goes_with_what_stood_on_it_alone(wrong: Citation) -> None:
    both = Draft((Statement("Both.", (wrong, LIFT)), Statement("Wrong.", (wrong,))))
    assert standing(both, [SAID]) == Draft((Statement("Both.", (LIFT,)),))


def test_a_draft_that_stands_is_the_same() -> None:
    whole = draft(LIFT, WARM, answered=False)
    assert standing(whole, [replace(SAID, start=0, text="x"), SAID]) is whole


def test_a_conflict_goes_with_one_of_its_sides() -> None:
    made = draft(WARM, OTHER, conflicts=(DIFFER,))
    assert standing(made, [SAID]) == draft(WARM)
    told = Passage("It is 21 °C.", "b", 1, 0, 12, 1.0)
    assert (
        standing(
            replace(made, statements=(*made.statements, *draft(replace(LIFT, start=0, end=18)).statements)),
            [SAID, told],
        )
        == made
    )


def test_citations_are_numbered_from_one_in_order_of_appearance_and_one_keeps_its_number() -> None:
    third = replace(LIFT, number=7)
    made = Draft((Statement("One.", (OTHER, third)), Statement("Two.", (third, WARM))), answered=False)
    assert renumbered(made) == Draft(
        (
            Statement("One.", (replace(OTHER, number=1), replace(LIFT, number=2))),
            Statement("Two.", (replace(LIFT, number=2), replace(WARM, number=3))),
        ),
        answered=False,
    )


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (("kb", 1, "Tides", "file:///tides.md"), ("kb", 2, "Tides", "file:///tides.md"), True),
        (("kb", 1, "Tides", "file:///tides.md"), ("kb", 2, "Boats", "file:///tides.md"), False),
        (("kb", 1, "Tides", "file:///a.md"), ("kb", 2, "Tides", "file:///b.md"), False),
        (("kb", 1, "Tides", "file:///tides.md"), ("web", 1, "Tides", "file:///tides.md"), False),
        (("rows", 1, "", "https://example.com"), ("rows", 2, "", "https://example.com"), False),
        (("rows", 1, "Row", ""), ("rows", 2, "Row", ""), False),
    ],
)
def test_passages_of_one_page_have_one_number(one, other, shared) -> None:
    first, second = (Passage("Text.", name, at, 0, 5, 1.0, title, url) for name, at, title, url in (one, other))
    assert (page_of(first) == page_of(second)) is shared
