"""How the events of a question are shown: a live view on a terminal, plain lines, JSON lines, or one JSON value."""

import asyncio
import logging
import os
import select
import stat
import sys
from collections.abc import AsyncIterable, Callable, Coroutine, Sequence
from contextlib import nullcontext, suppress
from importlib import import_module
from typing import Any, Protocol

from fanin.errors import ConfigError
from fanin.events import Answered, Event, Fetched, Processed, Processing, Revised, Wrote
from fanin.interfaces import render
from fanin.interfaces.cli.terminal import has_unicode, is_screen, note, say, say_json, width
from fanin.log import logger
from fanin.streams.event_changes import EventChanges
from fanin.streams.event_json import dumps, to_json

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


async def show(events: AsyncIterable[Event], view: View) -> Sequence[Event]:
    """Show the events; gives them all."""
    seen: list[Event] = []
    with view:
        async for event in events:
            view.see(event)
            seen.append(event)
    return seen


async def until_output_closes[T](work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, which is cancelled with BrokenPipeError when the reader of the standard output exits."""
    if (output := _watchable_output()) is None:
        return await work
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def look() -> None:
        loop.remove_reader(output)
        if _is_unread(output):
            task.cancel()

    loop.add_reader(output, look)
    try:
        return await task
    except asyncio.CancelledError:
        if _is_unread(output):
            raise BrokenPipeError(32, "Broken pipe") from None
        raise
    finally:
        loop.remove_reader(output)


def choose_view(*, json: bool, events: bool, changes: bool = False, timeline: bool) -> View:
    """The view that was asked for, or else the one that fits the standard output. Raises ConfigError."""
    if json + events + changes > 1:
        raise ConfigError("--json, --events and --changes exclude each other; fanin asked nothing. Choose one of them.")
    if changes:
        return JsonView(EventChanges().to_json)
    if json or events:
        return JsonView(to_json if events else None)
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
            say_json(dumps(event.answer, indent=2))


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


def _is_unread(output: int) -> bool:
    """Whether the other end of this pipe or socket is closed."""
    poll = select.poll()
    poll.register(output, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _watchable_output() -> int | None:
    """The descriptor of the standard output if it is a pipe or a socket, which show when their reader exits."""
    with suppress(OSError, ValueError, AttributeError):
        descriptor = sys.stdout.fileno()
        mode = os.fstat(descriptor).st_mode
        return descriptor if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None
    return None
