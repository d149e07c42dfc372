"""`fanin ask`: one question, from the options to the exit status."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from functools import partial
from typing import Annotated, Any

from cyclopts import Parameter

from fanin.config import Settings, find, load
from fanin.config.setting_errors import NOTHING
from fanin.durations import named, seconds
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.events import Answered, Event, Planned
from fanin.interfaces.cli.options import AnswerAsJson, Config, Deadline, Events
from fanin.interfaces.cli.output import View, choose_view, show, until_output_closes
from fanin.interfaces.cli.process_exit import INTERRUPTED, NO_ANSWER, on_interrupt
from fanin.model import Turn
from fanin.runs.run_record import EndedRun, RunStatus, RunStore, new_id
from fanin.storage.last_runs import keep_turn, last_turn

LONGEST = 100_000
"""Characters of a question that are read from the standard input."""

type Text = Annotated[
    str,
    Parameter(
        allow_leading_hyphen=True, help='What you want to know, in your own words; "-" reads it from standard input.'
    ),
]
type Names = Annotated[
    tuple[str, ...], Parameter(negative=(), help="Ask only the source of this name. Repeat it to ask several.")
]
type Models = Annotated[
    tuple[str, ...],
    Parameter(
        negative=(), help='Let this language model write the answer: "ollama:qwen3". Repeat it to name fallbacks.'
    ),
]
type Follow = Annotated[
    bool,
    Parameter(
        negative=(), help='Go on from the last question of this terminal: "and tomorrow?", "how much does it cost?".'
    ),
]
type Fresh = Annotated[bool, Parameter(negative=(), help="Take no answer of a source from the cache.")]
type Changes = Annotated[
    bool,
    Parameter(
        negative=(), help="Like --events, but print only what changed in a revised answer, and no texts of documents."
    ),
]
type Timeline = Annotated[
    bool, Parameter(negative=(), help="Print below the answer how long each source and each core worked.")
]


def ask(
    question: Text,
    /,
    *,
    source: Names = (),
    deadline: Deadline = "",
    config: Config = None,
    write: Models = (),
    follow: Follow = False,
    fresh: Fresh = False,
    json: AnswerAsJson = False,
    events: Events = False,
    changes: Changes = False,
    timeline: Timeline = False,
) -> int:
    """Ask a question; see the sources at work, the answer with its citations, and what is missing and why.

    The exit status is 0 with an answer, 3 without one, 2 for a mistake in the call or the settings, 130 after Ctrl-C.
    """
    settings = load(find(config))
    return answer(
        lambda: settings.engine(writer=write or None),
        question,
        choose_view(json=json, events=events, changes=changes, timeline=timeline),
        deadline=deadline,
        keep=partial(_keep, settings),
        sources=source or None,
        fresh=fresh,
        history=[_last_turn()] if follow else [],
    )


def answer(
    make: Callable[[], AbstractAsyncContextManager[Engine]],
    question: str,
    view: View,
    *,
    deadline: str = "",
    keep: Callable[[Sequence[Event], RunStatus], object] | None = None,
    **asking: Any,
) -> int:
    """Ask the engine that `make` makes, with the arguments of `Engine.stream`, and show it; gives the exit status.

    The question "-" is read from the standard input. All events go to `keep`. Raises ConfigError.
    """
    limit = named("--deadline", duration, deadline, did=NOTHING) if deadline else None
    text = _question(question)

    async def once() -> tuple[Sequence[Event], bool]:
        loop = asyncio.get_running_loop()
        async with make() as opened, aclosing(opened.stream(text, deadline=limit, **asking)) as stream:
            # The call also wakes the loop.
            with on_interrupt(lambda: loop.call_soon_threadsafe(opened.finish)) as interrupted:
                return await show(stream, view), interrupted()

    events, interrupted = asyncio.run(until_output_closes(once()))
    if keep is not None:
        keep(events, "cancelled" if interrupted else "answered")
    if interrupted:
        return INTERRUPTED
    return 0 if any(isinstance(each, Answered) and each.answer.success for each in events) else NO_ANSWER


def _keep(settings: Settings, events: Sequence[Event], status: RunStatus) -> None:
    """Keep the run, and its question and answer for the question that follows."""
    match events:
        case [Planned(question=question), *_, Answered(answer=answer)]:
            with suppress(OSError):  # where nothing can be kept, the next question is no follow-up
                keep_turn(answer)
            if (store := settings.run_store()) is not None:
                asked_at = time.time() - answer.execution_time
                asyncio.run(_kept(store, EndedRun(new_id(), "", question.text, asked_at, status, events)))
        case _:
            pass


async def _kept(store: RunStore, run: EndedRun) -> None:
    await store.keep(run)
    await store.close()


def _last_turn() -> Turn:
    if (turn := last_turn()) is None:
        raise ConfigError(
            "--follow: no question was asked in this terminal before, or none within a day; fanin asked nothing. Ask"
            " without --follow, and then go on."
        )
    return turn


def duration(value: object) -> float:
    """The seconds in "3s", "500ms", "1m" or, for a terminal, a bare "3". Raises ConfigError."""
    text = str(value).strip()
    bare = text.replace(".", "", 1)
    return float(text) if bare.isascii() and bare.isdigit() else seconds(text)


def _question(text: str) -> str:
    """The question, or what the standard input says for "-"; letters that the locale did not know are read as UTF-8."""
    if text != "-":
        return os.fsencode(text).decode("utf-8", "replace")
    read = sys.stdin.buffer.read(4 * LONGEST + 1).decode("utf-8-sig", "replace").strip()
    if len(read) > LONGEST:
        raise ConfigError(f"The question has more than {LONGEST:,} characters; fanin asked nothing. Ask a shorter one.")
    if not read:
        raise ConfigError("The standard input holds no question; fanin asked nothing. Write it there, or give it here.")
    return read
