"""Shows on a terminal or in a log how documents are added to a knowledge base."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from fanin.interfaces.cli.terminal import is_screen, note, say
from fanin.knowledge.ingest.file_discovery import KIND
from fanin.knowledge.ingest.progress import (
    Added,
    Ignored,
    Listed,
    Removed,
    Report,
    Skipped,
    Step,
    Unchanged,
)
from fanin.log import logger
from fanin.sanitize import line

if TYPE_CHECKING:
    from rich.progress import Progress

type Work = Callable[[Report], Coroutine[Any, Any, None]]

STOPPED = "Stopped. What was reported as added is kept; `fanin kb sync` goes on."

NAMED, KINDS = 10, 20
"""Files that are named of those that were ignored for the same reason; of more files, so many kinds are named."""


def run(work: Work) -> int:
    """Do the work and show it; gives the exit status: 1 when there was something, and nothing of it could be read."""
    tally = Tally()
    view = Bars(tally) if is_screen(sys.stdout) else Lines()

    def report(step: Step) -> None:
        tally.count(step)
        view.show(step)

    try:
        with view:
            asyncio.run(work(report))
    except KeyboardInterrupt:
        note(f"{tally.sentence()}\n{STOPPED}")
        raise
    for each in tally.ignored_lines():
        note(each)
    say(tally.sentence())
    return 1 if (tally.skipped or tally.ignored) and not (tally.added or tally.unchanged or tally.removed) else 0


@dataclass(slots=True)
class Tally:
    """What has happened so far, in numbers."""

    files: int = 0
    added: int = 0
    passages: int = 0
    unchanged: int = 0
    skipped: int = 0
    removed: int = 0
    ignored: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    begun: float = field(default_factory=time.monotonic)

    def count(self, step: Step) -> None:
        """Count one step."""
        match step:
            case Listed(files):
                self.files += files
            case Added(_, passages):
                self.added += 1
                self.passages += passages
            case Unchanged():
                self.unchanged += 1
            case Skipped():
                self.skipped += 1
            case Ignored(path, reason):
                logger.info("ignored %s: it %s", line(path), reason)
                self.ignored.setdefault(reason, []).append(path)
            case Removed():
                self.removed += 1

    def sentence(self) -> str:
        """All of it in one line."""
        seconds = max(time.monotonic() - self.begun, 0.001)
        parts = [f"{self.added:,} added ({_passages(self.passages)})", f"{self.unchanged:,} unchanged"]
        parts += [f"{self.removed:,} removed"] * bool(self.removed) + [f"{self.skipped:,} skipped"] * bool(self.skipped)
        return f"{', '.join(parts)}, in {seconds:.1f} s."

    def ignored_lines(self) -> list[str]:
        """The ignored files, a line for each reason: each by its name, or many by their kinds."""
        return [
            f"ignored: {_named(paths, by_kind=reason == KIND)}: {'it' if len(paths) == 1 else 'each'} {reason}"
            for reason, paths in self.ignored.items()
        ]


def _named(paths: Sequence[str], *, by_kind: bool) -> str:
    if len(paths) > NAMED and by_kind:
        kinds = Counter(PurePath(path).suffix.lower() or "without an ending" for path in paths).most_common()
        counted = ", ".join(f"{count:,} {line(kind, limit=30)}" for kind, count in kinds[:KINDS])
        more = f", {sum(count for _, count in kinds[KINDS:]):,} of other kinds" if len(kinds) > KINDS else ""
        return f"{len(paths):,} files ({counted}{more}; -v names all)"
    names = ", ".join(line(PurePath(path).name, limit=60) for path in paths[:NAMED])
    return f"{names} and {len(paths) - NAMED:,} more (-v names all)" if len(paths) > NAMED else names


class Lines:
    """A line for each document, for a log or another program: `added PATH`, once it is safe."""

    def __enter__(self) -> None: ...
    def __exit__(self, *exception: object) -> None: ...

    def show(self, step: Step) -> None:
        """Write the line."""
        match step:
            case Added(path, passages):
                say(f"added {line(path)} ({_passages(passages)})")
            case Removed(path):
                say(f"removed {line(path)}")
            case Skipped():
                note(_skipped(step))
            case Listed() | Unchanged() | Ignored():
                pass


class Bars:
    """A bar for files, with the rate and the time left; what is skipped stands above it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._progress = _bars()
        self._files = self._progress.add_task("files", total=None, rate="")

    def __enter__(self) -> None:
        self._progress.start()

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def show(self, step: Step) -> None:
        """Move the bar."""
        if isinstance(step, Skipped):
            self._progress.console.print(_skipped(step), style="yellow")
        tally = self._tally
        over = tally.added + tally.unchanged + tally.skipped
        rate = f"{tally.passages:,} passages, {over / max(time.monotonic() - tally.begun, 0.001):,.0f} files/s"
        self._progress.update(self._files, completed=over, total=max(tally.files, over), rate=rate)


def _passages(count: int) -> str:
    return f"{count:,} passage{'' if count == 1 else 's'}"


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(highlight=False, markup=False, emoji=False),
    )


def _skipped(step: Skipped) -> str:
    return line(f"skipped {step.path}: it {step.reason}")
