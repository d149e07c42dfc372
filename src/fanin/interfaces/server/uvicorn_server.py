"""Serves the app with uvicorn: refuses what is unsafe at the start, and at the end answers what it has taken."""

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import asynccontextmanager
from types import FrameType
from typing import override

import uvicorn

from fanin.config import Settings
from fanin.engine import Engine
from fanin.errors import ConfigError
from fanin.interfaces.server.guard import Guard
from fanin.interfaces.server.http_app import make_app
from fanin.interfaces.server.service import Service, is_loopback, open_service
from fanin.storage.api_keys import read_keys

HEADER_BYTES, IDLE_SECONDS, CLOSING_SECONDS = 32_768, 30, 5
"""Bytes of a request's head; seconds that an idle connection stays open, and that open ones have at the end."""

BACKLOG = 512
"""Connections that wait to be accepted."""


def serve(settings: Settings, engine: Engine, *, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; questions that were taken are answered first. Raises ConfigError."""
    server = settings.general.server
    _check(settings)
    bound = _bound(server.host, server.port)
    services: list[Service] = []

    @asynccontextmanager
    async def service():
        async with open_service(settings, engine) as opened:
            services.append(opened)
            say(f"Answering at http://{_shown(server.host)}:{bound.getsockname()[1]}")
            yield opened

    guard = Guard(*(frozenset(map(str.lower, each)) for each in (server.hosts, server.origins)))
    app = make_app(service(), guard)
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=CLOSING_SECONDS,
    )
    with bound:
        Draining(config, lambda: services[0] if services else None).run(sockets=[bound])


class Draining(uvicorn.Server):
    """Goes on serving after the first signal until all questions that it has taken are answered."""

    def __init__(self, config: uvicorn.Config, service: Callable[[], Service | None]) -> None:
        super().__init__(config)
        self._service = service
        self._draining: asyncio.Task[None] | None = None

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        service = self._service()
        if service is None or self._draining is not None:
            super().handle_exit(sig, frame)  # the second signal does not wait
            return
        if sig == signal.SIGINT:  # whoever pressed Ctrl-C wants what there is now
            for run in service.runs.running:
                run.cancel()
        loop = asyncio.get_running_loop()
        self._draining = loop.create_task(self._drain(service))
        loop.call_soon_threadsafe(lambda: None)  # a loop that waits for sockets does not see the task by itself

    async def _drain(self, service: Service) -> None:
        await service.drain()
        self.should_exit = True


def _check(settings: Settings) -> None:
    server = settings.general.server
    if is_loopback(server.host) and not server.require_keys:
        return
    if not any(not each.revoked for each in read_keys(settings.keys_file())):
        why = "keys are required" if server.require_keys else f"{server.host} can be reached by others"
        raise ConfigError(f"There is no key, and {why}; fanin did not start. Make one with `fanin keys add NAME`.")


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else asyncio sets no TCP_NODELAY
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)  # who connects before the app has started waits for it
    except OSError as error:
        bound.close()
        why = error.strerror or type(error).__name__
        raise ConfigError(
            f"fanin cannot listen on {host}, port {port}: {why}; fanin did not start. Choose another --port, or end"
            " what listens there."
        ) from error
    return bound


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
