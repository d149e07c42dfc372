"""Sources, the knowledge base, and whether the server lives and is ready."""

import time

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from fanin.background import in_daemon_thread
from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.metrics import CONTENT_TYPE
from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.routes.request_bodies import Search
from fanin.interfaces.server.service import service_of
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.store.database_file import default_path
from fanin.runs.source_history import futile, history_of
from fanin.streams.event_json import dumps, plain

router = APIRouter()


@router.get("/v1/sources", tags=["sources"])
async def sources(request: Request, user: User) -> Response:  # noqa: ARG001
    """The sources that are asked, with their kind, what they are asked about, and their health."""
    service = service_of(request)
    kinds, health = service.settings.kinds(), service.engine.statistics()["sources"]
    rows = [
        {"name": name, "kind": kinds.get(name, ""), "topics": list(each.topics), "health": health.get(name)}
        for name, each in service.engine.sources.items()
    ]
    return Response(dumps({"sources": rows}), media_type="application/json")


@router.get("/v1/sources/history", tags=["sources"])
async def sources_history(request: Request, user: User) -> Response:
    """What your last 300 kept runs tell of each source, and the questions to which all had nothing to say.

    Of each source: how often it was asked, how that ended, how often its answer was cached, and in what time 50, 80 and
    95 of 100 calls were over; and of the last 24 hours, the oldest first, how often it was asked, how often that ended
    well, and in what time 80 of 100 calls were over.
    """
    service = service_of(request)
    kinds, health = service.settings.kinds(), service.engine.statistics()["sources"]
    runs = () if service.store is None else await service.store.asked_sources(user=user)
    items = [
        {**plain(history_of(name, runs, now=time.time())), "kind": kinds.get(name, ""), "health": health.get(name)}
        for name in service.engine.sources
    ]
    return Response(dumps({"runs": len(runs), "sources": items, "futile": futile(runs)}), media_type="application/json")


@router.post("/v1/kb/search", tags=["sources"])
async def search(asked: Search, request: Request, user: User) -> Response:
    """The passages of the knowledge base that fit a question best."""
    service = service_of(request)
    service.admission.admit(user, running=len(service.runs.running))
    path = default_path()
    if not await in_daemon_thread(path.exists):
        reason = "This server has no knowledge base; fanin found nothing."
        raise Problem(404, "no_knowledge", f"{reason} `fanin kb add` on its machine makes one.")
    found = await in_daemon_thread(Knowledge(path).find, asked.question, limit=asked.limit)
    return Response(dumps(found), media_type="application/json")


@router.get("/metrics", tags=["server"], response_class=PlainTextResponse)
async def metrics(request: Request, user: User) -> Response:  # noqa: ARG001
    """Counts and times for Prometheus."""
    return Response(service_of(request).metrics.text(), media_type=CONTENT_TYPE)


@router.get("/healthz", tags=["server"], response_class=PlainTextResponse)
async def healthz() -> Response:
    """Whether the server lives; it checks nothing."""
    return PlainTextResponse("ok\n")


@router.get("/readyz", tags=["server"], response_class=PlainTextResponse)
async def readyz(request: Request) -> Response:
    """Whether the server takes questions: 503 while it ends, and after some seconds in which too many ran."""
    service = service_of(request)
    service.admission.rest(running=len(service.runs.running))
    if not service.admission.ready:
        reason = "This server is ending" if service.admission.draining else "Too many questions are running"
        raise Problem(503, "not_ready", f"{reason}; fanin takes no more now. Ask again in some seconds.")
    return PlainTextResponse("ready\n")
