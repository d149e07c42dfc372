"""Tables in Markdown are told row by row; what only looks like one stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.markdown import markdown
from fanin.documents.rows.markdown_rows import tell_tables

TABLES = [
    ("| City | Area |\n| --- | --- |\n| Bern | 52 km² |\n", "City: Bern; Area: 52 km²."),
    ("City | Area\n---|---\nBern | 52 km²\n", "City: Bern; Area: 52 km²."),
    ("|Left|Right|\n|:--|--:|\n|a|1|\n|b|2|\n", "Left: a; Right: 1.\n\nLeft: b; Right: 2."),
    ("| Key | Does |\n|:-:|-|\n| `Ctrl+C` | **stops** it |\n", "Key: Ctrl+C; Does: stops it."),
    ("| Name | Page |\n|--|--|\n| Ada | [her page](https://a.example/x) |\n", "Name: Ada; Page: her page."),
    ("| Flag | Means |\n|--|--|\n| `a\\|b` | either |\n", "Flag: a|b; Means: either."),
    ("| Day | Open |\n|--|--|\n| Mon | 9<br>14 |\n", "Day: Mon; Open: 9, 14."),
    ("| A | B | C |\n|--|--|--|\n| 1 |  | 3 |\n", "A: 1; C: 3."),
    ("| A | B |\n|--|--|\n| 1 |\n", "A: 1."),
    ("| | 2025 |\n|--|--|\n| Ships | 80 |\n", "Ships; 2025: 80."),
    ("  | A | B |\n  |--|--|\n  | 1 | 2 |\n", "A: 1; B: 2."),
    ("| A | B |\r\n|--|--|\r\n| 1 | 2 |\r\n", "A: 1; B: 2."),
]


@pytest.mark.parametrize(("written", "told"), TABLES)
def test_a_row_is_told_with_the_names_of_its_columns(written: str, told: str) -> None:
    assert markdown(written.encode()).text.strip() == told


OTHERS = [
    "```\n| A | B |\n|--|--|\n| 1 | 2 |\n```\n",
    "~~~~\nA | B\n--|--\n~~~~\n",
    "    | A | B |\n    |--|--|\n",
    "Either a | b or c.\n\nText.\n",
    "A title\n-------\nText | more.\n",
    "| A | B |\n|--|--|--|\n",
    "| A | B |\n\n|--|--|\n",
    "a || b\n",
    "---\n\n- one\n- two | three\n",
    "| no rule |\n| at all |\n",
]


@pytest.mark.parametrize("written", OTHERS)
def test_what_is_no_table_stays_as_it_is(written: str) -> None:
    assert tell_tables(written) == written


def test_text_goes_on_after_a_table_and_sections_keep_their_places() -> None:
    parsed = markdown(b"# One\n\n| A | B |\n|--|--|\n| 1 | 2 |\nNot of it.\n\n## Two\n\nText.\n")
    assert parsed.text == "One\n\nA: 1; B: 2.\n\nNot of it.\n\nTwo\n\nText.\n"
    assert [parsed.text[each.start :][:3] for each in parsed.sections[1:]] == ["One", "Two"]


@given(
    st.lists(st.sampled_from(["| a ", "|", "|--|--|", "\n", "```\n", "\\|", "**", "[x](y)", "-", "é "])).map("".join)
)
def test_any_text_is_told_and_no_longer_than_its_names_allow(text: str) -> None:
    assert len(tell_tables(text)) <= (len(text) + 4) ** 2
    assert tell_tables(text).count("é") <= text.count("é") * (text.count("\n") + 1)
