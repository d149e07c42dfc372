"""The lesson's agent in six ways on this machine, each against what no schedule could beat."""

import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from fanin.capstone.stages import WAYS, Load, Stage, stages
from fanin.capstone.stages import load as loaded
from fanin.interfaces.cli.terminal import is_screen, note, say, say_json
from fanin.streams.event_json import dumps

if TYPE_CHECKING:
    from rich.table import Table

_NOTE = (
    "Each way does the same work; starting the workers is not measured. The bound is the best time that any schedule of"
    " this kind could reach on these cores, the share is bound / seconds."
)

_HEADINGS = ("seconds", "speedup", "bound", "share", "CPU")

_NAMES = [name for name, *_ in WAYS]


async def measure(*, scale: float, json: bool) -> None:
    """Run the six stages and print a row when one is over, or all of it as JSON; `scale` multiplies the work."""
    load = loaded(scale=scale)
    async with aclosing(stages(load)) as measured:
        if not json and is_screen(sys.stdout):
            await _draw(measured, load)
            return
        if not json:
            say(f"{_title(load)}\n{_row('stage', _HEADINGS)}")
        done: list[Stage] = []
        note(_beginning(0))
        async for stage in measured:
            done.append(stage)
            if not json:
                say(_row(stage.name, _cells(stage)))
            if len(done) < len(_NAMES):
                note(_beginning(len(done)))
        if json:
            say_json(_as_json(load, done))
        else:
            say(_NOTE)


def _beginning(done: int) -> str:
    return f"running {done + 1} of {len(_NAMES)}: {_NAMES[done]}"


def _as_json(load: Load, measured: Sequence[Stage]) -> str:
    names = ("name", "seconds", "speedup", "bound_seconds", "cpu_seconds", "share")
    figures = [{name: _rounded(getattr(stage, name)) for name in names} for stage in measured]
    return dumps({"cores": load.cores, "stages": figures}, indent=2)


async def _draw(measured: AsyncGenerator[Stage], load: Load) -> None:
    """A table that gets a row when a stage is over; its last row is the stage that runs, and for how long."""
    from rich.console import Console
    from rich.live import Live

    console, done, begun = Console(highlight=False, markup=False, emoji=False), list[Stage](), time.monotonic()

    def drawn() -> Table:
        table = _table(load)
        for stage in done:
            table.add_row(stage.name, *_cells(stage))
        if len(done) < len(_NAMES):
            table.add_row(_NAMES[len(done)], f"{time.monotonic() - begun:.0f} s ...", style="dim")
        return table

    with Live(console=console, get_renderable=drawn, refresh_per_second=4):
        async for stage in measured:
            done.append(stage)
            begun = time.monotonic()
    say(_NOTE)


def _table(load: Load) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=_title(load), title_justify="left", title_style="bold")
    table.add_column("stage", no_wrap=True)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _cells(stage: Stage) -> tuple[str, ...]:
    seconds, bound = f"{stage.seconds:.2f} s", f"{stage.bound_seconds:.2f} s"
    return seconds, f"{stage.speedup:.2f}x", bound, f"{stage.share:.0%}", f"{stage.cpu_seconds:.2f} s"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<20}" + "".join(f"{cell:>10}" for cell in cells)


def _title(load: Load) -> str:
    return f"Three fetches and three inferences on {load.cores} core{'' if load.cores == 1 else 's'}"


def _rounded(value: str | float) -> str | float:
    return value if isinstance(value, str) else round(value, 4)
