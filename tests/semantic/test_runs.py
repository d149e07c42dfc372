"""Meaning in a run: best passages first, within the budget, in threads beside everything else, and honestly marked."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import numpy
import pytest

import fanin
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.model import Document
from fanin.process import analyze
from fanin.process.analysis import analyze_with_pieces
from fanin.semantic.meaning import MOST, Meaning, wanted
from fanin.semantic.wordpiece import encode
from fanin.testing import FakePool


class FakeEmbedder:
    """Vectors by a rule, after so many seconds each; a text is alike another as far as they share pieces."""

    name = "fake"
    dimensions = 64

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.read: list[tuple[int, ...]] = []

    def embed(self, texts: Sequence[str]) -> Any:
        return self.embed_pieces([encode(text) for text in texts])

    def embed_pieces(self, encoded: Sequence[Sequence[int]]) -> Any:
        vectors = numpy.zeros((len(encoded), 64), numpy.float32)
        for row, pieces in enumerate(encoded):
            time.sleep(self.seconds)
            self.read.append(tuple(pieces))
            for piece in pieces[1:-1]:
                vectors[row, piece % 64] += 1.0
        return vectors / numpy.maximum(numpy.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def passages(*texts: str) -> list[Any]:
    return [(n, {"text": text}, encode(text)) for n, text in enumerate(texts, 1)]


async def test_passages_get_their_likeness_to_the_question() -> None:
    meaning = Meaning(FakeEmbedder(), workers=2)
    found = passages("the harbour is open", "bread and butter")
    works = await meaning.weigh("is the harbour open", found, until=asyncio.get_running_loop().time() + 5)
    assert found[0][1]["meaning"] == pytest.approx(1.0)
    assert found[1][1]["meaning"] < 0.5
    assert [work.document for work in works] == [1, 2]
    assert all(work.worker.startswith("embedding") and work.ended >= work.started for work in works)
    await meaning.close()


async def test_what_is_not_done_in_time_is_left_without_and_the_best_come_first() -> None:
    slow = FakeEmbedder(0.05)
    meaning = Meaning(slow, workers=1)
    found = passages(*(f"passage number {n}" for n in range(12)))
    begun = time.monotonic()
    await meaning.weigh("which passage", found, until=asyncio.get_running_loop().time() + 0.27)
    assert time.monotonic() - begun < 1.0
    weighed = ["meaning" in each for _, each, _ in found]
    assert weighed == sorted(weighed, reverse=True)
    assert 1 <= sum(weighed) < 12
    await asyncio.sleep(0.2)
    assert len(slow.read) <= 8  # what waited was dropped
    await meaning.close()


async def test_a_text_that_was_seen_is_not_read_again_and_only_the_best_are_read() -> None:
    embedder = FakeEmbedder()
    meaning = Meaning(embedder)
    until = asyncio.get_running_loop().time() + 5
    many = passages(*(f"passage number {n}" for n in range(MOST + 5)))
    await meaning.weigh("which", many, until=until)
    assert sum("meaning" in each for _, each, _ in many) == MOST
    read = len(embedder.read)
    works = await meaning.weigh("which", passages("passage number 3"), until=until)
    assert len(embedder.read) == read
    assert works == []
    await meaning.close()


def test_pieces_are_read_in_the_workers_and_are_those_of_the_passage() -> None:
    document = Document("The harbour is open until nine.\n\nBread costs four crowns.", source="s")
    plain, with_pieces = analyze("open?", document), analyze_with_pieces("open?", document)
    for passage in with_pieces["passages"]:
        assert passage.pop("pieces") == encode(passage["text"])
    assert plain == with_pieces


FERRY = "The boat departs at nine in the morning."
BREAD = "The mayor's bread was praised by everyone at the market."


async def boats(_: fanin.Question):
    yield Document(BREAD, title="News")
    yield Document(FERRY, title="Quay")


@pytest.mark.parametrize("pool", ["interpreters", "inline"])
async def test_a_question_in_other_words_finds_what_is_meant(pool: str) -> None:
    pytest.importorskip("onnxruntime")
    async with Engine([boats], semantic=True, pool=pool) as engine:
        answer = await engine.ask("When does the ferry leave?")
    assert answer.ranking == "semantic"
    assert answer.answered
    assert answer.passages[0].text == FERRY
    assert answer.passages[0].meaning is not None
    assert answer.text.startswith(FERRY)
    assert {span.lane.split()[0] for span in answer.timeline.spans if "embedding" in span.lane} == {"embedding"}
    assert all("pieces" not in passage for each in answer.inferences for passage in each.value["passages"])
    assert answer.to_dict()["ranking"] == "semantic"


async def test_without_meaning_everything_works_by_words() -> None:
    async with Engine([boats], semantic=False) as engine:
        answer = await engine.ask("What does the boat do?")
    assert answer.ranking == "lexical"
    assert answer.text.startswith(FERRY)
    assert {each.meaning for each in answer.passages} == {None}


async def test_a_late_model_costs_the_deadline_nothing() -> None:
    async with Engine([boats], pool="inline", semantic=True, deadline=0.6) as engine:
        slow = Meaning(FakeEmbedder(0.4), workers=1)
        engine._readers.meaning, before = slow, engine._readers.meaning
        answer = await engine.ask("What does the boat do?")
        engine._readers.meaning = before
        await slow.close()
    assert answer.execution_time <= 0.85
    assert answer.sources["boats"].status == "ok"
    assert answer.coverage == 1.0
    assert answer.text.startswith(FERRY)


async def test_the_same_arrivals_give_the_same_bytes() -> None:
    texts = []
    for _ in range(2):
        async with Engine([boats], semantic=True, pool="inline") as engine:
            first = await engine.ask("When does the ferry leave?")
            again = await engine.ask("When does the ferry leave?")
            texts += [(each.text, each.passages) for each in (first, again)]
    assert texts.count(texts[0]) == 4


@pytest.mark.parametrize(
    ("semantic", "own", "pool", "expected"),
    [
        (None, True, None, None),
        (None, True, "interpreters", None),
        (None, True, "inline", False),
        (None, True, FakePool(), False),
        (None, False, None, False),
        (False, True, None, False),
        (True, True, "inline", True),
    ],
)
def test_when_passages_are_weighed(semantic, own, pool, expected) -> None:
    assert wanted(semantic, own=own, pool=pool) is expected


def test_meaning_cannot_be_had_of_other_processing() -> None:
    with pytest.raises(ConfigError, match="own processing only"):
        Engine([boats], semantic=True, process=analyze)
