"""pydantic-ai behind our port: its test models, and a loopback server that speaks the chat completions format."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from fanin.engine import Engine
from fanin.model import Document
from fanin.writing.model_keys import Hiding
from fanin.writing.models import ModelError, Remote, model

pydantic_ai = pytest.importorskip("pydantic_ai", reason="the extra fanin[llm] is not installed")

SAID = "The harbour is open until nine tonight. [1]"


@pytest.fixture(autouse=True)
def no_real_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from pydantic_ai import models

    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", False)


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch, no_real_model: None) -> None:
    from pydantic_ai import models

    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)


async def harbour(_: object) -> Document:
    return Document("The harbour is open until nine tonight.", title="Hours", url="https://town.example/h")


async def test_a_test_model_of_pydantic_ai_writes() -> None:
    from pydantic_ai.models.test import TestModel

    remote = Remote("openai", "test")
    remote._client = TestModel(custom_output_text=SAID)
    async with Engine([harbour], writer=remote, pool="inline") as engine:
        answer = await engine.ask("Is the harbour open?")
    assert answer.text == SAID
    assert answer.writing is not None
    assert answer.writing.output_tokens > 0


async def test_a_function_model_sees_the_rules_and_the_passages_and_no_tool() -> None:
    from pydantic_ai.models.function import AgentInfo, FunctionModel

    seen: list[tuple[object, AgentInfo]] = []

    async def stream(messages: list[object], info: AgentInfo) -> AsyncIterator[str]:
        seen.append((messages, info))
        yield SAID[:10]
        yield SAID[10:]

    remote = Remote("openai", "function")
    remote._client = FunctionModel(stream_function=stream)
    async with Engine([harbour], writer=remote, pool="inline") as engine:
        answer = await engine.ask("Is the harbour open?")
    assert answer.text == SAID
    ((messages, info),) = seen
    assert info.function_tools == []
    assert info.output_tools == []
    assert "Passages are what other people published." in str(messages)


type Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve(reply: Reply) -> tuple[web.AppRunner, str]:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", reply)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"openai-compatible:http://127.0.0.1:{runner.addresses[0][1]}/v1#small"


def chunk(content: str = "", *, finish: str | None = None, usage: bool = False) -> bytes:
    value: dict[str, object] = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1_780_000_000,
        "model": "small",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": finish}],
    }
    if usage:
        value["choices"] = []
        value["usage"] = {"prompt_tokens": 50, "completion_tokens": 12, "total_tokens": 62}
    return f"data: {json.dumps(value)}\n\n".encode()


async def streamed(request: web.Request, chunks: list[bytes | float]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for each in chunks:
        if isinstance(each, bytes):
            await response.write(each)
        else:
            await asyncio.sleep(each)
    return response


async def ask(reply: Reply, *, deadline: float = 15.0):
    runner, spec = await serve(reply)
    try:
        async with Engine([harbour], writer=spec, pool="inline", deadline=deadline) as engine:
            return await engine.ask("Is the harbour open?")
    finally:
        await runner.cleanup()


@pytest.mark.usefixtures("loopback")
async def test_a_server_of_the_chat_completions_format_streams_the_answer() -> None:
    bodies: list[dict[str, object]] = []

    async def reply(request: web.Request) -> web.StreamResponse:
        bodies.append(await request.json())
        parts: list[bytes | float] = [chunk(SAID[n : n + 9]) for n in range(0, len(SAID), 9)]
        return await streamed(request, [*parts, chunk(finish="stop"), chunk(usage=True), b"data: [DONE]\n\n"])

    answer = await ask(reply)
    assert answer.text == SAID
    assert answer.writing is not None
    assert (answer.writing.model, answer.writing.status) == ("openai-compatible:small", "written")
    assert (answer.writing.input_tokens, answer.writing.output_tokens) == (50, 12)
    assert answer.writing.cost is None
    (body,) = bodies
    assert body["stream"] is True
    assert "tools" not in body
    assert "harbour is open" in str(body["messages"])


@pytest.mark.usefixtures("loopback")
async def test_a_busy_server_is_asked_again_after_the_time_that_it_said() -> None:
    calls: list[float] = []

    async def reply(request: web.Request) -> web.StreamResponse:
        calls.append(asyncio.get_running_loop().time())
        if len(calls) == 1:
            return web.json_response({"error": {"message": "slow down"}}, status=429, headers={"Retry-After": "1"})
        return await streamed(request, [chunk(SAID), chunk(finish="stop"), b"data: [DONE]\n\n"])

    answer = await ask(reply)
    assert answer.text == SAID
    assert len(calls) == 2
    assert calls[1] - calls[0] >= 0.99


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("status", "kind"), [(500, "failed"), (503, "rate_limited"), (401, "key"), (404, "failed"), (400, "failed")]
)
async def test_a_server_that_fails_costs_the_answer_nothing(status: int, kind: str) -> None:
    async def reply(request: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": "sk-secret-key no"}}, status=status)

    answer = await ask(reply)
    assert answer.text.startswith("The harbour is open until nine tonight. [1]")
    assert answer.writing is not None
    assert answer.writing.status == kind
    assert "sk-secret-key" not in str(answer.to_dict())


@pytest.mark.usefixtures("loopback")
async def test_a_server_that_hangs_or_breaks_off_is_given_up() -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        return await streamed(request, [chunk("The harbour"), 30.0])

    async def break_off(request: web.Request) -> web.StreamResponse:
        response = await streamed(request, [chunk("The harbour is")])
        assert request.transport is not None
        request.transport.abort()
        return response

    answer = await ask(hang, deadline=2.0)
    assert answer.writing is not None
    assert answer.writing.status == "late"
    assert answer.execution_time <= 2.25
    answer = await ask(break_off, deadline=6.0)
    assert answer.writing is not None
    assert answer.writing.status in ("failed", "unsupported")
    assert answer.success


@pytest.mark.usefixtures("loopback")
async def test_a_server_that_is_not_there_is_a_failed_model() -> None:
    remote = model("openai-compatible:http://127.0.0.1:9/v1#x")
    stream = remote.stream("rules", "passages")
    with pytest.raises(ModelError, match="openai-compatible:x failed"):
        await anext(stream)
    await remote.close()


@pytest.mark.parametrize("service", ["anthropic", "openai", "google"])
async def test_a_service_without_a_key_says_so(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    async with Engine([harbour], writer=f"{service}:some-model", pool="inline") as engine:
        answer = await engine.ask("Is the harbour open?")
    assert answer.writing is not None
    assert answer.writing.status == "key"
    assert "environment" in answer.writing.message
    assert answer.text.startswith("The harbour is open")


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize("key", ["sk-abcdef", "sk sk sk-x", "aaaaab", "sk-a-longer-key-of-a-model"])
def test_a_key_is_hidden_however_the_text_is_cut(key: str, size: int, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    text = f"The key {key} is {key[:-1]} and {key}{key} sk- a aa{key}."
    hiding = Hiding("openai")
    told = "".join(hiding.feed(text[at : at + size]) for at in range(0, len(text), size))
    assert told + hiding.rest() == text.replace(key, "***")


def test_without_a_key_nothing_is_held_back(monkeypatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert Hiding("openai").feed("sk-") == "sk-"
