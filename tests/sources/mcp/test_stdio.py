"""MCP servers over stdio, as real processes that answer, fail, hang, talk too much and die."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest

from fanin.engine import Engine
from fanin.errors import ConfigError, SourceError
from fanin.model import Document, Question
from fanin.net.secrets import Secret
from fanin.sources.mcp import mcp
from fanin.sources.source import Source
from fanin.testing.check_source import check_source

QUICK = Path(__file__).parent / "quick_server.py"
ODD = QUICK.with_name("odd_server.py")
SDK = [sys.executable, str(QUICK.with_name("servers.py")), "stdio"]
"""A server that is written with the SDK, which takes a second to start."""

type Ask = Callable[..., Awaitable[list[Document]]]


def tool(name: str, *how: str, **settings: Any) -> Source:
    command = [sys.executable, "-I", str(QUICK), *how]
    return mcp(**{"tool": name, "command": command, "timeout": 15.0, **settings})


async def texts(source: Source, text: str = "Is the harbour open?") -> list[str]:
    async with aclosing(cast("Any", source(Question(text)))) as stream:
        return [document.text async for document in stream]


async def closed(*sources: Source) -> float:
    begun = time.monotonic()
    for source in sources:
        assert source.close is not None
        await source.close()
    return time.monotonic() - begun


def alive(marker: str) -> bool:
    return any(holds(process, marker) for process in Path("/proc").glob("[0-9]*/cmdline"))


def holds(process: Path, marker: str) -> bool:
    try:
        return marker.encode() in process.read_bytes()
    except OSError:
        return False


@pytest.fixture
async def once() -> AsyncIterator[Callable[..., Source]]:
    """Makes sources that are closed at the end of the test."""
    made: list[Source] = []

    def make(*args: Any, **settings: Any) -> Source:
        made.append(tool(*args, **settings))
        return made[-1]

    yield make
    await closed(*made)


type Once = Callable[..., Source]


async def test_a_tool_is_asked_with_arguments_made_from_the_question(once: Once) -> None:
    source = once("echo", arguments={"text": "{question} / {words} / {language} / {{}} $$"})
    assert await texts(source) == ["Is the harbour open? / harbour open / en / {} $"]


async def test_it_behaves_as_a_source() -> None:
    await check_source(lambda: tool("echo", arguments={"text": "{question}"}, command=SDK))


async def test_one_process_serves_all_questions(once: Once) -> None:
    source = once("pid")
    answers = await asyncio.gather(*(texts(source) for _ in range(8)))
    answers.append(await texts(source))
    assert len({answer[0] for answer in answers}) == 1


async def test_structured_content_becomes_documents_once(once: Once) -> None:
    source = once("rows", arguments={"text": "x"}, command=SDK)
    async with aclosing(cast("Any", source(Question("q")))) as stream:
        lamp, desk = [document async for document in stream]
    assert (lamp.text, lamp.metadata) == ("name: Lamp\nprice: 12.5", {"name": "Lamp", "price": 12.5})
    assert desk == Document("A desk.", title="Desk", url="https://example.com/desk")


async def test_every_kind_of_content_that_has_text_becomes_a_document(once: Once) -> None:
    async with aclosing(cast("Any", once("blocks", command=SDK)(Question("q")))) as stream:
        plain, facts, link, page = [document async for document in stream]
    assert plain.text == "Plain."
    assert facts.text == "place.name: Paris\ndays: 1, 2\ndry: true"
    assert (link.text, link.title, link.url) == ("A map of the harbour.", "map", "https://example.com/map")
    assert (page.text, page.url, page.media_type) == ("<p>Open.</p>", "file:///page", "text/html")


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("refuse", {}, ["'refuse' failed", "no such place"]),
        ("echo", {"wrong": 1}, ["'echo' failed", "text"]),
        ("echoo", {}, ["no tool 'echoo'", "blocks, echo, hang"]),
    ],
)
async def test_what_a_tool_refuses_is_told(once: Once, name: str, arguments: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(SourceError) as caught:
        await texts(once(name, arguments=arguments, command=SDK))
    assert caught.value.kind == "tool"
    for word in [*words, "fanin"]:
        assert word in str(caught.value)


async def test_a_server_that_dies_is_told_and_started_again(once: Once) -> None:
    source = once("die")
    for _ in range(2):
        with pytest.raises(SourceError, match="out of coffee") as caught:
            await texts(source)
        assert caught.value.kind == "connection"


async def test_a_server_that_was_killed_between_questions_is_replaced(once: Once) -> None:
    source = once("pid")
    (first,) = await texts(source)
    os.kill(int(first), 9)
    await asyncio.sleep(0.1)
    (second,) = await texts(source)
    assert first != second


async def test_a_server_that_blocks_is_replaced_when_it_has_not_answered_twice(once: Once) -> None:
    source = once("block", timeout=0.5)
    pids: set[str] = set()
    for _ in range(60):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                await texts(source)
        children = Path("/proc/self/task").glob("*/children")
        pids |= {
            pid
            for each in children
            for pid in each.read_text("ascii").split()
            if holds(Path("/proc", pid, "cmdline"), str(QUICK))
        }
        if len(pids) > 1:
            return
    pytest.fail(f"still asking {pids}")


async def test_a_server_is_not_replaced_in_the_middle_of_a_call(once: Once, tmp_path: Path) -> None:
    source = once("wait", arguments={"until": "{question}"}, timeout=0.01)
    (first,) = await texts(source, "now")
    under_way = asyncio.create_task(texts(source, str(tmp_path / "enough")))
    for name in ("never", "never again"):
        in_vain = asyncio.create_task(texts(source, str(tmp_path / name)))
        while not (tmp_path / f"{name}.asked").exists():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)
        in_vain.cancel()
        await asyncio.wait([in_vain])
    (second,) = await texts(source, "now")
    assert second != first
    assert not under_way.done()
    (tmp_path / "enough").touch()
    assert await under_way == [first]
    assert await texts(source, "now") == [second]


async def test_a_call_that_hangs_harms_no_other_one(once: Once) -> None:
    source = once("hang", timeout=1.0)
    async with Engine([source], deadline=6.0) as engine:
        answer = await engine.ask("open?", deadline=3.0)
        assert answer.sources["mcp"].status == "timeout"
        assert engine.statistics()["stuck"] == 0


def odd(oddity: str) -> Source:
    return mcp(tool="say", command=[sys.executable, "-I", str(ODD), oddity], timeout=15.0)


@pytest.mark.parametrize("oddity", ["none", "chatter", "other-id", "shout", "asks"])
async def test_a_server_of_an_older_protocol_is_heard_through_what_it_says_beside(oddity: str) -> None:
    source = odd(oddity)
    assert await texts(source) == ["said"]
    assert await texts(source) == ["said"]
    await closed(source)


async def test_what_a_server_prints_beside_its_messages_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="fanin")
    source = odd("chatter")
    await texts(source)
    await closed(source)
    seen = [record.getMessage() for record in caplog.records]
    assert any("hello from a library" in line for line in seen)
    assert any("{not json" in line for line in seen)


@pytest.mark.parametrize(
    ("oddity", "kind", "word"),
    [
        ("garbage", "protocol", "content"),
        ("unknown-content", "protocol", "content"),
        ("error", "protocol", "the cellar is flooded"),
        ("flood", "too_large", "4,000,000 bytes"),
    ],
)
async def test_an_answer_that_breaks_the_protocol_is_a_failure(oddity: str, kind: str, word: str) -> None:
    source = odd(oddity)
    with pytest.raises(SourceError) as caught:
        await texts(source)
    assert caught.value.kind == kind
    assert word in str(caught.value)
    assert len(str(caught.value)) < 500
    await closed(source)


async def test_an_answer_is_not_judged_by_a_schema_of_the_server() -> None:
    source = odd("unstructured")
    assert await texts(source) == ["plain"]
    await closed(source)


async def test_a_tool_may_have_nothing_to_say() -> None:
    source = odd("nothing")
    assert await texts(source) == []
    await closed(source)


async def test_a_server_that_never_begins_costs_only_its_source(tmp_path: Path) -> None:
    command = [sys.executable, "-I", str(ODD), "silent", str(tmp_path)]
    async with Engine([mcp(tool="say", command=command, timeout=0.5)], deadline=5.0) as engine:
        answer = await engine.ask("open?")
        assert (answer.sources["mcp"].status, engine.statistics()["stuck"]) == ("timeout", 0)
        begun = time.monotonic()
    assert time.monotonic() - begun < 10.0
    assert not alive(str(tmp_path))


async def test_a_server_gets_no_variable_that_it_does_not_need(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_TOKEN", "hunter2")
    (seen,) = await texts(once("variables", environment={"GIVEN": "yes"}))
    assert "GIVEN: yes" in seen
    assert "hunter2" not in seen


async def test_what_is_secret_reaches_the_server_and_is_never_told(once: Once, monkeypatch: pytest.MonkeyPatch) -> None:
    (seen,) = await texts(once("variables", environment={"KEY": Secret("hunter2")}))
    assert "KEY: ***" in seen
    monkeypatch.setenv("EXAMPLE_TOKEN", "hunter2")
    assert await texts(once("length", arguments={"text": "${EXAMPLE_TOKEN}"})) == ["7"]
    assert await texts(once("echo", arguments={"text": "${EXAMPLE_TOKEN}"})) == ["***"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["fanin-no-such-server"], ["fanin-no-such-server", "No such file"]),
        ([sys.executable, "-c", "raise SystemExit('no licence')"], ["no licence"]),
    ],
)
async def test_a_server_that_does_not_start_is_told_and_left_alone_for_a_while(
    command: list[str], words: list[str]
) -> None:
    source = mcp(tool="echo", command=command, timeout=15.0)
    with pytest.raises(SourceError) as first:
        await texts(source)
    with pytest.raises(SourceError, match="started again in") as second:
        await texts(source)
    for word in words:
        assert word in str(first.value)
        assert word in str(second.value)
    await asyncio.sleep(0.6)
    with pytest.raises(SourceError) as third:
        await texts(source)
    assert "started again" not in str(third.value)
    await closed(source)


async def test_closing_ends_a_server_that_ignores_every_signal_with_all_that_it_started(tmp_path: Path) -> None:
    marker = f"fanin-{tmp_path}"
    source = tool("pid", marker)
    (pid,) = await texts(source)
    assert alive(marker)
    assert await closed(source) < 3.0
    assert not Path(f"/proc/{pid}").exists()
    end = time.monotonic() + 20.0
    while alive(marker) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    assert not alive(marker)


async def test_a_server_that_behaves_ends_at_once(once: Once) -> None:
    source = once("pid")
    await texts(source)
    assert await closed(source) < 2.0


WORKING = 0.6
"""Seconds after which a server has most likely begun to work."""


async def test_closing_while_a_server_starts_or_works_leaves_nothing() -> None:
    def there() -> tuple[int, int, int]:
        return threading.active_count(), len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())  # noqa: PTH208

    async def use(delay: float) -> None:
        source = tool("hang")
        asking = asyncio.create_task(texts(source))
        await asyncio.sleep(delay)
        closing = closed(source)
        if delay == WORKING:
            asking.cancel()
        await closing
        await asyncio.wait((asking,), timeout=3.0)
        assert asking.done()
        if not asking.cancelled():
            asking.exception()

    await use(WORKING)
    before = there()
    for delay in (0.0, 0.01, 0.1, 0.4, WORKING):
        await use(delay)
    assert there() == before


async def test_it_can_be_asked_again_after_it_was_closed(once: Once) -> None:
    source = once("echo", arguments={"text": "a"})
    assert await texts(source) == ["a"]
    await closed(source)
    assert await texts(source) == ["a"]


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"command": [], "url": ""}, "neither a command nor a url"),
        ({"command": ["a"], "url": "http://127.0.0.1/"}, "both a command and a url"),
        ({"arguments": {"a": ["{nothing}"]}}, "{nothing} is not a placeholder"),
        ({"arguments": {"a": {"b": "{question.text}"}}}, "{question.text} is not a placeholder"),
    ],
)
def test_settings_that_make_no_sense_are_told(settings: dict[str, Any], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        mcp(**{"tool": "echo", "command": ["a"], **settings})


def test_a_missing_library_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(ConfigError, match=r"Install fanin\[mcp\]"):
        mcp(tool="echo", command=["a"])
