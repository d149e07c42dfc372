"""`/v1/runs`: the runs of a user, while they happen and afterwards."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from fanin.interfaces.notebook import answer_markdown
from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.event_streams import EVENTS_CONTENT, After, LastEventId, stream
from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.service import service_of
from fanin.interfaces.trace_events import trace_events
from fanin.model import Answer
from fanin.runs.live_run import LiveRun
from fanin.runs.run_record import RunSummary
from fanin.streams.event_json import dumps

router = APIRouter(prefix="/v1/runs", tags=["runs"])

type Id = Annotated[str, Path(max_length=64, description="The id of a run.")]

_MARKDOWN = {"text/markdown": {"schema": {"type": "string"}}}


@router.get("")
async def list_runs(
    request: Request,
    user: User,
    q: Annotated[str, Query(max_length=500, description="Words of the question or the answer.")] = "",
    before: Annotated[str, Query(max_length=64, description="Only runs older than this one: the next page.")] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="Runs at most.")] = 50,
) -> Response:
    """Your kept runs, the newest first; `next` is what to give as `before` for the next page."""
    store = service_of(request).store
    found = [] if store is None else [*await store.summaries(user=user, words=q, before=before, most=limit)]
    following = found[-1].id if len(found) == limit else None
    return _json({"runs": [_summary(each) for each in found], "next": following})


@router.get("/{run}")
async def show(run: Id, request: Request, user: User) -> Response:
    """A run, with its answer once it has one."""
    found = await service_of(request).run_of(run, user)
    return _json({**told_of(found), "answer": found.answer})


@router.get("/{run}/events", response_class=Response, responses={200: {"content": EVENTS_CONTENT}, 204: {}})
async def events(
    run: Id,
    request: Request,
    user: User,
    after: After = None,
    last_event_id: LastEventId = None,
) -> Response:
    """The events of a run after a number, up to its end; without one, a snapshot first.

    204 if the run is over and you have seen all.
    """
    service = service_of(request)
    found = await service.run_of(run, user)
    seen = after if last_event_id is None else last_event_id
    return stream(service, found, after=seen, accept=request.headers.get("accept", ""))


@router.get("/{run}/timeline")
async def timeline(run: Id, request: Request, user: User) -> Response:
    """Where the time of the run went."""
    return _json((answer_of_run(await service_of(request).run_of(run, user))).timeline.to_dict())


@router.get("/{run}/trace.json")
async def trace(run: Id, request: Request, user: User) -> Response:
    """The timeline in the format of Chrome's traces, for Perfetto and speedscope."""
    return _json(trace_events((answer_of_run(await service_of(request).run_of(run, user))).timeline))


@router.get("/{run}/answer.md", response_class=Response, responses={200: {"content": _MARKDOWN}})
async def markdown(run: Id, request: Request, user: User) -> Response:
    """The answer as Markdown, in which nothing that a source said is markup."""
    return Response(
        answer_markdown(answer_of_run(await service_of(request).run_of(run, user))),
        media_type="text/markdown; charset=utf-8",
    )


@router.post("/{run}/cancel")
async def cancel(run: Id, request: Request, user: User) -> Response:
    """End the run now, with the partial answer from what has arrived; it is kept."""
    found = await service_of(request).run_of(run, user)
    found.cancel()
    return _json({"answer": await found.ended(), **told_of(found)})


@router.delete("/{run}", status_code=204)
async def delete(run: Id, request: Request, user: User) -> Response:
    """End the run if it happens, and remove all that was kept of it."""
    service = service_of(request)
    await service.run_of(run, user)
    service.repeats.forget([run])
    await service.runs.delete(run, user=user)
    return Response(status_code=204)


def answer_of_run(found: LiveRun) -> Answer:
    """The answer of a run. Raises Problem if it has none."""
    if found.answer is None:
        message = f"The run {found.asked.run} has no answer{'' if found.status else ' yet'}; fanin gave nothing."
        raise Problem(409, "no_answer", f"{message} `GET /v1/runs/{found.asked.run}` says how it stands.")
    return found.answer


def told_of(run: LiveRun) -> Mapping[str, Any]:
    """What a run has besides its answer."""
    asked = run.asked
    return {"id": asked.run, "question": asked.question, "asked_at": asked.at, "status": run.status or "running"}


def _summary(run: RunSummary) -> Mapping[str, Any]:
    return {name: getattr(run, name) for name in run.__dataclass_fields__ if name != "user"}


def _json(value: Any) -> Response:
    return Response(dumps(value), media_type="application/json")
