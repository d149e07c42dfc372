"""fanin as an MCP server: what an agent lists, calls, is told meanwhile and gets, in both eras of the protocol."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("mcp")

from mcp.client.client import Client
from mcp.client.extension import advertise
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, ResourceLink, TextContent

from fanin import Document, Engine
from fanin.interfaces.mcp.mcp_server import APP, RUN, mcp_server
from fanin.interfaces.mcp.tool_calls import LONGEST, Tools
from fanin.interfaces.mcp.tool_models import AskArguments, WatchArguments, Watched
from fanin.knowledge.ingest.updating import add_paths
from fanin.runs.run_manager import RunManager
from fanin.runs.run_record import RunStore
from fanin.runs.sqlite_runs import SQLiteRuns

HELLO = (
    b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},'
    b'"clientInfo":{"name":"test","version":"1"}}}\n'
)
ERAS = ("legacy", "auto", "2026-07-28")

type Told = list[tuple[float, str]]


async def tower(_: object) -> Document:
    return Document("The tower is 300 metres tall.", title="Towers", url="https://example.org/towers")


async def broken(_: object) -> Document:
    raise RuntimeError("the disk is gone")


@asynccontextmanager
async def opened(
    *sources: Callable[..., Awaitable[Document]], knowledge: Path = Path("none"), store: RunStore | None = None
) -> AsyncGenerator[Tools]:
    async with Engine(sources or (tower, broken), process=None, pool="inline", rounds=1) as engine:
        runs = RunManager(engine, store)
        yield Tools(runs, engine, knowledge, {"tower": "python"})
        await runs.close()


def text_of(result: CallToolResult) -> str:
    (text,) = (each for each in result.content if isinstance(each, TextContent))
    return text.text


@pytest.mark.parametrize("era", ERAS)
async def test_an_agent_gets_text_structure_and_links(era: str) -> None:
    async with opened() as tools, Client(mcp_server(tools), mode=era) as client:
        result = await client.call_tool("ask", {"question": "How tall is the tower?"})
    assert not result.is_error
    assert "The tower is 300 metres tall. [1]" in text_of(result)
    assert result.structured_content is not None
    assert result.structured_content["answered"] is True
    assert result.structured_content["missing"] == [
        {"source": "broken", "label": "missing", "reason": "RuntimeError: the disk is gone"}
    ]
    links = [each for each in result.content if isinstance(each, ResourceLink)]
    assert [(str(each.uri), each.name) for each in links] == [("https://example.org/towers", "[1] Towers")]


@pytest.mark.parametrize("era", ERAS)
async def test_the_tools_are_listed_in_a_fixed_order_as_reading_only(era: str) -> None:
    async with opened() as tools, Client(mcp_server(tools), mode=era) as client:
        listed = (await client.list_tools()).tools
    assert [each.name for each in listed] == ["ask", "search_knowledge", "list_sources"]
    assert [each.annotations and each.annotations.read_only_hint for each in listed] == [True, True, True]
    assert not any("$ref" in str(each.input_schema) for each in listed)


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_with_apps_gets_the_run_and_its_app_and_one_without_gets_text_alone(era: str) -> None:
    with_apps = [advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})]
    for extensions, tools_listed in ((with_apps, 4), ([], 3)):
        async with opened() as tools, Client(mcp_server(tools), mode=era, extensions=extensions) as client:
            listed = (await client.list_tools()).tools
            result = await client.call_tool("ask", {"question": "How tall is the tower?"})
        assert len(listed) == tools_listed
        assert "The tower is 300 metres tall. [1]" in text_of(result)
        run = (result.meta or {}).get(RUN)
        assert (run is not None) == bool(extensions)
        if run is not None:
            assert run["run"]["question"] == "How tall is the tower?"
            assert [run["events"][0]["event"], run["events"][-1]["event"]] == ["planned", "answered"]


@pytest.mark.parametrize("era", ERAS)
async def test_the_app_is_the_only_resource(era: str) -> None:
    async with opened() as tools, Client(mcp_server(tools), mode=era) as client:
        (resource,) = (await client.list_resources()).resources
        (read,) = (await client.read_resource(APP)).contents
        with pytest.raises(MCPError, match="There is no resource 'ui://fanin/none'"):
            await client.read_resource("ui://fanin/none")
        ask = (await client.list_tools()).tools[0]
    assert (str(resource.uri), resource.mime_type) == (APP, APP_MIME_TYPE)
    assert (str(read.uri), read.mime_type) == (APP, APP_MIME_TYPE)
    assert ask.meta == {"ui": {"resourceUri": APP}}


async def test_a_question_is_watched_by_its_user_alone_while_it_runs() -> None:
    async def slow(_: object) -> Document:
        await asyncio.sleep(1)
        return await tower(_)

    watched = WatchArguments(question="How tall is the tower?")
    async with opened(slow) as tools:
        asking = asyncio.create_task(tools.ask(AskArguments(question=watched.question), silent, user="ann"))
        first = await tools.watch(watched, user="ann")
        assert first.run is not None
        assert first.events[0]["event"] == "planned"
        after = watched.model_copy(update={"after": first.events[-1]["id"]})
        rest = await tools.watch(after, user="ann")
        assert rest.events[0]["id"] == first.events[-1]["id"] + 1
        assert await tools.watch(watched.model_copy(update={"after": 0}), user="bob") == Watched(run=None, events=[])
        await asking


async def silent(_: float, __: str) -> None:
    """Tell nobody."""


async def test_what_a_tool_gives_fits_its_schema(tmp_path: Path) -> None:
    (tmp_path / "towers.md").write_text("# Towers\n\nThe tower is 300 metres tall.\n")
    await add_paths(tmp_path / "kb.sqlite", [tmp_path / "towers.md"], report=lambda _: None)
    async with opened(knowledge=tmp_path / "kb.sqlite") as tools, Client(mcp_server(tools), mode="auto") as client:
        schemas = {each.name: each.output_schema for each in (await client.list_tools()).tools}
        results = {
            "ask": await client.call_tool("ask", {"question": "How tall is the tower?"}),
            "search_knowledge": await client.call_tool("search_knowledge", {"question": "How tall is the tower?"}),
            "list_sources": await client.call_tool("list_sources", {}),
        }
    for name, result in results.items():
        schema = schemas[name]
        assert schema is not None
        jsonschema.validate(result.structured_content, schema)
    found = results["search_knowledge"].structured_content
    assert found is not None
    assert "300 metres" in found["passages"][0]["text"]


async def test_each_event_is_told_as_progress_that_rises() -> None:
    told: Told = []

    async def tell(progress: float, total: float | None, message: str | None) -> None:
        assert total is None
        told.append((progress, message or ""))

    async with opened() as tools, Client(mcp_server(tools), mode="legacy") as client:
        await client.call_tool("ask", {"question": "How tall is the tower?"}, progress_callback=tell)
    assert [seconds for seconds, _ in told] == sorted(seconds for seconds, _ in told)
    said = [message for _, message in told]
    assert said[0].startswith("asking tower, broken")
    assert "tower: ok, 1 document" in said
    assert said[-1].startswith("answer: 1 of 2 sources answered")


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": ""}, "question: String should have at least 1 character"),
        ("ask", {"question": "x" * 8_001}, "question: String should have at most 8000 characters"),
        ("ask", {"question": "Why?", "deadline": -1}, "deadline: -1.0 is no duration"),
        ("ask", {"question": "Why?", "deadline": "soon"}, "is no duration"),
        ("ask", {"question": "Why?", "sources": ["nowhere"]}, "There is no source 'nowhere'"),
        ("ask", {"question": "Why?", "colour": "red"}, "colour: Extra inputs are not permitted"),
        ("search_knowledge", {"question": "Why?"}, "There is no knowledge base at 'none'"),
        ("search_knowledge", {"question": "Why?", "limit": 51}, "limit: Input should be less than or equal to 50"),
        ("list_sources", {"all": True}, "all: Extra inputs are not permitted"),
        ("erase", {}, "There is no tool 'erase'; fanin did nothing. Call one of ask, search_knowledge, list_sources."),
    ],
)
async def test_a_mistake_in_a_call_is_told_and_nothing_is_asked(
    tool: str, arguments: dict[str, object], says: str
) -> None:
    async with opened() as tools, Client(mcp_server(tools), mode="auto") as client:
        result = await client.call_tool(tool, arguments)
        assert tools.engine.statistics()["asked"] == 0
    assert result.is_error
    assert says in text_of(result)


async def test_a_call_that_is_cancelled_stops_its_question() -> None:
    asked, stopped = asyncio.Event(), asyncio.Event()

    async def slow(_: object) -> Document:
        asked.set()
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()
        return Document("late")

    async with opened(slow) as tools, Client(mcp_server(tools), mode="legacy") as client:
        call = asyncio.ensure_future(client.call_tool("ask", {"question": "How tall is the tower?"}))
        await asyncio.wait_for(asked.wait(), 10)
        call.cancel()
        await asyncio.wait_for(stopped.wait(), 10)
        async with asyncio.timeout(10):
            while tools.engine.statistics()["running"]:
                await asyncio.sleep(0)
        assert call.cancelled()
        assert [run.status for run in tools.runs.running] == []


async def test_a_deadline_is_at_most_fifty_seconds() -> None:
    told: list[str] = []

    async def tell(_: float, sentence: str) -> None:
        told.append(sentence)

    async with opened(tower) as tools:
        await tools.ask(AskArguments(question="How tall is the tower?", deadline="2h"), tell)
    assert told[0].startswith(f"asking tower (deadline in {LONGEST:g} s)")


async def test_a_question_is_kept_as_a_run(tmp_path: Path) -> None:
    async def tell(_: float, __: str) -> None:
        pass

    store = SQLiteRuns(tmp_path / "runs.sqlite", seconds=60.0)
    async with opened(tower, store=store) as tools:
        await tools.ask(AskArguments(question="How tall is the tower?"), tell, user="ann")
        await tools.runs.drain()
        (kept,) = await store.summaries(user="ann")
    assert (kept.question, kept.status, kept.text) == (
        "How tall is the tower?",
        "answered",
        "The tower is 300 metres tall. [1]",
    )


async def test_a_client_hears_of_a_question_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fanin.interfaces.mcp.tool_calls.QUIET", 0.01)
    go_on, told = asyncio.Event(), list[str]()

    async def waits(_: object) -> Document:
        await go_on.wait()
        return Document("The tower is 300 metres tall.")

    async def tell(_: float, sentence: str) -> None:
        told.append(sentence)
        if sentence == "still asking":
            go_on.set()

    async with opened(waits) as tools:
        await tools.ask(AskArguments(question="How tall is the tower?"), tell)
    assert "still asking" in told


@pytest.mark.parametrize("era", ERAS)
async def test_an_agent_starts_the_command_and_talks_to_it(tmp_path: Path, era: str) -> None:
    (tmp_path / "my_sources.py").write_text("async def said(question):\n    return 'The tower is 300 metres tall.'\n")
    (tmp_path / "fanin.toml").write_text('[sources.said]\nkind = "python"\nfunction = "my_sources:said"\n')
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "fanin", "mcp", "--config", str(tmp_path / "fanin.toml")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
    )
    async with Client(stdio_client(command), mode=era) as client:
        result = await client.call_tool("ask", {"question": "How tall is the tower?"})
    assert "The tower is 300 metres tall. [1]" in text_of(result)
    assert (tmp_path / "fanin" / "runs.sqlite").exists()


async def test_the_server_ends_with_its_input_and_at_an_interrupt(tmp_path: Path) -> None:
    (tmp_path / "fanin.toml").write_text('[sources.said]\nkind = "simulated"\n')
    for interrupted, status in ((True, 130), (False, 0)):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "fanin", "mcp", "--config", str(tmp_path / "fanin.toml")),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=tmp_path,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(HELLO)
        assert b'"serverInfo"' in await asyncio.wait_for(process.stdout.readline(), 30)
        if interrupted:
            process.send_signal(signal.SIGINT)
        else:
            process.stdin.close()
        assert await asyncio.wait_for(process.wait(), 30) == status


INSPECTOR = Path(__file__).parents[2] / ".servers" / "inspector" / "node_modules" / ".bin" / "mcp-inspector"


@asynccontextmanager
async def served(folder: Path) -> AsyncGenerator[str]:
    """The address of `fanin serve` in a folder."""
    words = (sys.executable, "-m", "fanin", "serve", "--port", "0")
    serving = await asyncio.create_subprocess_exec(*words, cwd=folder, stderr=asyncio.subprocess.PIPE)
    assert serving.stderr is not None
    yield (await serving.stderr.readline()).decode().split()[-1]
    serving.terminate()
    await serving.communicate()


async def inspected(folder: Path, *words: str) -> dict[str, Any]:
    """What the command line of the inspector shows of a server."""
    command = (str(INSPECTOR), "--cli", *words)
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return json.loads(output)


@pytest.mark.all
async def test_the_inspector_lists_and_calls_the_tools_over_stdio_and_http(tmp_path: Path, absent, monkeypatch) -> None:
    if not INSPECTOR.exists():
        absent("the inspector of MCP servers is not in .servers")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    text = 'text = "The tower is 300 metres tall."'
    (tmp_path / "fanin.toml").write_text(
        f'store = "memory"\n[sources.said]\nkind = "simulated"\nlatency = "0s"\n{text}\n'
    )
    asking = ("--method", "tools/call", "--tool-name", "ask", "--tool-arg", "question=How tall is the tower?")
    async with served(tmp_path) as address:
        for server in ((sys.executable, "-m", "fanin", "mcp"), (f"{address}/mcp", "--transport", "http")):
            listed = await inspected(tmp_path, *server, "--method", "tools/list")
            assert [each["name"] for each in listed["tools"]] == ["ask", "search_knowledge", "list_sources"]
            told = await inspected(tmp_path, *server, *asking)
            assert "The tower is 300 metres tall. [1]" in told["content"][0]["text"]
            assert told["structuredContent"]["answered"] is True
