"""Errors as problems of RFC 9457: each says what happened, what fanin did, and what you can do."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Route

from fanin.errors import ConfigError, EngineClosed, FaninError, KnowledgeError, RunsError, UnknownSource
from fanin.log import logger
from fanin.sanitize import line
from fanin.streams.event_json import dumps

MEDIA_TYPE = "application/problem+json"

OPENAI = ("/v1/chat", "/v1/responses", "/v1/models")
"""The paths at which clients expect an error as OpenAI writes it: that is in the member `error`."""

REGISTERED = "https://iana.org/assignments/http-problem-types#"
"""What the address of a registered problem type begins with."""

_TEXTS = {name: {"type": "string"} for name in ("type", "title", "kind", "detail")}

_PROBLEM = {
    "description": "A problem (RFC 9457): what happened, what fanin did, and what you can do.",
    "content": {
        MEDIA_TYPE: {
            "schema": {
                "type": "object",
                "properties": {**_TEXTS, "status": {"type": "integer"}},
                "required": [*_TEXTS, "status"],
            }
        }
    },
}

RESPONSES: dict[int | str, dict[str, Any]] = {"default": _PROBLEM, 422: _PROBLEM}
"""What every route may answer besides its own."""

_STATUS: Mapping[type[FaninError], int] = {
    ConfigError: 422,
    UnknownSource: 404,
    EngineClosed: 503,
    RunsError: 503,
    KnowledgeError: 503,
}


CLIENT_LEFT = 499
"""The status of a request whose client has closed its connection; nobody sees it but a log of requests."""


class Problem(Exception):
    """A request that gets no result: `kind` is one word, `type` the address of a registered problem type, if any."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        type: str = "about:blank",  # noqa: A002 - the word of RFC 9457
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        title = "Client Closed Request" if status == CLIENT_LEFT else HTTPStatus(status).phrase
        self.content = {"type": type, "title": title, "status": status, "kind": kind, "detail": detail, **members}

    def response(self) -> Response:
        """The problem as a response."""
        return Response(dumps(self.content), self.status, headers=self.headers, media_type=MEDIA_TYPE)


def unknown_run(run: str) -> Problem:
    """There is no such run, or it is another user's."""
    message = f"There is no run {line(run, limit=60)!r} of yours; fanin gave nothing."
    return Problem(
        404, "unknown_run", f"{message} `GET /v1/runs` lists yours; after some time a run is kept no longer."
    )


def add_handlers(app: FastAPI) -> None:
    """Answer every error with a problem."""

    async def problem(request: Request, error: Exception) -> Response:
        found = as_problem(error)
        if request.url.path.startswith(OPENAI):
            fields = {"message": found.content["detail"], "type": found.content["kind"], "code": found.content["kind"]}
            found.content["error"] = {**fields, "param": None}
        if found.status == 405:
            found.headers["Allow"] = ", ".join(sorted(_methods(request)))
        return found.response()

    for kind in (Problem, FaninError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, problem)


def _methods(request: Request) -> set[str]:
    """What the path of the request takes."""
    routes = [getattr(each, "original_route", None) for each in iter_route_contexts(request.app.routes)]
    path = request.url.path
    return {
        name
        for each in routes
        if isinstance(each, Route) and each.path_regex.match(path)
        for name in each.methods or ()
    }


def as_problem(error: Exception) -> Problem:
    """The problem that an error is."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return invalid(error.errors())
        case HTTPException():
            return _of_status(error)
        case FaninError():
            status = next((each for kind, each in _STATUS.items() if isinstance(error, kind)), 500)
            return Problem(status, error.kind, str(error))
        case _:
            logger.error("a request ended in a defect of fanin", exc_info=error)
            message = "A defect of fanin ended this request; fanin logged it, and goes on."
            return Problem(500, "error", f"{message} Ask again, or report it with the log.")


def invalid(mistakes: Sequence[Any]) -> Problem:
    """A body or a parameter that is not right: what pydantic found wrong with it."""
    if any(each["type"] == "json_invalid" for each in mistakes):
        return _no_json()
    items = [f"{_place(each['loc'])}: {_sentence(each['msg'])}" for each in mistakes]
    listed = line("; ".join(items), limit=1_000)
    return Problem(422, "invalid", f"{listed}; fanin asked nothing. `/openapi.json` says what is right.", errors=items)


def _place(location: Sequence[str | int]) -> str:
    """The name of what is wrong, without where it stands in a request."""
    names = [str(each) for each in location]
    return ".".join(names[1:] if names[:1] in (["body"], ["query"], ["path"], ["header"]) else names) or "the body"


def _no_json() -> Problem:
    return Problem(400, "not_json", "The body is no JSON; fanin asked nothing. Send an object as JSON.")


def _sentence(message: str) -> str:
    return line(re.sub(r"^\w+ should", "it should", message.removeprefix("Value error, ")), limit=300)


def _of_status(error: HTTPException) -> Problem:
    match error.status_code:
        case 400:  # FastAPI could not parse the body
            return _no_json()
        case 404:
            message = "There is nothing at this path; fanin did nothing. `/openapi.json` lists what there is."
        case 405:
            message = "This path does not take this method; fanin did nothing. `/openapi.json` lists what it takes."
        case _:
            message = f"{line(str(error.detail), limit=300)}; fanin did nothing. `/openapi.json` says what is right."
    return Problem(error.status_code, "http", message, headers=error.headers)
