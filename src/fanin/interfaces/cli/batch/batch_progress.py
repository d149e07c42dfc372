"""Shows how far a batch is: on a terminal all the time, elsewhere as a line a minute."""

import asyncio
import os
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
    from rich.console import Group

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
    clock = Clock()
    while True:
        await asyncio.sleep(LOG_SECONDS)
        note(progress(run, *clock.look()))


async def _on_screen(run: BatchRun) -> None:
    from rich.console import Console
    from rich.live import Live

    clock = Clock()
    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
        while True:
            live.update(screen(run, *clock.look()), refresh=True)
            await asyncio.sleep(SCREEN_SECONDS)


class Clock:
    """The seconds since it was made, and how many cores this process used since the last look."""

    def __init__(self) -> None:
        self._begun = self._looked = time.monotonic()
        self._used = time.process_time()

    def look(self) -> tuple[float, float]:
        """Both."""
        now, used = time.monotonic(), time.process_time()
        cores = (used - self._used) / max(1e-3, now - self._looked)
        self._looked, self._used = now, used
        return now - self._begun, cores


def progress(run: BatchRun, seconds: float, cores: float) -> str:
    """How far it is, in one line: rows, how many a second, the time that is left, the cores, what was set aside."""
    batch, done = run.statistics, run.statistics.done - run.before
    rate = done / seconds if seconds else 0.0
    parts = [f"{batch.done:,} rows", f"{rate:.1f} a second", f"{run.options.limit()} at a time"]
    if (left := run.left()) and rate:
        parts.append(f"about {_time(left / rate)} left")
    parts.append(f"{cores:.1f} of {os.process_cpu_count() or 1} cores")
    parts += [f"{batch.set_aside:,} set aside"] if batch.set_aside else []
    parts += [f"{batch.failed:,} with an error"] if batch.failed else []
    return ", ".join(parts)


def summary(batch: BatchStatistics, output: Path) -> str:
    """What became of a batch, in some lines."""
    counts = [
        f"{batch.answered:,} answered",
        f"{batch.unanswered:,} without an answer",
        f"{batch.failed:,} with an error",
    ]
    known = f"; {batch.known:,} of these before it was stopped" if batch.known else ""
    lines = [f"{output}: {', '.join(counts)}{known}."]
    if batch.times.counts:
        lines.append(f"A question took {_both(batch.times.percentile(0.5), batch.times.percentile(0.95))}.")
    return "\n".join([*lines, *(f"{line(name)}: {_source(each)}" for name, each in batch.sources.items())])


def _source(source: SourceStatistics) -> str:
    statuses = ", ".join(f"{count:,} {status.replace('_', ' ')}" for status, count in source.statuses.most_common())
    times = _both(source.times.percentile(0.5), source.times.percentile(0.95)) if source.times.counts else ""
    return f"{statuses}; {times}" if times else statuses


def screen(run: BatchRun, seconds: float, cores: float) -> Group:
    """What stands on the screen: a bar, how far it is, and how each source does."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    table = Table(box=None)
    table.add_column("source")
    for name in ("asked", "success", "p50", "p95"):
        table.add_column(name, justify="right")
    table.add_column("failures")
    for name, each in run.statistics.sources.items():
        times = [f"{each.times.percentile(share):.2f} s" if each.times.counts else "" for share in (0.5, 0.95)]
        success = f"{each.success:.0%}" if each.asked else ""
        table.add_row(line(name), f"{each.asked:,}", success, *times, _failures(each))
    done, left = run.statistics.done, run.left()
    bar = ProgressBar(total=None if left is None else max(1, done + left), completed=done, pulse=left is None)
    return Group(Padding(bar, 0), line(progress(run, seconds, cores)), table)


def _failures(source: SourceStatistics) -> str:
    most = sorted(source.failures.items(), key=lambda each: -each[1].count)[:3]
    return ", ".join(f"{each.count:,} {line(kind, limit=40)}" for kind, each in most)


def _both(half: float, most: float) -> str:
    return f"{half:.2f} s (p50), {most:.2f} s (p95)"


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
