"""How much memory and how much of a disk kept answers may take."""

import sqlite3
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from sys import getsizeof
from typing import Any

import pytest

from fanin.limits import Limits
from fanin.model import Document, Notice, Question
from fanin.policies.cache import cache
from fanin.sources.source import Item, Source
from fanin.storage.object_size import size_of
from fanin.storage.sqlite_store import SQLiteStore

TEXT = "The harbour is open until nine tonight."
LONG = "x" * 1_500_000


class Traced(Document):
    """A document that can be seen to be gone."""

    __slots__ = ("__weakref__",)


class Telling:
    """A source that always says the same, in documents of its own; `alive` are those that somebody still holds."""

    def __init__(self, **parts: Any) -> None:
        self._parts = parts
        self._given: list[weakref.ref[Traced]] = []

    async def fetch(self, _: Question) -> AsyncIterator[Item]:
        yield Notice("nothing", message=self._parts.get("message", ""))
        document = Traced(**{"text": TEXT, **self._parts} if "message" not in self._parts else {"text": TEXT})
        self._given.append(weakref.ref(document))
        yield document

    @property
    def calls(self) -> int:
        return len(self._given)

    @property
    def alive(self) -> int:
        return sum(each() is not None for each in self._given)


async def ask(source: Source, question: str) -> None:
    async for _ in source(Question(question)):  # pyright: ignore
        pass


@pytest.mark.parametrize(
    "parts",
    [
        {"text": LONG},
        {"title": LONG},
        {"url": f"https://example.com/{LONG}"},
        {"published": LONG},
        {"metadata": {"blob": LONG}},
        {"metadata": {LONG: 1}},
        {"metadata": {"deep": [{"in": [(LONG,)]}]}},
        {"metadata": {"many": [str(number) for number in range(30_000)]}},
        {"message": LONG},
    ],
    ids=["text", "title", "url", "published", "metadata", "name", "deep", "many", "notice"],
)
async def test_whatever_an_answer_holds_counts_for_the_memory_of_the_cache(parts: dict[str, Any]) -> None:
    telling = Telling(**parts)
    cached = cache(Source("s", telling.fetch), fresh=60.0, stale=0.0)
    for number in range(100):
        await ask(cached, f"question {number}")
    assert 1 <= telling.alive <= 20
    await ask(cached, "question 99")
    assert telling.calls == 100


async def test_a_question_counts_for_the_memory_of_the_cache() -> None:
    telling = Telling()
    cached = cache(Source("s", telling.fetch), fresh=60.0, stale=0.0)
    for number in range(100):
        await ask(cached, f"{LONG}{number}")
    assert 1 <= telling.alive <= 20


async def test_an_answer_that_is_too_large_is_asked_for_each_time() -> None:
    itself: dict[str, Any] = {}
    itself["me"] = itself
    for metadata in ({"blob": LONG * 3}, {"many": list(range(1000)) * 1000}, itself):
        telling = Telling(metadata=metadata)
        cached = cache(Source("s", telling.fetch), fresh=60.0, stale=0.0)
        await ask(cached, "a")
        await ask(cached, "a")
        assert telling.calls == 2


def test_what_a_value_holds_is_counted_only_as_far_as_it_matters() -> None:
    numbers = [str(number) for number in range(1_000_000)]
    assert size_of(numbers, most=10) == getsizeof(numbers)
    assert size_of({"a": ("b" * 500, b"c" * 500, 7)}, most=10_000) > 1000
    assert size_of(Document("x" * 1000, metadata={"y" * 1000: "z" * 1000}), most=10_000) > 3000


async def test_the_file_holds_only_so_many_bytes(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "fanin.db", limits=Limits(stored_bytes=1_000_000))
    for number in range(50):
        await store.put(str(number), b"x" * 100_000, seconds=60.0 + number)
    found = [number for number in range(50) if await store.get(str(number)) is not None]
    await store.close()
    assert found
    assert found == list(range(found[0], 50)), "what expires first makes room"
    assert (tmp_path / "fanin.db").stat().st_size < 1_500_000
    with sqlite3.connect(tmp_path / "fanin.db") as file:
        assert file.execute("pragma integrity_check").fetchone() == ("ok",)
    file.close()
