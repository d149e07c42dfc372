"""A simulated source, for trying fanin out, for demonstrations and for tests."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from fanin.errors import FailureKind, SourceError
from fanin.model import Document, Question
from fanin.sources.source import Item, Source, digest


def simulated(
    name: str, *, latency: float = 1.0, text: str | Sequence[str] = "", fail: str = "", timeout: float = 5.0
) -> Source:
    """A source that waits `latency` seconds and then gives `text` (several texts: evenly spaced in that time).

    `{question}` in a text is replaced by the question. With `fail`, it raises SourceError with that message instead.
    """
    texts = [text] if isinstance(text, str) else list(text)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        for each in texts:
            await asyncio.sleep(latency / len(texts))
            if fail:
                raise SourceError(fail, FailureKind.SIMULATED)
            if each:
                yield Document(each.replace("{question}", question.text), title=name)

    return Source(name, fetch, timeout=timeout, identity=digest("simulated", texts, fail))
