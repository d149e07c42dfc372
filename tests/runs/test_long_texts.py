"""Long texts are taken out of JSON values once, and put back in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.runs.long_texts import LONG, LongTexts, put_in

KEYS = st.sampled_from(["$text", "$$text", "$$$text", "text", "$", "a"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["x" * LONG, "y" * LONG * 3]),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(KEYS, inside, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_was_taken_out_is_put_back(value) -> None:
    long = LongTexts()
    taken = json.loads(json.dumps(long.take_out(value)))
    assert put_in(taken, list(long.texts.values())) == value


def test_a_long_text_is_kept_once_and_a_short_one_stays() -> None:
    long = LongTexts()
    assert long.take_out(["x" * LONG, {"a": "x" * LONG}, "short"]) == [{"$text": 0}, {"a": {"$text": 0}}, "short"]
    assert [*long.texts.values()] == ["x" * LONG]


@pytest.mark.parametrize("forged", [{"$text": 0}, {"$$text": 0}, {"a": [{"$text": 0}]}])
def test_what_a_source_says_is_never_taken_for_a_reference(forged) -> None:
    long = LongTexts()
    long.take_out("x" * LONG)
    assert put_in(long.take_out(forged), list(long.texts.values())) == forged
