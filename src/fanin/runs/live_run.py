"""One run while it happens: who reads its events, and how it ends."""

import asyncio
from collections.abc import AsyncGenerator, Callable

from fanin.events import Answered, Event, Planned
from fanin.model import Answer
from fanin.runs.event_log import EventLog, Line
from fanin.runs.run_record import PLAIN, AskedBy, EndedRun, RunStatus
from fanin.values import value


@value
class Asked:
    """A question of a user, the run that it became: its id, and when, in seconds since 1970; and its request."""

    run: str
    user: str
    question: str
    at: float
    request: AskedBy = PLAIN


class LiveRun:
    """A run that any number of readers follow. `finish` answers the question of an id with what has arrived."""

    def __init__(self, asked: Asked, finish: Callable[[str], None], log: EventLog | None = None) -> None:
        self.asked = asked
        self.log = log or EventLog()
        self.readers = 0
        self.lasting: bool | None = None  # whether it goes on when nobody reads it; None: as is usual
        self.status: RunStatus | None = None
        self.error: Exception | None = None
        self._finish = finish
        self._cancelled = False
        self._question = ""
        self._changed = asyncio.get_running_loop().create_future()

    @property
    def answer(self) -> Answer | None:
        """The final answer; None as long as there is none."""
        last = self.log.events[-1] if self.log.events else None
        return last.answer if isinstance(last, Answered) else None

    def see(self, event: Event) -> None:
        """Take the next event."""
        self.log.add(event)
        if isinstance(event, Planned):
            self._question = event.question.id
            if self._cancelled:
                self._finish(self._question)
        if self.log.over:
            self.status = "cancelled" if self._cancelled else "answered"
        self._notify()

    def fail(self, error: Exception, message: str) -> None:
        """End without an answer."""
        self.status, self.error = "failed", error
        self.log.fail(message)
        self._notify()

    def cancel(self) -> None:
        """Answer now, with what has arrived; without effect after the end."""
        if self.status is None and not self._cancelled:
            self._cancelled = True
            if self._question:
                self._finish(self._question)

    async def begun(self) -> None:
        """Wait for the first event. Raises the error of a question that cannot be asked."""
        while not self.log.last:
            await asyncio.shield(self._changed)
        if self.error is not None and self.log.last == 1:
            raise self.error

    async def ended(self) -> Answer | None:
        """Wait for the end; gives the answer, None if the run failed."""
        while self.status is None:
            await asyncio.shield(self._changed)
        return self.answer

    async def seen(self) -> AsyncGenerator[Event]:
        """The events that are held, and those that come, up to the end of the run."""
        self.readers += 1
        try:
            number, over = 0, False
            while not over:
                over = self.status is not None
                number, events = self.log.held_after(number)
                for event in events:
                    yield event
                if not events and not over:
                    await asyncio.shield(self._changed)
        finally:
            self.readers -= 1

    async def lines(self, after: int | None = None) -> AsyncGenerator[Line]:
        """The events after this number, up to the end of the run; for None, a snapshot first if the run has begun.

        A slow reader delays no other, and gets what it missed when it reads on.
        """
        self.readers += 1
        try:
            pending = self.log.first() if after is None else self.log.after(after)
            seen = after or 0
            while True:
                for each in pending:
                    seen = each.id or seen
                    yield each
                if self.log.over and seen >= self.log.last:
                    return
                if seen >= self.log.last:
                    await asyncio.shield(self._changed)
                pending = self.log.after(seen)
        finally:
            self.readers -= 1

    def record(self) -> EndedRun:
        """What is kept of it."""
        asked, status = self.asked, self.status or "failed"
        return EndedRun(asked.run, asked.user, asked.question, asked.at, status, self.log.events, asked.request)

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.get_running_loop().create_future()
        changed.set_result(None)
