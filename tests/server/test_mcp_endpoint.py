"""Agents at `/mcp` of the HTTP service: with its keys, its limits and its runs, in both eras of the protocol."""

import asyncio
from contextlib import asynccontextmanager

import httpx2
import pytest

pytest.importorskip("mcp")

from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

ERAS = ("legacy", "auto", "2026-07-28")
QUESTION = {"question": "Is the harbour open?"}


@asynccontextmanager
async def agent(server, era, **headers):
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(f"{server.address}/mcp", http_client=http), mode=era) as client,
    ):
        yield client


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("era", ERAS)
async def test_an_agent_asks_with_its_key_and_its_run_is_its_own(opened, era: str) -> None:
    server = await opened(server="require_keys = true")
    ann, bob = server.key("ann"), server.key("bob")
    async with agent(server, era, **ann) as client:
        result = await client.call_tool("ask", QUESTION)
    assert "The harbour is open until nine tonight. [" in result.content[0].text
    _, _, hers = await server.get("/v1/runs", headers=ann)
    _, _, his = await server.get("/v1/runs", headers=bob)
    assert [each["question"] for each in hers["runs"]] == [QUESTION["question"]]
    assert his["runs"] == []


@pytest.mark.parametrize("era", ERAS)
async def test_progress_comes_while_the_question_runs(opened, era: str) -> None:
    server = await opened()
    told = []

    async def tell(progress, total, message) -> None:
        told.append((progress, message))

    async with agent(server, era) as client:
        await client.call_tool("ask", QUESTION, progress_callback=tell)
    assert told == sorted(told, key=lambda each: each[0])
    assert any(message == "fast: ok, 1 document" for _, message in told)


async def test_without_a_valid_key_nothing_is_served(opened) -> None:
    server = await opened(server="require_keys = true")
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        status, _, problem = await server.post("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers=headers)
        assert (status, problem["kind"]) == (401, "key")


async def test_a_session_of_one_key_is_unknown_to_another(opened) -> None:
    server = await opened(server="require_keys = true")
    ann, bob = server.key("ann"), server.key("bob")
    begin = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    accepted = {"Accept": "application/json, text/event-stream"}
    _, headers, _ = await server.post("/mcp", begin, headers=accepted | ann)
    session = {"Mcp-Session-Id": headers["Mcp-Session-Id"]}
    listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    assert (await server.post("/mcp", listing, headers=accepted | session | ann))[0] == 200
    assert (await server.post("/mcp", listing, headers=accepted | session | bob))[0] == 404


@pytest.mark.parametrize("era", ERAS)
async def test_a_call_that_is_cancelled_ends_its_run(opened, era: str) -> None:
    server = await opened(latency="30s")
    async with agent(server, era) as client:
        call = asyncio.ensure_future(client.call_tool("ask", QUESTION))
        await until(lambda: server.service.runs.running)
        (run,) = server.service.runs.running
        call.cancel()
        await until(lambda: not server.service.runs.running)
    assert run.status == "cancelled"


async def test_a_question_beyond_the_rate_is_told_as_an_error_of_the_tool(opened) -> None:
    server = await opened(server='rate = "1/min"')
    async with agent(server, "auto") as client:
        first = await client.call_tool("ask", QUESTION)
        second = await client.call_tool("ask", QUESTION)
    assert not first.is_error
    assert second.is_error
    assert "You asked 1 questions in 60 s" in second.content[0].text


async def test_a_foreign_origin_is_refused(opened) -> None:
    server = await opened()
    status, _, problem = await server.post(
        "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers={"Origin": "http://evil.example"}
    )
    assert (status, problem["kind"]) == (403, "origin")
