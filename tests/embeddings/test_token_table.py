"""Vectors from the table of tokens: the file is the known one, and near in the table means near in meaning."""

from concurrent.futures import InterpreterPoolExecutor
from hashlib import sha256
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.embeddings import token_table
from fanin.embeddings.token_table import DIMENSIONS, FLOOR, similarity_to, unpacked, vector
from fanin.embeddings.wordpiece import pieces
from fanin.text.words import words


def test_the_table_is_the_one_that_the_notice_and_the_name_speak_of() -> None:
    content = token_table.FILE.read_bytes()
    assert sha256(content).hexdigest() == token_table.SHA256
    assert len(content) == 30_522 * DIMENSIONS
    assert token_table.SHA256 in token_table.FILE.with_name("NOTICE.txt").read_text("utf-8")


@given(st.text(max_size=200))
def test_a_vector_is_the_sum_of_its_tokens_rows(text: str) -> None:
    content = token_table.FILE.read_bytes()
    rows = [content[number * DIMENSIONS : (number + 1) * DIMENSIONS] for _, number in pieces(text)]
    sums = [sum(row[at] - 128 for row in rows) for at in range(DIMENSIONS)]
    found = vector(text)
    assert list(found.numbers) == sums
    assert found.length == sqrt(sum(number * number for number in sums))


def test_a_long_text_is_read_to_its_end() -> None:
    once = vector("Ferries sail.")
    assert [*vector("Ferries sail. " * 3000).numbers] == [3000 * number for number in once.numbers]


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("When does the ferry leave?", "The boat departs at nine.", "The chess club meets on Friday."),
        ("car price", "How much does an automobile cost?", "The harbour is open until nine."),
        ("my laptop won't start", "The computer does not boot.", "Bake the bread for forty minutes."),
        ("How do I remove a file?", "Deletes the document from the disk.", "The singer won a prize."),
        ("doctor", "The physician is in.", "The bridge is closed."),
        ("purchase", "She buys new shoes.", "The wind comes from the west."),
        ("raise in pay", "Wages increase by three percent.", "Water the plant in the evening."),
        ("sick child", "The boy is ill.", "The train has seven coaches."),
        ("forbidden", "It is prohibited.", "It is delicious."),
        ("begin", "The concert starts at eight.", "The soup needs salt."),
    ],
)
def test_other_words_for_the_same_are_nearer_than_another_subject(question: str, near: str, far: str) -> None:
    asked = vector(question)
    assert asked.similarity(vector(near)) > asked.similarity(vector(far)) + 0.05


def test_a_text_without_tokens_is_like_nothing() -> None:
    assert vector("").similarity(vector("The boat departs.")) == 0.0
    assert unpacked(vector("").packed()).length == 0.0


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_packed_vector_keeps_its_similarities(one: str, other: str) -> None:
    asked, found = vector(one), vector(other)
    assert len(found.packed()) == DIMENSIONS
    assert asked.similarity(unpacked(found.packed())) == pytest.approx(asked.similarity(found), abs=0.02)


def test_worker_interpreters_make_the_same_vectors() -> None:
    text = "Rain is expected in the north of the country tomorrow."
    with InterpreterPoolExecutor(1) as pool:
        assert pool.submit(vector, text).result() == vector(text)


@pytest.mark.parametrize("text", ["The boat departs at nine.", "Don't sell 3.5 e-mails, naïve user!", "Ferry"])
def test_words_that_are_read_already_are_as_alike_as_their_text(text: str) -> None:
    expected = vector("When does the ferry or the boat leave?").similarity(vector(text))
    alike = similarity_to("When does the ferry or the boat leave?")(words(text))
    assert alike == (pytest.approx(expected, abs=1e-6) if expected >= FLOOR else 0.0)
