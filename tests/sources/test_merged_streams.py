import asyncio
from collections.abc import AsyncIterator

import pytest

from fanin.model import Document
from fanin.sources.merged_streams import merge_streams


async def stream(*texts: str, fail: str = "", gate: asyncio.Event | None = None) -> AsyncIterator[Document]:
    for text in texts:
        if gate is not None:
            await gate.wait()
        yield Document(text)
        await asyncio.sleep(0)
    if fail:
        raise ValueError(fail)


async def test_documents_come_in_the_order_in_which_they_arrive() -> None:
    gate = asyncio.Event()
    got: list[str] = []
    async for document in merge_streams([stream("late", gate=gate), stream("a", "b")], at_once=2):
        got.append(document.text)  # pyright: ignore
        if document.text == "b":
            gate.set()
    assert got == ["a", "b", "late"]


async def test_no_more_streams_than_allowed_are_read_at_once() -> None:
    running, most = 0, 0

    async def counted() -> AsyncIterator[Document]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        yield Document("x")
        running -= 1

    assert len([document async for document in merge_streams([counted() for _ in range(7)], at_once=3)]) == 7
    assert most == 3


async def test_the_first_error_comes_after_all_documents() -> None:
    streams = merge_streams([stream("a", fail="one"), stream("b", "c", "d")], at_once=2)
    assert [(await anext(streams)).text for _ in range(4)] == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="one"):
        await anext(streams)


async def test_leaving_early_ends_every_stream() -> None:
    ended: list[int] = []

    async def endless(number: int) -> AsyncIterator[Document]:
        try:
            yield Document("x")
            await asyncio.Event().wait()
        finally:
            ended.append(number)

    streams = merge_streams([endless(1), endless(2), endless(3)], at_once=2)
    await anext(streams)
    await streams.aclose()
    assert sorted(ended) == [1, 2]
    assert len(asyncio.all_tasks()) == 1
