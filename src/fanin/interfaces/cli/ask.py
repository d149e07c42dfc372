"""`fanin ask`: one question, from the options to the exit status."""

import asyncio
import os
import select
import stat
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from typing import Annotated, Any

from cyclopts import Parameter

from fanin.config import find, load, seconds
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.events import Answered, Event
from fanin.interfaces.cli.options import AnswerAsJson, Config, Events
from fanin.interfaces.cli.output import choose_view, show
from fanin.interfaces.cli.process_exit import INTERRUPTED, on_interrupt
from fanin.model import Answer, Turn
from fanin.storage.last_runs import keep_turn, last_turn

MOST = 100_000
"""Characters of a question that are read from the standard input."""


def ask(
    question: Annotated[
        str,
        Parameter(
            allow_leading_hyphen=True,
            help='What you want to know, in your own words; "-" reads it from standard input.',
        ),
    ],
    /,
    *,
    source: Annotated[
        tuple[str, ...], Parameter(negative=(), help="Ask only the source of this name. Repeat it to ask several.")
    ] = (),
    deadline: Annotated[
        str, Parameter(help='Answer within this time: "500ms", "3s", "1m", or seconds. Default: that of the settings.')
    ] = "",
    config: Config = None,
    write: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(), help='Let this language model write the answer: "ollama:qwen3". Repeat it to name fallbacks.'
        ),
    ] = (),
    follow: Annotated[
        bool,
        Parameter(
            negative=(),
            help='Go on from the last question of this terminal: "and tomorrow?", "how much does it cost?".',
        ),
    ] = False,
    fresh: Annotated[bool, Parameter(negative=(), help="Take no answer of a source from the cache.")] = False,
    json: AnswerAsJson = False,
    events: Events = False,
    changes: Annotated[
        bool,
        Parameter(
            negative=(),
            help="Like --events, but print only what changed in a revised answer, and no texts of documents.",
        ),
    ] = False,
    timeline: Annotated[
        bool, Parameter(negative=(), help="Print below the answer how long each source and each core worked.")
    ] = False,
) -> int:
    """Ask a question; see the sources at work, the answer with its citations, and what is missing and why.

    The exit status is 0 with an answer, 3 without one, 2 for a mistake in the call or the settings, 130 after Ctrl-C.
    """
    seen: list[Answer] = []
    status = answer(
        lambda: load(find(config)).engine(writer=write or None),
        question,
        history=[_last_turn()] if follow else [],
        seen=seen,
        sources=source or None,
        deadline=deadline,
        fresh=fresh,
        json=json,
        events=events,
        changes=changes,
        timeline=timeline,
    )
    for each in seen:
        with suppress(OSError):  # where nothing can be kept, the next question is no follow-up
            keep_turn(each)
    return status


def _last_turn() -> Turn:
    if (turn := last_turn()) is None:
        raise ConfigError(
            "--follow: no question was asked in this terminal before, or none within a day; fanin asked nothing. Ask"
            " without --follow, and then go on."
        )
    return turn


def answer(
    make: Callable[[], AbstractAsyncContextManager[Engine]],
    question: str,
    *,
    sources: Sequence[str] | None = None,
    deadline: str = "",
    history: Sequence[Turn] = (),
    seen: list[Answer] | None = None,
    fresh: bool = False,
    json: bool,
    events: bool,
    changes: bool = False,
    timeline: bool,
) -> int:
    """Ask the engine that `make` makes, and show it; gives the exit status. The question "-" is read from stdin.

    The final answer is appended to `seen`.

    Raises ConfigError when options exclude each other or make no sense.
    """
    if json + events + changes > 1:
        raise ConfigError("--json, --events and --changes exclude each other; fanin asked nothing. Choose one of them.")
    limit = duration(deadline) if deadline else None
    text = _question(question)
    view = choose_view(json=json, events=events, changes=changes, timeline=timeline)

    async def once() -> int:
        loop = asyncio.get_running_loop()
        async with (
            make() as opened,
            aclosing(opened.stream(text, deadline=limit, sources=sources, fresh=fresh, history=history)) as stream,
        ):
            # The call also wakes the loop.
            with on_interrupt(lambda: loop.call_soon_threadsafe(opened.finish)) as interrupted:
                status = await show(stream if seen is None else _seen(stream, seen), view)
                return INTERRUPTED if interrupted() else status

    return asyncio.run(_until_output_closes(once()))


async def _seen(events: AsyncGenerator[Event], answers: list[Answer]) -> AsyncGenerator[Event]:
    """The events, of which the final answer is appended to `answers`."""
    async for event in events:
        if isinstance(event, Answered):
            answers.append(event.answer)
        yield event


def duration(text: str) -> float:
    """The seconds in "3s", "500ms", "1m" or, for a terminal, a bare "3". Raises ConfigError."""
    bare = text.strip().replace(".", "", 1)
    return float(text) if bare.isascii() and bare.isdigit() else seconds(text)


def _question(text: str) -> str:
    """The question, or what the standard input says for "-"; letters that the locale did not know are read as UTF-8."""
    if text != "-":
        return os.fsencode(text).decode("utf-8", "replace")
    read = sys.stdin.buffer.read(4 * MOST + 1).decode("utf-8-sig", "replace").strip()
    if len(read) > MOST:
        raise ConfigError(f"The question has more than {MOST:,} characters; fanin asked nothing. Ask a shorter one.")
    if not read:
        raise ConfigError("The standard input holds no question; fanin asked nothing. Write it there, or give it here.")
    return read


async def _until_output_closes[T](work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, which is cancelled with BrokenPipeError when the reader of the standard output exits."""
    if (output := _watchable_output()) is None:
        return await work
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def look() -> None:
        loop.remove_reader(output)
        if _is_unread(output):
            task.cancel()

    loop.add_reader(output, look)
    try:
        return await task
    except asyncio.CancelledError:
        if _is_unread(output):
            raise BrokenPipeError(32, "Broken pipe") from None
        raise
    finally:
        loop.remove_reader(output)


def _is_unread(output: int) -> bool:
    """Whether the other end of this pipe or socket is closed."""
    poll = select.poll()
    poll.register(output, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _watchable_output() -> int | None:
    """The descriptor of the standard output if it is a pipe or a socket, which show when their reader exits."""
    with suppress(OSError, ValueError, AttributeError):
        descriptor = sys.stdout.fileno()
        mode = os.fstat(descriptor).st_mode
        return descriptor if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None
    return None
