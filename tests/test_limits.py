"""Each limit takes effect where it is handed down to, and a wrong one is a mistake that says what would be right."""

import asyncio
import gzip
import json
import math
import socket
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import fields
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from aiohttp import web

import fanin
from fanin.config.settings_file import load
from fanin.errors import ConfigError, SourceError
from fanin.knowledge.ingest.progress import Skipped
from fanin.knowledge.ingest.updating import add_paths
from fanin.limits import LIMITS, Limits
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.policies.cache import cache
from fanin.sources.feeds import feeds
from fanin.sources.http import http
from fanin.sources.mcp import mcp
from fanin.sources.programs.command_source import command
from fanin.sources.sql import sql
from fanin.sources.sql.databases import database
from fanin.sources.web import web as web_pages
from fanin.storage.sqlite_store import SQLiteStore
from fanin.testing import FakePool, FakeSource, run_jumping

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[[Handler], Awaitable[str]]
type Scenario = Callable[[Limits, Serve], Awaitable[str]]
"""What comes of it under these limits: the kind of the failure, or "" for none."""

FEED = "<rss><channel><item><title>Berth {0}</title><link>http://x.example/{0}</link></item></channel></rss>"


def client(limits: Limits, **options: Any) -> Client:
    return Client(Network(limits=limits, **options), allow_private=True)


async def kind(asked: Awaitable[object]) -> str:
    try:
        await asked
    except SourceError as error:
        return error.kind
    except TimeoutError:
        return "timeout"
    return ""


async def asked(limits: Limits, serve: Serve, handler: Handler) -> str:
    asking = client(limits)
    try:
        return await kind(asking.get_json(await serve(handler)))
    finally:
        await asking.close()


def answered(body: bytes, **headers: str) -> Scenario:
    """A server gives this body."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, headers=headers)

    return partial(asked, handler=handler)


async def redirect(request: web.Request) -> web.Response:
    if request.path == "/2":
        return web.json_response(1)
    raise web.HTTPFound(f"/{int(request.path[1:] or 0) + 1}")


async def late(_: web.Request) -> web.Response:
    await asyncio.sleep(0.3)
    return web.json_response(1)


async def busy(limits: Limits, serve: Serve) -> str:
    """Two requests at a time to a server that may get one."""

    asking, url = client(limits, per_host=1), await serve(late)
    try:
        return "".join(await asyncio.gather(*(kind(asking.get_json(url)) for _ in range(2))))
    finally:
        await asking.close()


async def nameless(limits: Limits, _: Serve) -> str:
    """Two names are looked up while the name server hangs."""
    answer = threading.Event()
    asking = client(limits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: answer.wait(30) and [])
        kinds: list[str] = []
        for name in "ab":
            try:
                async with asyncio.timeout(0.05):
                    kinds.append(await kind(asking.get_json(f"http://{name}.example/")))
            except TimeoutError:
                kinds.append("")
        answer.set()
    await asking.close()
    return "".join(kinds).replace("timeout", "")


async def mapped(limits: Limits, serve: Serve) -> str:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response([{"a": "Open."}])

    return await outcome(http(await serve(handler), text="a | @ | @", client=client(limits)), most=1)


def fed(body: str) -> Scenario:
    """A feed with three items has this body."""

    async def scenario(limits: Limits, serve: Serve) -> str:
        async def handler(_: web.Request) -> web.Response:
            return web.Response(text=body)

        return await outcome(feeds(await serve(handler), client=client(limits)), most=3)

    return scenario


async def outcome(source: fanin.Source, most: int) -> str:
    """How reading the source ends: the kind of the failure, or "fewer" than the most documents that it could have."""
    try:
        found = [item async for item in source(fanin.Question("What is new?")) if isinstance(item, fanin.Document)]
    except SourceError as error:
        return error.kind
    finally:
        if source.close is not None:
            await source.close()
    return "" if len(found) == most else "fewer"


@fanin.source(name="berths")
async def berths(_: fanin.Question) -> AsyncIterator[str]:
    for number in range(3):
        yield f"Berth {number} is open."


async def generous(limits: Limits, _: Serve) -> str:
    async with fanin.Engine([berths], pool="inline", limits=limits) as engine:
        return (await engine.ask("Which berths are open?")).sources["berths"].kind


async def at_once(limits: Limits, _: Serve) -> str:
    most = 0

    class Counting(FakePool):
        def submit(self, *arguments: Any, **settings: Any) -> Any:
            nonlocal most
            job = super().submit(*arguments, **settings)
            most = max(most, len(self._waiting))
            return job

    pool = Counting(workers=1, seconds=lambda _: 0.01)
    async with fanin.Engine([berths], process=words, pool=pool, limits=limits) as engine:
        await engine.ask("Which berths are open?")
    return "waits" if most < 2 else ""


def words(_question: str, document: fanin.Document) -> int:
    return len(document.text.split())


async def paged(limits: Limits, serve: Serve) -> str:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(text="<main>The harbour is open.</main><p>Menu.", content_type="text/html")

    page = web_pages(await serve(handler), client=client(limits))
    (found,) = [item async for item in page(fanin.Question("Is it open?")) if isinstance(item, fanin.Document)]
    assert page.close is not None
    await page.close()
    return "too large" if "remark" in found.metadata else ""


def program(code: str) -> Scenario:
    """A program runs this code; with the usual limits it gives a document."""

    async def scenario(limits: Limits, _: Serve) -> str:
        return await outcome(command([sys.executable, "-c", code], timeout=20.0, limits=limits), most=1)

    return scenario


def mcp_server(oddity: str, *, tool: str = "say") -> Scenario:
    """The tool of an odd server over pipes is called."""

    async def scenario(limits: Limits, _: Serve) -> str:
        server = [sys.executable, "-I", str(ODD_SERVER), oddity]
        return await outcome(mcp(tool=tool, command=server, network=Network(limits=limits), timeout=20.0), most=1)

    return scenario


def queried(query: str) -> Scenario:
    """A SQLite database without tables is asked this."""

    async def scenario(limits: Limits, _: Serve) -> str:
        with TemporaryDirectory() as folder:
            source = sql(url=database_in(folder), query=query, folder=folder, timeout=20.0, limits=limits)
            return await outcome(source, most=1)

    return scenario


def database_in(folder: str) -> str:
    with closing(sqlite3.connect(Path(folder) / "shop.db")) as file:
        file.execute("VACUUM")
    return "sqlite:///shop.db"


async def statements(limits: Limits, _: Serve) -> str:
    """A second statement of one source is begun while the first one gives its rows."""
    with TemporaryDirectory() as folder:
        shop = database(database_in(folder), "SELECT 1", folder, limits)
        first, second = (shop.rows({}, most=1, seconds=20.0) for _ in range(2))
        await anext(first)
        waiting = asyncio.ensure_future(anext(second))
        done, _ = await asyncio.wait((waiting,), timeout=20.0 if limits.statements > 1 else 0.2)
        waiting.cancel()
        await asyncio.wait((waiting,))
        for rows in (first, second):
            await rows.aclose()
        await shop.close()
        return "" if done else "waits"


async def stored(limits: Limits, _: Serve) -> str:
    """Two values are stored, and looked for afterwards."""
    with TemporaryDirectory() as folder:
        store = SQLiteStore(Path(folder) / "store.sqlite", limits=limits)
        for seconds in (60.0, 70.0):
            await store.put(f"{seconds}", b"x" * 500_000, seconds=seconds)
        found = [await store.get(key) for key in ("60.0", "70.0")]
        await store.close()
    return "removed" if None in found else ""


async def cached(limits: Limits, _: Serve) -> str:
    """The same two questions are asked twice."""
    asked: list[str] = []

    async def fetch(question: fanin.Question) -> AsyncIterator[fanin.Document]:
        asked.append(question.text)
        yield fanin.Document("It is open. " * 500)

    keeping = cache(fanin.Source("town", fetch), fresh=60.0, stale=0.0, limits=limits)
    for question in ("a", "b", "a", "b"):
        assert [item async for item in keeping(fanin.Question(question))]
    return "" if len(asked) == 2 else "asked again"


def model_event(choice: dict[str, Any]) -> bytes:
    value = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "x", "choices": [choice]}
    return b"data: " + json.dumps(value).encode() + b"\n\n"


async def written(limits: Limits, serve: Serve) -> str:
    """A model reasons, and writes one sentence in two events."""
    deltas = [{"role": "assistant", "reasoning_content": "It is in [1]. "}, {"content": "The harbour is open until "}]
    deltas += [{"content": "nine [1]."}]
    events = [model_event({"index": 0, "delta": delta}) for delta in deltas]
    events.append(model_event({"index": 0, "delta": {}, "finish_reason": "stop"}))

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=b"".join(events) + b"data: [DONE]\n\n", content_type="text/event-stream")

    @fanin.source(name="town")
    async def town(_: fanin.Question) -> str:
        return "The harbour is open until nine."

    name = f"openai-compatible:{await serve(handler)}/v1#x"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pydantic_ai.models.ALLOW_MODEL_REQUESTS", True)
        async with fanin.Engine([town], writer=name, pool="inline", deadline=30.0, limits=limits) as engine:
            answer = await engine.ask("Is the harbour open?")
    assert answer.writing is not None
    return answer.writing.status.removeprefix("written")


def deaf(limits: Limits) -> str:
    stuck = FakeSource("deaf", ((math.inf, "late"),), timeout=1.0, deaf=1000.0)

    async def scenario() -> str:
        async with fanin.Engine([stuck.source], pool=FakePool(), limits=limits) as engine:
            return [(await engine.ask("Is it open?")).sources["deaf"].status for _ in range(2)][1]

    return run_jumping(scenario()).removeprefix("timeout")


MANY = "".join(FEED.format(number) for number in range(3)).replace("</channel></rss><rss><channel>", "")
BROKEN = MANY.replace("Berth 0", "Berth & 0")

ODD_SERVER = Path(__file__).parent / "sources" / "mcp" / "odd_server.py"

PACKED = {"Content-Encoding": "gzip"}

PAGE = (
    b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>>>>>"
)
SAID = b"<</Length 37>>stream\nBT /F 9 Tf 9 9 Td (It is open.) Tj ET\nendstream"
OBJECTS = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 2/Kids[3 0 R 5 0 R]>>", PAGE, SAID, PAGE)


def pdf() -> bytes:
    """A PDF of two pages."""
    body, places = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(OBJECTS, 1):
        places.append(len(body))
        body += b"%d 0 obj%bendobj\n" % (number, each)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF" % len(body)


def added(name: str, content: bytes) -> Scenario:
    """Why the file is not added to a knowledge base."""

    async def scenario(limits: Limits, _: Serve) -> str:
        with TemporaryDirectory() as folder:
            path, seen = Path(folder) / name, list[Any]()
            path.write_bytes(content)
            file = Path(folder) / "kb.sqlite"
            await add_paths(file, [path], report=seen.append, workers=1, limits=limits)
            return next((each.reason for each in seen if isinstance(each, Skipped)), "")

    return scenario


HELD: dict[str, tuple[float, Scenario, str]] = {
    "documents": (2, generous, "too_many"),
    "jobs": (1, at_once, "waits"),
    "body_bytes": (10, answered(b'"a long answer"'), "too_large"),
    "unpacked_bytes": (
        99,
        answered(gzip.compress(b'"%s"' % (b"x" * 100)), **PACKED),
        "too_large",
    ),
    "packed_parts": (
        1,
        answered(gzip.compress(b"[") + gzip.compress(b"]"), **PACKED),
        "too_large",
    ),
    "header_bytes": (200, answered(b"1", Long="x" * 200), "too_large"),
    "redirects": (1, partial(asked, handler=redirect), "redirects"),
    "response_seconds": (0.1, partial(asked, handler=late), "timeout"),
    "lookups": (1, nameless, "unreachable"),
    "waiting": (0, busy, "shed"),
    "json_characters": (5, answered(b'"hello"'), "too_large"),
    "json_depth": (2, answered(b"[[[]]]"), "too_deep"),
    "json_values": (2, answered(b"[1, 2, 3]"), "too_large"),
    "json_number_characters": (3, answered(b"1234"), "too_large"),
    "expression_steps": (3, mapped, "format"),
    "feed_items": (2, fed(MANY), "fewer"),
    "feed_elements": (3, fed(MANY), "format"),
    "malformed_feed_bytes": (20, fed(BROKEN), "fewer"),
    "page_tags": (2, paged, "too large"),
    "page_characters": (20, paged, "too large"),
    "line_bytes": (100, program("print('\"' + 'x' * 100 + '\"')"), "too_large"),
    "output_bytes": (100, program("print('\"' + 'x' * 100 + '\"')"), "too_large"),
    "output_lines": (2, program("print('\\n\\n\"x\"')"), "too_large"),
    "mcp_messages": (100, mcp_server("shout"), "too_large"),
    "mcp_values": (5, mcp_server("plain"), "too_large"),
    "mcp_tools": (1, mcp_server("pages", tool="sing-3"), "too_large"),
    "mcp_tool_pages": (2, mcp_server("pages", tool="sing-3"), "too_large"),
    "file_bytes": (9, added("a.txt", b"It is open."), "has 11 bytes, which is more than 9"),
    "file_characters": (9, added("a.txt", b"It is open."), "has more than 9 characters of text"),
    "file_headings": (2, added("a.md", b"# A\nopen\n# B\nopen\n"), "has more than 2 headings"),
    "file_pages": (1, added("a.pdf", pdf()), "has more than 1 pages"),
    "file_passages": (1, added("a.txt", b"It is open now. " * 100), "has more than 1 passages"),
    "file_seconds": (0.05, added("a.html", b"<p>It is open.</p>" * 20_000), "takes longer than 0.05 s to read"),
    "row_characters": (10, queried("SELECT 'a long answer'"), "too_large"),
    "statements": (1, statements, "waits"),
    "sqlite_bytes": (1_000_000, queried("SELECT length(randomblob(5000000))"), "too_large"),
    "model_events": (2, written, "too_large"),
    "model_event_bytes": (50, written, "too_large"),
    "model_event_values": (2, written, "too_large"),
    "reasoning_characters": (5, written, "too_large"),
    "written_characters": (5, written, "unsupported"),
    "cached_answers": (1, cached, "asked again"),
    "cached_bytes": (10_000, cached, "asked again"),
    "cached_answer_bytes": (5_000, cached, "asked again"),
    "stored_values": (1, stored, "removed"),
    "stored_bytes": (900_000, stored, "removed"),
}
"""For each limit a smaller value, what happens, and what comes of it then; with the usual limits nothing fails."""


@pytest.mark.parametrize("name", HELD)
async def test_a_smaller_limit_takes_effect(name: str, serve: Serve) -> None:
    value, scenario, expected = HELD[name]
    assert (await scenario(LIMITS, serve), await scenario(Limits(**{name: value}), serve)) == ("", expected)


def test_a_source_with_too_many_stuck_calls_is_shed() -> None:
    assert (deaf(LIMITS), deaf(Limits(stuck_calls=1))) == ("", "shed")


def test_every_limit_has_such_a_test() -> None:
    assert {*HELD, "stuck_calls"} == {each.name for each in fields(Limits)}
    assert all(value != getattr(LIMITS, name) for name, (value, *_) in HELD.items())


@pytest.mark.parametrize("value", [0, -1, 1.5, "5", True, None])
def test_what_is_no_whole_number_above_zero_is_a_mistake(value: Any) -> None:
    with pytest.raises(ConfigError, match=r"body_bytes is .*; fanin did not start\. Give a whole number, at least 1"):
        Limits(body_bytes=value)
    with pytest.raises(ConfigError, match="limits is 5; fanin did not start"):
        fanin.Engine([berths], limits=5)  # pyright: ignore[reportArgumentType]


def test_times_are_durations_and_some_numbers_may_be_zero() -> None:
    assert Limits(response_seconds="500ms").response_seconds == 0.5  # pyright: ignore[reportArgumentType]
    assert (Limits(redirects=0).redirects, Limits(waiting=0).waiting) == (0, 0)


SETTINGS = '[limits]\n{}\n[sources.town]\nkind = "simulated"\n'


def test_a_file_sets_limits_for_the_engine_and_for_what_its_sources_ask_over(tmp_path: Path) -> None:
    (tmp_path / "fanin.toml").write_text(SETTINGS.format('documents = 2\nresponse_seconds = "2s"'))
    assert load(tmp_path / "fanin.toml").general.limits == Limits(documents=2, response_seconds=2.0)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("document = 2", "limits: there is no limit 'document' (did you mean 'documents'?); fanin asked nothing."),
        ("documents = 0", "limits: documents is 0 (give a whole number, at least 1); fanin asked nothing."),
        ('jobs = "4"', "limits: jobs is '4' (give a whole number, at least 1); fanin asked nothing."),
    ],
)
def test_a_mistake_in_the_table_is_one_line(tmp_path: Path, table: str, expected: str) -> None:
    (tmp_path / "fanin.toml").write_text(SETTINGS.format(table))
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "fanin.toml")
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
