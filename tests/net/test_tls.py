"""True TLS on loopback, with a certificate for public.example that only these tests trust (valid until 2126)."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp.connector
import pytest
from aiohttp import web

from fanin.errors import SourceError
from fanin.net.client import Client
from fanin.net.network import Network

CERTIFICATE = Path(__file__).parent / "certificate"
PUBLIC = "93.184.215.14"


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=CERTIFICATE / "public.pem")
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", context)


@pytest.fixture
async def server() -> AsyncIterator[int]:
    """The port of an https server: /down redirects to http on the same port, anything else says who was asked."""

    async def handler(request: web.BaseRequest) -> web.Response:
        if request.path == "/down":
            return web.Response(status=302, headers={"Location": f"http://{request.host}/x"})
        if request.path == "/large":
            return web.json_response("x" * 1_000_000)
        return web.json_response(request.host)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE / "public.pem", CERTIFICATE / "key.pem")
    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
async def tunnel(server: int) -> AsyncIterator[tuple[int, list[str]]]:
    """The port of a proxy that connects to the server whatever it is asked for, and what it was asked."""
    asked: list[str] = []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65_536):
            writer.write(piece)
        writer.close()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().partition("\r\n")[0])
        there, back = await asyncio.open_connection("127.0.0.1", server)
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(pipe(reader, back), pipe(there, writer), return_exceptions=True)

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as proxy:
        yield proxy.sockets[0].getsockname()[1], asked


async def test_a_large_answer_comes_whole_in_sips(trusted: None, server: int, names_of) -> None:
    client = Client(Network(resolver=names_of(["127.0.0.1"])), allow_private=True)
    assert await client.get_json(f"https://public.example:{server}/large") == "x" * 1_000_000
    await client.close()


async def failing(client: Client, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await client.get_json(url)
    await client.close()
    return caught.value


async def test_a_redirect_from_https_to_http_is_not_followed(trusted: None, server: int, names_of) -> None:
    client = Client(Network(resolver=names_of(["127.0.0.1"])), allow_private=True)
    assert await client.get_json(f"https://public.example:{server}/") == f"public.example:{server}"
    error = await failing(client, f"https://public.example:{server}/down")
    assert (error.kind, "from https to http" in str(error)) == ("redirects", True)


async def test_a_certificate_for_another_name_or_of_nobody_known_is_not_accepted(
    trusted: None, server: int, names_of, monkeypatch
) -> None:
    network = Network(resolver=names_of(["127.0.0.1"]))
    assert (await failing(Client(network, allow_private=True), f"https://other.example:{server}/")).kind == "tls"
    monkeypatch.undo()
    assert (await failing(Client(network, allow_private=True), f"https://public.example:{server}/")).kind == "tls"


async def test_through_a_proxy_the_judged_address_is_asked_for_and_the_name_is_checked(
    trusted: None, tunnel: tuple[int, list[str]], names_of
) -> None:
    port, asked = tunnel
    network = Network(resolver=names_of([PUBLIC]), proxy=f"http://127.0.0.1:{port}")
    client = Client(network)
    assert await client.get_json("https://public.example/x") == "public.example"
    assert await client.get_json("https://public.example/y") == "public.example"
    assert asked == [f"CONNECT {PUBLIC}:443 HTTP/1.1"]
    # Another name at the same address has a connection of its own, on which its own name is checked.
    assert (await failing(client, "https://other.example/")).kind == "tls"
    assert asked == [f"CONNECT {PUBLIC}:443 HTTP/1.1"] * 2
