"""The user's own documents as a source: the passages of a knowledge base that match the question."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any

from fanin.knowledge.embedding import no_model
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.search_values import Filters, FoundPassage
from fanin.knowledge.store.database_file import default_path
from fanin.model import Document, Notice, Question
from fanin.plan.languages import language_note
from fanin.pools.stopping import nowhere
from fanin.sources.source import Item, Source, digest
from fanin.sources.threads import in_thread


def knowledge(
    file: Path | None = None,
    *,
    name: str = "knowledge",
    added: str = "",
    path: str = "",
    passages: int = 16,
    timeout: float = 5.0,
) -> Source:
    """A source that gives the best passages of the knowledge base in `file`, or of the user's default one.

    `added` is the name under which documents were added, `path` a part of their paths; "" means all documents. If the
    knowledge base is empty, the outcome says how to add documents. The model does not read here: it reads the best of
    what all sources delivered.
    """
    knowledge_base, filters = Knowledge(file or default_path(), embedder=no_model), Filters(name=added, path=path)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        left = False
        search = partial(_search, knowledge_base, question.text, limit=passages, filters=filters, stopped=lambda: left)
        try:
            async with aclosing(in_thread(search, may_stop=nowhere)) as items:
                async for item in items:
                    yield item
        finally:
            left = True

    identity = digest("knowledge", knowledge_base.path, added, path, passages)
    return Source(name, fetch, timeout=timeout, identity=identity, searches=True)


def _search(knowledge_base: Knowledge, question: str, **options: Any) -> Iterator[Item]:
    if not knowledge_base.is_filled():
        message = f"{str(knowledge_base.path)!r} holds no documents. Add some: `fanin kb add PATH`."
        yield Notice("nothing", message=message)
        return
    found = knowledge_base.find(question, by_page=False, **options)
    if found.searched_for:
        yield Notice("corrected", message=found.searched_for)
    if note := language_note(question, (passage.text for passage in found.passages)):
        yield Notice("remark", message=note)
    yield from map(_document, found.passages)


def _document(passage: FoundPassage) -> Document:
    return Document(
        passage.text,
        title=passage.title,
        url=Path(passage.path).as_uri(),
        published=passage.published,
        metadata={
            "path": passage.path,
            "heading": passage.heading,
            "start": passage.start,
            "end": passage.end,
            "score": passage.score,
        },
    )
