"""The JSON schemas of the reference hold for what the command prints."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fanin.errors import SourceError
from fanin.events import Event
from fanin.model import Document, Policy
from fanin.streams.event_changes import EventChanges
from fanin.streams.event_json import to_json
from fanin.testing import FakeSource, run_scenario

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def schema(name: str) -> Draft202012Validator:
    seen = json.loads((REFERENCE / name).read_text("utf-8"))
    Draft202012Validator.check_schema(seen)
    return Draft202012Validator(seen)


def demo(*options: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "fanin", "demo", *options], capture_output=True, text=True, timeout=50, check=True
    )
    return done.stdout.splitlines()


def seen() -> Sequence[Event]:
    """What a run tells in which sources succeed, fail, are tried again, and differ."""
    sources = [
        FakeSource(
            "weather", ((0.5, Document("The wind reaches 90 km/h at noon.", metadata={"gusts": [116.3, None]})),)
        ),
        FakeSource("news", ((1.0, "The wind reaches 70 km/h at noon."), (0.1, SourceError("It broke.", "http_500")))),
        FakeSource("down", ((0.1, ConnectionError("It is down.")),)),
    ]
    return run_scenario(
        [each.source for each in sources], question="How strong is the wind?", policy=Policy(retries=1)
    ).events


def events() -> list[dict[str, Any]]:
    return [json.loads(to_json(event)) for event in seen()]


def test_the_schema_of_an_answer_holds_for_what_json_prints() -> None:
    answer = json.loads("\n".join(demo("--json", "--deadline", "3s")))
    assert [error.message for error in schema("answer.schema.json").iter_errors(answer)] == []


def test_the_schema_of_an_event_holds_for_every_line_that_events_prints() -> None:
    seen = schema("event.schema.json")
    for line in demo("--events", "--deadline", "3s", "--fail", "weather"):
        assert seen.is_valid(json.loads(line)), line


def test_the_schema_of_an_event_holds_for_every_line_that_changes_prints() -> None:
    changes, found = EventChanges(), schema("event.schema.json")
    lines = [json.loads(changes.to_json(event)) for event in seen()]
    assert {"patch", "document"} <= {name for each in lines for name in each}
    assert [each for each in lines if not found.is_valid(each)] == []


def test_the_schema_of_an_event_holds_for_failures_retries_and_conflicts() -> None:
    seen = events()
    assert {each["event"] for each in seen} >= {"planned", "retrying", "fetched", "processed", "finished", "answered"}
    assert [each for each in seen if not schema("event.schema.json").is_valid(each)] == []


@pytest.mark.parametrize(
    "change", [{"at": "soon"}, {"event": "landed"}, {"more": 1}, {"sources": "weather"}], ids=lambda change: min(change)
)
def test_the_schema_of_an_event_refuses_what_is_none(change: dict[str, Any]) -> None:
    assert not schema("event.schema.json").is_valid({**events()[0], **change})
