import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn
from openai import AsyncOpenAI

from fanin.config import load
from fanin.engine import Engine
from fanin.interfaces.server.guard import Guard
from fanin.interfaces.server.http_app import make_app
from fanin.interfaces.server.service import Service, open_service
from fanin.storage.api_keys import add_key

SETTINGS = """
store = "memory"
{answer}
[process]
semantic = false
[defaults]
retries = 0
[server]
keys = "keys.json"
{server}
[runs]
file = "runs.sqlite"
{runs}
[sources.fast]
kind = "simulated"
latency = "0s"
text = "The harbour is open until nine tonight."
cache = "0s"
[sources.slow]
kind = "simulated"
latency = "{latency}"
text = "The harbour lift is stuck. It has twelve berths."
cache = "0s"
"""


@dataclass(frozen=True)
class Server:
    """A server on loopback, and a client of it."""

    address: str
    client: aiohttp.ClientSession
    service: Service
    folder: Path

    def key(self, name: str) -> dict[str, str]:
        """The header of a new key that the server knows, and the id of the key."""
        key, made = add_key(self.folder / "keys.json", name)
        self.service.keys = {**self.service.keys, made.id: made}
        return {"Authorization": f"Bearer {key}"}

    async def post(self, path: str, body: Any = None, **options: Any) -> tuple[int, Any, Any]:
        """The status, the headers and the JSON of a reply."""
        options |= {"data": body} if isinstance(body, (str, bytes)) else {"json": body}
        if isinstance(body, (str, bytes)):
            options["headers"] = {"Content-Type": "application/json", **options.get("headers", {})}
        return await self.send("POST", path, **options)

    async def get(self, path: str, **options: Any) -> tuple[int, Any, Any]:
        return await self.send("GET", path, **options)

    async def send(self, method: str, path: str, **options: Any) -> tuple[int, Any, Any]:
        async with self.client.request(method, self.address + path, **options) as reply:
            text = await reply.text()
            return reply.status, reply.headers, json.loads(text) if "json" in reply.content_type else text

    async def events(self, method: str, path: str, **options: Any) -> list[dict]:
        """All events of a stream of server-sent events, each checked for its number and name."""
        async with self.client.request(method, self.address + path, **options) as reply:
            assert (reply.status, reply.content_type) == (200, "text/event-stream")
            return events_in(await reply.text())


def events_in(text: str) -> list[dict]:
    """The events of server-sent events; raises AssertionError where one is not as the standard has it."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(each.split(": ", 1) for each in block.split("\n") if each and not each.startswith(":"))
        if "data" in fields:
            values = json.loads(fields["data"])
            assert (fields["event"], fields.get("id")) == (
                values["event"],
                str(values["id"]) if "id" in values else None,
            )
            found.append(values)
    return found


@pytest.fixture
async def opened(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Callable[..., Any]]:
    """Start a server with lines of its settings; fails if it logs a traceback."""
    async with AsyncExitStack() as stack:

        async def start(
            *,
            server: str = "",
            runs: str = "",
            answer: str = "",
            latency: str = "0.2s",
            guard: Guard | None = None,
            engine: Engine | None = None,
        ) -> Server:
            settings = SETTINGS.format(server=server, runs=runs, answer=answer, latency=latency)
            (tmp_path / "fanin.toml").write_text(settings)
            return await stack.enter_async_context(running(tmp_path, guard or Guard(), engine))

        yield start
    assert [each.getMessage() for each in caplog.records if each.exc_info] == []


@pytest.fixture
async def connect(opened) -> AsyncIterator[Callable[..., Any]]:
    """Start a server, and give it with a client of OpenAI that has a key of it."""
    clients = []

    async def make(**options: Any) -> tuple[Server, AsyncOpenAI]:
        server = await opened(**options)
        key = server.key("anna")["Authorization"][7:]
        clients.append(AsyncOpenAI(base_url=f"{server.address}/v1", api_key=key, max_retries=0))
        return server, clients[-1]

    yield make
    for each in clients:
        await each.close()


@asynccontextmanager
async def running(folder: Path, guard: Guard, engine: Engine | None = None) -> AsyncIterator[Server]:
    settings, services = load(folder / "fanin.toml"), []

    @asynccontextmanager
    async def service() -> AsyncIterator[Service]:
        async with open_service(settings, engine or settings.engine()) as made:
            services.append(made)
            yield made

    config = uvicorn.Config(make_app(service(), guard), http="httptools", log_config=None, timeout_graceful_shutdown=1)
    # With the protocol named, asyncio sets TCP_NODELAY, as for `fanin serve`; without it each reply would take 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:
            await asyncio.sleep(0.01)
        async with aiohttp.ClientSession() as client:
            yield Server(f"http://127.0.0.1:{bound.getsockname()[1]}", client, services[0], folder)
        server.should_exit = True
        await serving
