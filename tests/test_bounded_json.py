"""JSON within limits: the same values as the standard library's, or an error that names the limit."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin import bounded_json
from fanin.bounded_json import JSONLimit, without_surrogates
from fanin.bounded_json import bounded_json as parse

values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("in_one_go", [0, 20_000])
@given(value=values, ascii_only=st.booleans())
def test_what_was_written_is_read_by_either_parser(in_one_go: int, value: Any, ascii_only: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded_json, "C_PARSER_VALUES", in_one_go)
        assert parse(json.dumps(value, ensure_ascii=ascii_only)) == value


@pytest.mark.parametrize(
    ("text", "kind", "limit"),
    [
        ('"' + "x" * 8_000_000 + '"', "too_large", "8,000,000 characters"),
        ("[" + "1," * 100_000 + "1]", "too_large", "100,000 values"),
        ("[" * 101 + "]" * 101, "too_deep", "100 levels"),
        ('{"a":' * 30_000 + "1" + "}" * 30_000, "too_deep", "100 levels"),
        ("1" * 1_001, "too_large", "1,000 characters"),
        ("-" + "1" * 1_000, "too_large", "1,000 characters"),
        ("0." + "1" * 1_000, "too_large", "1,000 characters"),
        ("1e" + "0" * 1_000, "too_large", "1,000 characters"),
    ],
)
def test_what_is_beyond_a_limit_is_an_error_that_names_it(text: str, kind: str, limit: str) -> None:
    with pytest.raises(JSONLimit, match=limit) as caught:
        parse(text)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "text", ["", "{", "[1] 2", "1\n2", "'a'", '{"a" 1}', "[1,,2]", "[1 2]", '{"a": 1} x', "{} // a\n {", '["a]', "[/*"]
)
@pytest.mark.parametrize("in_one_go", [-1, 20_000])
def test_what_is_no_json_is_a_plain_error(text: str, in_one_go: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_json, "C_PARSER_VALUES", in_one_go)
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert not isinstance(caught.value, JSONLimit)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud83d\ude00"', "😀"),
        (r'["\ud83d!", "a\udc00"]', ["\ufffd!", "a\ufffd"]),
        (r'{"\uD800": 1}', {"\ufffd": 1}),
        ('"\ud83d!"', "\ufffd!"),
    ],
)
def test_half_a_character_is_replaced(text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"depth": NaN, "warm": 11.5}', {"depth": None, "warm": 11.5}),
        ("[Infinity, -Infinity, 1e999, -1e999, 2]", [None, None, None, None, 2]),
        ("\ufeff[1]", [1]),
        ('\ufeff\n {"a": 1}', {"a": 1}),
        (')]}\'\n{"a": [1]}', {"a": [1]}),
        (')]}\',\n[["b"]]', [["b"]]),
        ('while(1);{"a": 1}', {"a": 1}),
        ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('{"a": 1}\r\n\r\n{"a": 2}', [{"a": 1}, {"a": 2}]),
        ('{"a":\n 1}{"a": 2}', [{"a": 1}, {"a": 2}]),
        ('\x1e{"a": 1}\n\x1e{"a": NaN}\n', [{"a": 1}, {"a": None}]),
        ('{"a": 1},\n{"a": 2},\n', [{"a": 1}, {"a": 2}]),
        ('{"a": [1, 2,], "b": {"c": 3,\n },}', {"a": [1, 2], "b": {"c": 3}}),
        ('{"a": "x,]", "b": "\\",}",}', {"a": "x,]", "b": '",}'}),
        (
            '{ // of the pier\n"a": 1, /* warm, } */ "u": "https://a.example//b" }',
            {"a": 1, "u": "https://a.example//b"},
        ),
        ('{"a": "two\nlines\tand a tab"}', {"a": "two\nlines\tand a tab"}),
    ],
)
@pytest.mark.parametrize("in_one_go", [-1, 20_000])
def test_what_programs_write_though_json_has_it_not_is_read(
    text: str, value: Any, in_one_go: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_json, "C_PARSER_VALUES", in_one_go)
    assert parse(text) == value


_BITS = st.sampled_from(['"', "\\", "/*", "*/", "//", "\n", ",", "]", "}", "[", "{", " ", "1", '"a":', "NaN", "\ufeff"])


@given(st.lists(_BITS, max_size=40).map("".join))
def test_any_text_is_a_value_or_a_plain_error(text: str) -> None:
    try:
        json.dumps(parse(text), allow_nan=False)
    except ValueError:
        with pytest.raises(ValueError):
            json.loads(text, parse_constant=lambda _: None)


@pytest.mark.parametrize(
    "bit", ['"', '\\"', "/*", "//", ",", ", ", "*/", '"\\', ",\n", "[1] ", "{} {", "\ufeff", "while(1);"]
)
def test_searching_for_what_is_no_json_takes_linear_steps(bit: str) -> None:
    """Each beginning matches up to an end or takes the rest, so that no part is searched twice."""
    rest = bounded_json._NO_JSON.sub("", bit * 500)  # pyright: ignore[reportPrivateUsage]
    assert not any(beginning in rest for beginning in ('"', "//", "/*"))


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_text_without_halves_can_be_encoded_and_whole_characters_stay(text: str) -> None:
    found = without_surrogates(text)
    found.encode()
    assert without_surrogates(found) == found
    if text.isprintable():
        assert found == text
