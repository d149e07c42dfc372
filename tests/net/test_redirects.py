"""What a redirect makes of a request: a table, and a few true ones."""

import pytest
from aiohttp import web
from yarl import URL

from fanin.errors import ConfigError, SourceError
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.net.request import Request, check_request_headers, next_request
from fanin.net.secrets import Secret

HERE = "https://api.example.com/v1/search?q=1"
GET = Request("GET", URL(HERE), {"Accept": "*/*"}, {"Authorization": "Bearer s3cret"})
POST = Request("POST", URL(HERE), {"Accept": "*/*", "Content-Type": "application/json"}, GET.origin_headers, b"{}")


@pytest.mark.parametrize(
    ("location", "url", "own"),
    [
        ("/v2", "https://api.example.com/v2", True),
        ("next?page=2", "https://api.example.com/v1/next?page=2", True),
        ("?page=2", "https://api.example.com/v1/search?page=2", True),
        ("https://api.example.com:443/x", "https://api.example.com/x", True),
        ("HTTPS://API.EXAMPLE.COM/x", "https://api.example.com/x", True),
        ("https://api.example.com:8443/x", "https://api.example.com:8443/x", False),
        ("https://example.com/x", "https://example.com/x", False),
        ("https://api.example.com.evil.example/", "https://api.example.com.evil.example/", False),
        ("//other.example/x", "https://other.example/x", False),
        ("https://user:word@other.example/x#there", "https://other.example/x", False),
        ("https://user@api.example.com/x", "https://api.example.com/x", True),
    ],
)
def test_credentials_stay_with_the_origin_they_were_meant_for(location: str, url: str, own: bool) -> None:
    following = next_request(GET, 302, location)
    assert following is not None
    assert str(following.url) == url
    assert following.origin_headers == (GET.origin_headers if own else {})
    assert following.headers == GET.headers


@pytest.mark.parametrize(
    "location",
    [
        *("http://api.example.com/v1", "http://other.example/", "file:///etc/passwd", "ftp://example.com/x"),
        *("gopher://127.0.0.1:25/x", "javascript:alert(1)", "data:text/plain,x", "ws://example.com/"),
        *("http://[::1", "https://exa mple.com:port/", "unix:/run/docker.sock"),
    ],
)
def test_a_redirect_to_another_scheme_or_from_https_to_http_is_not_followed(location: str) -> None:
    with pytest.raises(SourceError, match="It redirects") as caught:
        next_request(GET, 302, location)
    assert caught.value.kind == "redirects"


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(301, "GET", None), (302, "GET", None), (303, "GET", None), (307, "POST", b"{}"), (308, "POST", b"{}")],
)
def test_what_is_asked_follows_only_where_the_status_says_so(status: int, method: str, body: bytes | None) -> None:
    following = next_request(POST, status, "/elsewhere")
    assert following is not None
    assert (following.method, following.body) == (method, body)
    assert ("Content-Type" in following.headers) == (body is not None)


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_is_not_sent_to_another_origin(status: int) -> None:
    with pytest.raises(SourceError, match="to another origin, other"):
        next_request(POST, status, "https://other.example/")
    following = next_request(POST, 303, "https://other.example/")
    assert following is not None
    assert following.origin_headers == {}


@pytest.mark.parametrize(("status", "location"), [(200, "/x"), (304, "/x"), (300, "/x"), (302, ""), (404, "/x")])
def test_what_is_no_redirect_is_none(status: int, location: str) -> None:
    assert next_request(GET, status, location) is None


async def test_on_its_way_a_key_goes_to_no_other_origin(served_as_public) -> None:
    seen: dict[str, str] = {}

    async def handler(request: web.BaseRequest) -> web.Response:
        place = f"{request.host.partition(':')[0]}{request.path}"
        seen[place] = request.headers.get("X-Key", "") + request.headers.get("Authorization", "")
        if place == "other.example/":
            return web.json_response(1)
        target = "/again" if request.path == "/" else f"http://other.example:{names.port}/"
        return web.Response(status=302, headers={"Location": target})

    names = await served_as_public(handler)
    client = Client(Network(resolver=names), headers={"X-Key": Secret("s3cret-key")})
    url = f"http://public.example:{names.port}/"
    assert await client.get_json(url, headers={"Authorization": "Bearer x"}) == 1
    await client.close()
    key = "s3cret-keyBearer x"
    assert seen == {"public.example/": key, "public.example/again": key, "other.example/": ""}


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"])
async def test_no_redirect_leads_from_the_web_to_this_machine(target: str, canary, connected, served_as_public) -> None:
    async def handler(_: web.BaseRequest) -> web.Response:
        return web.Response(status=302, headers={"Location": target.format(port=canary.port)})

    names = await served_as_public(handler)
    client = Client(Network(resolver=names))
    with pytest.raises(SourceError) as caught:
        await client.get_json(f"http://public.example:{names.port}/")
    await client.close()
    assert caught.value.kind == "private"
    assert (canary.hits, connected) == (0, [names.public])


async def test_five_redirects_are_followed_and_not_six(serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        left = int(request.path[1:])
        return web.Response(status=302, headers={"Location": f"/{left - 1}"}) if left else web.json_response("end")

    url = await serve(handler)
    client = Client(allow_private=True)
    assert await client.get_json(f"{url}/5") == "end"
    with pytest.raises(SourceError, match="more than 5 times"):
        await client.get_json(f"{url}/6")
    await client.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("X-Key", f"a{bad}b") for bad in "\r\n\0\x0b\x7f"),
        *(("X-Key", "a\r\nHost: evil.example"), ("X-Key", "ü"), ("X-Key", "\u2028"), ("X Key", "k7"), ("", "k7")),
        *(("X\r\nY", "k7"), ("Host", "k7"), ("content-length", "4711"), ("Transfer-Encoding", "chunked"), ("TE", "k7")),
        *(("Connection", "close"), ("Proxy-Authorization", "k7"), ("Upgrade", "h2c"), ("X:", "k7")),
    ],
)
def test_a_header_that_could_end_or_belongs_to_the_connection_is_refused(name: str, value: str) -> None:
    for seen in (value, Secret(value)):
        with pytest.raises(ConfigError) as caught:
            Client(headers={name: seen})
        assert value not in str(caught.value)


def test_a_header_is_sent_as_it_was_written() -> None:
    assert check_request_headers({"X-Key": "a b\tc", "Authorization": Secret("Bearer ~!@")}) == {
        "X-Key": "a b\tc",
        "Authorization": "Bearer ~!@",
    }
