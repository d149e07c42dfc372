"""How the events of a question are shown: a live view on a terminal, plain lines, JSON lines, or one JSON value."""

import logging
import sys
from collections.abc import AsyncIterable, Callable
from contextlib import nullcontext
from importlib import import_module
from typing import Any, Protocol

from fanin.events import Answered, Event, Fetched, Processed, Processing, Revised, Wrote
from fanin.interfaces import render
from fanin.interfaces.cli.terminal import has_unicode, is_screen, note, say, say_json, width
from fanin.interfaces.event_changes import EventChanges
from fanin.log import logger
from fanin.model import Answer

DRAWN = {
    "LiveView": "fanin.interfaces.cli.live_view",
    "draw_lanes": "fanin.interfaces.cli.timeline_lanes",
}
"""What is drawn with Rich, which takes longer to import than a quick question takes: it is imported when it is used."""


class View(Protocol):
    """Sees every event of a question, within its `with` block."""

    def __enter__(self) -> object: ...
    def __exit__(self, *exception: object) -> None: ...
    def see(self, event: Event) -> None:
        """Show one event."""
        ...


async def show(events: AsyncIterable[Event], view: View) -> int:
    """Show the events; gives the exit status: 0 with an answer, 3 when no source had one."""
    answered: Answer | None = None
    with view:
        async for event in events:
            view.see(event)
            if isinstance(event, Answered):
                answered = event.answer
    return 0 if answered is not None and answered.success else 3


def choose_view(*, json: bool, events: bool, changes: bool = False, timeline: bool) -> View:
    """The view that was asked for, or else the one that fits the standard output."""
    if changes:
        return JsonView(EventChanges().to_json)
    if json or events:
        return JsonView(render.to_json if events else None)
    return load_view("LiveView")(timeline=timeline) if is_screen(sys.stdout) else PlainView(timeline=timeline)


def load_view(name: str) -> Any:
    """One of `DRAWN`."""
    return getattr(import_module(DRAWN[name]), name)


class JsonView(nullcontext[None]):
    """JSON on the standard output: each event on a line, or the answer alone."""

    def __init__(self, to_json: Callable[[Event], str] | None) -> None:
        super().__init__()
        self._to_json = to_json

    def see(self, event: Event) -> None:
        """Write an event, or the answer."""
        if self._to_json is not None:
            say_json(self._to_json(event))
        elif isinstance(event, Answered):
            say_json(render.dumps(event.answer, indent=2))


class PlainView(nullcontext[None]):
    """The answer on the standard output, and what happens meanwhile on the standard error, without any drawing."""

    def __init__(self, *, timeline: bool) -> None:
        super().__init__()
        self._timeline = timeline

    def see(self, event: Event) -> None:
        """Write one line, unless the log has it; the final answer is written whole."""
        match event:
            case Fetched() | Processing() | Processed() | Revised() | Wrote():
                pass
            case Answered(answer=answer):
                say(render.answer_text(answer))
                if self._timeline:
                    columns, unicode = min(width(sys.stdout) or 100, 100), has_unicode(sys.stdout)
                    lanes = load_view("draw_lanes")(answer.timeline, width=columns, unicode=unicode)
                    say("\n".join(["", *(lane.plain.rstrip() for lane in lanes)]))
            case _ if not logger.isEnabledFor(logging.INFO):
                note(render.to_text(event))
            case _:
                pass
