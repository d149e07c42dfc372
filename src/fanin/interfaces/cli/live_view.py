"""The live view of a question: rows that change in place on a terminal, and then the answer."""

import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from fanin.events import Answered, Event, Planned
from fanin.interfaces import render
from fanin.interfaces.cli.live import Board, advance, draw
from fanin.interfaces.cli.terminal import has_unicode
from fanin.interfaces.cli.timeline_lanes import draw_lanes
from fanin.model import Answer, Citation

_READABLE = 100
"""Columns beyond which lines of prose are hard to follow."""


def console() -> Console:
    """The standard output, on which text stays as it is."""
    return Console(highlight=False, markup=False, emoji=False)


class LiveView:
    """A row for each source that changes in place, and then the answer."""

    def __init__(self, *, timeline: bool) -> None:
        self._console = console()
        self._timeline = timeline
        self._board = Board()
        self._begun = time.monotonic()
        self._unicode = has_unicode(sys.stdout)
        self._stack = ExitStack()
        self._live = Live(console=self._console, get_renderable=self._draw, refresh_per_second=10, transient=True)

    def __enter__(self) -> Self:
        self._stack.enter_context(self._live)
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def see(self, event: Event) -> None:
        """Change the rows; the final answer ends them and is printed below."""
        if isinstance(event, Planned):
            self._begun = time.monotonic() - event.at
        self._board = advance(self._board, event)
        if isinstance(event, Answered):
            self._stack.close()
            print_end(self._console, self._board, event.answer, timeline=self._timeline)

    def _draw(self) -> RenderableType:
        width = self._console.width
        rows = draw(self._board, now=time.monotonic() - self._begun, width=width, unicode=self._unicode)
        return rows if self._board.over else Group(rows, _so_far(self._board.so_far, width))


def print_end(console: Console, board: Board, answer: Answer, *, timeline: bool) -> None:
    """Print how the sources ended, the answer, and where the time went."""
    marks = has_unicode(sys.stdout)
    console.print(draw(board, now=answer.execution_time, width=console.width, unicode=marks))
    console.print(draw_answer(answer))
    if timeline:
        console.print()
        for lane in draw_lanes(answer.timeline, width=console.width, unicode=marks):
            console.print(lane, no_wrap=True, overflow="crop")


def draw_answer(answer: Answer) -> Group:
    """The answer for a terminal: its text, the numbered citations, what is missing and why, and the time taken."""
    text = Text(render.text_with_notes(answer, outcomes=False))
    text.highlight_regex(r"\[\d+\]", "cyan")
    parts: list[RenderableType] = [Text(), text]
    if answer.citations:
        parts += [Text(), _citations(render.cited_documents(answer))]
    if answer.related:
        parts += [Text(), Text("\n".join(["Related:", *(f"- {each}" for each in render.related(answer))]), style="dim")]
    parts += [Text(), *_missing(answer), Text(render.footer(answer), style="dim")]
    return Group(*parts)


def _citations(citations: Iterable[Citation]) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for citation in citations:
        title = Text(render.citation_title(citation))
        title.append(f"  {render.citation_origin(citation)}", style="dim")
        if citation.url:
            title.append(f"\n{render.line(citation.url)}", style="dim")
        table.add_row(Text(f"[{citation.number}]", style="cyan"), title)
    return table


def _missing(answer: Answer) -> Iterable[Text]:
    for label, source, why in render.missing(answer):
        yield Text.assemble((f"{label}: ", "dim" if label == "not asked" else "yellow"), f"{source}: {why}")


def _so_far(text: str, width: int) -> Text:
    """The beginning of the answer so far, two lines of it, so that the view keeps its height."""
    room = 2 * min(width, _READABLE) - len("so far  ") - 4
    shown = render.line(text)
    shown = shown if len(shown) <= room else f"{shown[:room].rpartition(' ')[0]} …"
    return Text.assemble("\n", ("so far  ", "cyan"), (shown, "dim")) if shown else Text("\n\n")
