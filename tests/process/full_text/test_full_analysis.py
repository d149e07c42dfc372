"""A text analysed token by token, with a model and without."""

import asyncio
import json
import string
from collections.abc import Sequence
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.embeddings import token_table
from fanin.embeddings.wordpiece import END, LENGTH, START, encode, spelt, word_pieces
from fanin.errors import ConfigError
from fanin.model import Document
from fanin.process import split
from fanin.process.full_text import analysis_of
from fanin.process.full_text.part_reading import read_pieces, read_words
from fanin.process.full_text.text_ranking import ranked
from fanin.process.full_text.token_similarity import WINDOW, question_vector, weigh

QUESTION = "When does the ferry leave?"
TEXT = (
    "The market is open. Bread costs four crowns.\n\n"
    + "Nothing happens on the hill, where sheep stand in the rain and look at the sea all day long. " * 5
    + "\n\nThe ferry leaves at nine from the quay, and the boat to the islands follows at ten."
)
ANY = st.text(max_size=300) | st.text(
    alphabet=string.ascii_letters + " .'_\n-İ天気\u0301\x1b\x00😀\u2019", max_size=300
)


class Spelling:
    """A model whose vector of a piece is its number written in figures: the same in every context."""

    name = "spelling"
    dimensions = 10

    def __init__(self) -> None:
        self.longest = 0

    def states(self, pieces: Sequence[int]) -> Any:
        assert (pieces[0], pieces[-1]) == (START, END)
        self.longest = max(self.longest, len(pieces))
        return numpy.array([[str(piece).count(str(digit)) for digit in range(10)] for piece in pieces], numpy.float32)


def analysed(text: str | Document, question: str = QUESTION, **wishes: Any) -> dict[str, Any]:
    return asyncio.run(analysis_of(text, question, **wishes))


def read_here(text: str, *, with_model: bool) -> dict[str, Any]:
    """What `analysis_of` gives but for the workers, all of it in this thread."""
    read, model = (read_pieces if with_model else read_words), Spelling()
    parts: list[Any] = [read(QUESTION, part) for part in split(Document(text))]
    for part in parts if with_model else ():
        weigh(model, question_vector(model, QUESTION), part["passages"], vectors=False)
    return ranked(parts, vectors=False)


@pytest.mark.parametrize("model", [None, Spelling()])
def test_an_analysis_ranks_sentences_and_passages_and_says_how_it_was_made(model) -> None:
    found = analysed(TEXT, model=model)
    assert json.loads(json.dumps(found)) == found
    assert found["embedding"] == ("spelling" if model else token_table.NAME)
    assert found["dimensions"] == (10 if model else 128)
    assert found["characters"] == len(TEXT)
    assert found["sentences"][0]["text"].startswith("The ferry leaves at nine")
    assert "ferry leaves" in found["passages"][0]["text"]
    assert "ferry" in found["summary"]
    assert "ferry" in {token["text"] for token in found["best_tokens"]}
    assert not {"the", "."} & {token["text"] for token in found["best_tokens"]}
    for ranking in ("passages", "sentences"):
        scores = [each["score"] for each in found[ranking]]
        assert scores == sorted(scores, reverse=True)
    assert all("vector" not in token for token in found["tokens"])


def test_without_a_model_tokens_are_words_with_their_stems() -> None:
    tokens = analysed("Ferries sail to the İslands, don't they?", "ferry")["tokens"]
    assert [(each["text"], each["stem"]) for each in tokens][:5] == [
        ("Ferries", "ferri"), ("sail", "sail"), ("to", ""), ("the", ""), ("İslands", "island"),
    ]  # fmt: skip
    assert [each["text"] for each in tokens][5:] == [",", "don't", "they", "?"]
    assert tokens[0]["similarity"] > 0.9
    assert min(each["norm"] for each in tokens) > 0.0


def test_with_a_model_tokens_are_the_pieces_that_it_reads() -> None:
    tokens = analysed("The harbourmaster's café", model=Spelling())["tokens"]
    assert [(each["text"], each["piece"]) for each in tokens] == [
        ("The", "the"), ("harbour", "harbour"), ("master", "##master"), ("'", "'"), ("s", "s"), ("café", "cafe"),
    ]  # fmt: skip
    assert [START, *(each["number"] for each in tokens), END] == encode("The harbourmaster's café")
    assert tokens[0]["norm"] == pytest.approx((1 + 4 + 1) ** 0.5, abs=1e-4)  # 1996: one 1, two 9, one 6


@pytest.mark.parametrize("model", [None, Spelling()])
def test_the_vectors_come_when_they_are_asked_for(model) -> None:
    found = analysed("The ferry leaves.", model=model, vectors=True)
    for token in found["tokens"]:
        length = sum(number * number for number in token["vector"]) ** 0.5
        assert len(token["vector"]) == found["dimensions"]
        assert length == pytest.approx(token["norm"], abs=1e-3)


def test_a_long_text_is_read_in_parts_as_if_it_were_one() -> None:
    text = "\n\n".join(f"Day {day}: the sea is calm and the sheep are fed." for day in range(2000)) + "\n\n" + TEXT
    model = Spelling()
    found = analysed(text, model=model, workers=2)
    assert found["work"]["parts"] > 3
    assert found["work"]["readers"] <= 2
    assert found["work"]["embedding_seconds"] > 0
    assert found["sentences"][0]["text"].startswith("The ferry leaves at nine")
    starts = [token["start"] for token in found["tokens"]]
    assert starts == sorted(starts)
    assert all(text[each["start"] : each["end"]] == each["text"] for each in found["tokens"])
    assert model.longest <= LENGTH


def test_a_passage_longer_than_the_model_reads_is_read_in_windows() -> None:
    model = Spelling()
    found = analysed("x1y2 " * WINDOW, "x1y2", model=model)
    assert model.longest == LENGTH
    assert len(found["tokens"]) == WINDOW * len([*word_pieces("x1y2")])
    assert all(each["norm"] > 0 for each in found["tokens"])


def test_html_is_read_as_its_readable_text() -> None:
    page = "<html><script>ferry()</script><p>The <b>ferry</b> leaves at nine.</p></html>"
    found = analysed(Document(page, media_type="text/html"))
    assert [each["text"] for each in found["tokens"]] == ["The", "ferry", "leaves", "at", "nine", "."]


@pytest.mark.parametrize("model", [None, Spelling()])
@pytest.mark.parametrize("text", ["", " \n", "\x00\x1b[2J\u202e", "😀👨‍👩‍👧", "ha" * 30_000, "\ud800 lone", "...!?"])
def test_any_text_is_handled(text: str, model) -> None:
    found = analysed(text, model=model)
    assert found["characters"] == len(text)
    assert bool(found["tokens"]) == any(each["text"] for each in found["tokens"])
    assert all(each["end"] > each["start"] for each in found["tokens"])


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_the_place_of_each_piece_holds_what_the_vocabulary_writes(text: str) -> None:
    found = read_here(text, with_model=True)
    for token in found["tokens"]:
        place = _blanked(text)[token["start"] : token["end"]]
        assert place == token["text"]
        assert token["piece"] == spelt(token["number"])
        if token["number"] != 100 and place.isascii():
            assert place.lower() == token["piece"].removeprefix("##")
    starts = [token["start"] for token in found["tokens"]]
    assert starts == sorted(starts)


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_the_place_of_each_word_holds_the_word(text: str) -> None:
    from fanin.text.words import words

    found = read_here(text, with_model=False)
    for token in found["tokens"]:
        place = _blanked(text)[token["start"] : token["end"]]
        assert place == token["text"]
        assert words(place)
    starts = [token["start"] for token in found["tokens"]]
    assert starts == sorted(starts)


def test_an_empty_question_is_refused() -> None:
    with pytest.raises(ConfigError, match="The question is empty; fanin analysed nothing"):
        analysed(TEXT, " ")


def test_the_real_model_finds_what_means_the_same() -> None:
    pytest.importorskip("onnxruntime", reason="the extra fanin[semantic] is not installed")
    from fanin.embeddings import embedder

    text = "Bread costs four crowns. The boat departs at nine in the morning. The mayor spoke about taxes."
    found, again = (analysed(text, model=embedder()) for _ in range(2))
    assert found["embedding"] == "all-MiniLM-L6-v2-int8"
    assert found["sentences"][0]["text"] == "The boat departs at nine in the morning."
    assert not found["sentences"][0]["matches"]
    assert {"boat", "departs"} & {token["text"] for token in found["best_tokens"][:3]}
    assert found["tokens"] == again["tokens"]


def test_a_passage_is_as_alike_as_the_model_s_own_vectors_are() -> None:
    pytest.importorskip("onnxruntime", reason="the extra fanin[semantic] is not installed")
    from fanin.embeddings import embedder

    model, text = embedder(), "The boat departs at nine in the morning."
    assert model is not None
    expected = float(model.embed([text])[0] @ model.embed([QUESTION])[0])
    assert analysed(text, model=model)["passages"][0]["similarity"] == pytest.approx(expected, abs=1e-3)


def _blanked(text: str) -> str:
    from fanin.text.cleaning import blank

    return blank(text)
