"""What a newcomer may get wrong in the first hour: each is a ConfigError that says what is wrong and what to do."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import fanin
from fanin.errors import ConfigError
from fanin.pools.main_guard import unguarded_statement


def harbour(question: fanin.Question) -> str:
    return f"The harbour is open until nine, {question.text}"


async def two(question: fanin.Question, other: str) -> str:
    return question.text + other


class Harbour:
    pass


anything: Any = fanin
WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "no sources": (lambda: anything.Engine([]), "sources is empty; fanin did not start. Give at least one source."),
    "a source outside of a list": (lambda: anything.Engine(harbour), r"Put it into a list: \[harbour\]\."),
    "a made source outside of a list": (lambda: anything.Engine(fanin.source(harbour)), r"a list: \[harbour\]\."),
    "a text for sources": (lambda: anything.Engine("weather"), r"Put it into a list: \['weather'\]\."),
    "a dict of sources": (lambda: anything.Engine({"harbour": harbour}), r"Give a list, such as \[\*sources\.values"),
    "None for sources": (lambda: anything.Engine(None), r"sources is None, which is no list; .* Give a list\."),
    "an address as a source": (
        lambda: anything.Engine(["https://example.com"]),
        "which is no function; .* Give a funct",
    ),
    "a class as a source": (lambda: anything.Engine([Harbour]), "which is no function"),
    "a source of two arguments": (lambda: anything.Engine([two]), r"A source cannot be called as two\(question\)"),
    "sources of one name": (lambda: anything.Engine([harbour, harbour]), r"share a name \('harbour'\)"),
    "a question in place of sources": (lambda: anything.ask([harbour], "open?"), "which is no text; fanin asked noth"),
    "a question that is no text": (lambda: anything.ask(3, [harbour]), "The question is 3, which is no text"),
    "an empty question": (lambda: anything.ask(" ", [harbour]), "The question is empty"),
    "no deadline": (lambda: anything.Engine([harbour], deadline=0), "deadline is 0; .* Give a duration above 0"),
    "a deadline in words": (lambda: anything.Engine([harbour], deadline="soon"), "deadline: 'soon' is no duration"),
    "an option that is none": (lambda: anything.ask("open?", [harbour], timeout=3), "no option 'timeout'; .* deadline"),
    "workers in quotes": (lambda: anything.Engine([harbour], workers="2"), "workers is '2'; .* Give a whole number"),
    "half a worker": (lambda: anything.Engine([harbour], workers=1.5), "workers is 1.5"),
    "enough in quotes": (lambda: anything.Engine([harbour], enough="2"), "enough is '2'"),
    "a number as a writer": (lambda: anything.Engine([harbour], writer=3), "3 is no model; .* Write SERVICE:NAME"),
    "a dict as a policy": (lambda: anything.Engine([harbour], policy={"cache": 3}), r"such as fanin\.Policy"),
    "a number as a store": (lambda: anything.Engine([harbour], store=4), "store is of the type int; .* Give a path"),
    "a folder as a store": (lambda: anything.Engine([harbour], store="."), "Is a directory; fanin did not start"),
    "a store that is no store": (lambda: anything.Engine([harbour], store=__file__), "it is not a SQLite file"),
    "a number as a store key": (lambda: anything.Engine([harbour], store_key=4), "The store_key is not a text"),
    "a time as now": (lambda: anything.Engine([harbour], now=datetime(2030, 1, 1)), "no function; .* Give a function"),
    "a name as process": (lambda: anything.Engine([harbour], process="count"), "process is 'count', which is no funct"),
    "process of one argument": (lambda: anything.Engine([harbour], process=harbour), r"as harbour\(question, docum"),
    "a timeout in words": (
        lambda: anything.source(timeout="fast")(harbour),
        "timeout of the source 'harbour': 'fast' is",
    ),
    "a negative weight": (lambda: anything.source(weight=-1)(harbour), "weight of the source 'harbour' is -1"),
    "a topic outside of a list": (lambda: anything.source(topics="sea")(harbour), r"Give a list: \['sea'\]"),
    "a name in place of a function": (lambda: anything.source("weather"), "'weather', which is no function"),
    "a setting that is none": (lambda: anything.source(retry=2), "no setting 'retry'; .* Did you mean 'retries'"),
    "a source twice": (lambda: anything.source(fanin.source(harbour)), "is a source already"),
    "a number as a name": (lambda: anything.source(name=3)(harbour), "A source is named 3"),
    "a rate without a unit": (lambda: anything.Policy(rate=30), "rate: 30 is no rate; write calls and a unit"),
    "retries in quotes": (lambda: anything.Policy(retries="2"), "retries is '2'; .* at least 0"),
    "a cache in the past": (lambda: anything.Policy(cache=-1), "cache: -1 is no duration"),
}


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_with_what_to_do(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        call()


@pytest.mark.parametrize("pool", [4, Harbour])
async def test_a_pool_that_is_none_is_refused(pool: Any) -> None:
    with pytest.raises(ConfigError, match="Use one of interpreters, threads, processes, inline, or an executor that"):
        async with fanin.Engine([harbour], pool=pool):
            pass


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ("harbour", r"sources is the text 'harbour'; fanin asked nothing\."),
        ([], "sources is empty; fanin asked nothing"),
    ],
)
async def test_names_of_sources_to_ask_are_in_a_list(sources: Any, words: str) -> None:
    async with fanin.Engine([harbour]) as engine:
        with pytest.raises(ConfigError, match=words):
            await engine.ask("open?", sources=sources)


@pytest.mark.parametrize("field", ["text", "title", "url", "published"])
async def test_a_document_of_other_things_than_texts_is_the_sources_outcome(field: str) -> None:
    given: dict[str, Any] = {"text": "The harbour is open.", field: None}

    async def harbour(_: fanin.Question) -> fanin.Document:
        return fanin.Document(**given)

    async with fanin.Engine([harbour]) as engine:
        outcome = (await engine.ask("open?")).sources["harbour"]
    assert (outcome.status, outcome.kind) == ("error", "type")
    assert f"whose {field} is None" in outcome.message


def test_annotations_of_a_function_may_name_what_only_type_checkers_import() -> None:
    names: dict[str, Any] = {}
    exec("def harbour(question: Absent) -> Missing:\n    return 'The harbour is open.'", names)
    assert fanin.ask("Is the harbour open?", [names["harbour"]]).success


def test_durations_are_written_in_python_as_in_a_settings_file() -> None:
    made = fanin.source(timeout="2s", cache="10min", rate="30/min")(harbour)
    assert made.timeout == 2.0
    assert made.policy == fanin.Policy(cache=600.0, rate=(30, 60.0))
    assert fanin.ask("Is the harbour open?", [made], deadline="3s").success


async def test_a_question_has_its_deadline_as_a_text(tmp_path: Path) -> None:
    async with fanin.Engine([harbour], deadline="3s", store=tmp_path / "store.sqlite") as engine:
        assert (await engine.ask("Is the harbour open?", deadline="1500ms")).success


async def test_a_store_is_named_by_its_path(tmp_path: Path) -> None:
    async with fanin.Engine([harbour], policy=fanin.Policy(cache="1h"), store=str(tmp_path / "store.sqlite")) as engine:
        await engine.ask("Is the harbour open?")
    async with fanin.Engine([harbour], policy=fanin.Policy(cache="1h"), store=tmp_path / "store.sqlite") as engine:
        assert (await engine.ask("Is the harbour open?")).sources["harbour"].cached


PROGRAM = """import fanin

def harbour(question):
    return "The harbour is open."

def length(question, document):
    return len(document.text)
"""
GUARDED = 'if __name__ == "__main__":\n    print(fanin.ask("open?", [harbour], process=length).inferences[0].value)\n'


def ran(program: str, folder: Path) -> tuple[str, str]:
    path = folder / "program.py"
    path.write_text(program)
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=50)
    return done.stdout, done.stderr


def test_a_program_without_a_main_guard_is_told_which_lines_to_write(tmp_path: Path) -> None:
    seen = ran(f'{PROGRAM}\nfanin.ask("open?", [harbour], process=length)\n', tmp_path)[1]
    assert seen.endswith('\n\nif __name__ == "__main__":\n    fanin.ask("open?", [harbour], process=length)\n')
    assert "The process function 'length' is in program.py, which every worker runs again to import it" in seen


def test_a_program_with_a_main_guard_runs(tmp_path: Path) -> None:
    assert ran(PROGRAM + GUARDED, tmp_path) == ("20\n", "")


@pytest.mark.parametrize(
    ("line", "statement"),
    [(1, "import fanin"), (4, ""), (6, "asyncio.run("), (7, "asyncio.run("), (5, "")],
)
def test_a_statement_is_guarded_by_a_question_for_the_name(line: int, statement: str) -> None:
    text = 'import fanin\n\nif __name__ == "__main__":\n    main()\n\nasyncio.run(\n    main())\n'
    assert unguarded_statement(text, line) == statement


def test_annotations_that_only_a_type_checker_can_resolve_are_no_mistake() -> None:
    names: dict[str, Any] = {}
    exec("def harbour(question: Unknown) -> str: return 'The harbour is open.'", names)
    exec("def length(question: str, document: Unknown) -> int: return len(document.text)", names)
    engine = fanin.Engine([names["harbour"]], process=names["length"])
    assert list(engine.sources) == ["harbour"]
