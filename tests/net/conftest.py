import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver


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


class Rebinding(AbstractResolver):
    """A name server whose answer for every name is the next one of a list, and then the last one for ever."""

    public = "93.184.215.14"

    def __init__(self, *answers: list[str], port: int = 0) -> None:
        self.answers = list(answers)
        self.port = port
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET):
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        found = ["127.0.0.1"] if host == "localhost" else found
        return [
            {"hostname": host, "host": each, "port": port, "family": family, "proto": 0, "flags": 0} for each in found
        ]

    async def close(self) -> None:
        return


@pytest.fixture
async def served_as_public(connected: list[str], monkeypatch: pytest.MonkeyPatch):
    """Give it a handler; what connects to a public address then reaches that handler, on loopback.

    It gives a name server that knows only that address, with the `port` to ask.
    """
    runners: list[web.ServerRunner] = []
    loop = asyncio.get_running_loop()

    async def start(handler) -> Rebinding:
        runner = web.ServerRunner(web.Server(handler))
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]

        async def sock_connect(sock, address) -> None:
            connected.append(address[0])
            if address[0] != Rebinding.public:
                raise ConnectionRefusedError(111, "no test leaves this machine")
            await type(loop).sock_connect(loop, sock, ("127.0.0.1", port))

        monkeypatch.setattr(loop, "sock_connect", sock_connect)
        return Rebinding([Rebinding.public], port=port)

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
def names_of() -> type[Rebinding]:
    """A name server with these answers."""
    return Rebinding


@dataclass
class Proxy:
    """Hears what it is asked, and refuses."""

    port: int
    heard: list[str] = field(default_factory=list)


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    heard: list[str] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield Proxy(server.sockets[0].getsockname()[1], heard)
