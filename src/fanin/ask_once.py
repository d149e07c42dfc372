"""Asking one question without an engine of one's own, for scripts and notebooks."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

from fanin.arguments import question_text, suggest
from fanin.background import DaemonThreads
from fanin.durations import Duration
from fanin.engine import Engine
from fanin.engine_arguments import NOTHING
from fanin.errors import ConfigError
from fanin.limits import Limits
from fanin.model import Answer, Document, Policy, Processor, Turn
from fanin.pools.pool import Pool
from fanin.run.sufficiency import Enough
from fanin.sources.source import Source, SourceFunction
from fanin.storage import Store
from fanin.writing.models import Model


class Options(TypedDict, total=False):
    """The arguments of `Engine` besides its sources, as keywords."""

    deadline: Duration
    process: Callable[[str, Document], Any] | Processor | None
    pool: str | Executor | Pool | None
    workers: int | None
    enough: float | Enough | None
    rounds: int
    writer: str | Model | Sequence[str | Model] | None
    writers: Mapping[str, str | Model | Sequence[str | Model]] | None
    process_model: str | Model | None
    policy: Policy | None
    store: Store | str | Path | None
    store_key: str | None
    semantic: bool | None
    limits: Limits
    now: Callable[[], datetime]


def ask(
    question: str,
    sources: Sequence[Source | SourceFunction],
    *,
    fresh: bool = False,
    user: str = "",
    history: Sequence[Turn] = (),
    **options: Unpack[Options],
) -> Answer:
    """The answer to one question, for scripts and notebooks: opens an Engine, asks, and closes it.

    `options` are those of Engine, such as `deadline="3s"`. It blocks; inside a running event loop it works in a thread
    of its own.
    """
    question_text(question)
    for unknown in options.keys() - Options.__optional_keys__:
        raise ConfigError(
            f"There is no option {unknown!r}; {NOTHING}. {suggest(unknown, sorted(Options.__optional_keys__))}"
        )
    engine = Engine(sources, **options)

    async def once() -> Answer:
        async with engine:
            return await engine.ask(question, fresh=fresh, user=user, history=history)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(once())
    with DaemonThreads(1, name="fanin ask") as thread:
        return thread.submit(asyncio.run, once()).result()
