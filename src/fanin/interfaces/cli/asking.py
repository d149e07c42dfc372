"""One question, from the options of a command to its exit status."""

import asyncio
import os
import select
import stat
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from typing import Any

from fanin.config import seconds
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.interfaces.cli.output import choose_view, show
from fanin.interfaces.cli.process_exit import INTERRUPTED, on_interrupt

MOST = 100_000
"""Characters of a question that are read from the standard input."""


def answer(
    make: Callable[[], AbstractAsyncContextManager[Engine]],
    question: str,
    *,
    sources: Sequence[str] | None = None,
    deadline: str = "",
    fresh: bool = False,
    json: bool,
    events: bool,
    timeline: bool,
) -> int:
    """Ask the engine that `make` makes, and show it; gives the exit status. The question "-" is read from stdin.

    Raises ConfigError when options exclude each other or make no sense.
    """
    if json and events:
        raise ConfigError("--json and --events exclude each other; fanin asked nothing. Choose one of them.")
    limit = duration(deadline) if deadline else None
    text = _question(question)
    view = choose_view(json=json, events=events, timeline=timeline)

    async def once() -> int:
        loop = asyncio.get_running_loop()
        async with (
            make() as opened,
            aclosing(opened.stream(text, deadline=limit, sources=sources, fresh=fresh)) as happening,
        ):
            # The call also wakes the loop.
            with on_interrupt(lambda: loop.call_soon_threadsafe(opened.finish)) as interrupted:
                status = await show(happening, view)
                return INTERRUPTED if interrupted() else status

    return asyncio.run(_while_read(once()))


def duration(text: str) -> float:
    """The seconds in "3s", "500ms", "1m" or, for a terminal, a bare "3". Raises ConfigError."""
    bare = text.strip().replace(".", "", 1)
    return float(text) if bare.isascii() and bare.isdigit() else seconds(text)


def _question(text: str) -> str:
    """The question, or what the standard input says for "-"; letters that the locale did not know are read as UTF-8."""
    if text != "-":
        return os.fsencode(text).decode("utf-8", "replace")
    read = sys.stdin.buffer.read(4 * MOST + 1).decode("utf-8", "replace").strip()
    if len(read) > MOST:
        raise ConfigError(f"The question has more than {MOST:,} characters; fanin asked nothing. Ask a shorter one.")
    if not read:
        raise ConfigError("The standard input holds no question; fanin asked nothing. Write it there, or give it here.")
    return read


async def _while_read[T](work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, which is cancelled when whoever reads the standard output leaves: BrokenPipeError."""
    if (output := _watchable_output()) is None:
        return await work
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def look() -> None:
        loop.remove_reader(output)
        if _unread(output):
            task.cancel()

    loop.add_reader(output, look)
    try:
        return await task
    except asyncio.CancelledError:
        if _unread(output):
            raise BrokenPipeError(32, "Broken pipe") from None
        raise
    finally:
        loop.remove_reader(output)


def _unread(output: int) -> bool:
    """Whether nobody can read any more what is written to this pipe or socket."""
    poll = select.poll()
    poll.register(output, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _watchable_output() -> int | None:
    """The descriptor of the standard output if it is a pipe or a socket, which tell when their reader leaves."""
    with suppress(OSError, ValueError, AttributeError):
        descriptor = sys.stdout.fileno()
        mode = os.fstat(descriptor).st_mode
        return descriptor if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None
    return None
