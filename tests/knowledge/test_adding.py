import asyncio
import shutil
import time

import pytest
from knowledge_fakes import wrong

from fanin.errors import KnowledgeError
from fanin.knowledge.ingest.progress import Added, Listed, Removed, Skipped, Unchanged
from fanin.knowledge.ingest.updating import add_paths, sync
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.store import queries
from fanin.knowledge.store.database_file import open_for_reading


def counts(file) -> queries.Counts:
    with open_for_reading(file) as connection:
        return queries.counts(connection)


def pages(found) -> list[str]:
    return [hit.path.rpartition("/")[2] for hit in found]


def found(file, question: str) -> list[str]:
    return pages(Knowledge(file, embedder=lambda: None).search(question, way="lexical"))


async def test_what_is_added_can_be_found_and_what_changed_replaces_it(file, docs, fill) -> None:
    (docs / "a.md").write_text("# Harbour\n\nThe harbour is open.")
    (docs / "b.txt").write_text("The market is closed.")
    told = await fill(docs)
    assert told[0] == Listed(2)
    assert set(told[1:]) == {Added(str(docs / "a.md"), 1), Added(str(docs / "b.txt"), 1)}
    assert found(file, "harbour") == ["a.md"]

    (docs / "a.md").write_text("# Station\n\nThe station is open.")
    told = await fill(docs)
    assert set(told[1:]) == {Added(str(docs / "a.md"), 1), Unchanged(str(docs / "b.txt"))}
    assert found(file, "harbour") == []
    assert found(file, "station") == ["a.md"]
    assert wrong(file) == []


async def test_sync_forgets_files_that_are_gone_but_not_a_folder_that_is_away(file, docs, fill) -> None:
    for name in "abc":
        (docs / f"{name}.md").write_text(f"{name} harbour")
    await fill(docs)
    (docs / "b.md").unlink()
    told = []
    await sync(file, report=told.append, workers=1)
    assert Removed(str(docs / "b.md")) in told
    assert sorted(found(file, "harbour")) == ["a.md", "c.md"]

    for away in (lambda: [each.unlink() for each in docs.iterdir()], lambda: shutil.rmtree(docs)):
        away()
        told.clear()
        await sync(file, report=told.append, workers=1)
        assert [type(each) for each in told if not isinstance(each, Listed)] == [Skipped]
        assert "documents" in told[-1].reason
        assert sorted(found(file, "harbour")) == ["a.md", "c.md"]


async def test_a_bad_file_is_named_and_the_rest_is_added(file, docs, fill) -> None:
    (docs / "good.md").write_text("harbour")
    (docs / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (docs / "binary.txt").write_bytes(bytes(range(32)) * 9)
    (docs / "empty.md").write_text(" \n")
    (docs / "deep.jsonl").write_text("[" * 100_000)
    told = await fill(docs)
    skipped = {each.path.rpartition("/")[2]: each.reason for each in told if isinstance(each, Skipped)}
    assert set(skipped) == {"broken.pdf", "binary.txt", "empty.md", "deep.jsonl"}
    assert skipped["empty.md"] == "holds no text"
    assert found(file, "harbour") == ["good.md"]


async def test_a_file_that_became_bad_keeps_what_was_known_of_it(file, docs, fill) -> None:
    (docs / "a.txt").write_text("harbour")
    await fill(docs)
    (docs / "a.txt").write_bytes(bytes(range(32)) * 9)
    assert isinstance((await fill(docs))[-1], Skipped)
    assert found(file, "harbour") == ["a.txt"]


async def test_files_can_be_added_one_by_one_whatever_they_are_called_and_removed_by_name(file, docs, fill) -> None:
    (docs / "notes").write_text("harbour notes")
    (docs / "log.weird").write_text("harbour log")
    await fill(docs / "notes", docs / "log.weird", name="mine")
    assert sorted(found(file, "harbour")) == ["log.weird", "notes"]
    with open_for_reading(file) as connection:
        assert [(root.name, root.path) for root in queries.roots(connection)] == [
            ("mine", str(docs / "log.weird")),
            ("mine", str(docs / "notes")),
        ]


async def test_a_file_that_was_added_by_two_ways_is_read_and_kept_once(file, docs, fill) -> None:
    (docs / "a.md").write_text("harbour")
    await fill(docs)
    assert Unchanged(str(docs / "a.md")) in await fill(docs / "a.md", name="mine")
    assert Unchanged(str(docs / "a.md")) in await fill(docs)
    assert counts(file).documents == 1


async def test_a_path_that_is_not_there_stops_everything_before_it_begins(file, docs, fill) -> None:
    with pytest.raises(KnowledgeError, match="missing'; fanin added nothing"):
        await fill(docs, docs / "missing")
    assert not file.exists()


async def test_the_same_files_give_the_same_passages_on_one_worker_and_on_three(tmp_path, docs, fill) -> None:
    for number in range(12):
        (docs / f"{number}.md").write_text(
            "\n\n".join(f"# H{at}\n\nharbour {number} " + "word " * 50 for at in range(9))
        )
    kept = []
    for workers in (1, 3):
        other = tmp_path / f"{workers}.sqlite"
        await add_paths(other, [docs], report=lambda _: None, workers=workers)
        with open_for_reading(other) as connection:
            rows = (
                "SELECT d.path, p.start, p.stop, p.heading, p.text FROM passages p JOIN documents d ON d.id = document"
            )
            kept.append(sorted(connection.execute(rows)))
    assert kept[0] == kept[1]
    assert len(kept[0]) == 108


async def test_cancelling_loses_nothing_that_was_told_as_added(file, docs, fill) -> None:
    for number in range(60):
        (docs / f"{number}.txt").write_text(f"harbour {number} " * 3000)
    told = []
    task = asyncio.create_task(add_paths(file, [docs], report=told.append, workers=1))
    while not any(isinstance(each, Added) for each in told):
        await asyncio.sleep(0.01)
    begun = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - begun < 10
    added = {each.path for each in told if isinstance(each, Added)}
    assert 0 < len(added) < 60
    with open_for_reading(file) as connection:
        assert added <= {path for (path,) in connection.execute("SELECT path FROM documents")}
    assert wrong(file) == []
    await fill(docs)
    assert counts(file).documents == 60


async def test_the_event_loop_is_free_while_documents_are_read_and_kept(file, docs, fill) -> None:
    for number in range(20):
        (docs / f"{number}.txt").write_text(f"harbour {number} " * 5000)
    longest, before = 0.0, time.monotonic()
    task = asyncio.create_task(fill(docs))
    while not task.done():
        await asyncio.sleep(0.005)
        longest, before = max(longest, time.monotonic() - before), time.monotonic()
    assert longest < 0.5
