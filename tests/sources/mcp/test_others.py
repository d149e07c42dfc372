"""MCP servers that others wrote, each in its own environment; skipped where scripts/servers has not brought them."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aiohttp import web

from fanin.engine import Engine
from fanin.errors import SourceError
from fanin.model import Document
from fanin.sources.mcp import mcp
from fanin.sources.source import Source

pytestmark = pytest.mark.all

PROGRAMS = Path(__file__).parents[3] / ".servers/mcp/bin"

type Ask = Callable[..., Awaitable[list[Document]]]
type Make = Callable[..., Source]


@pytest.fixture
def theirs(absent: Callable[[str], NoReturn]) -> Make:
    def make(program: str, *options: str, **settings: Any) -> Source:
        if not (PROGRAMS / program).exists():
            absent(f"{program} is not in .servers")
        return mcp(**{"command": [str(PROGRAMS / program), *options], "timeout": 30.0, **settings})

    return make


async def test_the_time_server_tells_the_time(theirs: Make, ask: Ask) -> None:
    source = theirs("mcp-server-time", tool="get_current_time", arguments={"timezone": "Europe/Paris"})
    (seen,) = await ask(source)
    facts = dict(line.split(": ", 1) for line in seen.text.splitlines())
    assert facts["timezone"] == "Europe/Paris"
    assert abs(datetime.fromisoformat(facts["datetime"]).timestamp() - time.time()) < 120


async def test_what_the_time_server_refuses_is_told(theirs: Make, ask: Ask) -> None:
    with pytest.raises(SourceError, match="Nowhere/Land") as caught:
        await ask(theirs("mcp-server-time", tool="get_current_time", arguments={"timezone": "Nowhere/Land"}))
    assert caught.value.kind == "tool"


async def test_the_fetch_server_reads_a_page(theirs: Make, ask: Ask, serve: Callable[..., Awaitable[str]]) -> None:
    async def page(_: web.Request) -> web.StreamResponse:
        text = "<html><body><article><h1>Harbour</h1><p>The lift is open until nine.</p></article></body></html>"
        return web.Response(text=text, content_type="text/html")

    url = f"{await serve(page)}/harbour"
    options = ("--ignore-robots-txt", "--allow-private-ips")
    (seen,) = await ask(theirs("mcp-server-fetch", *options, tool="fetch", arguments={"url": url}))
    assert "The lift is open until nine." in seen.text


async def test_they_answer_a_question_together_and_are_gone_afterwards(
    theirs: Make, serve: Callable[..., Awaitable[str]]
) -> None:
    async def page(_: web.Request) -> web.StreamResponse:
        return web.Response(text="The harbour is open.", content_type="text/plain")

    url = await serve(page)
    clock = theirs("mcp-server-time", tool="get_current_time", arguments={"timezone": "UTC"}, name="clock")
    options = ("--ignore-robots-txt", "--allow-private-ips")
    fetch = theirs("mcp-server-fetch", *options, tool="fetch", arguments={"url": url}, name="page")
    async with Engine([clock, fetch], deadline=30.0) as engine:
        answer = await engine.ask("Is the harbour open?")
        assert {name: outcome.status for name, outcome in answer.sources.items()} == {"clock": "ok", "page": "ok"}
        assert "harbour is open" in answer.text
        begun = time.monotonic()
    assert time.monotonic() - begun < 4.0
    assert not [each for each in Path("/proc").glob("[0-9]*/cmdline") if _holds(each, str(PROGRAMS))]


def _holds(process: Path, text: str) -> bool:
    try:
        return text.encode() in process.read_bytes()
    except OSError:
        return False
