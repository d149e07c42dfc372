"""`POST /ag-ui`: fanin as an agent for front ends that speak the Agent User Interaction Protocol."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from fanin import lazy
from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.chat.chat_bodies import MODEL, Message, ask_of
from fanin.interfaces.server.event_streams import SSE_CONTENT, UNBUFFERED, FollowedStream, headers_of, with_pauses
from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.routes.ask_routes import begin_run
from fanin.interfaces.server.service import service_of
from fanin.runs.live_run import LiveRun
from fanin.streams.event_json import dumps

if TYPE_CHECKING:
    from ag_ui.core import BaseEvent

    from fanin.interfaces.server.chat.ag_ui_events import AgUiEvents

router = APIRouter(tags=["chat"])


class AgUiBody(BaseModel):
    """What a front end sends; what fanin has no use for, such as tools and state, is ignored."""

    model_config = ConfigDict(
        extra="ignore", use_attribute_docstrings=True, alias_generator=to_camel, validate_by_name=True
    )
    thread_id: Annotated[str, Field(max_length=200)]
    """The conversation, as the front end calls it."""
    run_id: Annotated[str, Field(max_length=200)]
    """The run, as the front end calls it."""
    messages: Annotated[list[Message], Field(min_length=1, max_length=200)]
    """The last one of the user is the question; those before it complete a follow-up."""


@router.post("/ag-ui", response_class=Response, responses={200: {"content": SSE_CONTENT}})
async def ag_ui(asked: AgUiBody, request: Request, user: User) -> Response:
    """Ask as an agent of AG-UI: the last message of the user is the question.

    The stream has the sources as an activity, revised drafts as state, and the answer as a text message. It needs the
    extra fanin[ag-ui].
    """
    service = service_of(request)
    try:
        made = lazy.ag_ui_events.AgUiEvents
    except ImportError as error:
        reason = "The extra fanin[ag-ui] is not installed on this server; fanin asked nothing."
        raise Problem(501, "not_installed", f"{reason} Install it, or ask at /v1/ask/stream.") from error
    run, fields = await begin_run(service, ask_of(MODEL, asked.messages, ()), request, user, None)
    page = f"{request.base_url}runs/{run.asked.run}"
    events = made(thread=asked.thread_id, name=asked.run_id, run=run.asked.run, page=page)
    return FollowedStream(service, run, _followed(run, events), {**fields, **UNBUFFERED, **headers_of(run)})


async def _followed(run: LiveRun, made: AgUiEvents) -> AsyncGenerator[bytes]:
    yield _data(made.first())
    async with aclosing(with_pauses(run.seen())) as events:
        async for event in events:
            if found := KEEPALIVE_COMMENT if event is None else _data(made.of(event)):
                yield found
    yield _data(made.last(cancelled=run.status == "cancelled"))


def _data(events: Iterable[BaseEvent]) -> bytes:
    return b"".join(format_sse_event(data_str=dumps(each.model_dump(mode="json", by_alias=True))) for each in events)
