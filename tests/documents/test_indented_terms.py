"""Terms in plain text and reStructuredText: headings of what is indented below them."""

import pytest

from fanin.documents.markdown import restructured_text
from fanin.documents.plain_text import plain
from fanin.documents.rows.indented_terms import terms_of, with_terms

MANUAL = """KETTLE(1)

NAME
       kettle - heats water

OPTIONS
       -t, --temperature=DEGREES
              Heat to so many degrees.

       --quick
              Heat faster.

              It is louder.

       More options are planned.

SEE ALSO
       teapot(1)
"""


def told(text: str) -> list[tuple[str, bool]]:
    lines = text.splitlines()
    return [(" > ".join(terms), is_term) for _, terms, is_term in terms_of(lines)]


def test_the_terms_of_a_page_of_a_manual_stand_below_its_headings() -> None:
    assert told(MANUAL) == [
        ("NAME", True),
        ("OPTIONS", True),
        ("OPTIONS > -t, --temperature=DEGREES", True),
        ("OPTIONS > --quick", True),
        ("OPTIONS", False),
        ("SEE ALSO", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A paragraph that is set with a hanging indent, so that its first line is\n    full and goes on here.\n",
        "- an item\n    that goes on\n",
        "3. an item\n    that goes on\n",
        ".. note::\n   Mind the gap.\n",
        ":param depth: how deep it is\n   and so on\n",
        "# a comment\n    of a file\n",
        "Mind this,\n    dear reader.\n",
        "He said so.\n    She did, too.\n",
        "A term\n\n    and a quotation below an empty line\n",
        "A line\nand a term\n    that is none\n",
        "A term\n    - a list\n    - of items\n",
        "```\nif dry:\n    water()\n```\n",
        "Alone",
        "",
    ],
)
def test_what_is_no_term(text: str) -> None:
    assert told(text) == []
    assert with_terms(text) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        "lid_angle\n    How far the lid opens.\n",
        "lid_angle (degrees; default: 80)\n  How far the lid opens.\n",
        "lid-angle: <number>\n\tHow far the lid opens.\n",
        "A short term\n    How far the lid opens.\n",
        "LidAngle=\n           How far\n           the lid opens.\n",
    ],
)
def test_a_term_is_a_heading_with_an_empty_line_below_it(text: str) -> None:
    term = text.partition("\n")[0]
    changed, parts = with_terms(text)
    assert changed == text.replace("\n", "\n\n", 1)
    assert parts == [(0, [term])]


def test_sections_of_plain_text_begin_where_their_terms_do() -> None:
    parsed = plain(MANUAL.encode())
    headings = {each.heading: parsed.text[each.start :].split("\n")[0].strip() for each in parsed.sections}
    assert headings["OPTIONS > --quick"] == "--quick"
    assert headings["SEE ALSO"] == "SEE ALSO"
    assert "".join(parsed.text.split()) == "".join(MANUAL.split())


def test_terms_of_restructured_text_stand_below_its_titles() -> None:
    text = "Kettle\n======\n\nspout\n   Where water comes out.\n\nlid\n   Where it goes in.\n\nIt is blue.\n"
    parsed = restructured_text(text.encode())
    assert [each.heading for each in parsed.sections] == ["", "Kettle", "Kettle > spout", "Kettle > lid", "Kettle"]
    assert [parsed.text[each.start :].split("\n")[0] for each in parsed.sections[2:]] == ["spout", "lid", "It is blue."]


def test_of_terms_within_terms_the_nearest_are_told() -> None:
    deep = "".join(f"{' ' * (2 * depth)}t{depth}\n" for depth in range(20)) + " " * 40 + "end\n"
    assert told(deep)[-1] == ("t14 > t15 > t16 > t17 > t18 > t19", True)
