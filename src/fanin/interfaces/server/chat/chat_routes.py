"""`POST /v1/chat/completions` and `GET /v1/models`: fanin as a model."""

import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event

from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.chat.chat_bodies import ChatBody, model_of, task_reply
from fanin.interfaces.server.chat.chat_replies import ChatReply, reply_of
from fanin.interfaces.server.event_streams import UNBUFFERED, FollowedStream, headers_of, heartbeats
from fanin.interfaces.server.routes.ask_routes import answer_of, begin_run
from fanin.interfaces.server.service import service_of
from fanin.model import Answer
from fanin.runs.live_run import LiveRun
from fanin.streams.event_json import dumps

router = APIRouter(tags=["chat"])

_CONTENT = {"application/json": {"schema": {"type": "object"}}, "text/event-stream": {"schema": {"type": "string"}}}


@router.get("/v1/models")
async def models(request: Request, user: User) -> Response:  # noqa: ARG001
    """The models, as OpenAI lists them: `fanin`, and `fanin/WRITER` for each writer of this server."""
    ids = map(model_of, (None, *service_of(request).engine.writers))
    told = [{"id": each, "object": "model", "created": 0, "owned_by": "fanin"} for each in ids]
    return Response(dumps({"object": "list", "data": told}), media_type="application/json")


@router.post("/v1/chat/completions", response_class=Response, responses={200: {"content": _CONTENT}})
async def chat(asked: ChatBody, request: Request, user: User) -> Response:
    """Ask as if fanin were a model of OpenAI: the last message of the user is the question.

    The numbers in the text are annotated as `url_citation`. There are never tool calls. What chat front ends ask for by
    themselves, such as a title, is answered without asking any source.
    """
    service, created = service_of(request), int(time.time())
    if (told := task_reply(asked.question)) is not None:
        reply = ChatReply("chatcmpl-task", created, asked.model, told)
        return EventSourceResponse(_chunks(reply, asked), headers=UNBUFFERED) if asked.stream else _json(reply, {})
    run, fields = await begin_run(service, asked.ask(), request, user, None)
    page = f"{request.base_url}runs/{run.asked.run}"
    made = partial(reply_of, id=f"chatcmpl-{run.asked.run}", created=created, model=asked.model, page=page)
    headers = {**fields, **headers_of(run)}
    if asked.stream:
        return FollowedStream(service, run, _followed(run, made, asked), {**UNBUFFERED, **headers})
    return _json(made(await answer_of(service, run, request)), headers)


async def _followed(run: LiveRun, made: Callable[[Answer], ChatReply], asked: ChatBody) -> AsyncGenerator[bytes]:
    """Keep the stream alive until the run has its answer, and send that: no text before is sure to stay."""
    async with aclosing(heartbeats(run)) as beats:
        async for beat in beats:
            yield beat
    if (answer := run.answer) is None:
        failed = {"message": "A defect of fanin ended this run; fanin logged it. Ask again.", "type": "error"}
        yield _data({"error": failed})
        yield _DONE
        return
    async for each in _chunks(made(answer), asked):
        yield each


async def _chunks(reply: ChatReply, asked: ChatBody) -> AsyncGenerator[bytes]:
    usage = asked.stream_options is not None and bool(asked.stream_options.include_usage)
    for each in reply.chunks(usage=usage):
        yield _data(each)
    yield _DONE


_DONE = format_sse_event(data_str="[DONE]")


def _data(values: Mapping[str, Any]) -> bytes:
    return format_sse_event(data_str=dumps(values))


def _json(reply: ChatReply, headers: Mapping[str, str]) -> Response:
    return Response(dumps(reply.whole()), headers=headers, media_type="application/json")
