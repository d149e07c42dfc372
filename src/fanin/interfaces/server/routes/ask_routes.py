"""`POST /v1/ask` and `/v1/ask/stream`: a question in, its answer or its events out."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from fanin.errors import FaninError
from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.event_streams import EVENTS_CONTENT, headers_of, stream
from fanin.interfaces.server.problems import CLIENT_LEFT, Problem
from fanin.interfaces.server.repeats import repeat_key
from fanin.interfaces.server.routes.request_bodies import SHORTEST, Ask
from fanin.interfaces.server.service import Service, service_of
from fanin.model import Answer
from fanin.runs.live_run import LiveRun
from fanin.runs.run_record import PLAIN, AskedBy
from fanin.streams.event_json import dumps

router = APIRouter(prefix="/v1", tags=["ask"])

type Key = Annotated[str | None, Header(alias="Idempotency-Key", description="Sent again, it joins the same run.")]


@router.post("/ask", responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}})
async def ask(asked: Ask, request: Request, user: User, idempotency_key: Key = None) -> Response:
    """Ask a question, and get its answer before the deadline: the answer as JSON, as `fanin ask --json` prints it.

    The same question, asked again while no source would be called, gets the same answer at once; `Age` says how many
    seconds old it is. `fresh` asks anew.
    """
    service = service_of(request)
    key = repeat_key(user, await request.body(), day=str(date.today()))
    repeat = None if asked.fresh or idempotency_key else service.repeats.find(key)
    if repeat is not None:
        fields = {**repeat.fields, **service.admission.admit(user, running=0)}
        return Response(repeat.content, headers=fields, media_type="application/json")
    run, fields = await begin_run(service, asked, request, user, idempotency_key)
    answer = await answer_of(service, run, request)
    content = dumps(answer).encode()
    service.repeats.hold(key, run.asked.run, content, headers_of(run), seconds=service.engine.fresh_for(answer))
    return Response(content, headers={**headers_of(run), **fields}, media_type="application/json")


@router.post("/ask/stream", response_class=Response, responses={200: {"content": EVENTS_CONTENT}})
async def ask_stream(asked: Ask, request: Request, user: User, idempotency_key: Key = None) -> Response:
    """Ask a question, and get the events of its run as they happen.

    They are server-sent events, or newline-delimited JSON if `Accept` asks for it. The final one is `answered`, or
    `failed`. `Location` is where the stream goes on after it was broken off.
    """
    service = service_of(request)
    run, fields = await begin_run(service, asked, request, user, idempotency_key)
    return stream(service, run, after=0, accept=request.headers.get("accept", ""), fields=fields)


async def answer_of(service: Service, run: LiveRun, request: Request) -> Answer:
    """The answer of a run, which may end if the client leaves before. Raises Problem."""
    run.readers += 1
    try:
        await _ended_or_left(run, request)
    finally:
        run.readers -= 1
        service.left(run)
    if (answer := await run.ended()) is None:
        raise run.error if isinstance(run.error, FaninError) else _failed()
    return answer


async def begin_run(
    service: Service, asked: Ask, request: Request, user: str, key: str | None, *, by: AskedBy = PLAIN
) -> tuple[LiveRun, Mapping[str, str]]:
    """The run of a question, and fields of the response; the run of another request that had the same key."""
    fields: dict[str, str] = {}
    begun: list[LiveRun] = []

    async def begin(name: str = "", digest: str = "") -> str:
        fields.update(service.admission.admit(user, running=len(service.runs.running)))
        deadline = asked.deadline or service.settings.general.deadline
        run = await service.runs.start(
            asked.question,
            user=user,
            deadline=min(max(deadline, SHORTEST), service.settings.general.server.longest),
            sources=asked.sources,
            fresh=asked.fresh,
            history=asked.history(),
            writer=service.known_writer(asked.writer),
            request=replace(by, writer=asked.writer, key=name, body=digest),
        )
        if asked.on_disconnect is not None:
            run.lasting = asked.on_disconnect == "continue"
        begun.append(run)
        return run.asked.run

    if key is None:
        await begin()
    else:
        known = await service.idempotency.run(user, f"{request.url.path} {key}", await request.body(), begin)
        if not begun:
            begun.append(await service.run_of(known, user))
    return begun[0], fields


async def _ended_or_left(run: LiveRun, request: Request) -> None:
    """Wait for the end of the run. Raises ClientLeft if the client closes its connection before."""
    ended, left = asyncio.ensure_future(run.ended()), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((ended, left), return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            raise ClientLeft(CLIENT_LEFT, "left", "The client closed its connection; fanin sent no answer. Ask again.")
    finally:
        ended.cancel()
        left.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class ClientLeft(Problem):
    """Nobody reads the response any more."""


def _failed() -> Problem:
    message = "A defect of fanin ended this run; fanin logged it, and goes on."
    return Problem(500, "error", f"{message} Ask again, or report it with the log.")
