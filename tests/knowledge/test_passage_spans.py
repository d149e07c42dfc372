from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.documents.formats import Parsed, Section
from fanin.documents.markdown import markdown, restructured_text
from fanin.documents.plain_text import code, plain
from fanin.documents.rows.csv_rows import table
from fanin.knowledge.ingest.passage_spans import LONGEST, divide

PROSE = "The ferry sails at nine in the morning, and it comes back when the tide allows it. " * 12


def told(parsed: Parsed) -> list[tuple[str, str]]:
    return [(heading, parsed.text[start:end]) for start, end, heading in divide(parsed)]


def test_a_passage_belongs_to_one_section() -> None:
    parsed = markdown(f"# One\n\n{PROSE}\n\n## Two\n\n{PROSE}".encode())
    found = told(parsed)
    assert {heading for heading, _ in found} == {"One", "One > Two"}
    assert all(("Two" in text) == (at == 1) for at, (_, text) in enumerate([found[0], found[len(found) // 2]]))
    assert all(40 <= len(text.split()) <= 130 for _, text in found)


def test_a_heading_without_text_goes_with_what_follows() -> None:
    assert told(markdown(b"# One\n\n## Two\n\nThe text of it.")) == [("One > Two", "One\n\nTwo\n\nThe text of it.")]


def test_lines_are_not_torn_and_an_empty_one_ends_a_passage_that_says_enough() -> None:
    line = "value = compute(first, second, third)\n"
    found = told(code((line * 15 + "\n" + line * 200).encode()))
    assert found[0][1] == (line * 15).strip()
    assert all(set(text.splitlines()) == {line.strip()} for _, text in found)


def test_an_endless_line_is_cut() -> None:
    found = told(Parsed("x" * 5000, sections=(Section(0, "", "lines"),)))
    assert [len(text) for _, text in found] == [LONGEST, LONGEST, 5000 - 2 * LONGEST]


def test_each_row_of_a_table_that_says_enough_is_a_passage() -> None:
    row = " ".join(["word"] * 50)
    assert len(told(table(f"a,b\n{row},1\n{row},2\nshort,3\n{row},4\n".encode()))) == 3


def test_the_pieces_of_an_endless_line_have_no_white_space_around_them() -> None:
    parsed = code(("a" * 1_999 + " " + "b" * 1_999 + "  " + "c" * 10).encode())
    assert ["".join(sorted(set(parsed.text[start:end]))) for start, end, _ in divide(parsed)] == ["a", "b", "c"]


PIECES = (
    *("# A\n", "## B b\n", "word ", "Ende. ", "\n", "\n\n", "```\n", "----\n", "a,b\n", "def f(x):\n", "天気。"),
    *(f"nul \x00 {'and so on, ' * 6}", "\r\n", "\u2028", "é", "* x\n", PROSE),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from([plain, markdown, restructured_text, code, table])
)
def test_passages_stand_in_the_stored_text_in_order_and_hold_every_word(pieces, read) -> None:
    parsed = read("".join(pieces).encode())
    spans = [(start, end) for start, end, _ in divide(parsed)]
    assert all(0 <= start < end <= len(parsed.text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    covered = "".join(parsed.text[start:end] for start, end in spans)
    assert "".join(filter(str.isalnum, covered)) == "".join(filter(str.isalnum, parsed.text))
    assert all(not parsed.text[start].isspace() and not parsed.text[end - 1].isspace() for start, end in spans)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([plain, markdown, restructured_text, code]))
def test_any_bytes_are_read_or_refused(content, read) -> None:
    try:
        parsed = read(content)
    except ValueError:
        return
    assert all(parsed.text[start:end] for start, end, _ in divide(parsed))
