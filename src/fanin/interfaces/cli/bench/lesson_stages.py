"""The lesson's agent in six ways on this machine, each against what no schedule could beat."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from fanin.capstone.stages import Load, Stage

_NOTE = (
    "Every stage does the same fixed work. Workers are warm: their start is not measured. The bound is the best that"
    " any schedule of this kind could do with these cores; share is bound / seconds."
)


async def measure(*, scale: float, json: bool) -> None:
    """Run the six stages and print a row when one is over, or all of it as JSON; `scale` multiplies the work."""
    from fanin.capstone.stages import load as loaded
    from fanin.capstone.stages import stages
    from fanin.interfaces.cli.output import terminal

    load = loaded(scale=scale)
    async with aclosing(stages(load)) as measured:
        if json:
            _print_json(load, [stage async for stage in measured])
        elif terminal():
            await _draw(measured, load)
        else:
            await _write(measured, load)


def _print_json(load: Load, measured: Sequence[Stage]) -> None:
    from fanin.interfaces.render import dumps

    names = ("name", "seconds", "speedup", "bound_seconds", "cpu_seconds", "share")
    figures = [{name: _rounded(getattr(stage, name)) for name in names} for stage in measured]
    _print(dumps({"cores": load.cores, "stages": figures}, indent=2))


async def _draw(measured: AsyncGenerator[Stage], load: Load) -> None:
    """A table that gets a row when a stage is over."""
    from rich.console import Console
    from rich.live import Live

    console, table = Console(highlight=False, markup=False, emoji=False), _table(load)
    with Live(table, console=console, auto_refresh=False) as live:
        async for stage in measured:
            table.add_row(stage.name, *_cells(stage))
            live.refresh()
    console.print(_NOTE, style="dim")


def _table(load: Load) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=_title(load), title_justify="left", title_style="bold")
    table.add_column("stage", no_wrap=True)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


async def _write(measured: AsyncGenerator[Stage], load: Load) -> None:
    """Plain lines, one when a stage is over."""
    _print(_title(load))
    _print(_row("stage", _HEADINGS))
    async for stage in measured:
        _print(_row(stage.name, _cells(stage)))
    _print(_NOTE)


_HEADINGS = ("seconds", "speedup", "bound", "share", "CPU")


def _cells(stage: Stage) -> tuple[str, ...]:
    seconds, bound = f"{stage.seconds:.2f} s", f"{stage.bound_seconds:.2f} s"
    return seconds, f"{stage.speedup:.2f}x", bound, f"{stage.share:.0%}", f"{stage.cpu_seconds:.2f} s"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<20}" + "".join(f"{cell:>10}" for cell in cells)


def _title(load: Load) -> str:
    return f"Three fetches and three inferences on {load.cores} core{'' if load.cores == 1 else 's'}"


def _rounded(value: str | float) -> str | float:
    return value if isinstance(value, str) else round(value, 4)


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command's own output
