"""`POST /v1/chat/completions` and `GET /v1/models`: fanin as a model."""

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from fanin.events import Answered
from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.chat.chat_bodies import ChatBody, model_of, task_reply
from fanin.interfaces.server.chat.chat_replies import Chat, ChatReply, reply_of
from fanin.interfaces.server.chat.reply_text import ReplyText, whole_text
from fanin.interfaces.server.event_streams import SSE_CONTENT, UNBUFFERED, FollowedStream, headers_of, with_pauses
from fanin.interfaces.server.routes.ask_routes import Key, answer_of, begin_run
from fanin.interfaces.server.service import service_of
from fanin.runs.live_run import LiveRun
from fanin.streams.event_json import dumps

router = APIRouter(tags=["chat"])

_CONTENT = {"application/json": {"schema": {"type": "object"}}, **SSE_CONTENT}


@router.get("/v1/models")
async def models(request: Request, user: User) -> Response:  # noqa: ARG001
    """The models, as OpenAI lists them: `fanin`, and `fanin/WRITER` for each writer of this server."""
    ids = map(model_of, (None, *service_of(request).engine.writers))
    items = [{"id": each, "object": "model", "created": 0, "owned_by": "fanin"} for each in ids]
    return Response(dumps({"object": "list", "data": items}), media_type="application/json")


@router.post("/v1/chat/completions", response_class=Response, responses={200: {"content": _CONTENT}})
async def complete(asked: ChatBody, request: Request, user: User, idempotency_key: Key = None) -> Response:
    """Ask as if fanin were a model of OpenAI: the last message of the user is the question.

    The numbers in the text are annotated as `url_citation`. There are never tool calls. What chat front ends ask for by
    themselves, such as a title, is answered without asking any source.
    """
    service = service_of(request)
    if (found := task_reply(asked.question)) is not None:
        chat, reply = Chat("chatcmpl-task", int(time.time()), asked.model), ChatReply(found)
        return EventSourceResponse(_task(chat, reply), headers=UNBUFFERED) if asked.stream else _json(chat, reply, {})
    run, fields = await begin_run(service, asked.ask(), request, user, idempotency_key)
    chat = Chat(f"chatcmpl-{run.asked.run}", int(run.asked.at), asked.model)
    page = f"{request.base_url}runs/{run.asked.run}"
    headers = {**fields, **headers_of(run)}
    if asked.stream:
        result = ReplyText(page)
        return FollowedStream(service, run, _followed(run, chat, result, asked), {**UNBUFFERED, **headers})
    answered = Answered(0.0, await answer_of(service, run, request))
    return _json(chat, reply_of(whole_text([answered], page=page)), headers)


async def _followed(run: LiveRun, chat: Chat, said: ReplyText, asked: ChatBody) -> AsyncGenerator[bytes]:
    """Send each piece of the text when it is known, and keep the stream alive meanwhile."""
    yield _data(chat.first())
    async with aclosing(with_pauses(run.seen())) as events:
        async for event in events:
            if event is None:
                yield KEEPALIVE_COMMENT
            else:
                for piece in said.pieces(event):
                    yield _data(chat.piece(piece))
    if said.answer is None:
        failed = {"message": "A defect of fanin ended this run; fanin logged it. Ask again.", "type": "error"}
        yield _data({"error": failed})
    else:
        usage = asked.stream_options is not None and bool(asked.stream_options.include_usage)
        for each in chat.last(reply_of(said), usage=usage):
            yield _data(each)
    yield _DONE


async def _task(chat: Chat, reply: ChatReply) -> AsyncGenerator[bytes]:
    for each in (chat.first(), chat.piece(reply.text), *chat.last(reply, usage=False)):
        yield _data(each)
    yield _DONE


_DONE = format_sse_event(data_str="[DONE]")


def _data(values: Mapping[str, Any]) -> bytes:
    return format_sse_event(data_str=dumps(values))


def _json(chat: Chat, reply: ChatReply, headers: Mapping[str, str]) -> Response:
    return Response(dumps(chat.whole(reply)), headers=headers, media_type="application/json")
