"""`/v1/responses`: the Responses of OpenAI on top of runs, which can be looked up, followed again and cancelled."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from itertools import count
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.chat.chat_bodies import ResponseBody, model_of
from fanin.interfaces.server.chat.chat_replies import ChatReply, reply_of
from fanin.interfaces.server.chat.reply_text import ReplyText, whole_text
from fanin.interfaces.server.chat.response_objects import Begun, ResponseStatus
from fanin.interfaces.server.event_streams import SSE_CONTENT, UNBUFFERED, FollowedStream, headers_of, with_pauses
from fanin.interfaces.server.problems import unknown_run
from fanin.interfaces.server.routes.ask_routes import Key, answer_of, begin_run
from fanin.interfaces.server.routes.request_bodies import ANSWER_CHARACTERS, PreviousTurn
from fanin.interfaces.server.service import Service, service_of
from fanin.runs.live_run import LiveRun
from fanin.runs.run_record import AskedBy
from fanin.streams.event_json import dumps

router = APIRouter(prefix="/v1/responses", tags=["chat"])

type Id = Annotated[str, Path(max_length=64, description="The id of a response.")]

_CONTENT = {"application/json": {"schema": {"type": "object"}}, **SSE_CONTENT}


@router.post("", response_class=Response, responses={200: {"content": _CONTENT}})
async def create(asked: ResponseBody, request: Request, user: User, idempotency_key: Key = None) -> Response:
    """Ask as OpenAI's Responses do: the last message of the user is the question.

    With `background`, the response comes at once, and the run goes on by itself. A follow-up is completed from the
    question of `previous_response_id`. Numbers in the text are annotated as `url_citation`.
    """
    service = service_of(request)
    before = await _before(service, asked.previous_response_id, user)
    by = AskedBy(background=bool(asked.background), previous=asked.previous_response_id)
    run, fields = await begin_run(service, asked.ask(before), request, user, idempotency_key, by=by)
    begun = _begun(service, run)
    run.lasting = asked.background or None
    headers = {**fields, **headers_of(run)}
    if asked.stream:
        return FollowedStream(service, run, _events(run, begun, request, -1), {**UNBUFFERED, **headers})
    if not asked.background:
        await answer_of(service, run, request)
    return _json(run, begun, request, headers)


@router.get("/{response}", response_class=Response, responses={200: {"content": _CONTENT}})
async def retrieve(
    response: Id,
    request: Request,
    user: User,
    stream: Annotated[bool, Query(description="Whether its events come as a stream.")] = False,
    starting_after: Annotated[int, Query(ge=-1, description="The number of the last event that you got.")] = -1,
) -> Response:
    """A response, or the events of its stream after a number."""
    service, run = service_of(request), await _run(service_of(request), response, user)
    begun = _begun(service, run)
    if stream:
        chunks = _events(run, begun, request, starting_after)
        return FollowedStream(service, run, chunks, {**UNBUFFERED, **headers_of(run)})
    if service.store is None and run.status is not None:
        raise unknown_run(response)  # it says that it is not stored
    return _json(run, begun, request, headers_of(run))


@router.post("/{response}/cancel")
async def cancel(response: Id, request: Request, user: User) -> Response:
    """End the run of a response now, with what has arrived."""
    service = service_of(request)
    run = await _run(service, response, user)
    run.cancel()
    await run.ended()
    return _json(run, _begun(service, run), request, headers_of(run))


async def _events(run: LiveRun, begun: Begun, request: Request, after: int) -> AsyncGenerator[bytes]:
    """The events after this number; which number one has depends on the events of the run alone."""
    numbers = count()
    async with aclosing(_stream_events(run, begun, ReplyText(_page(request, begun)))) as found:
        async for each in found:
            if each is None:
                yield KEEPALIVE_COMMENT
            elif (number := next(numbers)) > after:
                yield format_sse_event(data_str=dumps({**each, "sequence_number": number}), event=each["type"])


async def _stream_events(run: LiveRun, begun: Begun, said: ReplyText) -> AsyncGenerator[Mapping[str, Any] | None]:
    """The events as they become known, and None whenever it was quiet for long."""
    for each in begun.first():
        yield each
    async with aclosing(with_pauses(run.seen())) as events:
        async for event in events:
            if event is None:
                yield None
                continue
            begins = not said.text
            for piece in said.pieces(event):
                for each in begun.opening() if begins else ():
                    yield each
                begins = False
                yield begun.piece(piece)
    for each in begun.last(_status(run), reply_of(said) if said.answer else None):
        yield each


async def _before(service: Service, response: str | None, user: str) -> list[PreviousTurn]:
    """The question of the response before and its answer. Raises Problem for one that there is not."""
    if response is None:
        return []
    run = await _run(service, response, user)
    answer = await run.ended()
    text, asked = (answer.text, answer.asked_as) if answer is not None else ("", "")
    return [PreviousTurn(question=asked or run.asked.question, answer=text[:ANSWER_CHARACTERS])]


async def _run(service: Service, response: str, user: str) -> LiveRun:
    return await service.run_of(response.removeprefix("resp_"), user)


def _begun(service: Service, run: LiveRun) -> Begun:
    asked, by = run.asked, run.asked.request
    stored = service.store is not None
    return Begun(asked.run, int(asked.at), model_of(by.writer), stored, by.background, by.previous)


def _reply(run: LiveRun, begun: Begun, request: Request) -> ChatReply | None:
    """What a stream of the response says in the end."""
    return reply_of(whole_text(run.log.events, page=_page(request, begun))) if run.answer is not None else None


def _page(request: Request, begun: Begun) -> str:
    return f"{request.base_url}runs/{begun.run}"


def _status(run: LiveRun) -> ResponseStatus:
    match run.status:
        case None:
            return "in_progress"
        case "answered":
            return "completed"
        case "cancelled" | "failed":
            return run.status


def _json(run: LiveRun, begun: Begun, request: Request, headers: Mapping[str, str]) -> Response:
    content = dumps(begun.to_dict(_status(run), _reply(run, begun, request)))
    return Response(content, headers=headers, media_type="application/json")
