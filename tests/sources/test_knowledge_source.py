import asyncio
import threading
from pathlib import Path

import pytest

from fanin.config import load
from fanin.documents.markdown import markdown
from fanin.engine import Engine
from fanin.knowledge.ingest.updating import add_paths
from fanin.model import Document, Question
from fanin.sources.knowledge_source import knowledge
from fanin.testing.check_source import check_source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "town.md").write_text(
        "# Town\n\n## Ferries\n\nThe ferry leaves at nine.\n\n## Market\n\nIt is closed today."
    )
    made = tmp_path / "kb.sqlite"
    asyncio.run(add_paths(made, [tmp_path / "town.md"], report=lambda _: None, workers=1))
    return made


async def test_its_documents_are_passages_that_say_where_they_stand(file: Path) -> None:
    async with Engine([knowledge(file)], deadline=5.0) as engine:
        answer = await engine.ask("When does the ferry leave?")
    assert "The ferry leaves at nine." in answer.text
    (citation,) = answer.citations
    assert (citation.title, citation.url) == ("Town", file.with_name("town.md").as_uri())


async def test_a_passage_stands_where_its_metadata_says(file: Path) -> None:
    found = [each async for each in knowledge(file)(Question("ferry")) if isinstance(each, Document)]
    assert found
    for each in found:
        stored = markdown(file.with_name("town.md").read_bytes()).text
        assert stored[each.metadata["start"] : each.metadata["end"]] == each.text  # pyright: ignore
    assert [each.metadata["heading"] for each in found] == ["Town > Ferries", "Town > Market"]


async def test_it_behaves_as_a_source(file: Path) -> None:
    await check_source(lambda: knowledge(file))


@pytest.mark.parametrize("made", [False, True])
async def test_an_empty_one_has_nothing_to_say_and_tells_how_to_fill_it(tmp_path: Path, made: bool) -> None:
    file = tmp_path / "kb.sqlite"
    if made:
        await add_paths(file, [], report=lambda _: None, workers=1)
    async with Engine([knowledge(file)], deadline=5.0) as engine:
        answer = await engine.ask("When does the ferry leave?")
    outcome = answer.sources["knowledge"]
    assert outcome.status == "empty"
    assert "holds no documents. Add some: `fanin kb add PATH`." in outcome.message


async def test_a_file_that_is_no_knowledge_base_is_a_failure_of_this_source_alone(tmp_path: Path) -> None:
    file = tmp_path / "kb.sqlite"
    file.write_bytes(b"something else " * 100)
    async with Engine([knowledge(file)], deadline=5.0) as engine:
        outcome = (await engine.ask("When?")).sources["knowledge"]
    assert (outcome.status, outcome.kind) == ("error", "knowledge")


async def test_it_is_declared_with_a_file_beside_the_settings(file: Path) -> None:
    settings = file.with_name("fanin.toml")
    settings.write_text(
        'store = "memory"\n[sources.mine]\nkind = "knowledge"\nfile = "kb.sqlite"\npath = "town"\npassages = 1\n'
    )
    async with load(settings).engine() as engine:
        answer = await engine.ask("When does the ferry leave?")
    assert answer.sources["mine"].documents == 1


async def test_a_search_that_is_late_ends_by_itself_and_goes_no_step_further(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step is slow: when it has ended nobody waits any more, and no passage is read."""
    begun, ended, read = threading.Event(), threading.Event(), list[object]()

    def slow(*_: object, **__: object) -> list[int]:
        begun.set()
        ended.wait(20.0)
        return [1]

    monkeypatch.setattr("fanin.knowledge.search.knowledge.search_words", slow)
    monkeypatch.setattr("fanin.knowledge.search.knowledge._found_passages", lambda *_: read.append(_))
    source = knowledge(file, timeout=0.2)
    before = set(threading.enumerate())
    async with Engine([source], deadline=5.0, pool="inline") as engine:
        assert (await engine.ask("When does the ferry leave?")).sources["knowledge"].status == "timeout"
        assert begun.is_set()
        threads = [each for each in threading.enumerate() if each.name == "fanin source" and each not in before]
        ended.set()
        for each in threads:
            await asyncio.to_thread(each.join, 10.0)
    assert [each for each in threads if each.is_alive()] == []
    assert read == []


async def test_several_passages_of_a_page_come_where_each_fits_by_itself(tmp_path: Path) -> None:
    words = " ".join(["and", "more"] * 30)
    (tmp_path / "ferry.md").write_text("\n\n".join(f"# Ferry {n}\n\nThe ferry of pier {n}. {words}." for n in range(5)))
    (tmp_path / "other.md").write_text(f"# Other\n\nA ferry was seen. {words * 2}.")
    made = tmp_path / "pages.sqlite"
    await add_paths(made, [tmp_path], report=lambda _: None, workers=1)
    found = [each async for each in knowledge(made)(Question("ferry pier")) if isinstance(each, Document)]
    assert [each.title for each in found[:5]] == ["Ferry 0"] * 5
