"""MCP servers over streamable HTTP: a real one in a process of its own, and odd ones on loopback."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web

from fanin.engine import Engine
from fanin.errors import ConfigError, RateLimited, SourceError
from fanin.model import Document, Question
from fanin.net.secrets import Secret
from fanin.sources.mcp import mcp
from fanin.sources.source import Source
from fanin.testing.check_source import check_source

SERVERS = Path(__file__).parent / "servers.py"

type Ask = Callable[..., Awaitable[list[Document]]]


class Process:
    """A server that can be stopped and started again at the same address."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/mcp"

    def start(self) -> None:
        command = [sys.executable, str(SERVERS), "http", str(self.port)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20.0
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1.0).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        pytest.fail("the server did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server() -> Iterator[Process]:
    process = Process()
    yield process
    process.stop()


def tool(name: str, url: str, /, **settings: Any) -> Source:
    return mcp(**{"tool": name, "url": url, "timeout": 15.0, "allow_private": True, **settings})


async def test_a_tool_is_asked_and_its_session_kept(server: Process, ask: Ask) -> None:
    source = tool("echo", server.url, arguments={"text": "{question}"})
    for question in ("one", "two"):
        assert [document.text for document in await ask(source, question)] == [question]


async def test_messages_are_logged_without_secrets(server: Process, ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="fanin")
    headers = {"X-Key": Secret("hunter2-hunter2")}
    source = tool("echo", server.url, name="harbour", arguments={"text": "{question}"}, headers=headers)
    await ask(source, "a hunter2-hunter2 b")
    lines = [each.getMessage() for each in caplog.records]
    masked = [each for each in lines if "a *** b" in each]
    sent, received = ([each for each in masked if f"harbour: {way} " in each] for way in ("sent", "received"))
    assert (len(sent), len(received)) == (1, 1)
    assert '"method":"tools/call"' in sent[0]
    assert "hunter2" not in "".join(lines)


async def test_it_behaves_as_a_source(server: Process) -> None:
    await check_source(lambda: tool("rows", server.url, arguments={"text": "q"}))


async def test_many_questions_at_once_are_answered(server: Process, ask: Ask) -> None:
    source = tool("echo", server.url, arguments={"text": "{question}"})
    answers = await asyncio.gather(*(ask(source, str(number)) for number in range(20)))
    assert [answer[0].text for answer in answers] == [str(number) for number in range(20)]


async def test_a_call_that_hangs_harms_no_other_one(server: Process, ask: Ask) -> None:
    fast = tool("echo", server.url, arguments={"text": "fast"}, name="fast")
    async with Engine([tool("hang", server.url, name="slow", timeout=0.7), fast], deadline=5.0) as engine:
        answer = await engine.ask("open?")
        assert (answer.sources["slow"].status, answer.sources["fast"].status) == ("timeout", "ok")
        assert engine.statistics()["stuck"] == 0


async def test_a_tool_that_fails_or_is_not_there_is_told(server: Process, ask: Ask) -> None:
    for name, word in (("refuse", "no such place"), ("absent", "no tool 'absent'")):
        with pytest.raises(SourceError, match=word) as caught:
            await ask(tool(name, server.url))
        assert caught.value.kind == "tool"


async def test_a_server_that_was_started_again_is_asked_again(ask: Ask) -> None:
    process = Process()
    source = tool("pid", process.url)
    (first,) = await ask(source)
    process.stop()
    with pytest.raises(SourceError) as caught:
        await ask(source)
    assert caught.value.kind == "unreachable"
    await asyncio.sleep(0.7)
    process.start()
    (second,) = await ask(source)
    assert first.text != second.text
    process.stop()


async def test_an_address_on_a_private_network_is_refused(server: Process, ask: Ask) -> None:
    with pytest.raises(SourceError, match="private") as caught:
        await ask(mcp(tool="echo", url=server.url))
    assert "allow_private" in str(caught.value)


type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Odd = Callable[[Answer], Awaitable[str]]


@pytest.fixture
def odd(serve: Callable[[Answer], Awaitable[str]]) -> Odd:
    """Give it how every request is answered; it gives the address."""

    async def start(answer: Answer) -> str:
        return f"{await serve(answer)}/mcp"

    return start


@pytest.mark.parametrize(
    ("status", "kind", "word"),
    [
        (401, "http_401", "needs a valid key"),
        (403, "http_403", "refuses"),
        (500, "http_500", "500"),
        (404, "http_404", "404"),
    ],
)
async def test_a_status_is_told_as_for_every_other_source(
    odd: Odd, ask: Ask, status: int, kind: str, word: str
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    with pytest.raises(SourceError, match=word) as caught:
        await ask(tool("echo", await odd(answer)))
    assert caught.value.kind == kind


async def test_a_server_that_wants_fewer_calls_is_heard(odd: Odd, ask: Ask) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "7"})

    with pytest.raises(RateLimited) as caught:
        await ask(tool("echo", await odd(answer)))
    assert caught.value.retry_after == 7.0


@pytest.mark.parametrize("body", ["<html>", "{}", "[1, 2", '{"jsonrpc": "2.0", "id": 1}'])
@pytest.mark.parametrize("media_type", ["application/json", "text/html", "text/event-stream"])
async def test_an_answer_that_is_no_message_is_a_failure(odd: Odd, ask: Ask, body: str, media_type: str) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=body, content_type=media_type)

    with pytest.raises(SourceError) as caught:
        await ask(tool("echo", await odd(answer)))
    assert len(str(caught.value)) < 600


async def test_a_body_without_an_end_is_not_read_for_ever(odd: Odd, ask: Ask) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while True:
            await response.write(b" " * 1_000_000)

    with pytest.raises(SourceError, match="4,000,000 bytes in one message"):
        await ask(tool("echo", await odd(answer)))


async def test_headers_are_sent_and_never_told(odd: Odd, ask: Ask) -> None:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers["Authorization"])
        return web.Response(status=401)

    with pytest.raises(SourceError) as caught:
        await ask(tool("echo", await odd(answer), headers={"Authorization": Secret("Bearer hunter2")}))
    assert set(seen) == {"Bearer hunter2"}
    assert "hunter2" not in str(caught.value)


async def test_a_redirect_to_another_place_is_not_followed(odd: Odd, ask: Ask) -> None:
    hits: list[str] = []

    async def there(request: web.Request) -> web.StreamResponse:
        hits.append(request.path)
        return web.Response(status=500)

    place = await odd(there)

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": place})

    with pytest.raises(SourceError):
        await ask(tool("echo", await odd(answer)))
    assert hits == []


def test_a_header_that_could_end_another_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="line break"):
        mcp(tool="echo", url="http://127.0.0.1/", headers={"A": "b\r\nC: d"})


async def test_closing_leaves_no_connection_descriptor_or_task(server: Process) -> None:
    def there() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())  # noqa: PTH208

    async def use() -> None:
        for name, delay in (("hang", 0.0), ("hang", 0.05), ("hang", 0.5), ("echo", 0.5)):
            source = tool(name, server.url, arguments={"text": "a"} if name == "echo" else {})
            asking = asyncio.create_task(anext(source(Question("q")), None))  # pyright: ignore
            await asyncio.wait((asking,), timeout=delay)
            asking.cancel()
            await asyncio.wait((asking,), timeout=3.0)
            assert source.close is not None
            begun = time.monotonic()
            await source.close()
            assert time.monotonic() - begun < 10.0

    await use()
    before = there()
    await use()
    end = time.monotonic() + 20.0
    while there() != before and time.monotonic() < end:
        await asyncio.sleep(0.02)
    assert there() == before


async def test_a_stream_of_documents_can_be_left_half_way(server: Process) -> None:
    source = tool("rows", server.url, arguments={"text": "q"})
    async with aclosing(cast("Any", source(Question("q")))) as stream:
        assert (await anext(stream)).text.startswith("name: Lamp")
    assert source.close is not None
    await source.close()
