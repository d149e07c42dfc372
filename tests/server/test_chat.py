"""fanin as a model of OpenAI: for its own client, and for front ends with what they ask by themselves."""

import asyncio
import json
import re

import openai
import pytest
from openai import AsyncOpenAI

from fanin.interfaces.server.chat.chat_bodies import task_reply

QUESTION = "Is the harbour open?"


def asked(question: str = QUESTION) -> list[dict]:
    return [{"role": "user", "content": question}]


def check_annotations(text: str, annotations) -> None:
    """Each one stands where its number is, and each number has one."""
    places = [(each.url_citation.start_index, each.url_citation.end_index) for each in annotations]
    assert places == [found.span() for found in re.finditer(r"\[\d+\]", text)]
    assert len(places) >= 2


async def test_the_official_client_gets_the_answer_with_its_citations(connect) -> None:
    server, client = await connect()
    reply = await client.chat.completions.create(model="fanin", messages=asked(), temperature=0.5)
    (choice,) = reply.choices
    assert choice.finish_reason == "stop"
    assert choice.message.content.startswith("The harbour is open until nine tonight. [1]")
    assert choice.message.tool_calls is None
    check_annotations(choice.message.content, choice.message.annotations)
    first = choice.message.annotations[0].url_citation
    run = reply.id.removeprefix("chatcmpl-")
    assert (first.title, first.url) == ("fast", f"{server.address}/runs/{run}#citation-1")
    assert (await server.get(f"/runs/{run}"))[0] == 200


async def test_the_official_client_reads_the_stream(connect) -> None:
    _, client = await connect()
    chunks = [
        each
        async for each in await client.chat.completions.create(
            model="fanin", messages=asked(), stream=True, stream_options={"include_usage": True}
        )
    ]
    *told, usage = chunks
    assert (usage.choices, usage.usage.total_tokens) == ([], 0)
    assert [each.choices[0].finish_reason for each in told] == [*[None] * (len(told) - 1), "stop"]
    assert told[0].choices[0].delta.role == "assistant"
    pieces = [each.choices[0].delta.content for each in told[1:-2]]
    assert len(pieces) >= 2
    assert all(re.fullmatch(r"[^\[]+\[\d\]\s?", each) for each in pieces)
    text = "".join(each.choices[0].delta.content or "" for each in told)
    assert text.startswith("The harbour is open until nine tonight. [1]")
    annotations = told[-2].choices[0].delta.annotations
    assert [each["url_citation"]["start_index"] for each in annotations] == [
        found.start() for found in re.finditer(r"\[\d+\]", text)
    ]
    assert len({each.id for each in chunks}) == 1


async def test_a_stream_is_read_line_by_line_as_open_webui_does(connect, monkeypatch) -> None:
    monkeypatch.setattr("fanin.interfaces.server.event_streams.HEARTBEAT_SECONDS", 0.05)
    server, client = await connect(latency="0.3s")
    content, finished = "", False
    body = {"model": "fanin", "messages": asked(), "stream": True}
    headers = {"Authorization": f"Bearer {client.api_key}"}
    async with server.client.post(f"{server.address}/v1/chat/completions", json=body, headers=headers) as reply:
        async for raw in reply.content:
            line = raw.decode().strip()
            if not line or not line.startswith("data:"):
                continue
            if (data := line.removeprefix("data:").strip()) == "[DONE]":
                finished = True
                continue
            content += json.loads(data)["choices"][0]["delta"].get("content") or ""
    assert finished
    assert content.startswith("The harbour is open until nine tonight. [1]")


async def test_the_messages_before_complete_a_follow_up(connect) -> None:
    server, client = await connect(latency="0s")
    messages = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": [{"type": "text", "text": "Is the harbour in Oslo open?"}]},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "and in Bergen?"},
    ]
    reply = await client.chat.completions.create(model="fanin", messages=messages)
    assert reply.choices[0].message.content.startswith('Asked as "Is the harbour in Bergen open?".')
    await server.service.runs.drain()
    (run,) = await server.service.store.summaries(user=None)
    assert run.question == "and in Bergen?"


async def test_mistakes_are_errors_as_the_client_knows_them(connect) -> None:
    server, client = await connect()
    for name, code in (("gpt-4o", "unknown_model"), ("fanin/", "unknown_model"), ("fanin/nobody", "unknown_writer")):
        with pytest.raises(openai.NotFoundError) as absent:
            await client.chat.completions.create(model=name, messages=asked())
        assert absent.value.code == code
    with pytest.raises(openai.UnprocessableEntityError, match="question: it should have at least 1 character") as wrong:
        await client.chat.completions.create(model="fanin", messages=[{"role": "system", "content": "Hi."}])
    assert wrong.value.code == "invalid"
    with pytest.raises(openai.UnprocessableEntityError):
        await client.chat.completions.create(model="fanin", messages=asked("x" * 9_000))
    async with AsyncOpenAI(base_url=f"{server.address}/v1", api_key="fanin_00000000_wrong", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError, match="This request has no valid key"):
            await stranger.models.list()
    assert [each.id async for each in client.models.list()] == ["fanin", "fanin/extractive"]
    assert server.service.runs.running == []


async def test_who_leaves_ends_the_run(connect) -> None:
    server, client = await connect(latency="30s")
    asking = asyncio.create_task(client.chat.completions.create(model="fanin", messages=asked()))
    while not server.service.runs.running:
        await asyncio.sleep(0.01)
    (run,) = server.service.runs.running
    asking.cancel()
    await run.ended()
    assert run.status == "cancelled"


HISTORY = "<chat_history>\nUSER: Is the harbour of Zürich open on a Sunday?\nASSISTANT: Yes.\n</chat_history>"
TASKS = {
    '### Task:\nGenerate a 3-5 word title with an emoji.\n### Output:\nJSON format: { "title": "your title" }\n': (
        '{"title": "Is the harbour of Zürich open"}'
    ),
    '### Task:\nGenerate 1-3 broad tags.\n### Output:\nJSON format: { "tags": ["tag1", "tag2"] }\n': '{"tags": []}',
    '### Task:\nSuggest follow-up questions.\nJSON format: { "follow_ups": ["Question 1?"] }\n': '{"follow_ups": []}',
    '### Task:\nAnalyze the chat history.\n{"queries": ["query1"]}\n': '{"queries": []}',
    "Provide a concise, 5-word-or-less title for the conversation, using its same language.\n": (
        "Is the harbour of Zürich open"
    ),
    "Please generate a short title for this chat.\n": "Is the harbour of Zürich open",
}


@pytest.mark.parametrize("prompt", TASKS)
def test_what_front_ends_ask_by_themselves_is_answered_without_sources(prompt: str) -> None:
    assert task_reply(prompt + HISTORY) == TASKS[prompt]


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "What is the title of the book?",
        "### Task: what does this heading mean?",
        'Task: what is {"title": "x"} in JSON?',
        "Generate a title for my blog post on harbours",
        "What does the conversation of Plato with the title Phaedo say?",
        "Write about the Title IX",
        "Which tags does the release have?",
        "What were the follow_ups of the meeting?",
        "Who wrote the chat program with the title Trillian?",
    ],
)
def test_a_question_of_a_user_is_no_task(question: str) -> None:
    assert task_reply(question) is None


async def test_a_task_starts_no_run_and_its_stream_is_read_by_the_client(connect) -> None:
    server, client = await connect()
    prompt, expected = next(iter(TASKS.items()))
    reply = await client.chat.completions.create(model="fanin", messages=asked(prompt + HISTORY))
    assert reply.choices[0].message.content == expected
    stream = await client.chat.completions.create(model="fanin", messages=asked(prompt + HISTORY), stream=True)
    said = [each.choices[0].delta.content async for each in stream]
    assert "".join(filter(None, said)) == expected
    assert server.service.engine.statistics()["asked"] == 0
