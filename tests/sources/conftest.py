from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, cast

import pytest

from fanin.model import Document, Question
from fanin.sources.source import Source


@pytest.fixture
async def ask() -> AsyncIterator[Callable[..., Awaitable[list[Document]]]]:
    """Ask a source directly and get its documents; its connections are closed at the end of the test."""
    asked: list[Source] = []

    async def all_documents(source: Source, text: str = "What is the weather in Port Merrow?") -> list[Document]:
        asked.append(source)
        async with aclosing(cast("Any", source(Question(text)))) as stream:
            return [document async for document in stream]

    yield all_documents
    for source in asked:
        assert source.close is not None
        await source.close()
