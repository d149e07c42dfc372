"""The events of a run as those of AG-UI: its sources as an activity, drafts as state, the answer as a message (pure).

It needs the extra fanin[ag-ui].
"""

from collections.abc import Iterator, Sequence
from typing import Any

from ag_ui import core

from fanin.events import Answered, Event, Planned, Revised
from fanin.interfaces.server.chat.reply_text import ReplyText
from fanin.model import Answer
from fanin.streams.event_changes import difference
from fanin.streams.event_json import plain
from fanin.streams.run_state import RunState, advance

ACTIVITY = "SOURCES"
"""The type of the activity: its content has each source by name, with its last event and how many documents it gave."""

ASKING, ANSWERING = "ask sources", "write the answer"
"""The two steps."""

_DRAFT = ("text", "answered", "citations", "conflicts", "coverage")


class AgUiEvents:
    """Turns the events of one run into those of AG-UI; `thread` and `name` are what the client calls it."""

    def __init__(self, *, thread: str, name: str, run: str, page: str) -> None:
        self._thread = thread
        self._name = name
        self._run = run
        self._said = ReplyText(page)
        self._state = RunState()
        self._draft: Any = None
        self._step = ""

    def first(self) -> Sequence[core.BaseEvent]:
        """What comes before the first event."""
        started = core.RunStartedEvent(thread_id=self._thread, run_id=self._name)
        return [started, core.StateSnapshotEvent(snapshot={"answer": None})]

    def of(self, event: Event) -> Iterator[core.BaseEvent]:
        """What this event becomes."""
        before, self._state = self._state, advance(self._state, event)
        if isinstance(event, Planned):
            yield from self._begin(ASKING)
            yield core.ActivitySnapshotEvent(
                message_id=f"sources_{self._run}", activity_type=ACTIVITY, content=_sources(self._state)
            )
        elif patch := _patch(_sources(before), _sources(self._state)):
            yield core.ActivityDeltaEvent(message_id=f"sources_{self._run}", activity_type=ACTIVITY, patch=patch)
        if isinstance(event, (Revised, Answered)):
            yield from self._drafted(event.answer)
        began = bool(self._said.text)
        for piece in self._said.pieces(event):
            if not began:
                yield from self._begin(ANSWERING)
                yield core.TextMessageStartEvent(message_id=f"msg_{self._run}", role="assistant")
            began = True
            yield core.TextMessageContentEvent(message_id=f"msg_{self._run}", delta=piece)

    def last(self, *, cancelled: bool) -> Iterator[core.BaseEvent]:
        """What comes after the last event."""
        if self._said.answer is None:
            reason = "A defect of fanin ended this run; fanin logged it. Ask again."
            yield core.RunErrorEvent(message=reason, code="error")
            return
        yield core.TextMessageEndEvent(message_id=f"msg_{self._run}")
        yield from self._begin("")
        result = {"run": self._run, "annotations": list(self._said.annotations())}
        outcome = core.RunFinishedCancelledOutcome() if cancelled else core.RunFinishedSuccessOutcome()
        yield core.RunFinishedEvent(thread_id=self._thread, run_id=self._name, result=result, outcome=outcome)

    def _begin(self, step: str) -> Iterator[core.BaseEvent]:
        """End the step before this one, and begin this one if it has a name."""
        if self._step:
            yield core.StepFinishedEvent(step_name=self._step)
        self._step = step
        if step:
            yield core.StepStartedEvent(step_name=step)

    def _drafted(self, answer: Answer) -> Iterator[core.BaseEvent]:
        before, self._draft = self._draft, {name: plain(getattr(answer, name)) for name in _DRAFT}
        if patch := _patch({"answer": before}, {"answer": self._draft}):
            yield core.StateDeltaEvent(delta=patch)


def _patch(before: Any, after: Any) -> Any:
    """A JSON Patch, which the models of AG-UI check."""
    return list(difference(before, after))


def _sources(state: RunState) -> dict[str, Any]:
    return {
        "sources": {
            name: {"last": each.last, "documents": each.documents, "status": each.outcome and each.outcome.status}
            for name, each in state.sources.items()
        }
    }
