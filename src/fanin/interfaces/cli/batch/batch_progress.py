"""Shows how far a batch is: on a terminal all the time, elsewhere as a line a minute."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fanin.batch.batch_run import BatchRun
from fanin.batch.batch_statistics import BatchStatistics, SourceStatistics
from fanin.interfaces.cli.terminal import is_screen, note
from fanin.sanitize import line

if TYPE_CHECKING:
    from rich.table import Table

SCREEN_SECONDS, LOG_SECONDS = 0.5, 60.0
"""Seconds between two looks on a terminal, and elsewhere."""


@asynccontextmanager
async def following(run: BatchRun) -> AsyncGenerator[None]:
    """Within the block, show how far the batch is."""
    showing = asyncio.create_task(_on_screen(run) if is_screen(sys.stderr) else _in_lines(run))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.wait((showing,))


async def _in_lines(run: BatchRun) -> None:
    begun = time.monotonic()
    while True:
        await asyncio.sleep(LOG_SECONDS)
        note(progress(run, time.monotonic() - begun))


async def _on_screen(run: BatchRun) -> None:
    from rich.console import Console
    from rich.live import Live

    begun = time.monotonic()
    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
        while True:
            live.update(_table(run, time.monotonic() - begun), refresh=True)
            await asyncio.sleep(SCREEN_SECONDS)


def progress(run: BatchRun, seconds: float) -> str:
    """How far it is, in one line: rows done, how many a second, the time that is left, what was set aside."""
    told, share = run.statistics, run.rows.share
    rate = told.done / seconds if seconds else 0.0
    parts = [f"{told.done + told.known:,} rows", f"{rate:.1f} a second", f"{run.options.limit()} at a time"]
    if share and told.done and share < 1:
        parts.append(f"about {_time(seconds * (1 - share) / share)} left")
    parts += [f"{told.set_aside:,} set aside"] if told.set_aside else []
    parts += [f"{told.failed:,} with an error"] if told.failed else []
    return ", ".join(parts)


def summary(told: BatchStatistics, output: Path) -> str:
    """What became of a batch, in some lines."""
    counts = [f"{told.answered:,} answered", f"{told.unanswered:,} without an answer", f"{told.failed:,} with an error"]
    known = f", {told.known:,} answered before" if told.known else ""
    lines = [f"{output}: {', '.join(counts)}{known}."]
    if told.times.counts:
        lines.append(f"A question took {_both(told.times.percentile(0.5), told.times.percentile(0.95))}.")
    return "\n".join([*lines, *(f"{line(name)}: {_source(each)}" for name, each in told.sources.items())])


def _source(told: SourceStatistics) -> str:
    statuses = ", ".join(f"{count:,} {status.replace('_', ' ')}" for status, count in told.statuses.most_common())
    times = _both(told.times.percentile(0.5), told.times.percentile(0.95)) if told.times.counts else ""
    return f"{statuses}; {times}" if times else statuses


def _table(run: BatchRun, seconds: float) -> Table:
    from rich.table import Table

    table = Table(title=progress(run, seconds), title_justify="left", box=None)
    for name in ("source", "outcomes and times"):
        table.add_column(name)
    for name, each in run.statistics.sources.items():
        table.add_row(line(name), _source(each))
    return table


def _both(half: float, most: float) -> str:
    return f"{half:.2f} s (p50), {most:.2f} s (p95)"


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
