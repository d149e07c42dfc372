"""Draws a timeline as lanes on one axis (pure: a timeline and a width in, lines of text out)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from fanin.sanitize import line
from fanin.timeline import Span, SpanKind, Timeline

_LABEL, _SECONDS, _HEADING = 18, 8, 5
_WIDE = 60
_SHORTEST_STEP = 0.005
"""Seconds below which a step of the critical path would read as 0.00."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters of an ordinary span, of one on the critical path, and of one that waits."""

    fetch: str = "─"
    fetch_critical: str = "━"
    wait: str = "┄"
    process: str = "▄"
    process_critical: str = "█"
    arrow: str = "→"


ASCII = Marks("-", "=", ".", "o", "#", "->")

_STYLES: dict[SpanKind, str] = {
    "fetch": "cyan",
    "wait": "dim",
    "model": "magenta",
    "process": "green",
    "answer": "green",
}
_DOING: dict[SpanKind, str] = {
    "fetch": "fetching",
    "wait": "waiting for",
    "model": "model",
    "process": "processing",
    "answer": "answering",
}
_CRITICAL = "bold yellow"


def draw_lanes(timeline: Timeline, *, width: int, unicode: bool = True) -> Sequence[Text]:
    """The lanes, the axis, the critical path, and the total against the sum and the lower bound."""
    marks = Marks() if unicode else ASCII
    label = min(_LABEL if width >= _WIDE else 12, max((cell_len(line(lane)) for lane in timeline.lanes()), default=0))
    columns = max(10, width - label - _SECONDS - _HEADING - 1)
    axis = Text(" " * (_HEADING + label + 1)) + _axis(timeline.total, columns)
    lanes = _lanes(timeline, label=label, columns=columns, marks=marks)
    return [
        *lanes,
        axis,
        Text(),
        *_critical_lines(timeline, width, marks),
        Text(),
        *_figures(timeline, wide=width >= _WIDE),
    ]


def _lanes(timeline: Timeline, *, label: int, columns: int, marks: Marks) -> Iterable[Text]:
    critical = set(timeline.critical_path())
    heading = ""
    for lane, spans in timeline.lanes().items():
        new = "I/O" if spans[0].kind in ("fetch", "wait", "model") else "CPU"
        text = Text.assemble((f"{new if new != heading else '':<{_HEADING}}", "dim"))
        text.append(f"{set_cell_size(_short(line(lane), label), label)} ")
        text.append_text(_cells(spans, critical, total=timeline.total, columns=columns, marks=marks))
        yield text.append(f"{_busy(spans):{_SECONDS - 2}.2f} s")
        heading = new


def _cells(spans: Sequence[Span], critical: set[Span], *, total: float, columns: int, marks: Marks) -> Text:
    """One lane: each span covers the cells that it touches, at least one; the critical path lies on top."""
    cells = [(" ", "")] * columns
    for span in sorted(spans, key=lambda span: (span in critical, span.kind != "wait")):
        first = min(columns - 1, math.floor(span.start / total * columns)) if total else 0
        last = max(first + 1, min(columns, math.ceil(span.end / total * columns))) if total else 1
        cells[first:last] = [_mark(span, span in critical, marks)] * (last - first)
    text = Text()
    for sign, style in cells:
        text.append(sign, style=style)
    return text


def _mark(span: Span, critical: bool, marks: Marks) -> tuple[str, str]:
    match span.kind:
        case "wait":
            sign = marks.wait
        case "fetch" | "model":
            sign = marks.fetch_critical if critical else marks.fetch
        case "process" | "answer":
            sign = marks.process_critical if critical else marks.process
    return sign, _CRITICAL if critical else _STYLES[span.kind]


def _busy(spans: Iterable[Span]) -> float:
    return _length([span for span in spans if span.kind != "wait"])


def _length(spans: Iterable[Span]) -> float:
    return sum(span.seconds for span in spans)


def _axis(total: float, columns: int) -> Text:
    """Ticks with their seconds, at a step of 1, 2 or 5 times a power of ten that leaves them room."""
    step = next((step for step in _steps() if total and step / total * columns >= 9), 1.0)
    text = ""
    for at in range(int(total / step + 1e-9) + 1 if total else 1):
        column = round(at * step / total * columns) if total else 0
        tick = f"{at * step:g} s"
        if column + len(tick) <= columns:
            text = f"{text:<{column}}{tick}"
    return Text(text, style="dim")


def _steps() -> Iterable[float]:
    return (factor * 10.0**power for power in range(-4, 4) for factor in (1, 2, 5))


def _critical_lines(timeline: Timeline, width: int, marks: Marks) -> Sequence[Text]:
    """The critical path in words, its steps on as many lines as they need."""
    stages = [list(spans) for _, spans in groupby(timeline.critical_path(), key=_stage)]
    steps = [_step(spans) for spans in stages if len(stages) == 1 or _length(spans) >= _SHORTEST_STEP]
    if not steps:
        return []
    lines = [Text.assemble(("critical path", _CRITICAL))]
    for at, step in enumerate(steps):
        piece = f" {marks.arrow} {step}" if at else f"  {step}"
        if lines[-1].cell_len + cell_len(piece) > width:
            lines.append(Text("  "))
        lines[-1].append(_short(piece, width - 2))
    return lines


def _stage(span: Span) -> tuple[SpanKind, str]:
    return span.kind, span.source


def _step(spans: Sequence[Span]) -> str:
    kind, source = _stage(spans[0])
    return " ".join(part for part in (_DOING[kind], line(source), f"{_length(spans):.2f} s") if part)


def _figures(timeline: Timeline, *, wide: bool) -> Sequence[Text]:
    total, sequential, bound = timeline.total, timeline.sequential(), timeline.lower_bound()
    ratio = f"{sequential / total:.1f} times as long" if total else ""
    cores = f"{timeline.cores} core" + ("" if timeline.cores == 1 else "s")
    rows = (("total", total, ""), ("one after another", sequential, ratio), ("lower bound", bound, f"on {cores}"))
    return [
        Text.assemble(
            (f"{name:<17}", "dim"),
            (f"{seconds:7.2f} s", "bold" if name == "total" else ""),
            (f"  {note}" if wide and note else "", "dim"),
        )
        for name, seconds, note in rows
    ]


def _short(name: str, columns: int) -> str:
    return name if cell_len(name) <= columns else f"{set_cell_size(name, columns - 1)}…"
