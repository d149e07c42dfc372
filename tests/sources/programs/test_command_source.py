"""Programs as sources, with real processes: each test's program is a few lines of Python."""

import asyncio
import os
import sys
import time
import traceback
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest

from fanin.engine import Engine
from fanin.errors import ConfigError, SourceError
from fanin.limits import LIMITS
from fanin.model import Document, Question
from fanin.net.secrets import Secret
from fanin.sources.programs.command_source import command
from fanin.sources.source import Source
from fanin.testing.check_source import check_source

ECHO = """
import json, sys
asked = json.loads(sys.stdin.readline())
assert sys.stdin.read() == ""
print(json.dumps({"text": asked["question"], "title": "T", "url": "https://example.com/", "published": "2026-01-02",
    "metadata": {"left": asked["deadline"]}, "price": 3}), flush=True)
print(json.dumps("and more"))
"""


def program(code: str, **settings: Any) -> Source:
    return command([sys.executable, "-I", "-c", code], **{"timeout": 10.0, **settings})


async def documents(source: Source, text: str = "Is it open?") -> list[Document]:
    async with aclosing(cast("Any", source(Question(text)))) as stream:
        return [document async for document in stream]


def running(marker: str) -> list[str]:
    """The processes whose command line holds the marker."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker.encode() in process.read_bytes():
                found.append(process.parent.name)
        except OSError:
            continue
    return found


async def none_running(marker: str) -> bool:
    end = time.monotonic() + 20.0
    while (found := running(marker)) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return not found


async def test_a_program_reads_the_question_and_its_lines_become_documents() -> None:
    first, second = await documents(program(ECHO, timeout=8.0), "Où est le café?")
    assert (first.text, first.title, first.url) == ("Où est le café?", "T", "https://example.com/")
    assert (first.published, first.metadata["price"]) == ("2026-01-02", 3)
    left = first.metadata["left"]
    assert isinstance(left, float)
    assert 7.0 < left <= 8.0
    assert second == Document("and more")


async def test_it_behaves_as_a_source() -> None:
    await check_source(lambda: program(ECHO))


async def test_a_line_is_handed_over_while_the_program_still_runs() -> None:
    source = program(
        "import sys; print('\"first\"', flush=True); sys.stdin.read(); input() if 0 else __import__('time').sleep(60)"
    )
    begun = time.monotonic()
    async with aclosing(cast("Any", source(Question("?")))) as stream:
        assert (await anext(stream)).text == "first"
    assert time.monotonic() - begun < 10.0


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("print('{')", "format", ["Line 1", "b'{"]),
        ("print('3')", "format", ["neither a string nor an object"]),
        ('print(\'{"title": "x"}\')', "format", ['no "text"']),
        ("print('{\"text\": 3}')", "format", ['no "text"']),
        ('print(\'{"text": "x", "url": 3}\')', "format", ['"url" is not a string']),
        ('print(\'{"text": "x", "metadata": 3}\')', "format", ["metadata is not an object"]),
        ("print('[' * 100000)", "format", ["Line 1"]),
        ("import sys; sys.exit('no such table')", "exit", ["status 1", "no such table"]),
        ("import os; os.abort()", "exit", ["SIGABRT"]),
        (f"print('x' * {LIMITS.line_bytes + 10})", "too_large", ["4,000,000"]),
        ("for _ in range(30): print('\"' + 'x' * 1000000 + '\"')", "too_large", ["20,000,000"]),
    ],
)
async def test_what_a_program_does_wrong_is_told(code: str, kind: str, words: list[str]) -> None:
    with pytest.raises(SourceError) as caught:
        await documents(program(code))
    assert caught.value.kind == kind
    for word in words:
        assert word in str(caught.value)


async def test_what_came_before_a_failure_is_kept() -> None:
    async with Engine([program("print('\"The harbour is open.\"'); raise SystemExit(3)")], deadline=20.0) as engine:
        answer = await engine.ask("open?")
    outcome = answer.sources["command"]
    assert (outcome.status, outcome.kind, outcome.documents) == ("partial", "exit", 1)


async def test_a_flood_of_documents_is_stopped() -> None:
    async with Engine([program("while True: print('\"again\"')", name="flood")], deadline=20.0) as engine:
        answer = await engine.ask("open?")
    assert (answer.sources["flood"].kind, answer.sources["flood"].documents) == ("too_many", 1000)


async def test_lone_surrogates_become_the_sign_for_what_cannot_be_read() -> None:
    assert [each.text for each in await documents(program(r"""print(r'"a\ud800b"')"""))] == ["a\ufffdb"]


@pytest.mark.parametrize(
    ("arguments", "folder", "word"),
    [
        (["fanin-no-such-program"], None, "No such file"),
        (["/"], None, "Permission"),
        (["true"], "/nowhere", "No such"),
        (["a\0b"], None, "null"),
    ],
)
async def test_a_program_that_cannot_be_started_is_named(arguments: list[str], folder: str | None, word: str) -> None:
    with pytest.raises(SourceError, match=word) as caught:
        await documents(command(arguments, folder=folder))
    assert caught.value.kind == "program"
    assert repr(arguments[0]) in str(caught.value)


def test_a_command_without_a_program_is_a_mistake() -> None:
    with pytest.raises(ConfigError):
        command([])


async def test_arguments_go_to_the_program_as_they_are_for_there_is_no_shell() -> None:
    code = "import json, sys; print(json.dumps(sys.argv[1]))"
    source = command([sys.executable, "-I", "-c", code, "$HOME; rm -rf * | `id`"], timeout=10.0)
    assert [each.text for each in await documents(source)] == ["$HOME; rm -rf * | `id`"]


async def test_a_program_gets_no_variable_that_it_does_not_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_TOKEN", "secret")
    code = "import json, os; print(json.dumps({'text': 'x', **os.environ}))"
    (found,) = await documents(program(code, environment={"GIVEN": "yes"}))
    assert "EXAMPLE_TOKEN" not in found.metadata
    assert (found.metadata["GIVEN"], found.metadata["PATH"]) == ("yes", os.environ["PATH"])


async def test_a_program_that_reads_nothing_is_no_error_even_when_the_question_is_long() -> None:
    assert [each.text for each in await documents(program("print('\"ok\"')"), "x" * 1_000_000)] == ["ok"]


STUBBORN = """
import signal, subprocess, sys, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(600)", MARKER])
print('"started"', flush=True)
"""


@pytest.mark.parametrize("ending", ["time.sleep(600)", "sys.exit(0)", "raise SystemExit(3)"])
async def test_a_program_ends_with_everything_that_it_started(ending: str, tmp_path: Path) -> None:
    marker = f"fanin-{tmp_path}"
    source = program(STUBBORN.replace("MARKER", repr(marker)) + ending, timeout=1.5)
    async with Engine([source], deadline=5.0) as engine:
        answer = await engine.ask("open?")
    assert answer.sources["command"].documents == 1
    assert await none_running(marker)


async def test_a_question_that_is_withdrawn_ends_the_program(tmp_path: Path) -> None:
    marker = f"fanin-{tmp_path}"
    asking = asyncio.create_task(documents(program(STUBBORN.replace("MARKER", repr(marker)) + "time.sleep(600)")))
    while not running(marker):
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait((asking,), timeout=3.0)
    assert asking.cancelled()
    assert await none_running(marker)


async def test_cancelling_at_any_moment_leaves_no_process_descriptor_or_task(tmp_path: Path) -> None:
    marker = f"fanin-{tmp_path}"
    source = program(f"import time; marker = {marker!r}; print('\"x\"', flush=True); time.sleep(600)")
    await asyncio.wait((early := asyncio.create_task(documents(source)),), timeout=0.2)
    early.cancel()
    await asyncio.wait((early,))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the plainest count
    for delay in (0.0, 0.0, 0.001, 0.002, 0.004, 0.008, 0.016, 0.03, 0.06, 0.1):
        asking = asyncio.create_task(documents(source))
        await asyncio.sleep(delay)
        asking.cancel()
        await asyncio.wait((asking,), timeout=3.0)
        assert asking.done()
    assert await none_running(marker)
    assert len(asyncio.all_tasks()) == 1
    assert len(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208


async def test_what_it_says_on_stderr_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="fanin")
    await documents(program("import sys; sys.stderr.write('one\\ntwo\\n')", name="talker"))
    seen = [record.getMessage() for record in caplog.records if "stderr: " in record.getMessage()]
    assert seen == ["talker on stderr: one", "talker on stderr: two"]


async def test_what_is_secret_reaches_the_program_and_is_never_told() -> None:
    code = "import os, sys; print('\"' + os.environ['KEY'][:3] + '\"'); sys.exit('key ' + os.environ['KEY'])"
    source = program(code, environment={"KEY": Secret("hunter2")})
    with pytest.raises(SourceError, match=r"key \*\*\*") as caught:
        await documents(source)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


async def test_lines_without_an_end_are_stopped_even_if_nothing_stands_in_them() -> None:
    with pytest.raises(SourceError, match="100,000 lines") as caught:
        await documents(program(r"while True: print('\n' * 10_000)", timeout=30.0))
    assert caught.value.kind == "too_large"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("'[' + '[],' * 120_000 + '[]]'", "more than 100,000 values"),
        ("'9' * 100_000", "more than 1,000 characters"),
        ("'[' * 200 + ']' * 200", "deeper than 100 levels"),
    ],
)
async def test_a_line_beyond_a_limit_is_told(line: str, expected: str) -> None:
    with pytest.raises(SourceError, match=expected) as caught:
        await documents(program(f"print({line})"))
    assert caught.value.kind == "format"
    assert len(str(caught.value)) < 500


async def test_a_program_that_complains_without_end_is_read_slowly_and_loses_nothing_of_what_it_says() -> None:
    code = "import sys\nfor _ in range(300): sys.stderr.write('e' * 9_999 + '\\n')\nprint('\"said\"')"
    begun = time.monotonic()
    assert [document.text for document in await documents(program(code))] == ["said"]
    assert time.monotonic() - begun > 0.2  # 3 MB at 64 KB in 20 ms
