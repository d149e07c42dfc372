from collections.abc import Callable

import pytest

from fanin.events import Event
from fanin.model import Document
from fanin.runs.run_record import EndedRun
from fanin.testing import FakeSource, run_scenario

PAGE = "The harbour is open until nine tonight. " + "It has twelve berths and a lift for boats. " * 30


@pytest.fixture(scope="session")
def events() -> tuple[Event, ...]:
    """The events of a run with a short and a long document."""
    sources = [
        FakeSource("short", ((0.1, "The harbour lift is stuck."),)),
        FakeSource("long", ((0.2, Document(PAGE, title="Harbour", url="https://example.com/harbour")),)),
    ]
    return run_scenario(sources, question="Is the harbour open?").events


@pytest.fixture
def ended(events) -> Callable[..., EndedRun]:
    """A run with these events."""

    def run(name: str, *, user: str = "", question: str = "Is the harbour open?", at: float = 1_000.0) -> EndedRun:
        return EndedRun(name, user, question, at, "answered", events)

    return run
