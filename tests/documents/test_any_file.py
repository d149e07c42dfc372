"""What holds of any file: its text can be written, its sections stand in it, and no value of a table is lost."""

import csv
import io
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.formats import Unreadable, format_of
from fanin.documents.markdown import markdown
from fanin.documents.rows.csv_rows import table
from fanin.documents.rows.json_rows import json_lines

PIECES = st.sampled_from(
    [
        *("# Head", "## ", "===", "---\n", "~~~", "```\n", "title: T\n", "date: 2026-11-24\n", "date: 2026-99-99\n"),
        *("<h1>", "</h1>", "<p>", "<title>", "<!--", "&amp;", "def f():\n", "class A:\n", "a,b\n", '"', '{"a": 1}\n'),
        *("[1]\n", "\n", " ", "\t", "Grüße", "天気", "\ufeff", "\0", "x" * 200, ".. a::\n"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=12).map("".join)
CONTENTS = TEXTS.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=200)
ENDINGS = ("md", "rst", "html", "csv", "tsv", "jsonl", "txt", "py", "pdf")


@pytest.mark.parametrize("ending", ENDINGS)
@given(content=CONTENTS)
def test_any_file_is_read_as_text_with_its_sections_in_order_or_refused(ending: str, content: bytes) -> None:
    try:
        parsed = format_of(f"a.{ending}")(content)
    except Unreadable:
        return
    parsed.text.encode()
    starts = [section.start for section in parsed.sections]
    assert starts == sorted(starts)
    assert all(0 <= start <= len(parsed.text) for start in starts)
    assert parsed.title == parsed.title.strip()
    if parsed.published:
        datetime.fromisoformat(parsed.published)


WORDS = st.from_regex(r"[a-z0-9äß.]{1,8}( [a-z,\"]{1,5})?", fullmatch=True)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=5), st.sampled_from(",;\t|"))
def test_every_value_of_a_table_is_told_with_the_name_of_its_column(rows: list[list[str]], separator: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows([["one", "two", "three", "four"], *rows])
    told = [line for line in table(written.getvalue().encode()).text.splitlines() if line]
    names = ("one", "two", "three", "four")
    sentences = ["; ".join(f"{name}: {value}" for name, value in zip(names, row, strict=False)) for row in rows]
    assert told == [sentence if sentence.endswith(".") else f"{sentence}." for sentence in sentences]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def leaves(value: object) -> list[str]:
    """The values in a JSON value that say something, as they are told."""
    match value:
        case dict():
            return [leaf for inner in value.values() for leaf in leaves(inner)]
        case list():
            return [leaf for inner in value for leaf in leaves(inner)]
        case None:
            return []
        case _:
            return [value if isinstance(value, str) else json.dumps(value)]


@given(st.lists(JSON, max_size=4))
def test_every_value_of_json_lines_is_told_once_in_its_order(values: list[object]) -> None:
    told = json_lines("\n".join(map(json.dumps, values)).encode()).text.splitlines()
    assert [line.rpartition(": ")[2] for line in told if line] == leaves(values)


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?)?", fullmatch=True))
def test_a_date_that_is_none_dates_nothing(date: str) -> None:
    published = markdown(f"---\ndate: {date}\n---\nText.".encode()).published
    assert published in (date.replace(" ", "T"), "")
    if published:
        datetime.fromisoformat(published)
