"""Who asks: the key of a request, which every route needs but those of a short public list."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from fanin.errors import ConfigError
from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.routes.page_routes import ADDRESSES, FILES, SHARED
from fanin.interfaces.server.service import service_of
from fanin.storage.api_keys import PREFIX, ApiKey, valid_key

PUBLIC = frozenset((
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/llms.txt",
    "/opensearch.xml",
    "/v1/session",
    *ADDRESSES,
    FILES,
    *SHARED,
))  # fmt: skip
"""The only paths that need no key: the page is the same for everybody, and a link is for whoever has it."""

SESSION = "fanin_session"
"""The cookie of a browser that has signed in."""

_bearer = HTTPBearer(auto_error=False, description="A key of `fanin keys add`.", scheme_name="key")
_cookie = APIKeyCookie(
    name=SESSION, auto_error=False, description="A browser signs in with `POST /v1/session`.", scheme_name="session"
)

type Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
type Cookie = Annotated[str | None, Depends(_cookie)]


async def key_of(request: Request, given: Bearer, session: Cookie) -> ApiKey | None:
    """The key of the request, or that with which its browser signed in. Raises Problem for what may be forged."""
    service = service_of(request)
    if given is not None:
        return valid_key(service.keys, given.credentials)
    if session is None or (found := service.signed_in(session)) is None:
        return None
    if request.method not in ("GET", "HEAD", "OPTIONS") and "origin" not in request.headers:
        message = "This request has a session of a browser, but does not say which page sent it; fanin did nothing."
        raise Problem(403, "origin", f"{message} Send `Origin`, as browsers do, or a key in place of the session.")
    return found


async def user_of(request: Request, given: Bearer, found: Annotated[ApiKey | None, Depends(key_of)]) -> str:
    """The user of the request: the id of its key, or "" on loopback where none is required. Raises Problem.

    Where none is required, the key of another service, which some clients always send, counts as none.
    """
    if found is not None:
        return found.id
    if not service_of(request).requires_key and f"{PREFIX}_" not in request.headers.get("authorization", ""):
        return ""
    raise no_key(wrong=given is not None)


def no_key(*, wrong: bool) -> Problem:
    """There is no key, or a wrong one."""
    message = "This request has no valid key; fanin did nothing." if wrong else "This request has no key."
    advice = "Send `Authorization: Bearer KEY`; `fanin keys add NAME` makes a key."
    return Problem(401, "key", f"{message} {advice}", headers={"WWW-Authenticate": "Bearer"})


type User = Annotated[str, Depends(user_of)]


def check_routes(app: FastAPI) -> None:
    """Raise ConfigError unless every route asks for a key or is on the public list."""
    for route in iter_route_contexts(app.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)
        if route.path not in PUBLIC and (dependant is None or user_of not in _calls(dependant)):
            raise ConfigError(
                f"The route {route.path!r} asks for no key; fanin did not start. Let it depend on `User`."
            )


def _calls(dependant: Dependant) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)
