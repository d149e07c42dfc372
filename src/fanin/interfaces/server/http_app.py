"""The app: its routes behind the guard, and its start and end."""

from collections.abc import AsyncGenerator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from fanin.interfaces.mcp import mcp_endpoint
from fanin.interfaces.mcp.mcp_endpoint import open_sessions
from fanin.interfaces.server.authentication import check_routes
from fanin.interfaces.server.chat import ag_ui_routes, chat_routes, response_routes
from fanin.interfaces.server.guard import Guard, Guarded
from fanin.interfaces.server.problems import RESPONSES, add_handlers
from fanin.interfaces.server.routes import (
    ask_routes,
    discovery_routes,
    other_routes,
    page_routes,
    run_routes,
    session_routes,
    share_routes,
)
from fanin.interfaces.server.service import Service

ABOUT = """Ask many sources at once, and get one cited answer before the deadline. Every error is a problem of
RFC 9457 that says what happened, what fanin did, and what you can do."""


def make_app(service: AbstractAsyncContextManager[Service], guard: Guard) -> ASGIApp:
    """The app of a service, which is opened when the app starts and closed when it ends. Raises ConfigError."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with service as app.state.service, open_sessions(app.state.service) as app.state.mcp:
            yield

    app = routes(lifespan)
    shown = with_cors(app, guard.origins) if guard.origins else app
    return Guarded(shown, guard, lambda: app.state.service.overload())


def with_cors(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """The app, whose replies pages of these origins may read; they send a key, as cookies are not sent from there."""
    return CORSMiddleware(
        app,
        allow_origins=[*origins],
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"],
        expose_headers=["Location", "Fanin-Run", "RateLimit", "RateLimit-Policy", "Retry-After"],
    )


def routes(lifespan: object = None) -> FastAPI:
    """All routes, each of which asks for a key or is on the public list. Raises ConfigError."""
    app = FastAPI(
        title="fanin",
        version=version("fanin"),
        description=ABOUT,
        docs_url=None,  # it fetches scripts from elsewhere
        redoc_url=None,
        responses=RESPONSES,
        lifespan=lifespan,  # pyright: ignore[reportArgumentType]
    )
    add_handlers(app)
    own = (
        ask_routes,
        run_routes,
        chat_routes,
        response_routes,
        ag_ui_routes,
        other_routes,
        session_routes,
        discovery_routes,
        page_routes,
        share_routes,
    )
    for each in (*own, mcp_endpoint):
        app.include_router(each.router)
    check_routes(app)
    return app
