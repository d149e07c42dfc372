import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest

from fanin.errors import ConfigError
from fanin.model import Document, Question
from fanin.sources.python_function import python
from fanin.testing.check_source import check_source

CODE = """
import fanin

def plain(question):
    return f"plain: {question}"

def many(question, *, words, times=1):
    yield from [words] * times

async def later(question, words):
    return fanin.Document(words, title=question.text)

async def stream(question):
    yield "one"
    yield "two"

@fanin.source(timeout=1.0, weight=2.0)
async def decorated(question):
    return "decorated"

class Thing:
    def __call__(self, question):
        return "called"

    async def method(self, question):
        return "method"

thing = Thing()
number = 3
"""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "my_sources.py").write_text(CODE, "utf-8")
    (tmp_path / "my_broken.py").write_text("1 / 0", "utf-8")
    monkeypatch.chdir(tmp_path)
    yield
    sys.modules.pop("my_sources", None)


async def told(function: str, **settings: Any) -> list[str]:
    async with aclosing(cast("AsyncIterator[Document]", python(function, **settings)(Question("q")))) as stream:  # pyright: ignore
        return [document.text async for document in stream]


@pytest.mark.parametrize(
    ("function", "arguments", "texts"),
    [
        ("plain", {}, ["plain: q"]),
        ("many", {"words": "w", "times": 2}, ["w", "w"]),
        ("later", {"words": "w"}, ["w"]),
        ("stream", {}, ["one", "two"]),
        ("decorated", {}, ["decorated"]),
        ("thing", {}, ["called"]),
        ("thing.method", {}, ["method"]),
    ],
)
async def test_anything_that_can_be_called_with_a_question_is_a_source(
    function: str, arguments: dict[str, Any], texts: list[str]
) -> None:
    assert await told(f"my_sources:{function}", arguments=arguments) == texts


async def test_it_behaves_as_a_source() -> None:
    await check_source(lambda: python("my_sources:stream"))


def test_the_settings_name_the_source_and_its_timeout() -> None:
    made = python("my_sources:decorated", name="mine", timeout=3.0)
    assert (made.name, made.timeout, made.weight) == ("mine", 3.0, 2.0)
    assert python("my_sources:plain", name="other").name == "other"


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        ("my_sources", {}, ["package.module:function"]),
        (":plain", {}, ["package.module:function"]),
        ("no_such_module:plain", {}, ["No module named 'no_such_module'"]),
        ("my_sources:none", {}, ["has no attribute 'none'"]),
        ("my_broken:plain", {}, ["ZeroDivisionError"]),
        ("my_sources:number", {}, ["a value of type int"]),
        ("my_sources:Thing", {}, ["it is a class"]),
        ("my_sources:many", {}, ["missing a required", "words"]),
        ("my_sources:plain", {"words": "w"}, ["unexpected keyword argument"]),
        ("my_sources:decorated", {"words": "w"}, ["a source already"]),
    ],
)
def test_what_is_no_source_is_told_when_it_is_made(function: str, arguments: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        python(function, arguments=arguments)
    for word in [repr(function), "fanin did not add it", *words]:
        assert word in str(caught.value)


def test_the_working_directory_is_searched_last_and_only_while_importing(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit", "utf-8")
    before = list(sys.path)
    python("my_sources:plain")
    assert sys.path == before


async def test_a_folder_can_be_named_in_which_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    with pytest.raises(ConfigError):
        python("my_sources:plain")
    assert await told("my_sources:plain", folder=str(tmp_path)) == ["plain: q"]
