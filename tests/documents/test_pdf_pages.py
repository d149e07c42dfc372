"""Pages of PDFs as programs write them: columns, tables, titles across them, and words divided at the end of a line."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knowledge_fakes import pdf_of

from fanin.documents.layout.line_ends import join_divided
from fanin.documents.layout.reading_order import Piece, page_blocks
from fanin.documents.pdf import pdf

type Drawn = tuple[float, float, str]

OLD = ["The old mill was built", "of wood in 1790 and burnt", "down in a single night.", "Nobody was hurt."]
NEW = ["The new mill is made of", "stone and grinds wheat for", "the four villages around", "it since 1840."]
FAR = ["The third mill stands by", "the sea, where it pumped", "water until 1953 and is", "now a home."]
TITLE = (72.0, 740.0, "Three mills of the valley and the long story of how they were built and lost")


def column(left: float, lines: Sequence[str], top: float = 700.0) -> list[Drawn]:
    return [(left, top - 14 * number, line) for number, line in enumerate(lines)]


def row_wise(*columns: list[Drawn]) -> list[Drawn]:
    return sorted((each for drawn in columns for each in drawn), key=lambda each: (-each[1], each[0]))


def written(drawn: Sequence[Drawn]) -> bytes:
    """A PDF with a page on which each text is drawn at its place, in this order."""
    shown = "\n".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in drawn)
    page = (
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1<</Type/Font/Subtype/Type1"
        "/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>/Contents 4 0 R>>"
    )
    stream = shown.encode("cp1252")
    parts = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page]
    return pdf_of([*(part.encode() for part in parts), b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)])


def paragraphs(content: bytes) -> list[str]:
    return [" ".join(part.split()) for part in pdf(content).text.split("\n\n") if part.strip()]


PROSE = [" ".join(each) for each in (OLD, NEW, FAR)]
PAGES = {
    "two columns, drawn line by line": (row_wise(column(72, OLD), column(330, NEW)), PROSE[:2]),
    "two columns, drawn one after the other": ([*column(72, OLD), *column(330, NEW)], PROSE[:2]),
    "two columns, the right one drawn first": ([*column(330, NEW), *column(72, OLD)], PROSE[:2]),
    "three columns": (row_wise(column(60, OLD), column(230, NEW), column(400, FAR)), PROSE),
    "a title above two columns": ([TITLE, *row_wise(column(72, OLD), column(330, NEW))], [TITLE[2], *PROSE[:2]]),
    "a title between two pairs of columns": (
        [
            *row_wise(column(72, OLD), column(330, NEW)),
            (72.0, 630.0, TITLE[2]),
            *row_wise(column(72, FAR, 600), column(330, OLD, 600)),
        ],
        [*PROSE[:2], TITLE[2], PROSE[2], PROSE[0]],
    ),
    "columns of different lengths": (
        row_wise(column(72, OLD + FAR), column(330, NEW)),
        [f"{PROSE[0]} {PROSE[2]}", PROSE[1]],
    ),
    "columns whose lines stand at different heights": (
        row_wise(column(72, OLD), column(330, NEW, 697)),
        PROSE[:2],
    ),
    "a narrow gap between the columns": (row_wise(column(72, OLD), column(206, NEW)), PROSE[:2]),
    "a footer below the columns": (
        [*row_wise(column(72, OLD), column(330, NEW)), (72.0, 60.0, TITLE[2])],
        [*PROSE[:2], TITLE[2]],
    ),
    "a table": (
        row_wise(
            column(72, ["Ticket", "Adult", "Child", "Dog"]),
            column(200, ["Price", "12.00", "6.00", "2.00"]),
            column(300, ["Valid", "one day", "one day", "one way"]),
        ),
        [
            "Ticket: Adult; Price: 12.00; Valid: one day.",
            "Ticket: Child; Price: 6.00; Valid: one day.",
            "Ticket: Dog; Price: 2.00; Valid: one way.",
        ],
    ),
    "a table with a gap, between sentences": (
        [
            (72.0, 740.0, "These are the fares of the ferry:"),
            *row_wise(
                column(72, ["From", "Holm", "Sund"]),
                column(200, ["To", "Sund", "Holm"]),
                column(330, ["Fare", "7", ""]),
            )[:-1],
            (72.0, 630.0, "Dogs travel free, if they are small and quiet and sit on a lap."),
        ],
        [
            "These are the fares of the ferry:",
            "From: Holm; To: Sund; Fare: 7.",
            "From: Sund; To: Holm.",
            "Dogs travel free, if they are small and quiet and sit on a lap.",
        ],
    ),
    "a table with a cell of two lines": (
        row_wise(
            column(72, ["Ticket", "Adult", "Child"]),
            column(200, ["Note", "valid all day,", "up to 15 years"]),
            [(200, 679, "dogs too")],
            column(330, ["Price", "12.00", "6.00"]),
        ),
        [
            "Ticket: Adult; Note: valid all day, dogs too; Price: 12.00.",
            "Ticket: Child; Note: up to 15 years; Price: 6.00.",
        ],
    ),
    "an index in two columns": (
        row_wise(
            column(72, [f"{word} . . . . . . 4" for word in ("Anchor", "Boat", "Cable")]),
            column(330, [f"{word} . . . . . . 7" for word in ("Net", "Oar", "Pier")]),
        ),
        [
            "Anchor . . . . . . 4 Boat . . . . . . 4 Cable . . . . . . 4",
            "Net . . . . . . 7 Oar . . . . . . 7 Pier . . . . . . 7",
        ],
    ),
    "marks at the right of a few lines": (
        [
            *column(72, ["int open(void)", "It opens the file.", "It says so."]),
            *column(72, ["int close(void)", "It closes it.", "Done."], 658),
            *[(500, y, "[Function]") for y in (700, 658)],
            *[(400, y, "int n") for y in (700, 658)],
        ],
        [
            (
                "int open(void) It opens the file. It says so. int close(void) It closes it. Done."
                " [Function] [Function] int n int n"
            )
        ],
    ),
    "words divided at the end of a line": (
        column(72, ["The light-", "house keeper is well-", "paid and on a two-", "or three-year term."]),
        ["The lighthouse keeper is wellpaid and on a two- or three-year term."],
    ),
    "words divided in columns": (
        row_wise(column(72, ["The old water-", "mill was built", "of wood in", "1790."]), column(330, NEW)),
        ["The old watermill was built of wood in 1790.", PROSE[1]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_read_as_people_read_it(kind: str) -> None:
    drawn, wanted = PAGES[kind]
    assert paragraphs(written(drawn)) == wanted


def test_a_column_is_a_section_unless_a_sentence_goes_on_in_it() -> None:
    apart = pdf(written(row_wise(column(72, OLD), column(330, NEW))))
    assert [(each.heading, apart.text[each.start :][:7]) for each in apart.sections] == [
        ("Page 1", "The old"),
        ("Page 1", "The new"),
    ]
    assert len(pdf(written(row_wise(column(72, OLD[:-1]), column(330, NEW)))).sections) == 2
    assert len(pdf(written(row_wise(column(72, [*OLD[:-1], "of the year"]), column(330, NEW)))).sections) == 1


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("the light-\nhouse", "the lighthouse\n"),
        ("der Hafen\u00ad\nmeister", "der Hafenmeister\n"),
        ("la embarca\u2010\n  ción", "la embarcación\n"),
        ("a well-\nknown pier; well-known", "a well-known\n pier; well-known"),
        ("the Kiel-\nCanal", "the Kiel-\nCanal"),
        ("Wohn-\nund Schlafraum", "Wohn-\nund Schlafraum"),
        ("in 1990-\nfive", "in 1990-\nfive"),
        ("x-\nray", "x-\nray"),
        ("- \nitem", "- \nitem"),
        ("a re-\nopened pier, reopened", "a reopened\n pier, reopened"),
    ],
)
def test_a_word_divided_at_the_end_of_a_line_is_whole(text: str, whole: str) -> None:
    known = set(text.replace(";", " ").split()) | {"reopened"}
    joined = join_divided(text, known.__contains__)
    assert joined.split() == whole.split()


PIECES = st.builds(
    Piece,
    left=st.floats(-1e3, 1e3),
    right=st.floats(-1e3, 1e3),
    base=st.floats(-1e3, 1e3) | st.sampled_from([0.0, 14.0, 28.0]),
    height=st.floats(0, 40),
    text=st.text("ab 1", max_size=8),
)


@given(st.lists(PIECES, max_size=25))
def test_no_word_of_a_page_is_lost_wherever_it_stands(pieces: list[Piece]) -> None:
    letters = sorted("".join(piece.text for piece in pieces).replace(" ", ""))
    found = "\n\n".join(page_blocks(pieces))
    assert all(found.count(letter) >= letters.count(letter) for letter in set(letters) if found)
