"""A question while it is answered: events in, one row a source out (pure), and the drawing of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, assert_never

from rich.table import Table
from rich.text import Text

from fanin import events
from fanin.model import Outcome, Status
from fanin.sanitize import line

type State = Literal[
    "waiting", "fetching", "retrying", "processing", "done", "nothing", "partial", "left out", "failed"
]

_ENDS: Mapping[Status, State] = {
    "ok": "done",
    "partial": "partial",
    "empty": "nothing",
    "cancelled": "left out",
    "shed": "left out",
}
_MARKS: Mapping[State, tuple[str, str, str]] = {  # sign, sign where only ASCII is known, style
    "waiting": ("○", ".", "dim"),
    "fetching": ("●", "o", "cyan"),
    "retrying": ("●", "o", "yellow"),
    "processing": ("●", "o", "cyan"),
    "done": ("✓", "+", "green"),
    "nothing": ("✓", "+", "dim"),
    "partial": ("!", "!", "yellow"),
    "left out": ("-", "-", "yellow"),
    "failed": ("✗", "x", "red"),
}
_NAME, _STATE, _TIME = 18, 10, 8
_WIDE = 60
"""Columns from which there is room for details beside the state."""


@dataclass(frozen=True, slots=True)
class Row:
    """One source: how many of its documents arrived and were processed, why it is in trouble, and when it ended."""

    source: str
    state: State = "waiting"
    documents: int = 0
    processed: int = 0
    note: str = ""
    ended: float | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """All there is to show: the rows in the order of the sources, the deadline in seconds, the answer so far."""

    question: str = ""
    deadline: float = 0.0
    rows: Mapping[str, Row] = field(default_factory=dict[str, Row])
    so_far: str = ""
    over: bool = False


def advance(board: Board, event: events.Event) -> Board:
    """The board after the event."""
    match event:
        case events.Planned():
            rows = {name: Row(name) for name in event.sources}
            return Board(event.question.text, event.deadline, rows)
        case events.Revised():
            return replace(board, so_far=event.answer.text)
        case events.Wrote():
            return replace(board, so_far=event.text)
        case events.Skipped():
            return board
        case events.Answered():
            return replace(board, so_far="", over=True)
        case _:
            row = _row(board.rows.get(event.source, Row(event.source)), event)
            return replace(board, rows={**board.rows, event.source: row})


def _row(row: Row, event: events.SourceEvent) -> Row:
    match event:
        case events.Fetched():
            return replace(row, state="processing", documents=row.documents + 1, note="")
        case events.Processed():
            row = replace(row, processed=row.processed + 1)
            return row if row.processed < row.documents else replace(row, state="fetching")
        case events.Finished(outcome=outcome):
            note = "" if outcome.status in ("ok", "empty") else _short_reason(outcome)
            state = _ENDS.get(outcome.status, "failed")
            return replace(row, state=state, documents=outcome.documents, note=note, ended=event.at)
        case events.Processing():
            return row
        case _:
            return _after_call_event(row, event)


def _after_call_event(row: Row, event: events.CallEvent) -> Row:
    match event:
        case events.Started():
            return replace(row, state="fetching", note="")
        case events.AskedAgain():
            return replace(row, state="fetching", note="asked again", ended=None)
        case events.Waiting():
            return replace(row, note=f"waits for its {event.reason} limit")
        case events.Retrying():
            return replace(row, state="retrying", note=f"attempt {event.attempt} in {event.after:.1f} s")
        case events.Hedged():
            return replace(row, note="asked a second time")
        case events.Cached():
            return replace(row, note=f"from the cache, {event.age:.0f} s old")
        case events.CircuitOpened():
            return replace(row, note=f"circuit breaker open for {event.after:.0f} s")
        case _:
            assert_never(event)


def _short_reason(outcome: Outcome) -> str:
    """Why a source failed in a word or two; the answer has the whole sentence."""
    by_kind = outcome.status in ("error", "partial", "cancelled", "shed")
    reason = outcome.kind if by_kind else outcome.status
    return "" if reason == "error" else reason.replace("_", " ")


def draw(board: Board, *, now: float, width: int, unicode: bool = True) -> Table:
    """The board `now` seconds after the question, in so many columns."""
    grid = Table.grid(padding=0)
    grid.width = width
    grid.add_row(Text(line(board.question), style="bold", overflow="fold"))
    grid.add_row("")
    grid.add_row(_rows(board, now=now, width=width, unicode=unicode))
    if not board.over:
        grid.add_row("")
        grid.add_row(_clock(board, now=now, width=width, unicode=unicode))
    return grid


def _rows(board: Board, *, now: float, width: int, unicode: bool) -> Table:
    widest = max((len(line(name)) for name in board.rows), default=0)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=1)
    table.add_column(width=min(_NAME if width >= _WIDE else 14, widest), no_wrap=True, overflow="ellipsis")
    table.add_column(width=_STATE, no_wrap=True)
    if width >= _WIDE:
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.expand = True
    table.add_column(justify="right", no_wrap=True, width=_TIME - 1)
    for row in board.rows.values():
        cells = _cells(row, now=now, unicode=unicode)
        table.add_row(*(cells if width >= _WIDE else (*cells[:3], cells[4])))
    return table


def _cells(row: Row, *, now: float, unicode: bool) -> tuple[Text, Text, Text, Text, Text]:
    sign, ascii_sign, style = _MARKS[row.state]
    waits = row.state == "waiting"
    seconds = "" if waits else f"{now if row.ended is None else row.ended:.1f} s"
    return (
        Text(sign if unicode else ascii_sign, style=style),
        Text(line(row.source), style="dim" if waits else ""),
        Text(row.state, style=style),
        Text(detail(row), style="dim" if row.ended is None or row.state in ("done", "nothing") else ""),
        Text(seconds, style="dim"),
    )


def detail(row: Row) -> str:
    """What there is to say about a source beside its state."""
    if row.note:
        return line(row.note)
    if row.state == "processing":
        return f"{row.processed} of {row.documents} documents"
    some = f"{row.documents} document{'' if row.documents == 1 else 's'}"
    return "" if not row.documents else some if row.ended is not None else f"{some} so far"


def _clock(board: Board, *, now: float, width: int, unicode: bool) -> Text:
    """How much of the time is gone, as a line from now to the deadline."""
    left, right = f"{now:.1f} s ", f" {round(board.deadline, 1):g} s"
    columns = max(4, min(width, 100) - len(left) - len(right))
    gone = min(columns, round(columns * now / board.deadline)) if board.deadline > 0 else columns
    done, rest = ("━", "─") if unicode else ("=", "-")
    return Text.assemble((left, "dim"), (done * gone, "cyan"), (rest * (columns - gone), "dim"), (right, "dim"))
