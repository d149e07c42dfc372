"""Where a question's events go: a live view for a terminal, plain lines, JSON lines, or one JSON value.

Rich, which draws the live view, takes longer to import than a quick question takes: it is there for terminals only.
"""

import sys
from collections.abc import AsyncIterable
from typing import Protocol, Self

from fanin.events import Answered, Event, Fetched, Processed, Revised, Wrote
from fanin.interfaces import render
from fanin.model import Answer


class View(Protocol):
    """Sees every event of a question, within its `with` block."""

    def __enter__(self) -> Self: ...
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


def choose_view(*, json: bool, events: bool, timeline: bool) -> View:
    """The view that was asked for, or else the one that fits the standard output."""
    if json or events:
        return JsonView(every=events)
    if terminal():
        from fanin.interfaces.cli.live_view import LiveView, console

        return LiveView(console(), timeline=timeline)
    return PlainView(timeline=timeline)


def terminal() -> bool:
    """Whether the standard output is a terminal that can move its cursor."""
    if not sys.stdout.isatty():
        return False
    from fanin.interfaces.cli.live_view import console

    return not console().is_dumb_terminal


class JsonView:
    """JSON on the standard output: each event on a line, or the answer alone."""

    def __init__(self, *, every: bool) -> None:
        self._every = every

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def see(self, event: Event) -> None:
        """Write an event, or the answer."""
        if self._every:
            _write(render.to_json(event))
        elif isinstance(event, Answered):
            _write(render.dumps(event.answer, indent=2))


class PlainView:
    """The answer on the standard output, and what happens meanwhile on the standard error, without any drawing."""

    def __init__(self, *, timeline: bool) -> None:
        self._timeline = timeline

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def see(self, event: Event) -> None:
        """Write one line; the final answer is written whole."""
        match event:
            case Fetched() | Processed() | Revised() | Wrote():
                pass
            case Answered(answer=answer):
                _write(render.answer_text(answer))
                if self._timeline:
                    from fanin.interfaces.cli.timeline_lanes import draw_lanes

                    lanes = draw_lanes(answer.timeline, width=100, unicode=unicode(sys.stdout.encoding))
                    _write("\n".join(["", *(lane.plain.rstrip() for lane in lanes)]))
            case _:
                print(render.to_text(event), file=sys.stderr, flush=True)  # noqa: T201 - a command's own output


def unicode(encoding: str | None) -> bool:
    """Whether text in this encoding may hold any character."""
    return (encoding or "").lower().startswith("utf")


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
