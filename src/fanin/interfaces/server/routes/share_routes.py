"""Read-only links to single runs: made, taken back, and read by whoever has one."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from fanin.background import in_daemon_thread
from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.event_streams import EVENTS_CONTENT, After, LastEventId, stream
from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.routes.run_routes import Id, answer_of_run, told_of
from fanin.interfaces.server.service import Service, service_of
from fanin.interfaces.trace_events import trace_events
from fanin.runs.live_run import LiveRun
from fanin.runs.run_manager import anonymous, events_of, restored
from fanin.runs.run_record import RunStore
from fanin.streams.event_json import dumps

router = APIRouter(tags=["sharing"])

type Name = Annotated[str, Path(max_length=64, description="The name of a link.")]


@router.get("/v1/runs/{run}/share")
async def shared_as(run: Id, request: Request, user: User) -> Response:
    """The name of the link to a run; null if nobody else can read it."""
    service = service_of(request)
    await service.run_of(run, user)
    return _named(None if service.store is None else await service.store.shared_as(run, user=user))


@router.post("/v1/runs/{run}/share")
async def share(run: Id, request: Request, user: User) -> Response:
    """Make a link to a run that is kept, by which whoever has it can read the run, and no other one."""
    service = service_of(request)
    if (await service.run_of(run, user)).status is not None:
        await service.runs.written(run)
    name = None if service.store is None else await service.store.share(run, user=user)
    if name is None:
        message = f"The run {run} is not kept, or not yet; fanin made no link."
        raise Problem(
            409, "not_kept", f"{message} Try again when it has ended; `keep` in [runs] says how long runs last."
        )
    return _named(name)


@router.delete("/v1/runs/{run}/share", status_code=204)
async def unshare(run: Id, request: Request, user: User) -> Response:
    """Take the link to a run back: it leads nowhere from now on. Nothing happens if there is none."""
    service = service_of(request)
    await service.run_of(run, user)
    if service.store is not None:
        await service.store.unshare(run, user=user)
    return Response(status_code=204)


@router.get("/v1/shared/{name}")
async def shared(name: Name, request: Request) -> Response:
    """The run to which a link leads, with its answer."""
    run = await _shared(service_of(request), name)
    return _json({**told_of(run), "answer": run.answer})


@router.get("/v1/shared/{name}/events", response_class=Response, responses={200: {"content": EVENTS_CONTENT}, 204: {}})
async def shared_events(
    name: Name,
    request: Request,
    after: After = None,
    last_event_id: LastEventId = None,
) -> Response:
    """The events of the run to which a link leads."""
    service = service_of(request)
    seen = after if last_event_id is None else last_event_id
    run = await _shared(service, name)
    fields = {"Location": f"/v1/shared/{name}/events"}
    return stream(service, run, after=seen, accept=request.headers.get("accept", ""), fields=fields)


@router.get("/v1/shared/{name}/trace.json")
async def shared_trace(name: Name, request: Request) -> Response:
    """The timeline of the run to which a link leads, in the format of Chrome's traces."""
    return _json(trace_events(answer_of_run(await _shared(service_of(request), name)).timeline))


async def _shared(service: Service, name: str) -> LiveRun:
    """The run to which the link of this name leads, without its id and who asked it. Raises Problem."""
    store: RunStore | None = service.store
    kept = None if store is None else await store.find_shared(name)
    if kept is None:
        raise Problem(404, "unknown_link", "There is no such link, or no more; fanin gave nothing. Ask for a new one.")
    kept = replace(kept, summary=replace(kept.summary, id=name, user=""))
    return restored(kept, map(anonymous, await in_daemon_thread(events_of, kept)))


def _named(name: str | None) -> Response:
    return _json({"name": name, "path": name and f"/shared/{name}"})


def _json(value: object) -> Response:
    return Response(dumps(value), headers={"Cache-Control": "no-store"}, media_type="application/json")
