"""`/v1/session`: a browser signs in with a key once, and sends a cookie from then on."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from fanin.interfaces.server.authentication import SESSION, Cookie, key_of, no_key
from fanin.interfaces.server.guard import host_name
from fanin.interfaces.server.routes.request_bodies import Body
from fanin.interfaces.server.service import Service, is_loopback, service_of
from fanin.storage.api_keys import ApiKey, valid_key
from fanin.storage.browser_sessions import SESSION_SECONDS
from fanin.streams.event_json import dumps

router = APIRouter(prefix="/v1/session", tags=["session"])


_OPTIONAL: dict[str, Any] = {"security": [{}]}
"""A key or a session may be given, and need not be."""


class SignIn(Body):
    """With what a browser signs in."""

    key: Annotated[str, Field(max_length=200)]
    """A key of `fanin keys add`."""


@router.get("", openapi_extra=_OPTIONAL)
async def session(request: Request, found: Annotated[ApiKey | None, Depends(key_of)]) -> Response:
    """Whether requests need a key, and the name of the key of this request, or with which its browser signed in."""
    return _session(service_of(request), found)


@router.post("")
async def sign_in(asked: SignIn, request: Request) -> Response:
    """Sign a browser in with a key, for 30 days.

    The cookie is for this server alone, and no script of a page sees it. Every request with it that changes something
    has to say its `Origin`, as browsers do by themselves.
    """
    service = service_of(request)
    if (found := valid_key(service.keys, asked.key)) is None:
        raise no_key(wrong=True)
    response = _session(service, found)
    response.set_cookie(SESSION, await service.sign_in(found), max_age=int(SESSION_SECONDS), **_kind(request))
    return response


@router.delete("", status_code=204, openapi_extra=_OPTIONAL)
async def sign_out(request: Request, given: Cookie, found: Annotated[ApiKey | None, Depends(key_of)]) -> Response:
    """Sign the browser out: its cookie is worth nothing any more. Nothing happens if it was not signed in."""
    if given is not None and found is not None:
        await service_of(request).sign_out(given)
    response = Response(status_code=204)
    response.delete_cookie(SESSION, **_kind(request))
    return response


def _session(service: Service, found: ApiKey | None) -> Response:
    fields = {"key_required": service.requires_key, "name": found and found.name}
    return Response(dumps(fields), headers={"Cache-Control": "no-store"}, media_type="application/json")


def _kind(request: Request) -> dict[str, Any]:
    """Who gets the cookie: this server, in requests of its own pages, and beyond loopback over TLS only."""
    secure = not is_loopback(host_name(request.headers.get("host", "")))
    return {"httponly": True, "samesite": "strict", "secure": secure}
