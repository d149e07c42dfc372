"""Calls of a source at exact times."""

import asyncio
from collections.abc import Callable

import pytest

from fanin.model import Question
from fanin.sources.source import Item, Source
from fanin.testing import run_jumping

type Ended = tuple[float, list[Item] | Exception]
"""When a call ended, and with what: items, or the error that it raised."""


@pytest.fixture
def call() -> Callable[..., list[Ended]]:
    """Calls a source at each of these instants, with so many seconds left, and gives how each call ended."""

    async def ended(source: Source, at: float, left: float, user: str) -> Ended:
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(at)
        question = Question("Is the harbour open?", deadline=clock() + left, user=user)
        try:
            items = [item async for item in source.fetch(question)]
        except Exception as error:
            return clock(), error
        return clock(), items

    def call(source: Source, *instants: float, left: float = 1000.0, user: str = "") -> list[Ended]:
        async def scenario() -> list[Ended]:
            return await asyncio.gather(*(ended(source, at, left, user) for at in instants))

        return run_jumping(scenario())

    return call
