"""The Responses of OpenAI, by its own client: whole, streamed, resumed, cancelled, in the background, follow-ups."""

import asyncio
import re

import openai
import pytest
from openai import AsyncOpenAI

QUESTION = "Is the harbour open?"


async def test_a_response_has_the_answer_with_its_citations_and_can_be_looked_up(connect) -> None:
    server, client = await connect()
    reply = await client.responses.create(model="fanin", input=QUESTION)
    assert (reply.status, reply.store, reply.error) == ("completed", True, None)
    assert reply.output_text.startswith("The harbour is open until nine tonight. [1]")
    (part,) = reply.output[0].content
    places = [(each.start_index, each.end_index) for each in part.annotations]
    assert places == [found.span() for found in re.finditer(r"\[\d+\]", reply.output_text)]
    await server.service.runs.drain()
    again = await client.responses.retrieve(reply.id)
    assert again.to_dict() == reply.to_dict()


async def test_a_model_is_a_writer_and_a_response_says_which(connect) -> None:
    answer = """[answer.writers]
quick = "openai-compatible:http://127.0.0.1:9/v1#small"
"""
    server, client = await connect(latency="0s", answer=answer)
    await server.service.engine._enrichment._loading  # what it imports is not ready for this client meanwhile
    assert [each.id async for each in client.models.list()] == ["fanin", "fanin/extractive", "fanin/quick"]
    reply = await client.responses.create(model="fanin/quick", input=QUESTION)
    assert (reply.model, reply.status) == ("fanin/quick", "completed")
    chat = await client.chat.completions.create(
        model="fanin/extractive", messages=[{"role": "user", "content": QUESTION}]
    )
    assert chat.model == "fanin/extractive"
    with pytest.raises(openai.NotFoundError):
        await client.responses.create(model="fanin/slow", input=QUESTION)


async def test_a_stream_has_rising_numbers_and_ends_with_the_response(connect) -> None:
    _, client = await connect()
    events = [each async for each in await client.responses.create(model="fanin", input=QUESTION, stream=True)]
    assert [each.sequence_number for each in events] == list(range(len(events)))
    kinds = [each.type.removeprefix("response.") for each in events]
    assert kinds[:5] == ["created", "in_progress", "output_item.added", "content_part.added", "output_text.delta"]
    assert kinds[-4:] == ["output_text.done", "content_part.done", "output_item.done", "completed"]
    pieces, annotations = kinds.count("output_text.delta"), kinds.count("output_text.annotation.added")
    assert kinds[4:-4] == ["output_text.delta"] * pieces + ["output_text.annotation.added"] * annotations
    assert (pieces, annotations) == (2, 2)
    final = events[-1].response
    assert final.output_text == "".join(each.delta for each in events if each.type == "response.output_text.delta")
    resumed = await client.responses.retrieve(final.id, stream=True, starting_after=4)
    assert [each.to_dict() async for each in resumed] == [each.to_dict() for each in events[5:]]


async def test_a_response_in_the_background_goes_on_and_can_be_cancelled(connect, monkeypatch) -> None:
    monkeypatch.setattr("fanin.interfaces.server.event_streams.RECONNECT_SECONDS", 0.0)
    server, client = await connect(latency="30s")
    begun = await client.responses.create(model="fanin", input=QUESTION, background=True)
    assert (begun.status, begun.background, begun.output) == ("in_progress", True, [])
    (run,) = server.service.runs.running
    async for each in await client.responses.retrieve(begun.id, stream=True):
        assert each.type == "response.created"
        break
    await client.close()  # whoever followed it has left
    while run.readers:
        await asyncio.sleep(0.01)
    while not any(type(each).__name__ == "Revised" for each in run.log.events):
        await asyncio.sleep(0.01)
    assert run.status is None
    async with AsyncOpenAI(base_url=client.base_url, api_key=client.api_key, max_retries=0) as other:
        cancelled = await other.responses.cancel(begun.id)
        assert cancelled.status == "cancelled"
        assert cancelled.output_text == "The harbour is open until nine tonight. [1]"


async def test_a_follow_up_is_completed_from_the_response_before(connect) -> None:
    server, client = await connect(latency="0s")
    first = await client.responses.create(model="fanin", input="Is the harbour in Oslo open?")
    second = await client.responses.create(
        model="fanin/extractive", input="and in Bergen?", previous_response_id=first.id, background=True
    )
    await server.service.runs.drain()
    second = await client.responses.retrieve(second.id)
    assert (second.model, second.background, second.previous_response_id) == ("fanin/extractive", True, first.id)
    assert second.output_text.startswith('Asked as "Is the harbour in Bergen open?".')
    third = await client.responses.create(model="fanin", input="and in Rome?", previous_response_id=second.id)
    assert third.output_text.startswith('Asked as "Is the harbour in Rome open?".')
    messages = [
        {"role": "user", "content": [{"type": "input_text", "text": "Is the harbour in Oslo open?"}]},
        {"role": "assistant", "content": [{"type": "output_text", "text": "Yes."}]},
        {"role": "user", "content": "and in Bergen?"},
    ]
    reply = await client.responses.create(model="fanin", input=messages)
    assert reply.output_text.startswith('Asked as "Is the harbour in Bergen open?".')


async def test_where_nothing_is_kept_a_response_says_so_and_is_not_found(connect) -> None:
    _, client = await connect(runs="keep = 0", latency="0s")
    reply = await client.responses.create(model="fanin", input=QUESTION)
    assert reply.store is False
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve(reply.id)


async def test_no_response_of_another_key_is_found_and_mistakes_are_errors(connect) -> None:
    server, client = await connect(latency="0s")
    reply = await client.responses.create(model="fanin", input=QUESTION)
    key = server.key("bert")["Authorization"][7:]
    async with AsyncOpenAI(base_url=client.base_url, api_key=key, max_retries=0) as other:
        for call in (other.responses.retrieve, other.responses.cancel):
            with pytest.raises(openai.NotFoundError) as wrong:
                await call(reply.id)
            assert wrong.value.code == "unknown_run"
        with pytest.raises(openai.NotFoundError):
            await other.responses.create(model="fanin", input="and the lift?", previous_response_id=reply.id)
    for wrong in ({"input": ""}, {"input": []}, {"input": "x" * 9_000}, {"input": QUESTION, "model": "x" * 201}):
        with pytest.raises(openai.UnprocessableEntityError):
            await client.responses.create(**{"model": "fanin", **wrong})
