"""Lists keep what stands before them, and definitions their terms, in Markdown and plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.markdown import markdown
from fanin.documents.plain_text import plain
from fanin.documents.structure import with_lead_ins


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("You need:\n\n- a rope\n- a lamp\n", "You need:\n\n- You need: a rope\n- You need: a lamp\n"),
        ("To reset it:\n1. Hold it.\n2. Wait.\n", "To reset it:\n1. To reset it: Hold it.\n2. To reset it: Wait.\n"),
        ("Es fehlt noch:\n• Brot\n• Salz", "Es fehlt noch:\n• Es fehlt noch: Brot\n• Es fehlt noch: Salz"),
        ("**Bring with you:**\n* tea\n", "**Bring with you:**\n* **Bring with you:** tea\n"),
        ("It takes:\n- a boat\n  - of wood\n- oars", "It takes:\n- It takes: a boat\n  - of wood\n- It takes: oars"),
        ("It takes:\n- a boat\n\nelse:\n- b", "It takes:\n- It takes: a boat\n\nelse:\n- b"),
        ("We sail.\n- a rope\n", "We sail.\n- a rope\n"),
        ("We sail soon. You need:\n- a rope\n", "We sail soon. You need:\n- You need: a rope\n"),
        ("Cards, e.g. these:\n- a pass\n", "Cards, e.g. these:\n- Cards, e.g. these: a pass\n"),
        ("Sluice\n: A gate in a canal.\n", "Sluice: A gate in a canal.\n"),
        ("Sluice\n: A gate.\n: A drink.\n", "Sluice: A gate.\nSluice: A drink.\n"),
        ("```\nRun it now:\n- x\n```\n", "```\nRun it now:\n- x\n```\n"),
        ("## Tools to bring:\n- x\n", "## Tools to bring:\n- x\n"),
        (f"{'very ' * 30}long:\n- x\n", f"{'very ' * 30}long:\n- x\n"),
    ],
)
def test_an_item_says_what_stands_before_its_list(text: str, told: str) -> None:
    assert with_lead_ins(text) == told


def test_files_of_markdown_and_plain_text_are_read_so() -> None:
    text = b"# Tour\n\nYou need for it:\n\n- a *rope*\n- a lamp\n"
    assert "- You need for it: a rope\n- You need for it: a lamp" in markdown(text).text
    assert "- You need for it: a lamp" in plain(text).text


LINES = st.sampled_from(["You need:", "- a", "  - b", "1. c", "```", "", "Term", ": d", "text.", "\t- e"])


@given(st.lists(LINES, max_size=30))
def test_no_line_is_lost_and_the_text_is_at_most_twice_as_long(lines: list[str]) -> None:
    text = "\n".join(lines)
    told = with_lead_ins(text)
    assert len(told) <= 2 * len(text) + 1_000
    assert [each for each in "abcde" if each in told] == [each for each in "abcde" if each in text]


@pytest.mark.parametrize("unit", ["a b:\n- c\n", "- c\n", "T\n: d\n", ": d\n", "```\n", "\n", "a"])
def test_lead_ins_take_work_in_proportion_to_the_text(unit: str, grows_in_proportion) -> None:
    grows_in_proportion(with_lead_ins, unit, head="You need:\n")
