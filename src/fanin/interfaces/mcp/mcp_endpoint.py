"""The MCP server at `/mcp` of the HTTP service: with its keys, its limits and its runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Request, Response
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from fanin.errors import FaninError
from fanin.interfaces.mcp.mcp_server import Context, mcp_server
from fanin.interfaces.mcp.tool_calls import Tools
from fanin.interfaces.server.authentication import User
from fanin.interfaces.server.guard import BODY_BYTES
from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.service import Service
from fanin.knowledge.store.database_file import default_path

SESSIONS, IDLE_SECONDS = 1_000, 600.0
"""Sessions of older clients at most, and seconds after which an idle one ends. Newer clients have none."""

router = APIRouter()


@router.api_route("/mcp", methods=["GET", "POST", "DELETE"], include_in_schema=False)
async def mcp(request: Request, user: User) -> Response:
    """The Model Context Protocol, over streamable HTTP."""
    return _Handled(request.app.state.mcp, user)


@asynccontextmanager
async def open_sessions(service: Service) -> AsyncGenerator[StreamableHTTPSessionManager]:
    """The sessions of the MCP clients of a service."""
    general = service.settings.general

    def admit(user: str) -> None:
        try:
            service.admission.admit(user, running=len(service.runs.running))
        except Problem as problem:
            raise FaninError(str(problem)) from problem

    tools = Tools(
        service.runs,
        service.engine,
        default_path(),
        service.settings.kinds(),
        deadline=general.deadline,
        longest=general.server.longest,
        admit=admit,
    )
    sessions = StreamableHTTPSessionManager(
        mcp_server(tools, user_of=_user_of),
        session_idle_timeout=IDLE_SECONDS,
        max_sessions=SESSIONS,
        max_request_body_size=BODY_BYTES,
    )
    async with sessions.run():
        yield sessions


class _Handled(Response):
    """The response of the MCP server to a request of this user."""

    def __init__(self, sessions: StreamableHTTPSessionManager, user: str) -> None:
        super().__init__()
        self._sessions = sessions
        self._user = user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The credential that opened a session is the only one that may use it.
        scope["user"] = AuthenticatedUser(AccessToken(token=self._user or "-", client_id=self._user, scopes=[]))
        await self._sessions.handle_request(scope, receive, send)


def _user_of(context: Context) -> str:
    request = context.request
    return request.scope["user"].access_token.client_id if isinstance(request, Request) else ""
