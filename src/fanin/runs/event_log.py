"""The events of one run by number, and what a reader of them gets next (pure)."""

from collections.abc import Iterator, Sequence
from functools import reduce

from fanin.events import Answered, Event, Wrote
from fanin.streams.event_changes import EventChanges
from fanin.streams.event_json import dumps
from fanin.streams.run_state import RunState, advance
from fanin.values import value

MOST_EVENTS = 20_000
"""Events that are held of one run; of those before them, there is only what they led to."""


@value
class Line:
    """One event for readers: its number, 0 if it has none, its name, and its JSON."""

    id: int
    event: str
    text: str


class EventLog:
    """Events from number 1 on. Each one is rendered once for all readers, when the first of them reads it."""

    def __init__(self, *, most: int = MOST_EVENTS) -> None:
        self.events: list[Event] = []
        self.over = False
        self._most = most
        self._dropped = 0
        self._before = RunState()
        self._lines: list[Line] = []
        self._changes = EventChanges()

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self._dropped + max(len(self.events), len(self._lines))

    def add(self, event: Event) -> None:
        """One more event; when there are too many, the first tenth goes."""
        self.events.append(event)
        self.over = isinstance(event, Answered)
        if len(self.events) > self._most:
            count = max(1, self._most // 10)
            self._render(count)
            self._before = reduce(advance, self.events[:count], self._before)
            del self.events[:count], self._lines[:count]
            self._dropped += count

    def held_after(self, number: int) -> tuple[int, Sequence[Event]]:
        """The number of the last event, and those after this number that are held."""
        return self._dropped + len(self.events), self.events[max(0, number - self._dropped) :]

    def fail(self, message: str) -> None:
        """The end of a run without an answer."""
        self._render(len(self.events))
        number = self.last + 1
        text = dumps({"id": number, "event": "failed", "message": message})
        self._lines.append(Line(number, "failed", text))
        self.over = True

    def first(self) -> Sequence[Line]:
        """What a reader gets first who has seen nothing of a run that has begun: one snapshot of all but its end."""
        count = self._before_end()
        return [self._snapshot(count)] if self._dropped + count else []

    def after(self, number: int) -> Sequence[Line]:
        """What a reader gets next who has seen everything up to this number.

        If what comes next is no longer held, that is a `gap`, a snapshot, and what follows. Of several texts of a model
        it is the last one, which has the others.
        """
        if number < self._dropped:
            gap = Line(0, "gap", dumps({"event": "gap", "from": number + 1, "to": self._dropped}))
            return [gap, *self.first(), *self.after(self._dropped + self._before_end())]
        self._render(len(self.events))
        return list(_coalesced(self._lines[number - self._dropped :]))

    def _before_end(self) -> int:
        """How many of the events held are not the final one."""
        return len(self.events) - bool(self.events and isinstance(self.events[-1], Answered))

    def _snapshot(self, count: int) -> Line:
        state = reduce(advance, self.events[:count], self._before)
        number = self._dropped + count
        return Line(number, "snapshot", dumps({"id": number, **state.to_dict()}))

    def _render(self, count: int) -> None:
        for event in self.events[len(self._lines) : count]:
            number = self._dropped + len(self._lines) + 1
            text = f'{{"id": {number}, {self._changes.to_json(event)[1:]}'
            self._lines.append(Line(number, type(event).__name__.lower(), text))


def _coalesced(lines: Sequence[Line]) -> Iterator[Line]:
    name = Wrote.__name__.lower()
    last = max((each.id for each in lines if each.event == name), default=0)
    yield from (each for each in lines if each.event != name or each.id == last)
