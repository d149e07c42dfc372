"""What `--changes` prints: patches that lead from one answer to the next, and documents without their text."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fanin.streams.event_changes import EventChanges, difference
from fanin.streams.event_json import to_json
from fanin.testing import FakeSource, run_scenario

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(0, 1) | st.sampled_from(["", "a", "b/c", "~"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b/c", "~d", ""]), inner),
    max_leaves=12,
)


def applied(value: Any, patch: list[dict[str, Any]]) -> Any:
    """The value after a JSON Patch, by the rules of RFC 6902."""
    holder = {"": copy.deepcopy(value)}
    for step in patch:
        names = [name.replace("~1", "/").replace("~0", "~") for name in step["path"].split("/")]
        inner: Any = holder
        for name in names[:-1]:
            inner = inner[int(name) if isinstance(inner, list) else name]
        last = int(names[-1]) if isinstance(inner, list) else names[-1]
        match step:
            case {"op": "remove"}:
                del inner[last]
            case {"op": "add", "value": new} if isinstance(inner, list):
                assert last <= len(inner)
                inner.insert(last, new)
            case {"op": "replace", "value": new}:
                assert last in inner if isinstance(inner, dict) else last < len(inner)
                inner[last] = new
            case {"value": new}:
                inner[last] = new
    return holder[""]


@given(VALUES, VALUES)
def test_a_patch_makes_one_value_of_the_other(before: Any, after: Any) -> None:
    assert json.dumps(applied(before, list(difference(before, after))), sort_keys=True) == json.dumps(
        after, sort_keys=True
    )


@given(VALUES)
def test_the_patch_between_equal_values_is_empty(value: Any) -> None:
    assert list(difference(value, copy.deepcopy(value))) == []


def test_a_passage_whose_score_and_place_change_is_not_sent_again() -> None:
    first = [{"text": "The harbour is open.", "score": 0.5}]
    second = [{"text": "It closes at nine.", "score": 0.9}, {"text": "The harbour is open.", "score": 0.4}]
    assert list(difference(first, second)) == [
        {"op": "replace", "path": "/0/score", "value": 0.4},
        {"op": "add", "path": "/0", "value": second[0]},
    ]


def seen() -> list[Any]:
    sources = [
        FakeSource(f"s/{number}", ((number / 4, f"Source {number} says the harbour of town {number} is open."),))
        for number in range(1, 10)
    ]
    return list(run_scenario([each.source for each in sources], question="Is the harbour open?").events)


def test_the_patches_of_a_question_lead_to_each_of_its_answers() -> None:
    changes, answer = EventChanges(), None
    revisions = 0
    for event in seen():
        whole, short = json.loads(to_json(event)), json.loads(changes.to_json(event))
        if whole["event"] == "revised":
            answer = applied(answer, short.pop("patch"))
            assert {**short, "answer": answer} == whole
            revisions += 1
    assert revisions == 8


def test_a_document_is_told_without_its_text() -> None:
    for event in seen():
        whole, short = json.loads(to_json(event)), json.loads(EventChanges().to_json(event))
        if whole["event"] == "fetched":
            text = whole["document"].pop("text")
            assert short == {**whole, "document": {**whole["document"], "characters": len(text)}}
        elif whole["event"] != "revised":
            assert short == whole


def test_changes_are_shorter_than_whole_answers() -> None:
    events, changes = seen(), EventChanges()
    revised = [event for event in events if json.loads(to_json(event))["event"] == "revised"]
    assert sum(len(changes.to_json(each)) for each in revised[1:]) * 2 < sum(len(to_json(each)) for each in revised[1:])
