import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web


@pytest.fixture
async def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts of every connect that is tried from here on; those beyond this machine are refused at once."""
    loop, seen = asyncio.get_running_loop(), list[str]()
    connect = loop.sock_connect

    async def sock_connect(sock, address) -> None:
        seen.append(address[0])
        if not address[0].startswith("127."):
            raise ConnectionRefusedError(111, "no test leaves this machine")
        await connect(sock, address)

    monkeypatch.setattr(loop, "sock_connect", sock_connect)
    return seen


@dataclass
class Canary:
    """A server on a private address that counts who comes."""

    port: int = 0
    hits: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    bird = Canary()

    async def hit(_: web.BaseRequest) -> web.Response:
        bird.hits += 1
        return web.json_response("canary")

    runner = web.ServerRunner(web.Server(hit))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bird.port = runner.addresses[0][1]
    yield bird
    await runner.cleanup()
