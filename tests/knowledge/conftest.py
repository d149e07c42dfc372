import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fanin.knowledge.ingest.progress import Step
from fanin.knowledge.ingest.updating import add_paths

sys.path.insert(0, str(Path(__file__).parent / "fakes"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kb" / "knowledge.sqlite"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


@pytest.fixture
def fill(file: Path) -> Callable[..., list[Step]]:
    """Add paths to the knowledge base of the test; gives what was told meanwhile."""

    async def filled(*paths: Path, **options: object) -> list[Step]:
        told: list[Step] = []
        await add_paths(file, paths, report=told.append, **{"workers": 1, **options})
        return told

    return filled


@pytest.fixture(scope="module")
def knowledge_of(tmp_path_factory) -> Callable[[Mapping[str, str]], Path]:
    """Makes a knowledge base of files with these names and texts, for the tests of a module that only read it."""

    def make(texts: Mapping[str, str]) -> Path:
        file = tmp_path_factory.mktemp("kb") / "knowledge.sqlite"
        docs = tmp_path_factory.mktemp("docs")
        for name, text in texts.items():
            (docs / name).write_text(text, "utf-8")
        asyncio.run(add_paths(file, [docs], report=lambda _: None, workers=1))
        return file

    return make
