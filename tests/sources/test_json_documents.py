"""Whatever JSON a program or a tool gives, it is a document or a ValueError; whatever is asked, a search is sound."""

import json
import sqlite3
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.bounded_json import without_surrogates
from fanin.model import Document
from fanin.sources.json_documents import DEEPEST, as_lines, document_from_json, jsonable, parse_json
from fanin.sources.mcp.tool_results import documents
from fanin.sources.sql.query_parameters import parameters

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.just("text"), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_any_json_is_a_document_or_a_mistake(value: Any) -> None:
    try:
        found = document_from_json(parse_json(json.dumps(value)))
    except ValueError:
        return
    assert isinstance(found, Document)
    found.text.encode()
    json.dumps(found.metadata)


@given(VALUES)
def test_any_json_can_be_told_in_lines(value: Any) -> None:
    seen = as_lines(value)
    assert all(without_surrogates(leaf) in seen for leaf in leaves(value))


def leaves(value: Any) -> Iterator[str]:
    match value:
        case None | "":
            return
        case dict():
            for inner in value.values():
                yield from leaves(inner)
        case list():
            for inner in value:
                yield from leaves(inner)
        case _:
            yield value if isinstance(value, str) else json.dumps(value)


@given(st.binary() | st.text())
def test_any_line_is_json_or_a_mistake(line: bytes | str) -> None:
    try:
        value = parse_json(line)
    except ValueError:
        return
    assert parse_json(json.dumps(value)) == value


@given(VALUES, st.lists(st.text() | VALUES.map(json.dumps), max_size=3))
def test_any_result_of_a_tool_becomes_documents(structured: Any, texts: list[str]) -> None:
    content = [SimpleNamespace(type="text", text=text) for text in texts]
    result = cast("Any", SimpleNamespace(structured_content=structured, content=content))
    for found in documents(result):
        assert found.text.encode().decode() == found.text
        assert json.loads(json.dumps(found.metadata)) == found.metadata


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": {"b": 1, "c": [1, "x", None]}, "d": None, "e": ""}, "a.b: 1\na.c: 1, x"),
        ([{"a": True}, {"a": 0.5}], "1.a: true\n2.a: 0.5"),
        ([[1, 2], [3]], "1: 1, 2\n2: 3"),
        ("plain", "plain"),
        ([], ""),
        (None, ""),
    ],
)
def test_facts_name_the_way_to_each_value(value: Any, text: str) -> None:
    assert as_lines(value) == text


def test_what_is_nested_too_deeply_is_no_fact() -> None:
    value: Any = 1
    for _ in range(DEEPEST + 1):
        value = {"a": value}
    with pytest.raises(ValueError, match="deeper than 20"):
        as_lines(value)
    with pytest.raises(ValueError, match="nested deeper than 100"):
        parse_json("[" * 200 + "]" * 200)


def test_half_of_a_surrogate_pair_is_nowhere_left() -> None:
    found = document_from_json(parse_json(r'{"text": "a\ud800", "k\udfff": ["\uD83D\uDE00", "\udbff"], "title": "é"}'))
    assert (found.text, found.title, found.metadata) == ("a\ufffd", "é", {"k\ufffd": ["😀", "\ufffd"]})
    assert parse_json('"\ud800"') == "\ufffd"


def test_what_is_not_utf_8_is_no_json() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        parse_json('"café"'.encode("latin-1"))


def test_a_value_of_any_type_becomes_json() -> None:
    assert jsonable({1: (b"abc", {2})}) == {"1": ["(3 bytes)", "{2}"]}


@given(st.text(max_size=200))
def test_a_full_text_search_finds_the_words_of_any_question(question: str) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE notes USING fts5 (body)")
        given = parameters(question, limit=1)
        connection.execute("INSERT INTO notes VALUES (?)", [given["words"]])
        found = connection.execute("SELECT * FROM notes WHERE notes MATCH ?", [given["match"]]).fetchall()
    connection.close()
    assert found == ([(given["words"],)] if given["words"] else [])
