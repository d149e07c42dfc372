"""Draws docs/explanation/way-of-a-question.svg: which modules a question passes, and which one calls which.

Run it after a change of BOXES or ARROWS: .venv/bin/python scripts/way.py. A test holds both against the code.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

PICTURE = Path(__file__).parents[1] / "docs" / "explanation" / "way-of-a-question.svg"


class Box(NamedTuple):
    """A module by its path below src/fanin, what in it does the step, what it does, and where it is drawn."""

    path: str
    name: str
    does: str
    column: int
    row: int


BOXES: Mapping[str, Box] = {
    "engine": Box("engine.py", "Engine", "owns sources, workers, caches", 2, 0),
    "plan": Box("plan/plan.py", "Plan", "what to ask and whom", 1, 0),
    "run": Box("run/run.py", "Run", "the choreography", 2, 1),
    "stack": Box("policies/stack.py", "Stacks", "wraps each source", 3, 0),
    "source": Box("sources/source.py", "Source", "question → documents", 4, 0),
    "source_run": Box("run/source/source_run.py", "SourceRun", "the state of one source", 3, 1),
    "events": Box("events.py", "Event", "what happened", 4, 1),
    "delivery": Box("run/source/source_delivery.py", "SourceDelivery", "fetches, has it processed", 3, 2),
    "placement": Box("run/placement.py", "Placement", "loop or pool?", 4, 2),
    "pool": Box("pools/pool.py", "Pool", "workers, deadlines", 4, 3),
    "process": Box("process/analysis.py", "analyze", "document → passages", 3, 3),
    "enrichment": Box("run/enrichment.py", "Enrichment", "models that read", 1, 2),
    "improvement": Box("run/rounds/improvement.py", "Improvement", "ask again, compare", 1, 1),
    "build": Box("run/build_answer.py", "build_answer", "values in, answer out", 2, 2),
    "fuse": Box("fuse/fusion.py", "fuse", "dedupe, rank", 1, 3),
    "extract": Box("answer/extractive.py", "extract", "quote, cite", 2, 3),
    "writing": Box("run/answer_writing.py", "AnswerWriting", "a model writes, checked", 0, 2),
}

ARROWS: tuple[tuple[str, str], ...] = (
    ("engine", "plan"),
    ("engine", "stack"),
    ("engine", "run"),
    ("stack", "source"),
    ("run", "source_run"),
    ("source_run", "events"),
    ("run", "delivery"),
    ("delivery", "placement"),
    ("run", "enrichment"),
    ("run", "improvement"),
    ("run", "build"),
    ("run", "writing"),
    ("placement", "process"),
    ("placement", "pool"),
    ("build", "fuse"),
    ("build", "extract"),
)
"""Who imports and calls whom."""

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 200, 62, 250, 118, 20
STYLE = """
  text { font-family: ui-sans-serif, system-ui, 'DejaVu Sans', sans-serif; fill: #1d2430; }
  .box { fill: #f4f6fb; stroke: #5b6b8c; stroke-width: 1.2; }
  .name { font-size: 14px; font-weight: 600; }
  .does { font-size: 12px; }
  .path { font-size: 11px; fill: #5b6b8c; font-family: ui-monospace, 'DejaVu Sans Mono', monospace; }
  .arrow { stroke: #35507f; stroke-width: 1.4; fill: none; marker-end: url(#head); }
"""


def picture() -> str:
    """The whole picture."""
    across = 2 * MARGIN + max(box.column for box in BOXES.values()) * ACROSS + WIDTH
    down = 2 * MARGIN + max(box.row for box in BOXES.values()) * DOWN + HEIGHT
    head = '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}" role="img">',
            "<title>The way of a question through the code</title>",
            f"<style>{STYLE}</style>",
            f'<defs>{head}<path d="M0 0 8 4 0 8z" fill="#35507f"/></marker></defs>',
            f'<rect width="{across}" height="{down}" fill="#ffffff"/>',
            *(_arrow(BOXES[start], BOXES[end]) for start, end in ARROWS),
            *(line for box in BOXES.values() for line in _box(box)),
            "</svg>\n",
        ]
    )


def _corner(box: Box) -> tuple[int, int]:
    return MARGIN + box.column * ACROSS, MARGIN + box.row * DOWN


def _box(box: Box) -> Iterator[str]:
    x, y = _corner(box)
    middle = x + WIDTH // 2
    yield f'<rect class="box" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
    for css, text, below in (("name", box.name, 19), ("does", box.does, 36), ("path", box.path, 53)):
        yield f'<text class="{css}" x="{middle}" y="{y + below}" text-anchor="middle">{text}</text>'


def _arrow(start: Box, end: Box) -> str:
    """From the edge of one box to the nearest edge of another."""
    (x1, y1), (x2, y2) = _corner(start), _corner(end)
    if start.row == end.row:
        right = start.column < end.column
        x1, x2 = (x1 + WIDTH, x2) if right else (x1, x2 + WIDTH)
        return f'<path class="arrow" d="M{x1} {y1 + HEIGHT // 2} L{x2} {y2 + HEIGHT // 2}"/>'
    shift = (end.column - start.column) * WIDTH // 6
    x1, x2 = x1 + WIDTH // 2 + shift, x2 + WIDTH // 2 - shift
    y1, y2 = (y1 + HEIGHT, y2) if start.row < end.row else (y1, y2 + HEIGHT)
    return f'<path class="arrow" d="M{x1} {y1} L{x2} {y2}"/>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
