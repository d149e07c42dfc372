"""Shows how many questions of an evaluation have been asked: on a terminal all the time, elsewhere once a minute."""

import sys
import time
from collections.abc import AsyncGenerator

from fanin.interfaces.cli.terminal import is_screen, note

LOG_SECONDS = 60.0
"""Seconds between two lines where there is no terminal."""


async def counted[T](results: AsyncGenerator[T], total: int) -> AsyncGenerator[T]:
    """The results, with the progress on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    due = time.monotonic() + LOG_SECONDS
    with Progress(console=Console(stderr=True), transient=True, disable=not is_screen(sys.stderr)) as progress:
        task = progress.add_task("questions", total=total)
        async for each in results:
            progress.advance(task)
            if progress.disable and time.monotonic() >= due:
                note(f"{progress.tasks[task].completed:.0f} of {total} questions")
                due += LOG_SECONDS
            yield each
