"""Vectors of passages: stored as they are added, made for older files, and a model that reads the best."""

import asyncio
import sqlite3
import subprocess
import sys

import pytest
from knowledge_fakes import Meanings, environment, wrong

from fanin.embeddings import token_table
from fanin.knowledge.embedding import headed_text, no_model
from fanin.knowledge.ingest.updating import sync
from fanin.knowledge.search import knowledge
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.model_order import READ
from fanin.knowledge.store import queries
from fanin.knowledge.store.database_file import open_for_reading, open_for_writing
from fanin.knowledge.store.database_tables import VERSION
from fanin.storage.sqlite_file import version_of

NOTES = {
    "ferry.md": "# Quay\n\nThe boat sails to the island at nine.",
    "bread.md": "# Bakery\n\nThe bread is baked at night and sold at nine.",
    "taxes.md": "# Office\n\nThe tax form is due in May. The office closes at nine.",
}


@pytest.fixture
async def notes(docs, fill) -> None:
    for name, text in NOTES.items():
        (docs / name).write_text(text)
    await fill(docs)


@pytest.fixture(params=[True, False], ids=["numpy", "no numpy"])
def numpy(request, monkeypatch) -> bool:
    """With numpy all vectors are compared, without it those of passages that words find."""
    monkeypatch.setattr(knowledge, "can_search_all", lambda: request.param)
    return request.param


def found(file, question: str, model=no_model, **options) -> list[str]:
    hits = Knowledge(file, embedder=model).search(question, **options)
    return [hit.path.rpartition("/")[2] for hit in hits]


def count(file, table: str) -> int:
    with open_for_reading(file) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


async def test_every_passage_gets_the_vector_of_its_headings_and_its_text(file, notes) -> None:
    with open_for_reading(file) as connection:
        rows = connection.execute(
            "SELECT p.title, p.heading, p.text, v.vector FROM passages p JOIN vectors v ON v.passage = p.id"
        ).fetchall()
    assert len(rows) == 3
    for title, heading, text, vector in rows:
        assert vector == token_table.vector(headed_text(title, heading, text)).packed()
        assert len(vector) == token_table.DIMENSIONS


async def test_what_words_find_is_ranked_by_vectors_too(file, notes, numpy) -> None:
    assert found(file, "When does the ship sail? At nine?")[0] == "ferry.md"
    assert found(file, "ship nine", way="semantic")[0] == "ferry.md"
    assert set(found(file, "ship nine")) == set(NOTES)


async def test_a_passage_that_shares_no_word_is_found_where_all_vectors_can_be_compared(file, notes, numpy) -> None:
    assert found(file, "ferry")[:1] == (["ferry.md"] if numpy else [])
    assert found(file, "ferry", way="lexical") == []


async def test_a_passage_without_a_vector_stands_where_it_stands_with_one(file, notes, numpy) -> None:
    before = Knowledge(file, embedder=no_model).search("ship nine bread")
    with open_for_writing(file) as connection:
        connection.execute("DELETE FROM vectors WHERE passage IN (SELECT id FROM passages WHERE title = 'Quay')")
    assert Knowledge(file, embedder=no_model).search("ship nine bread") == before


async def test_missing_vectors_and_those_of_another_table_are_made_by_the_next_update(file, notes, docs) -> None:
    with open_for_writing(file) as connection:
        right = connection.execute("SELECT passage, vector FROM vectors ORDER BY passage").fetchall()
        connection.execute("UPDATE vectors SET vector = x'00'")
        connection.execute("UPDATE facts SET value = 'other' WHERE name = 'table'")
    assert found(file, "ship nine")[0] == "ferry.md"
    for path in docs.iterdir():
        path.rename(path.with_suffix(".gone"))
    docs.rename(docs.with_name("elsewhere"))  # no file can be read anew
    await sync(file, report=lambda _: None, workers=1)
    with open_for_reading(file) as connection:
        assert connection.execute("SELECT passage, vector FROM vectors ORDER BY passage").fetchall() == right
    assert wrong(file) == []


async def test_an_update_that_is_cancelled_goes_on_with_the_next_one(file, docs, fill, monkeypatch) -> None:
    (docs / "many.md").write_text("".join(f"# Part {at}\n\n{'The harbour is open. ' * 20}\n\n" for at in range(30)))
    await fill(docs)
    with open_for_writing(file) as connection:
        connection.execute("DELETE FROM vectors")
    monkeypatch.setattr("fanin.knowledge.store.passage_vectors.AT_ONCE", 1)
    task = asyncio.create_task(sync(file, report=lambda _: None, workers=1))
    while not count(file, "vectors"):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert 0 < count(file, "vectors") < 30
    await sync(file, report=lambda _: None, workers=1)
    assert count(file, "vectors") == 30


async def test_the_model_orders_the_best_and_reads_no_more_than_those(file, docs, fill) -> None:
    for at in range(READ + 5):
        (docs / f"{at:02}.md").write_text(f"# Pier {at}\n\nThe pier is open. {'Mind the gap. ' * at}")
    (docs / "09.md").write_text(f"# Pier 9\n\nThe pier is open. {'Wednesday. ' * 9}")
    await fill(docs)
    model = Meanings({"midweek": "wednesday"})
    assert found(file, "pier open midweek", lambda: model)[0] == "09.md"
    assert len(model.embedded) == READ + 1  # the question


async def test_a_text_that_the_model_has_read_is_not_read_again_by_any_process(file, notes) -> None:
    first, second = Meanings(), Meanings()
    before = found(file, "ship nine", lambda: first)
    assert len(first.embedded) == 1 + len(NOTES)
    assert found(file, "ship nine", lambda: second) == before
    assert second.embedded == ["ship nine"]
    assert count(file, "model_vectors") == 3


async def test_vectors_of_another_model_are_not_used(file, notes) -> None:
    found(file, "ship nine", Meanings)
    other = Meanings()
    other.name = "other"
    found(file, "ship nine", lambda: other)
    assert len(other.embedded) == 4


async def test_a_search_does_not_wait_for_a_writer_to_keep_the_vectors(file, notes) -> None:
    with open_for_writing(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert found(file, "ship nine", Meanings)[0] == "ferry.md"
    assert count(file, "model_vectors") == 0


async def test_only_so_many_vectors_of_the_model_are_kept(file, notes, monkeypatch) -> None:
    monkeypatch.setattr("fanin.knowledge.store.passage_vectors.MODEL_VECTORS", 2)
    found(file, "ship nine", Meanings)
    assert count(file, "model_vectors") == 2


async def test_the_model_stays_out_of_a_search_by_words(file, notes) -> None:
    model = Meanings()
    found(file, "ship nine", lambda: model, way="lexical")
    assert model.embedded == []


VERSION_2 = """
DROP TABLE vectors;
DROP TABLE model_vectors;
CREATE TABLE vectors (
  id INTEGER PRIMARY KEY AUTOINCREMENT, passage INTEGER NOT NULL UNIQUE REFERENCES passages ON DELETE CASCADE,
  vector BLOB NOT NULL);
DELETE FROM facts WHERE name = 'table';
INSERT INTO facts VALUES ('model', 'meanings');
PRAGMA user_version = 2;
"""
"""What makes a file of today one of version 2, in which every passage may have a vector of the model."""


@pytest.fixture
def old(file, notes, docs):
    """A knowledge base of version 2 with vectors of the model for two of its three passages; its files are gone."""
    connection = sqlite3.connect(file)
    connection.executescript(VERSION_2)
    rows = connection.execute("SELECT id, title, heading, text FROM passages LIMIT 2").fetchall()
    for number, *texts in rows:
        (vector,) = Meanings().embed([headed_text(*texts)])
        connection.execute(
            "INSERT INTO vectors (passage, vector) VALUES (?, ?)", (number, vector.astype("<f2").tobytes())
        )
    connection.commit()
    connection.close()
    docs.rename(docs.with_name("elsewhere"))
    return file


def test_a_file_of_version_2_is_searched_as_it_is(old, numpy) -> None:
    model = Meanings()
    assert found(old, "ship nine")[0] == found(old, "ship nine", lambda: model)[0] == "ferry.md"
    assert set(found(old, "ship nine")) == set(NOTES)
    assert len(model.embedded) == 4
    with open_for_reading(old) as connection:
        assert version_of(connection) == 2


async def test_an_update_gives_a_file_of_version_2_its_vectors_and_keeps_those_of_the_model(old) -> None:
    await sync(old, report=lambda _: None, workers=1)
    with open_for_reading(old) as connection:
        assert version_of(connection) == VERSION
        assert queries.counts(connection) == queries.Counts(3, 3, 3)
    assert wrong(old) == []
    model = Meanings()
    assert found(old, "ship nine", lambda: model)[0] == "ferry.md"
    assert len(model.embedded) == 2  # the question, and the passage that had no vector


async def test_a_search_that_was_open_before_sees_the_vectors_of_an_update(old) -> None:
    open_before = Knowledge(old, embedder=no_model)
    assert open_before.search("ferry") == []
    await sync(old, report=lambda _: None, workers=1)
    assert open_before.search("ferry")[0].title == "Quay"


WITHOUT_LIBRARIES = """
import asyncio, sys
sys.modules |= dict.fromkeys(("numpy", "onnxruntime"))  # importing them fails
from pathlib import Path
from fanin.knowledge.ingest.updating import add_paths
from fanin.knowledge.search.knowledge import Knowledge
file, docs = map(Path, sys.argv[1:])
asyncio.run(add_paths(file, [docs], report=lambda _: None, workers=1))
print(Knowledge(file).search("ship nine")[0].title)
"""


def test_adding_and_searching_need_neither_numpy_nor_a_model(file, docs) -> None:
    for name, text in NOTES.items():
        (docs / name).write_text(text)
    command = (sys.executable, "-c", WITHOUT_LIBRARIES, file, docs)
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Quay\n", "")
    assert count(file, "vectors") == 3
