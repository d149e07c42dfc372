"""`fanin ask`: one question, answered on the terminal or as JSON."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from fanin.errors import ConfigError

if TYPE_CHECKING:
    from fanin.engine import Engine


def ask(
    question: Annotated[str, Parameter(help="What you want to know.")],
    /,
    *,
    source: Annotated[tuple[str, ...], Parameter(negative=(), help="Ask this source only; may be given again.")] = (),
    deadline: Annotated[str, Parameter(help='Answer within this time, such as "3s" or "500ms".')] = "",
    config: Annotated[
        Path | None, Parameter(help="The settings; else ./fanin.toml, else those in your configuration folder.")
    ] = None,
    write: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help='Let this model write the answer, such as "ollama:qwen3"; again: a fallback.'),
    ] = (),
    fresh: Annotated[bool, Parameter(negative=(), help="Ask again what is still known from a moment ago.")] = False,
    json: Annotated[bool, Parameter(negative=(), help="Print the answer as JSON.")] = False,
    events: Annotated[bool, Parameter(negative=(), help="Print what happens as JSON lines.")] = False,
    timeline: Annotated[bool, Parameter(negative=(), help="Draw where the time went.")] = False,
) -> int:
    """Ask a question; show what happens, the answer with its citations, and what is missing and why."""
    return answer(
        lambda: engine(config, writer=write or None),
        question,
        sources=source or None,
        deadline=deadline,
        fresh=fresh,
        json=json,
        events=events,
        timeline=timeline,
    )


def engine(config: Path | None, *, writer: Sequence[str] | None = None) -> Engine:
    """The engine of the settings that are found, see `fanin.config.find`. Raises ConfigError."""
    from fanin.config import find, load

    return load(find(config)).engine(writer=writer)


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
    """Ask the engine that `make` makes, and show it; gives the exit status.

    Raises ConfigError when options exclude each other or make no sense.
    """
    import asyncio

    from fanin.interfaces.cli import process_exit
    from fanin.interfaces.cli.output import choose_view, show

    if json and events:
        raise ConfigError("--json and --events exclude each other; fanin asked nothing. Choose one of them.")
    seconds = duration(deadline) if deadline else None
    view = choose_view(json=json, events=events, timeline=timeline)

    async def once() -> int:
        async with (
            make() as opened,
            aclosing(opened.stream(question, deadline=seconds, sources=sources, fresh=fresh)) as happening,
        ):
            with process_exit.question(opened.finish) as interrupted:
                status = await show(happening, view)
                return process_exit.INTERRUPTED if interrupted() else status

    return asyncio.run(process_exit.while_read(once()))


def duration(text: str) -> float:
    """The seconds in "3s", "500ms", "1m" or, for a terminal, a bare "3". Raises ConfigError."""
    from fanin.config import seconds

    bare = text.strip().replace(".", "", 1)
    return float(text) if bare.isascii() and bare.isdigit() else seconds(text)
