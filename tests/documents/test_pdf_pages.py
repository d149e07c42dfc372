"""Pages of PDFs as programs write them: columns, tables, titles across them, and words divided at the end of a line."""

from collections.abc import Sequence
from dataclasses import replace

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


FONT = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


def stream_of(shown: str, head: str = "") -> bytes:
    content = shown.encode("cp1252")
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head.encode(), len(content), content)


def pages_of(*shown: str, forms: Sequence[str] = ()) -> bytes:
    """A PDF whose pages have these operators, and may draw these forms, which are called /X0, /X1 …"""
    count = len(shown)
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + count))
    named = "".join(f"/X{at} {3 + 2 * count + at} 0 R" for at in range(len(forms)))
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]{FONT}/XObject<<{named}>>>>/Contents {{}} 0 R>>"
    parts = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>"]
    parts += [page.format(3 + count + at) for at in range(count)]
    drawn = [stream_of(form, f"/Type/XObject/Subtype/Form/BBox[0 0 612 792]{FONT}>>") for form in forms]
    return pdf_of([*(part.encode() for part in parts), *map(stream_of, shown), *drawn])


def shown_at(drawn: Sequence[Drawn], size: float = 10) -> str:
    return "\n".join(f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET" for x, y, text in drawn)


def written(*pages: Sequence[Drawn]) -> bytes:
    """A PDF with pages on which each text is drawn at its place, in this order."""
    return pages_of(*map(shown_at, pages))


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
            "int open(void) It opens the file. It says so. int close(void) It closes it. Done. [Function]",
            "[Function] int n",
            "int n",
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
    text=st.sampled_from(["{}", " {}", "{} ", "1 {}", "{} word", " "]),
)


@given(st.lists(PIECES, max_size=25))
def test_no_word_of_a_page_is_lost_wherever_it_stands(pieces: list[Piece]) -> None:
    words = [f"({number})" for number in range(len(pieces))]
    drawn = [replace(piece, text=piece.text.format(word)) for piece, word in zip(pieces, words, strict=True)]
    found = "\n\n".join(page_blocks(drawn))
    assert all(word in found for word, piece in zip(words, pieces, strict=True) if "{}" in piece.text and found)


HEAD, FOOT = (72.0, 770.0, "Almanac of mills"), (290.0, 30.0, "Page {} of 4")


def test_headers_and_footers_that_pages_repeat_are_no_text() -> None:
    bodies = (OLD, NEW, FAR, ["The last mill grinds no", "more."])
    pages = [[HEAD, *column(72, body), (FOOT[0], FOOT[1], FOOT[2].format(at))] for at, body in enumerate(bodies, 1)]
    assert paragraphs(written(*pages)) == [*PROSE, "The last mill grinds no more."]


def test_left_and_right_pages_may_have_headers_of_their_own() -> None:
    heads = [(72.0, 770.0, "Almanac"), (400.0, 770.0, "iv  Of mills")] * 3
    pages = [[head, *column(72, [f"Mill {word} is made of oak."])] for head, word in zip(heads, "ABCDEF", strict=True)]
    assert paragraphs(written(*pages)) == [f"Mill {word} is made of oak." for word in "ABCDEF"]


def test_the_headings_of_a_table_and_a_first_line_are_no_headers() -> None:
    pages = [[*column(72, ["Opening hours", f"Mill {word} opens at {word}."])] for word in ("one", "two", "ten")]
    assert paragraphs(written(*pages))[2] == "Opening hours Mill ten opens at ten."


def test_a_sentence_and_a_word_go_on_on_the_next_page_before_its_footnotes() -> None:
    first = "BT /F1 10 Tf 72 700 Td (The mill was built in 1790) Tj /F1 6 Tf 4 Ts (1) Tj ET"
    end = shown_at(column(72, ["and a new water-"], 686))
    note = shown_at(column(72, ["1 The year of the great", "flood."], 80), 7)
    second = shown_at(column(72, ["wheel came later. Nobody", "knows when."]))
    assert paragraphs(pages_of("\n".join((first, end, note)), second)) == [
        "The mill was built in 1790 and a new waterwheel came later.",
        "1 The year of the great flood.",
        "Nobody knows when.",
    ]


def test_raised_digits_that_are_no_footnotes_stay_apart_from_the_number_before_them() -> None:
    shown = "BT /F1 10 Tf 72 700 Td (It turns 10) Tj /F1 6 Tf 4 Ts (2) Tj /F1 10 Tf 0 Ts ( times a day.) Tj ET"
    assert paragraphs(pages_of(shown)) == ["It turns 10\u00b2 times a day."]


def test_text_in_forms_is_read_where_it_is_drawn() -> None:
    above, below = shown_at(column(72, ["Above the form."])), shown_at(column(72, ["Below."], 600))
    shown = f"{above} q 1 0 0 1 0 -40 cm /X0 Do Q {below}"
    assert paragraphs(pages_of(shown, forms=[shown_at(column(72, ["Within the form."]))])) == [
        "Above the form. Within the form. Below."
    ]


def test_a_form_that_draws_itself_ends() -> None:
    form = "BT /F1 10 Tf 72 700 Td (Again.) Tj ET /X0 Do"
    assert "Again." in pdf(pages_of("/X0 Do", forms=[form])).text


@pytest.mark.parametrize(
    "shown",
    [
        "BT /F1 10 Tf 72 700 Td [(The ) -20 (new) -300 (mi) 12 (ll)] TJ 0 -14 TD [(is) -280 (open.)] TJ ET",
        "BT /F1 1 Tf 10 0 0 10 72 700 Tm (The new mill) Tj T* 10 0 0 10 72 686 Tm (is open.) Tj ET",
        "1 0 0 -1 0 792 cm BT /F1 10 Tf 1 0 0 -1 72 92 Tm (The new mill) Tj 1 0 0 -1 72 106 Tm (is open.) Tj ET",
        "BT /F1 10 Tf 14 TL 72 700 Td (The new mill) Tj (is open.) ' ET",
        'BT /F1 10 Tf 14 TL 72 700 Td (The new mill) Tj 0 0 (is open.) " ET',
        "q BT /F1 10 Tf 72 700 Td (The new) Tj ET Q q BT /F1 10 Tf 113 700 Td (mill is open.) Tj ET Q",
        "BT /F1 10 Tf 200 Tz 72 700 Td (The new mill) Tj 100 Tz 133 0 Td (is open.) Tj ET",
    ],
)
def test_words_are_whole_however_a_program_places_them(shown: str) -> None:
    assert paragraphs(pages_of(shown)) == ["The new mill is open."]


def test_a_page_that_is_broken_is_read_as_far_as_it_can_be() -> None:
    assert "still" in pdf(pages_of("BT /F1 (x) Tf (lost) Tj ET BT /F1 10 Tf 72 700 Td (still there) Tj ET")).text


@pytest.mark.parametrize("unit", ["(a) Tj ", "0 -2 Td (a b) Tj ", "[(a) -900 (b)] TJ ", "q ", "9 0 Td (ab cd) Tj "])
def test_a_page_takes_work_in_proportion_to_its_operators(unit: str, grows_in_proportion) -> None:
    grows_in_proportion(lambda text: pdf(pages_of(f"BT /F1 10 Tf (a) Tj {text} ET")), unit)


def fresh(left: float, lines: Sequence[str]) -> list[Drawn]:
    return [(left, 700.0 - 13 * number, line) for number, line in enumerate(lines)]


ROPES = [
    "Ropes must be dry before",
    "they are stored, and each",
    "rope is marked with the",
    "year in which it was bought.",
]
LAMPS = ["Lamps burn for nine hours", "with a full tank of oil and", "are lit before sunset by", "the second keeper."]
BOTH = [" ".join(ROPES), " ".join(LAMPS)]
FRESH = {
    "paragraphs": ([*fresh(72, ROPES), *[(x, y - 90, text) for x, y, text in fresh(72, LAMPS)]], BOTH),
    "indented paragraphs": ([*fresh(72, ROPES), *[(x, y - 75, text) for x, y, text in fresh(82, LAMPS)]], BOTH),
    "lines wide apart": ([(x, 700 - 2 * (700 - y), text) for x, y, text in fresh(72, ROPES)], BOTH[:1]),
    "narrow gutter": (row_wise(fresh(60, ROPES), fresh(215, LAMPS)), BOTH),
    "unequal columns": (row_wise(fresh(60, ROPES), fresh(400, LAMPS)), BOTH),
    "footer below columns": (
        [
            *row_wise(fresh(72, ROPES), fresh(330, LAMPS)),
            (72.0, 60.0, "Keepers of the northern lights meet on the first day of each month."),
        ],
        [*BOTH, "Keepers of the northern lights meet on the first day of each month."],
    ),
    "divided word": (
        fresh(72, ["The keeper must write the tem-", "perature into the book."]),
        ["The keeper must write the temperature into the book."],
    ),
    "divided at a hyphen kept": (
        fresh(72, ["The well-", "known keeper is a well-known man."]),
        ["The well-known keeper is a well-known man."],
    ),
    "table": (
        row_wise(
            fresh(72, ["Rope", "Hemp", "Nylon", "Wire"]),
            fresh(200, ["Length", "20 m", "30 m", "40 m"]),
            fresh(300, ["Price", "9 EUR", "8 EUR", "7 EUR"]),
        ),
        [
            "Rope: Hemp; Length: 20 m; Price: 9 EUR.",
            "Rope: Nylon; Length: 30 m; Price: 8 EUR.",
            "Rope: Wire; Length: 40 m; Price: 7 EUR.",
        ],
    ),
    "table under a title": (
        [
            (72.0, 740.0, "Ropes in stock"),
            *row_wise(fresh(72, ["Rope", "Hemp", "Nylon"]), fresh(200, ["Length", "20 m", "30 m"])),
        ],
        ["Ropes in stock", "Rope: Hemp; Length: 20 m.", "Rope: Nylon; Length: 30 m."],
    ),
    "single column": (fresh(72, ROPES), [BOTH[0]]),
}
"""Pages that nobody looked at while the reader was made."""


@pytest.mark.parametrize("name", FRESH)
def test_a_fresh_page_is_read_in_its_order(name: str) -> None:
    drawn, said = FRESH[name]
    assert paragraphs(written(drawn)) == said
