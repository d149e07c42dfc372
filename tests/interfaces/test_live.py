from functools import reduce

import pytest
from rich.console import Console

from fanin.events import Event, Fetched, Finished, Planned, Processed, Retrying, Revised, Started
from fanin.interfaces.cli.live import Board, Row, advance, draw
from fanin.model import Answer, Document, Failure, Outcome, Question, Status
from fanin.timeline import Timeline

PLANNED = Planned(0.0, Question("Will it rain?"), ("weather", "news"), 14.99996)


def after(*events: Event) -> Board:
    return reduce(advance, events, Board())


def weather(*events: Event) -> Row:
    return after(PLANNED, *events).rows["weather"]


def fetched(number: int) -> Event:
    return Fetched(1.0, "weather", Document("x", source="weather", number=number))


def processed(number: int, failure: Failure | None = None) -> Event:
    return Processed(1.1, "weather", number, "w", 0.1, failure)


def screen(board: Board, *, width: int, now: float = 1.25, unicode: bool = True) -> list[str]:
    console = Console(width=width, color_system=None, highlight=False, force_terminal=False)
    with console.capture() as capture:
        console.print(draw(board, now=now, width=width, unicode=unicode))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_planned_sources_wait_in_their_order() -> None:
    board = after(PLANNED)
    assert (board.question, board.deadline) == ("Will it rain?", 14.99996)
    assert list(board.rows.values()) == [Row("weather"), Row("news")]


def test_a_source_goes_from_fetching_over_processing_to_done() -> None:
    events = [Started(0.0, "weather"), fetched(1), fetched(2), processed(1), processed(2)]
    rows = [weather(*events[:count]) for count in range(1, 6)]
    assert [row.state for row in rows] == ["fetching", "processing", "processing", "processing", "fetching"]
    assert [(row.documents, row.processed) for row in rows] == [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2)]
    done = weather(*events, Finished(2.0, "weather", Outcome("weather", "ok", documents=2)))
    assert done == Row("weather", "done", documents=2, processed=2, ended=2.0)


def test_a_retry_says_which_attempt_comes_when() -> None:
    row = weather(Started(0.0, "weather"), Retrying(0.5, "weather", 2, 0.4, "500"))
    assert (row.state, row.note) == ("retrying", "attempt 2 in 0.4 s")
    assert weather(Retrying(0.5, "weather", 2, 0.4, "500"), fetched(1)).note == ""


@pytest.mark.parametrize(
    ("status", "state", "note"),
    [
        ("ok", "done", ""),
        ("empty", "nothing", ""),
        ("partial", "partial", "some kind"),
        ("timeout", "failed", "timeout"),
        ("error", "failed", "some kind"),
        ("rate_limited", "failed", "rate limited"),
        ("open_circuit", "failed", "open circuit"),
        ("cancelled", "left out", "some kind"),
        ("shed", "left out", "some kind"),
    ],
)
def test_every_outcome_is_a_state_with_its_reason_in_a_word_or_two(status: Status, state: str, note: str) -> None:
    row = weather(Finished(2.0, "weather", Outcome("weather", status, "some_kind", "a whole sentence")))
    assert (row.state, row.note) == (state, note)


def test_an_event_of_a_source_that_was_not_planned_gets_a_row_too() -> None:
    assert list(after(PLANNED, Started(0.0, "late")).rows) == ["weather", "news", "late"]


def test_the_answer_so_far_is_shown_until_the_end() -> None:
    seen = Answer("Q", "Rain [1].", (), (), {}, (), (), True, 1.0, 1.0, 1, Timeline(), revision=1, final=False)
    board = after(PLANNED, Revised(1.0, seen))
    assert board.so_far == "Rain [1]."


def test_the_rows_are_aligned_and_the_clock_runs_to_the_deadline() -> None:
    board = after(
        PLANNED,
        Started(0.0, "weather"),
        fetched(1),
        fetched(2),
        processed(1),
        Finished(1.0, "news", Outcome("news", "error", "http_500", "It answered 500")),
    )
    assert screen(board, width=74, now=5.0) == [
        "Will it rain?",
        "",
        "●  weather  processing  1 of 2 documents                             5.0 s",
        "✗  news     failed      http 500                                     1.0 s",
        "",
        "5.0 s ━━━━━━━━━━━━━━━━━━━━━────────────────────────────────────────── 15 s",
    ]


def test_forty_columns_are_enough() -> None:
    name = "a_source_with_a_long_name"
    board = after(Planned(0.0, Question("Q?"), (name, "b"), 15.0), Started(0.0, name))
    lines = screen(board, width=40)
    assert all(len(line) <= 40 for line in lines)
    assert lines[2:4] == ["●  a_source_with…  fetching      1.2 s", "○  b               waiting"]


def test_a_terminal_that_knows_ascii_only_gets_ascii() -> None:
    board = after(PLANNED, Started(0.0, "weather"), Finished(1.0, "news", Outcome("news", "ok", documents=1)))
    assert "\n".join(screen(board, width=72, unicode=False)).isascii()


def test_names_and_reasons_of_sources_cannot_steer_the_terminal() -> None:
    name = "[red]x[/red]\x1b[2J\u202e"
    board = after(
        Planned(0.0, Question(f"Q{name}"), (name,), 15.0),
        Finished(1.0, name, Outcome(name, "error", name, f"[link=https://evil.example]{name}\n\n")),
    )
    console = Console(width=100, force_terminal=True, color_system="truecolor")
    with console.capture() as capture:
        console.print(draw(board, now=1.0, width=100))
    assert "[red]x[/red]" in capture.get()
    assert "\x1b[2J" not in capture.get()
    assert "\u202e" not in capture.get()
    assert "\x1b]8" not in capture.get()
