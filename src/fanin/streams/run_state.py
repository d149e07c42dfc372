"""The state of a run after its events so far, as one value for a reader that joins late (pure)."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from fanin import events
from fanin.model import Answer, Outcome
from fanin.streams.event_json import plain
from fanin.values import value


@value
class SourceState:
    """The name of the last event of a source, how many documents arrived, and its outcome once it finished."""

    last: str = "planned"
    documents: int = 0
    outcome: Outcome | None = None


@value
class RunState:
    """A run up to the instant `at`: the latest partial answer, and what a model has written."""

    at: float = 0.0
    planned: events.Planned | None = None
    sources: Mapping[str, SourceState] = field(default_factory=dict[str, SourceState])
    answer: Answer | None = None
    written: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The state as the event `snapshot`, in JSON values."""
        asked = self.planned
        return {
            "event": "snapshot",
            "at": round(self.at, 4),
            "question": asked and plain(asked.question),
            "deadline": asked and asked.deadline,
            "sources": plain(self.sources),
            "answer": plain(self.answer),
            "written": self.written,
        }


def advance(state: RunState, event: events.Event) -> RunState:
    """The state after the event."""
    match event:
        case events.Planned():
            return replace(state, at=event.at, planned=event, sources=dict.fromkeys(event.sources, SourceState()))
        case events.Revised() | events.Answered():
            return replace(state, at=event.at, answer=event.answer)
        case events.Wrote():
            return replace(state, at=event.at, written=event.text)
        case _:
            before = state.sources.get(event.source, SourceState())
            return replace(state, at=event.at, sources={**state.sources, event.source: _after(before, event)})


def _after(state: SourceState, event: events.SourceEvent | events.Skipped) -> SourceState:
    return SourceState(
        type(event).__name__.lower(),
        state.documents + isinstance(event, events.Fetched),
        event.outcome if isinstance(event, events.Finished) else state.outcome,
    )
