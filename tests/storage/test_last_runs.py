import json

import pytest

from fanin.model import Answer, Turn
from fanin.storage.last_runs import AGE, SESSIONS, keep_turn, last_turn
from fanin.timeline import Timeline


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def answer(query: str, text: str = "At nine. [1]", asked_as: str = "") -> Answer:
    return Answer(query, text, (), (), {}, (), (), True, 1.0, 0.1, 1, Timeline((), 0.1, 1), asked_as=asked_as)


def test_each_session_has_a_last_turn_of_its_own() -> None:
    keep_turn(answer("When?"), session="a", now=1.0)
    keep_turn(answer("where?", asked_as="Where is it?"), session="b", now=2.0)
    assert last_turn(session="a", now=3.0) == Turn("When?", "At nine. [1]")
    assert last_turn(session="b", now=3.0) == Turn("Where is it?", "At nine. [1]")
    assert last_turn(session="c", now=3.0) is None


def test_a_later_turn_takes_the_place_of_the_one_before() -> None:
    keep_turn(answer("When?"), session="a", now=1.0)
    keep_turn(answer("Where?"), session="a", now=2.0)
    assert last_turn(session="a", now=3.0) == Turn("Where?", "At nine. [1]")


def test_a_turn_is_forgotten_after_a_day_and_the_oldest_of_many_sessions_first() -> None:
    keep_turn(answer("When?"), session="a", now=1.0)
    assert last_turn(session="a", now=1.0 + AGE) is None
    for number in range(SESSIONS):
        keep_turn(answer("Where?"), session=str(number), now=2.0 + number)
    assert last_turn(session="a", now=30.0) is None
    assert last_turn(session="0", now=30.0) == Turn("Where?", "At nine. [1]")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"question": 1, "answer": "", "at": 1}}', "\0"])
def test_a_file_that_others_changed_is_read_as_an_empty_one(tmp_path, text: str) -> None:
    keep_turn(answer("When?"), session="b", now=1.0)
    (tmp_path / "fanin" / "last-runs.json").write_text(text)
    assert last_turn(session="a", now=2.0) is None
    keep_turn(answer("When?"), session="a", now=1.0)
    assert last_turn(session="a", now=2.0) == Turn("When?", "At nine. [1]")


def test_no_more_than_the_texts_is_kept(tmp_path) -> None:
    keep_turn(answer("When?" * 9_000, "long " * 9_000), session="a", now=1.0)
    (kept,) = json.loads((tmp_path / "fanin" / "last-runs.json").read_text()).values()
    assert {name: len(str(value)) for name, value in kept.items()} == {"question": 4_000, "answer": 4_000, "at": 3}
