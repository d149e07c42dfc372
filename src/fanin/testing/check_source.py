"""A conformance check for any source, including your own."""

import asyncio
from collections.abc import Callable

from fanin.model import Document, Notice, Question
from fanin.sources.source import Item, Source


async def check_source(make: Callable[[], Source], *, question: str = "What is happening now?") -> None:
    """Raise AssertionError unless the source that `make` gives keeps the rules of a source.

    It answers, also several questions at the same time; its documents have text; it stops within a second when it is
    cancelled, and leaves no task behind; it can be closed twice. It must be able to answer the question with at least
    one document within its timeout.
    """
    source = make()
    try:
        first = await _answers(source, question)
        again, beside = await asyncio.gather(_answers(source, question), _answers(source, question))
        _require(len(again) > 0 and len(beside) > 0, "it answers two questions at once")
        _require(all(_is_plain(item) for item in first), "documents leave source and number to the engine")
        await _stops_at_once(source, question)
        await _leaves_no_task(source, question)
        await _answers(source, question)
    finally:
        if source.close is not None:
            await source.close()
            await source.close()


async def _answers(source: Source, question: str) -> list[Item]:
    async with asyncio.timeout(source.timeout):
        found = [item async for item in source.fetch(Question(question))]
    others = [item for item in found if type(item) not in (Document, Notice)]
    _require(not others, f"it gives documents and notices only, not {others!r}")
    documents = [item for item in found if isinstance(item, Document)]
    _require(len(documents) > 0, "it gives at least one document")
    _require(all(document.text.strip() for document in documents), "its documents have text")
    return found


async def _stops_at_once(source: Source, question: str) -> None:
    task = asyncio.create_task(_answers(source, question))
    await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait((task,), timeout=1.0)
    _require(bool(done), "it stops within a second of being told to")


async def _leaves_no_task(source: Source, question: str) -> None:
    before = asyncio.all_tasks()
    stream = source.fetch(Question(question))
    await anext(stream, None)
    if (aclose := getattr(stream, "aclose", None)) is not None:
        await aclose()
    await asyncio.sleep(0)
    left = {task for task in asyncio.all_tasks() - before if not task.done()}
    _require(not left, f"leaving it half-way leaves no task behind, but {left}")


def _is_plain(item: Item) -> bool:
    return not isinstance(item, Document) or (item.source == "" and item.number == 1)


def _require(holds: bool, rule: str) -> None:
    if not holds:
        raise AssertionError(f"not a good source: {rule}")
