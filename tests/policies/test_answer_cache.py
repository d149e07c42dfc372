"""What a store gives back of an answer, and what it makes of anything else."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.limits import LIMITS
from fanin.model import Document, Notice, Question
from fanin.policies.answer_cache import ANSWER_NOTICES, AnswerCache, CachedAnswer
from fanin.policies.identity import make_identity
from fanin.sources.source import Source

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
TEXTS = st.text(st.characters(), max_size=20)
DOCUMENTS = st.builds(
    Document,
    TEXTS,
    title=TEXTS,
    url=TEXTS,
    published=TEXTS,
    media_type=TEXTS,
    metadata=st.dictionaries(st.text(max_size=5), JSON, max_size=2),
)


class Memory:
    """A store in memory; `seconds` are those of what was put last."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.seconds = 0.0

    async def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        self.kept[key], self.seconds = value, seconds

    async def close(self) -> None:
        pass


SAME = make_identity("k" * 16)


def answers(store: Memory | None, *, now: float = 100.0, seconds: float = 60.0) -> AnswerCache:
    return AnswerCache(Source("s", lambda _: None), seconds, store, SAME, lambda: now)  # pyright: ignore


@given(st.lists(DOCUMENTS, max_size=3), st.lists(st.builds(Notice, st.sampled_from(ANSWER_NOTICES), message=TEXTS)))
def test_what_was_kept_in_a_store_is_found_by_another_program(documents: list[Document], notices: list[Notice]) -> None:
    store = Memory()
    items = [*notices, *documents, Notice("waited", after=1.0)]
    asyncio.run(answers(store).save("open", items))
    assert asyncio.run(answers(store).load("open")) == CachedAnswer(100.0, tuple(documents), tuple(notices))
    assert store.seconds == 60.0


@given(st.binary(max_size=40) | JSON.map(repr).map(str.encode))
def test_whatever_a_store_gives_is_an_answer_or_none(value: bytes) -> None:
    store = Memory()
    store.get = lambda _: asyncio.sleep(0, value)  # pyright: ignore
    assert asyncio.run(answers(store).load("open")) is None


@pytest.mark.parametrize(("now", "found"), [(95.0, True), (94.9, False), (100.0, True), (160.0, True), (160.1, False)])
def test_an_answer_lasts_for_its_seconds_and_is_from_no_other_time(now: float, found: bool) -> None:
    store = Memory()
    asyncio.run(answers(store).save("open", [Document("Open.")]))
    assert (asyncio.run(answers(store, now=now).load("open")) is not None) is found


def kept(*documents: Document, store: Memory | None = None) -> AnswerCache:
    made = answers(store)
    for number, document in enumerate(documents):
        asyncio.run(made.save(str(number), [document]))
    return made


def test_memory_forgets_the_answer_that_was_used_longest_ago() -> None:
    full = kept(*[Document("Open.")] * LIMITS.cached_answers)
    assert full.in_memory("0") is not None
    asyncio.run(full.save("one more", [Document("Open.")]))
    assert [full.in_memory(key) is not None for key in ("0", "1", "2", "one more")] == [True, False, True, True]


def test_what_memory_holds_is_counted_once_for_each_answer() -> None:
    once, twice = kept(Document("Open.")), kept(Document("Open."))
    asyncio.run(twice.save("0", [Document("Open.")]))
    assert once.bytes_held == twice.bytes_held > 0


@pytest.mark.parametrize(("more", "found"), [(0, True), (1, False)])
def test_a_very_large_answer_is_not_kept_anywhere(more: int, found: bool) -> None:
    store, bare = Memory(), CachedAnswer(0.0, (Document("x"),)).size - 1
    made = kept(Document("x" * (LIMITS.cached_answer_bytes - bare + more)), store=store)
    assert ((made.in_memory("0") is not None), bool(store.kept)) == (found, found)


def test_an_answer_without_a_form_in_json_is_kept_in_memory_alone() -> None:
    store, metadata = Memory(), {"when": object()}
    made = kept(Document("Open.", metadata=metadata), store=store)  # pyright: ignore
    assert (made.in_memory("0") is not None, store.kept) == (True, {})


def test_what_came_meanwhile_goes_before_what_the_store_holds() -> None:
    store = Memory()
    old, new = kept(Document("Old."), store=store), answers(store)

    async def scenario() -> Any:
        await new.save("0", [Document("New.")])
        store.kept.update(dict.fromkeys(store.kept, b"broken"))
        return await new.load("0")

    assert old.in_memory("0") == CachedAnswer(100.0, (Document("Old."),))
    assert asyncio.run(scenario()) == CachedAnswer(100.0, (Document("New."),))


def test_the_question_is_no_part_of_a_name_in_a_store() -> None:
    store = Memory()
    asyncio.run(answers(store).save(str(Question("Is the harbour open?")), []))
    (name,) = store.kept
    assert name.startswith("answer:")
    assert "harbour" not in name


def test_half_a_character_can_be_kept() -> None:
    store = Memory()
    asyncio.run(answers(store).save("open", [Document("\ud800")]))
    assert asyncio.run(answers(store).load("open")) == CachedAnswer(100.0, (Document("\ud800"),))
