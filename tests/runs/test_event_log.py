"""What a reader of a run gets, wherever it joins: each event once, and all of it in the end."""

import json

import pytest

from fanin.events import Answered, Event, Fetched, Wrote
from fanin.runs.event_log import EventLog
from fanin.streams.event_changes import EventChanges
from fanin.testing import FakeSource, run_scenario


def filled(events, **options) -> EventLog:
    log = EventLog(**options)
    for each in events:
        log.add(each)
    return log


def told(lines) -> list[dict]:
    return [json.loads(each.text) for each in lines]


def names(lines) -> list[str]:
    return [each.event for each in lines]


def test_a_reader_from_the_start_gets_every_event_with_its_number(events) -> None:
    changes = EventChanges()
    expected = [{"id": number, **json.loads(changes.to_json(each))} for number, each in enumerate(events, 1)]
    assert told(filled(events).after(0)) == expected
    assert [each.id for each in filled(events).after(0)] == [each["id"] for each in expected]


def test_a_reader_that_comes_back_gets_what_it_has_not_seen(events) -> None:
    log = filled(events)
    for number in range(len(events) + 1):
        assert log.after(number) == filled(events).after(0)[number:]


def test_a_late_reader_gets_one_snapshot_of_all_but_the_end(events) -> None:
    (snapshot,) = filled(events).first()
    values = json.loads(snapshot.text)
    assert (snapshot.id, values["id"], values["event"]) == (len(events) - 1, len(events) - 1, "snapshot")
    assert values["question"]["text"] == "Is the harbour open?"
    assert {name: each["documents"] for name, each in values["sources"].items()} == {"short": 1, "long": 1}
    assert {each["outcome"]["status"] for each in values["sources"].values()} == {"ok"}
    assert names(filled(events).after(snapshot.id)) == ["answered"]


def test_a_snapshot_has_the_answer_that_the_next_patch_changes() -> None:
    sources = [FakeSource(f"s{n}", ((float(n), f"The harbour {n} is open."),)) for n in range(1, 4)]
    events = run_scenario(sources, question="Is the harbour open?").events
    revised = [number for number, each in enumerate(events, 1) if type(each).__name__ == "Revised"]
    assert len(revised) == 2
    log = filled(events[: revised[0]])
    (snapshot,) = told(log.first())
    for each in events[revised[0] :]:
        log.add(each)
    patches = [each["patch"] for each in told(log.after(revised[0])) if each["event"] == "revised"]
    applied = {each["path"]: each.get("value") for each in patches[0] if each["op"] == "replace"}
    assert snapshot["answer"]["revision"] == 1
    assert applied["/revision"] == 2


def test_before_anything_happened_there_is_no_snapshot() -> None:
    assert (EventLog().first(), EventLog().after(0)) == ([], [])


@pytest.mark.parametrize("most", [2, 3, 5, 10])
def test_where_events_are_no_longer_held_there_is_a_gap_and_a_snapshot(events, most: int) -> None:
    log = filled(events, most=most)
    lines = log.after(0)
    assert names(lines) == ["gap", "snapshot", "answered"]
    gap, snapshot, final = told(lines)
    assert gap["from"] == 1
    assert gap["to"] >= len(events) - most
    assert (snapshot["id"], final["id"]) == (len(events) - 1, len(events))
    assert {each["documents"] for each in snapshot["sources"].values()} == {1}
    assert log.after(gap["to"])[-1].id == len(events)


def test_of_several_texts_of_a_model_a_late_reader_gets_the_last() -> None:
    texts = ["One.", "One. Two.", "One. Two. Three."]
    log = filled([Wrote(number, "m", text) for number, text in enumerate(texts)])
    assert [(each["id"], each["text"]) for each in told(log.after(0))] == [(3, texts[2])]
    assert log.after(3) == []


def test_a_run_without_an_answer_ends_with_its_failure(events) -> None:
    log = filled(events[:3])
    log.fail("The engine is closed.")
    assert (log.over, log.last) == (True, 4)
    assert told(log.after(3)) == [{"id": 4, "event": "failed", "message": "The engine is closed."}]
    assert (names(log.first()), names(log.after(log.first()[0].id))) == (["snapshot"], ["failed"])


def test_no_line_has_the_text_of_a_document(events) -> None:
    assert any(isinstance(each, Fetched) for each in events)
    fetched = [each for each in told(filled(events).after(0)) if each["event"] == "fetched"]
    assert all("text" not in each["document"] for each in fetched)


def test_exactly_one_line_is_final(events: tuple[Event, ...]) -> None:
    assert isinstance(events[-1], Answered)
    assert names(filled(events).after(0)).count("answered") == 1
