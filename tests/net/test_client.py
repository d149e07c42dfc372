import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from yarl import URL

from fanin.errors import RateLimited, SourceError
from fanin.limits import Limits
from fanin.net.body.json_body import decode_json
from fanin.net.client import Client
from fanin.net.http_errors import redact, retry_after
from fanin.net.network import Network

WHERE = URL("https://x.example/api?key=secret")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    client = Client(Network(limits=Limits(body_bytes=100_000, unpacked_bytes=100_000)), allow_private=True)
    yield client
    await client.close()


async def test_parameters_are_added_to_those_of_the_address(client: Client, serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(dict(request.query))

    url = await serve(handler)
    assert await client.get_json(f"{url}/x?a=1", params={"b": "ü &", "c": 2}) == {"a": "1", "b": "ü &", "c": "2"}


async def test_the_server_learns_who_asks_and_sees_no_cookie_again(client: Client, serve) -> None:
    seen: list[tuple[str, str]] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append((request.headers["User-Agent"], request.headers.get("Cookie", "")))
        return web.json_response(1, headers={"Set-Cookie": "a=b"})

    url = await serve(handler)
    await client.get_json(url)
    await client.get_json(url)
    assert seen == [("fanin/0.1.0", "")] * 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 500, 502, 503, 204, 304])
async def test_every_status_but_200_is_an_error_with_the_status_as_its_kind(client: Client, serve, status: int) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status)

    url = await serve(handler)
    with pytest.raises(SourceError, match=f"answered {status}") as caught:
        await client.get_json(f"{url}/x?key=secret")
    assert caught.value.kind == f"http_{status}"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "header", "after"), [(429, "7", 7.0), (503, "2", 2.0), (429, "", None), (429, "soon", None)]
)
async def test_a_server_that_asks_for_a_pause_gets_one(client: Client, serve, status, header, after) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": header} if header else {})

    with pytest.raises(RateLimited) as caught:
        await client.get_json(await serve(handler))
    assert caught.value.retry_after == after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 23 Nov 2026 08:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 07:00:00 GMT", 0.0),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("", None),
        ("Mon, 99 Nov 2026 08:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, now=1795420800.0) == seconds


async def test_redirects_are_followed_but_not_in_circles(client: Client, serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/end":
            return web.json_response("here")
        raise web.HTTPFound("/end" if request.path == "/start" else request.path)

    url = await serve(handler)
    assert await client.get_json(f"{url}/start") == "here"
    with pytest.raises(SourceError, match="in a loop") as caught:
        await client.get_json(f"{url}/loop")
    assert caught.value.kind == "redirects"


async def test_a_body_beyond_the_limit_is_not_read_to_its_end(client: Client, serve) -> None:
    written = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)
            written += 65_536

    with pytest.raises(SourceError, match="more than 100,000 bytes") as caught:
        await client.get_json(await serve(handler))
    assert caught.value.kind == "too_large"
    assert written < 50_000_000


async def test_a_compressed_body_counts_as_what_it_unpacks_to(client: Client, serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        response = web.Response(body=b" " * 20_000_000 + b"1")
        response.enable_compression(web.ContentCoding.gzip)
        return response

    with pytest.raises(SourceError, match="more than 100,000 bytes"):
        await client.get_json(await serve(handler))


async def raw(answer: bytes) -> asyncio.Server:
    """A server that says these bytes to whoever asks, and closes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", 0)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", "disconnected"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", "truncated"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "protocol"),
    ],
)
async def test_what_is_not_a_whole_answer_is_an_error_of_its_kind(client: Client, answer: bytes, kind: str) -> None:
    async with await raw(answer) as server:
        with pytest.raises(SourceError) as caught:
            await client.get_json(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x?key=secret")
    assert caught.value.kind == kind
    assert "secret" not in str(caught.value)


async def test_a_server_that_hangs_up_is_asked_once_only(client: Client) -> None:
    asked = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        with pytest.raises(SourceError):
            await client.get_json(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert asked == 1


async def test_a_port_where_nobody_listens_is_unreachable(client: Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(SourceError, match="There is no connection") as caught:
            await client.get_json(f"http://127.0.0.1:{port}/")
    assert caught.value.kind == "unreachable"


@pytest.mark.parametrize("url", ["", "no address", "ftp://x.example/", "http://", "file:///etc/passwd", "http://[x/"])
async def test_what_is_no_web_address_is_said_to_be_none(client: Client, url: str) -> None:
    with pytest.raises(SourceError, match="not a valid address") as caught:
        await client.get_json(url)
    assert caught.value.kind == "address"


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"[" * 100, b'"\xff"', b"\xef\xbb\xbf{"])
def test_what_is_not_json_is_an_error_that_shows_its_beginning(body: bytes) -> None:
    with pytest.raises(SourceError, match=r"not JSON.*x\.example/api") as caught:
        decode_json(body, url=WHERE)
    assert caught.value.kind == "not_json"
    assert len(str(caught.value)) < 400


def test_json_is_utf_8_unless_only_the_declared_charset_can_read_it() -> None:
    assert decode_json('"ü"'.encode(), charset="iso-8859-1", url=WHERE) == "ü"
    assert decode_json('"ü"'.encode("iso-8859-1"), charset="iso-8859-1", url=WHERE) == "ü"
    with pytest.raises(SourceError):
        decode_json('"ü"'.encode("iso-8859-1"), charset="no-such-charset", url=WHERE)


def test_half_a_character_is_replaced_and_a_whole_one_is_not() -> None:
    assert decode_json(b'{"\\ud800": ["a\\udc00b", "\\ud83d\\ude00"]}', url=WHERE) == {"\ufffd": ["a\ufffdb", "😀"]}


def test_an_address_is_told_without_user_password_and_query() -> None:
    assert redact("https://user:word@x.example:8080/a/b/?key=secret#f") == "x.example:8080/a/b"
    assert redact("x.example/a?key=secret") == "x.example/a"
    assert redact("?key=secret") == "?"


def test_a_client_serves_one_event_loop_after_the_other() -> None:
    client = Client(allow_private=True)

    async def once() -> object:
        async with await raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1") as server:
            value = await client.get_json(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            await client.close()
        return value

    assert [asyncio.run(once()) for _ in range(2)] == [1, 1]


async def test_a_status_that_is_ok_is_read_under_the_former_name_of_the_argument_too(client: Client, serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"reason": "no place"}, status=400)

    url = await serve(handler)
    assert await client.get_json(url, ok_statuses=(400,)) == {"reason": "no place"}
    with pytest.warns(DeprecationWarning, match="ok_statuses"):
        assert await client.get_json(url, also=(400,)) == {"reason": "no place"}
