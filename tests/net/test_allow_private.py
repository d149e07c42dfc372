"""`allow_private` is for what a person named: not for where that redirects, and never for a cloud's credentials."""

import socket
from ipaddress import ip_address

import pytest
from aiohttp import web
from yarl import URL

from fanin.errors import SourceError
from fanin.net.addresses import metadata_refusal_reason
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.net.request import Request, next_request


async def asked(client: Client, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await client.get_json(url)
    await client.close()
    return caught.value


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"])
async def test_another_port_or_host_of_this_machine_is_not_reached_by_a_redirect(target: str, canary, serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target.format(port=canary.port)})

    error = await asked(Client(allow_private=True), await serve(handler))
    assert (error.kind, canary.hits) == ("private", 0)
    assert "allow_private applies only to" in str(error)


async def test_the_same_origin_is_reached_by_a_redirect_and_so_is_the_way_back(serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/end":
            return web.json_response("end")
        return web.Response(status=302, headers={"Location": "/end"})

    client = Client(allow_private=True)
    assert await client.get_json(await serve(handler)) == "end"
    await client.close()


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("http://a.example:8080/x?y", True),
        ("http://a.example/x", False),
        ("http://b.example:8080/", False),
        ("https://a.example:8080/", False),
    ],
)
def test_home_is_the_origin_that_was_declared_however_many_steps_it_takes(url: str, home: bool) -> None:
    first = Request("GET", URL("http://a.example:8080/"))
    assert first.is_declared_origin
    away = next_request(first, 302, "http://c.example/")
    assert away is not None
    assert not away.is_declared_origin
    back = next_request(away, 302, url) if not url.startswith("https") else next_request(first, 302, url)
    assert back is not None
    assert back.is_declared_origin is home


METADATA = ["169.254.169.254", "168.63.129.16", "100.100.100.200", "169.254.170.2", "fd00:ec2::254", "fe80::a9fe:a9fe"]
DISGUISES = [
    "::ffff:169.254.169.254",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a9fe:a9fe",
    "64:ff9b:1:a9fe:00a9:fe00::",
    "2002:a9fe:a9fe::1",
    "2001:0:a9fe:a9fe::1",
    "2001:0:1:2:3:4:5601:5601",
    "2001:db8:a9fe:a9fe::",
    "fd00::5efe:a9fe:a9fe",
    "fe80::5efe:169.254.169.254",
]


@pytest.mark.parametrize("host", [*METADATA, *DISGUISES, "fe80::a9fe:a9fe%eth0"])
def test_addresses_of_credentials_are_refused_in_every_disguise(host: str) -> None:
    assert "credentials" in str(metadata_refusal_reason(host))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "fd00::1", "169.254.1.1", "8.8.8.8"])
def test_other_private_addresses_are_not_taken_for_them(host: str) -> None:
    assert metadata_refusal_reason(host) is None
    assert ip_address(host)


@pytest.mark.parametrize("host", [*METADATA[:4], *DISGUISES[:3]])
async def test_credentials_are_not_reached_with_allow_private_either(host: str, names_of, connected, serve) -> None:
    authority = f"[{host}]" if ":" in host else host
    error = await asked(Client(allow_private=True), f"http://{authority}/latest/meta-data/")
    assert (error.kind, connected, "allow_private" in str(error)) == ("private", [], False)
    network = Network(resolver=names_of([host]))
    error = await asked(Client(network, allow_private=True), "http://metadata.example/latest/meta-data/")
    assert (error.kind, connected) == ("private", [])


async def test_a_name_that_changes_its_mind_leads_no_source_to_credentials(names_of, connected) -> None:
    names = names_of(["10.0.0.1"], ["169.254.169.254"])
    errors = [
        await asked(Client(Network(resolver=names), allow_private=True), "http://rebinding.example/") for _ in range(2)
    ]
    assert [each.kind for each in errors] == ["unreachable", "private"]
    assert connected == ["10.0.0.1"]


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "metadata.example"])
async def test_no_proxy_is_asked_for_credentials(host: str, proxy, names_of) -> None:
    network = Network(resolver=names_of(["169.254.169.254"]), proxy=f"http://127.0.0.1:{proxy.port}")
    error = await asked(Client(network, allow_private=True), f"http://{host}/")
    assert (error.kind, proxy.heard) == ("private", [])


async def test_a_resolver_of_the_system_that_changes_its_mind_is_judged_at_the_socket(canary, monkeypatch) -> None:
    """Real look-ups and real sockets: what is judged is what is connected to, not what was looked up before."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"], ["127.0.0.1"]])
    monkeypatch.setattr("fanin.net.connections.sessions.DNS_TTL", 0)

    def getaddrinfo(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(answers)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    url = f"http://rebinding.example:{canary.port}/"
    client = Client(allow_private=True)
    assert await client.get_json(url) == "canary"
    await client.close()
    assert (await asked(Client(allow_private=True), url)).kind == "private"
    assert (await asked(Client(), url)).kind == "private"
    assert canary.hits == 1
