"""Runs the demo and writes what its terminal shows as an SVG that fetches nothing."""

import asyncio
import io
import re
import sys
from functools import reduce
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from fanin.events import Answered, Event
from fanin.interfaces.cli.demo import QUESTION, serving
from fanin.interfaces.cli.live import Board, advance
from fanin.interfaces.cli.live_view import print_end

WIDTH = 96
FONTS = "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
THEME = TerminalTheme(
    background=(17, 20, 28),
    foreground=(208, 214, 224),
    # black, red, green, yellow, blue, magenta, cyan, white
    normal=[
        *((17, 20, 28), (240, 113, 120), (140, 200, 120), (240, 200, 100)),
        *((110, 160, 240), (190, 140, 230), (100, 200, 215), (208, 214, 224)),
    ],
)


async def events() -> list[Event]:
    """Everything that happens in one run of the demo."""
    async with serving({}, scale=1.0) as engine:
        return [event async for event in engine.stream(QUESTION)]


def picture(told: list[Event]) -> str:
    """The end of the live view, the answer and the lanes, as SVG."""
    last = told[-1]
    if not isinstance(last, Answered):
        raise TypeError(last)
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    print_end(console, reduce(advance, told, Board()), last.answer, timeline=True)
    svg = console.export_svg(title="fanin demo", theme=THEME, unique_id="fanin")
    # Rich's own frame would fetch a font; the fonts that everybody has do as well.
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    return re.sub(r"[ \t]+$", "", svg.replace("Fira Code, monospace", FONTS), flags=re.MULTILINE)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(picture(asyncio.run(events())), encoding="utf-8")
