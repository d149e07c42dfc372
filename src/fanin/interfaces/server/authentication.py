"""Who asks: the key of a request, which every route needs but those of a short public list."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from fanin.errors import ConfigError
from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.service import service_of
from fanin.storage.api_keys import PREFIX, valid_key

PUBLIC = frozenset(("/healthz", "/readyz", "/openapi.json"))
"""The only paths that need no key."""

_bearer = HTTPBearer(auto_error=False, description="A key of `fanin keys add`.", scheme_name="key")


def user_of(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The user of the request: the id of its key, or "" on loopback where none is required. Raises Problem.

    Where none is required, the key of another service, which some clients always send, counts as none.
    """
    service = service_of(request)
    if not service.requires_key and f"{PREFIX}_" not in request.headers.get("authorization", ""):
        return ""
    found = valid_key(service.keys, given.credentials) if given is not None else None
    if found is None:
        told = "This request has no valid key; fanin did nothing." if given else "This request has no key."
        advice = "Send `Authorization: Bearer KEY`; `fanin keys add NAME` makes a key."
        raise Problem(401, "key", f"{told} {advice}", headers={"WWW-Authenticate": "Bearer"})
    return found.id


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
