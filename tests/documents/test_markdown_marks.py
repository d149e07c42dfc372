"""Markdown as a reader sees it: no mark stands in the text, and code stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.markdown import markdown


def read(text: str) -> str:
    return markdown(text.encode()).text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Run it **now** or __later__.", "Run it now or later."),
        ("*One* and _two_ and ***three***.", "One and two and three."),
        ("A **bold *and slanted* run** ends.", "A bold and slanted run ends."),
        ("重要**な**こと", "重要なこと"),
        ("See [the guide](a/b.md#c) or [x](<d e>).", "See the guide or [x](<d e>)."),
        ('See [it](https://x.example/a_(b) "Title").', "See it."),
        ("See [the guide][1] and [this][].", "See the guide and this."),
        ("![A boat](boat.png) at sea", "A boat at sea"),
        ("[![build](b.svg)](https://x.example) Boats", "build Boats"),
        ("Write to <https://x.example/a>.", "Write to https://x.example/a."),
        ("It is ~~9~~ 8 €.", "It is 9 8 €."),
        ("snake_case_name and 2 * 3 * 4 and a*b*c", "snake_case_name and 2 * 3 * 4 and a*b*c"),
        (r"Five \* two \_ and \[no link\]", "Five * two _ and [no link]"),
        ("Set `**kwargs` and `a_b_c`.", "Set `**kwargs` and `a_b_c`."),
        ("Press <kbd>F5</kbd><br>twice.", "Press F5\ntwice."),
        ("A note[^1] on it.", "A note on it."),
        ("**over\na line** end", "over\na line end"),
        ("> [!NOTE]\n> Be **quick**.", "Be quick."),
        ('!!! warning "Mind the gap"\n    It is **wide**.', "Mind the gap\nIt is wide."),
        ("???+ tip\n    Do *it*.", "Do it."),
        (":::caution Hot\nIt burns.\n:::", "Hot\nIt burns."),
        ("- one **a**\n    - two [b](c)", "- one a\n- two b"),
        ("Text.\n\n* * *\n\nMore.", "Text.\n\n\n\nMore."),
        ("Text [a].\n\n[a]: https://x.example", "Text [a]."),
        ("<!-- note -->Text.", "Text."),
        ("### Three ###\nText.", "Three\n\nText."),
        ("## A **b** [c](d) {#e}\n\nText.", "A b c\n\nText."),
    ],
)
def test_marks_are_no_text(line: str, text: str) -> None:
    assert read(line).strip() == text


@pytest.mark.parametrize(
    "code", ["```\n**a** [b](c) # d\n```\n", "~~~py\n_x_ = __y__\n~~~\n", "Text.\n\n    **kwargs\n"]
)
def test_code_is_left_as_it_is(code: str) -> None:
    assert read(code) == code


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One\n\nText.", "One"),
        ("Text first.\n\n# One\n", "One"),
        ("## Two\n\nText.", "Two"),
        ("Text first.\n\n## Two\n", "Text first."),
        ("---\ntitle: Front\n---\n# One\n", "Front"),
        ("One\n===\n\nText.", "One"),
        ("One\n---\n\nText.", "One"),
        ("\n\n### **Deep**\n\nText.", "Deep"),
        ("![logo](a.png)\n\n# One\n", "One"),
        ("Text first.\n\nTwo\n---\n", "Text first."),
    ],
)
def test_the_title_is_no_heading_further_down_unless_it_is_of_the_first_level(text: str, title: str) -> None:
    assert markdown(text.encode()).title == title


MARKS = (
    "**",
    "*",
    "_",
    "__",
    "`",
    "```\n",
    "[",
    "](",
    ")",
    "# ",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "!!! ",
    "- ",
    "<",
    "a",
    " ",
)


@given(st.lists(st.sampled_from((*MARKS, "===\n", "---\n", "\\", "~~", "![", "]:", "{#")), max_size=60).map("".join))
def test_any_text_is_read_with_its_sections_in_order(text: str) -> None:
    parsed = markdown(text.encode())
    starts = [section.start for section in parsed.sections]
    assert starts == sorted(starts)
    assert starts[-1] <= max(len(parsed.text), 0)


UNITS = ("**a", "*a", "_a ", "`a", "[a", "![a](", "[a](b", "<a ", "~~a", "> ", "\\", "- a\n", "!!! a\n", "<!-- ", "a\n")


@pytest.mark.parametrize("unit", UNITS)
def test_it_takes_work_in_proportion_to_the_length_of_a_text(unit: str, grows_in_proportion) -> None:
    grows_in_proportion(read, unit)


def test_a_heading_below_a_very_long_run_of_lines_is_read() -> None:
    for lines in range(198, 204):
        assert markdown(("a\n" * lines + "---\n").encode()).sections[-1].heading == "a"
