import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fanin.interfaces.cli.timeline_lanes import draw_lanes
from fanin.timeline import Span, Timeline

TIMELINE = Timeline(
    (
        Span("fetch", "weather", "weather", 0.0, 2.0),
        Span("fetch", "knowledge_base", "knowledge_base", 0.0, 3.0),
        Span("wait", "news", "news", 0.0, 0.5),
        Span("fetch", "news", "news", 0.5, 1.0),
        Span("process", "worker 1", "weather", 2.0, 2.5, 1, 0.5, 2.0),
        Span("process", "worker 2", "knowledge_base", 3.0, 4.0, 1, 1.0, 3.0),
    ),
    4.0,
    2,
)


def lines(timeline: Timeline, *, width: int, unicode: bool = True) -> list[str]:
    return [line.plain.rstrip() for line in draw_lanes(timeline, width=width, unicode=unicode)]


def test_lanes_share_one_axis_and_mark_the_critical_path_without_colour() -> None:
    assert lines(TIMELINE, width=68) == [
        "I/O  weather        ────────────────────                      2.00 s",
        "     knowledge_base ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━            3.00 s",
        "     news           ┄┄┄┄┄─────                                0.50 s",
        "CPU  worker 1                           ▄▄▄▄▄                 0.50 s",
        "     worker 2                                     ██████████  1.00 s",
        "                    0 s       1 s       2 s       3 s",
        "",
        "critical path  fetching knowledge_base 3.00 s",
        "   → processing knowledge_base 1.00 s",
        "",
        "total               4.00 s",
        "one after another   7.50 s  1.9 times as long",
        "lower bound         3.50 s  on 2 cores",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, lines(TIMELINE, width=width))) <= width


def test_forty_columns_still_show_every_lane() -> None:
    shown = lines(TIMELINE, width=40)
    assert shown[1] == "     knowledge_b… ━━━━━━━━━━━     3.00 s"
    assert all(len(line) <= 41 for line in shown[:6])


def test_a_very_short_span_is_still_seen() -> None:
    short = Timeline((Span("fetch", "a", "a", 0.0, 10.0), Span("process", "w", "a", 9.99, 10.0)), 10.0, 1)
    assert lines(short, width=60)[1].count("█") == 1


def test_ascii_is_enough() -> None:
    assert "\n".join(lines(TIMELINE, width=80, unicode=False)).isascii()


def test_an_empty_timeline_is_drawn_as_nothing_happened() -> None:
    assert lines(Timeline(), width=80)[-3:] == [
        "total               0.00 s",
        "one after another   0.00 s",
        "lower bound         0.00 s  on 1 core",
    ]


def test_names_of_sources_cannot_steer_the_terminal() -> None:
    name = "x\x1b[2J\n\u202ey"
    shown = lines(Timeline((Span("fetch", name, name, 0.0, 1.0),), 1.0, 1), width=80)
    assert shown[0].startswith("I/O  x y ━")


@pytest.mark.parametrize(("total", "ticks"), [(0.05, "0 s"), (3.2, "0.5 s"), (61.0, "20 s"), (0.0, "0 s")])
def test_the_axis_has_readable_ticks(total: float, ticks: str) -> None:
    timeline = Timeline((Span("fetch", "a", "a", 0.0, total),), total, 1)
    assert ticks in lines(timeline, width=90)[1]


SPANS = st.builds(
    lambda kind, lane, start, length: Span(kind, lane, lane, start, start + length),
    st.sampled_from(("fetch", "wait", "model", "process", "answer")),
    st.text(min_size=1, max_size=30) | st.sampled_from(["weather", "天気予報のニュース速報です", "👩‍👩‍👧‍👦" * 5]),
    st.floats(0.0, 50.0),
    st.floats(0.0, 50.0),
)


@given(st.lists(SPANS, max_size=8), st.integers(40, 120), st.booleans())
def test_any_timeline_fits_into_the_terminal_with_every_lane(spans: list[Span], width: int, unicode: bool) -> None:
    timeline = Timeline(tuple(spans), max((span.end for span in spans), default=0.0))
    shown = [line.plain for line in draw_lanes(timeline, width=width, unicode=unicode)]
    assert max(map(cell_len, shown)) <= width
    assert sum(line.endswith(" s") for line in shown[: len(timeline.lanes())]) == len(timeline.lanes())
