"""Meaning in a run: best passages first, within the budget, in threads beside everything else, and honestly marked."""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy
import pytest

import fanin
from fanin.embeddings.model_loading import SECONDS, Loading
from fanin.embeddings.similarity import Meaning, wanted
from fanin.embeddings.wordpiece import encode
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.model import Answer, Document, Passage
from fanin.process import ANALYSIS, analyze
from fanin.run import enrichment
from fanin.run.similarity_choice import FEW_PASSAGES, MOST_COMPARED, SimilarityChoice
from fanin.run.source.source_run import SourceRun
from fanin.testing import FakePool
from fanin.timeline import Timeline


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


def at_hand(embedder: FakeEmbedder) -> Loading:
    return Loading(lambda: embedder)


async def test_texts_are_compared_with_the_question() -> None:
    meaning = Meaning(at_hand(FakeEmbedder()), workers=2)
    texts = ["the harbour is open", "bread and butter"]
    alike = await meaning.compare("is the harbour open", texts, until=asyncio.get_running_loop().time() + 5)
    assert alike[0] is not None
    assert alike[1] is not None
    assert alike[0].meaning == pytest.approx(1.0)
    assert alike[1].meaning < 0.5
    for each in alike:
        assert each.work.worker.startswith("embedding")
        assert each.work.ended >= each.work.started
    meaning.close()


async def test_what_is_not_done_in_time_is_left_out_and_the_first_come_first() -> None:
    slow = FakeEmbedder(0.05)
    meaning = Meaning(at_hand(slow), workers=1)
    meaning._loading.wait(5.0)
    texts = [f"passage number {n}" for n in range(12)]
    alike = await meaning.compare("which passage", texts, until=asyncio.get_running_loop().time() + 0.27)
    done = [each is not None for each in alike]
    assert done == sorted(done, reverse=True)
    assert sum(done) < 12
    await asyncio.sleep(0.2)
    assert len(slow.read) <= 8  # what waited was dropped
    meaning.close()


async def test_a_text_that_was_seen_is_not_read_again() -> None:
    embedder = FakeEmbedder()
    meaning = Meaning(at_hand(embedder))
    until = asyncio.get_running_loop().time() + 5
    first = await meaning.compare("which", ["passage number 3"], until=until)
    read = len(embedder.read)
    again = await meaning.compare("which", ["passage number 3"], until=until)
    assert len(embedder.read) == read
    assert again == [replace(first[0], work=None)]
    meaning.close()


async def test_a_model_that_fails_costs_a_text_its_likeness_and_nothing_else(caplog) -> None:
    class Failing(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> Any:
            raise ValueError("odd")

    meaning = Meaning(at_hand(Failing()))
    assert await meaning.compare("a", ["b"], until=asyncio.get_running_loop().time() + 5) == [None]
    assert "ValueError: odd" in caplog.text
    meaning.close()


async def test_a_model_that_would_come_too_late_is_not_waited_for_but_is_there_for_the_next_question() -> None:
    gate = threading.Event()
    embedder = FakeEmbedder()

    def load() -> FakeEmbedder:
        gate.wait(10.0)
        return embedder

    loading = Loading(load)
    meaning = Meaning(loading)
    clock = asyncio.get_running_loop().time
    begun = time.monotonic()
    assert await meaning.compare("a", ["b"], until=clock() + SECONDS / 2) == [None]
    assert time.monotonic() - begun < 5.0
    gate.set()
    assert loading.wait(5.0) is embedder
    assert (await meaning.compare("a", ["b"], until=clock() + SECONDS / 2))[0] is not None
    meaning.close()


async def test_loading_that_fails_leaves_the_words(caplog) -> None:
    def load() -> FakeEmbedder:
        raise OSError("no disk")

    meaning = Meaning(Loading(load))
    assert await meaning.compare("a", ["b"], until=asyncio.get_running_loop().time() + 5) == [None]
    assert "no disk" in caplog.text
    meaning.close()


def test_no_step_of_loading_begins_once_the_program_ends_and_a_step_is_waited_for_with_patience_only() -> None:
    gate, steps = threading.Event(), list[str]()

    def first() -> bool:
        steps.append("first")
        return gate.wait(10.0)

    def second() -> FakeEmbedder:
        steps.append("second")
        return FakeEmbedder()

    loading = Loading(first, second)
    loading.begin()
    begun = time.monotonic()
    loading._leave()
    assert time.monotonic() - begun < 5.0
    gate.set()
    assert loading.wait(5.0) is None
    assert steps == ["first"]


def answer_of(*texts: str, answered: bool = True, success: bool = True) -> Answer:
    passages = [
        Passage(text, source=f"s{at % 3}", document=at, start=0, end=len(text), score=1.0)
        for at, text in enumerate(texts, 1)
    ]
    return replace(NOTHING, passages=tuple(passages), answered=answered, success=success)


NOTHING = Answer(
    query="which",
    text="",
    citations=(),
    passages=(),
    sources={},
    inferences=(),
    errors=(),
    success=False,
    coverage=0.0,
    execution_time=0.0,
    cores_used=1,
    timeline=Timeline((), 0.0, 1),
)


def choice_of(embedder: FakeEmbedder, *, always: bool = False) -> SimilarityChoice:
    until = asyncio.get_running_loop().time() + 30
    return SimilarityChoice(Meaning(at_hand(embedder)), "which", until=until, always=always)


@pytest.mark.parametrize(
    ("passages", "answered", "success", "always", "expected"),
    [
        (FEW_PASSAGES, True, True, False, True),
        (FEW_PASSAGES, True, True, True, False),
        (FEW_PASSAGES, False, True, False, False),
        (FEW_PASSAGES + 1, True, True, False, False),
        (0, False, False, False, True),
        (0, False, False, True, False),
    ],
)
async def test_a_choice_among_few_passages_needs_no_model(passages, answered, success, always, expected) -> None:
    answer = answer_of(*(f"text {n}" for n in range(passages)), answered=answered, success=success)
    assert choice_of(FakeEmbedder(), always=always).suffices(answer) is expected


async def test_the_best_passages_of_all_sources_are_compared_and_no_more() -> None:
    embedder = FakeEmbedder()
    compared = await choice_of(embedder).compare(answer_of(*(f"text {n}" for n in range(2 * MOST_COMPARED))))
    places = {(name, *place) for name, each in compared.items() for place in each.similarities}
    assert places == {(f"s{at % 3}", at, 0) for at in range(1, MOST_COMPARED + 1)}
    assert sorted(document for each in compared.values() for document, _ in each.works) == list(
        range(1, MOST_COMPARED + 1)
    )
    assert len(embedder.read) == MOST_COMPARED + 1  # the question


async def test_a_passage_of_a_document_without_an_analysis_is_compared_in_vain() -> None:
    run = SourceRun(fanin.Source("s1", lambda _: None), ANALYSIS, asked=0.0)
    compared = await choice_of(FakeEmbedder()).compare(answer_of("text"))
    assert run.receive(compared["s1"], 1.0) == ()
    assert run.values == {}


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


async def test_the_model_is_loaded_when_words_do_not_answer_and_not_before(monkeypatch) -> None:
    pytest.importorskip("onnxruntime")
    loading = at_hand(FakeEmbedder())
    monkeypatch.setattr(enrichment, "shared", lambda: loading)
    async with Engine([boats]) as engine:
        answer = await engine.ask("What does the boat do?")
        assert (answer.ranking, answer.answered) == ("lexical", True)
        assert not loading.done
        answer = await engine.ask("When does the ferry leave?")
        assert loading.done
        assert answer.ranking == "semantic"


async def test_the_model_may_take_longer_than_the_sources_had(monkeypatch) -> None:
    pytest.importorskip("onnxruntime")
    loading = at_hand(FakeEmbedder(0.2))
    monkeypatch.setattr(enrichment, "shared", lambda: loading)
    async with Engine([fanin.source(timeout=0.1)(boats)]) as engine:
        answer = await engine.ask("When does the ferry leave?")
    assert answer.ranking == "semantic"
    assert answer.sources["boats"].status == "ok"


async def test_the_model_is_loaded_for_a_choice_among_many_passages(monkeypatch) -> None:
    pytest.importorskip("onnxruntime")
    loading = at_hand(FakeEmbedder())
    monkeypatch.setattr(enrichment, "shared", lambda: loading)

    async def many(_: fanin.Question) -> list[str]:
        return [f"The boat {n} departs at {n}." for n in range(FEW_PASSAGES + 1)]

    async with Engine([many]) as engine:
        assert (await engine.ask("What does the boat do?")).ranking == "semantic"


async def test_without_meaning_everything_works_by_words() -> None:
    async with Engine([boats], semantic=False) as engine:
        answer = await engine.ask("What does the boat do?")
    assert answer.ranking == "lexical"
    assert answer.text.startswith(FERRY)
    assert {each.meaning for each in answer.passages} == {None}


async def test_a_late_model_costs_the_deadline_nothing() -> None:
    slow = at_hand(FakeEmbedder(0.4))
    slow.wait(5.0)
    async with Engine([boats], pool="inline", semantic=True, deadline=0.6) as engine:
        engine._enrichment.meaning = Meaning(slow, workers=1)
        answer = await engine.ask("What does the boat do?")
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
