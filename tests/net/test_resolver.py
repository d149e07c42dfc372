"""Where a name leads, also when it changes its mind, and what stands between fanin and a proxy."""

import asyncio
import socket
import threading

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import ConfigError, SourceError
from fanin.net.addresses import host_refusal_reason
from fanin.net.client import Client
from fanin.net.connections.resolver import PublicResolver, SystemResolver, raise_if_refused
from fanin.net.http_errors import AddressRefused
from fanin.net.network import Network
from fanin.net.secrets import Secret

PUBLIC = "93.184.215.14"
PRIVATE = (["127.0.0.1"], ["::1"], ["10.0.0.1", "192.168.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"], ["0.0.0.0"])


async def asked(network: Network, url: str) -> SourceError:
    client = Client(network)
    with pytest.raises(SourceError) as caught:
        await client.get_json(url)
    await client.close()
    return caught.value


@pytest.mark.parametrize("answer", [*PRIVATE, ["localhost"], ["127.1"], [""]])
async def test_a_name_that_leads_to_this_network_is_not_followed(answer, names_of, connected, canary) -> None:
    error = await asked(Network(resolver=names_of(answer)), f"http://rebinding.example:{canary.port}/")
    assert error.kind == "private"
    assert ("allow_private" in str(error)) is (answer != ["169.254.169.254"])
    assert (connected, canary.hits) == ([], 0)


@pytest.mark.parametrize("answer", PRIVATE)
async def test_a_name_that_changes_its_mind_between_look_ups_leads_nowhere_else(
    answer, names_of, connected, canary
) -> None:
    names = names_of([PUBLIC], answer)
    url = f"http://rebinding.example:{canary.port}/"
    for _ in range(4):
        # A network of its own each time, so that nothing remembers the first answer.
        await asked(Network(resolver=names), url)
    assert len(names.asked) == 4
    assert (connected, canary.hits) == ([PUBLIC], 0)


async def test_what_is_judged_is_what_is_connected_to(names_of, connected, canary) -> None:
    names = names_of([PUBLIC], ["127.0.0.1"])
    error = await asked(Network(resolver=names), f"http://rebinding.example:{canary.port}/")
    assert error.kind == "unreachable"
    assert (names.asked, connected) == (["rebinding.example"], [PUBLIC])


async def test_of_several_addresses_only_public_ones_are_tried(names_of, connected, canary) -> None:
    names = names_of(["127.0.0.1", "10.0.0.1", PUBLIC, "::1", "8.8.8.8"])
    error = await asked(Network(resolver=names), f"http://mixed.example:{canary.port}/")
    assert error.kind == "unreachable"
    assert set(connected) == {PUBLIC, "8.8.8.8"}


async def test_even_past_the_name_server_no_socket_is_made_for_a_private_address(
    names_of, connected, canary, monkeypatch
) -> None:
    async def unfiltered(self, host, port=0, family=socket.AF_UNSPEC):
        return await names_of(["127.0.0.1", "127.0.0.2"]).resolve(host, port, family)

    monkeypatch.setattr(PublicResolver, "resolve", unfiltered)
    error = await asked(Network(), f"http://rebinding.example:{canary.port}/")
    assert error.kind == "private"
    assert (connected, canary.hits) == ([], 0)


async def test_the_systems_answer_is_judged_too(connected, canary, monkeypatch) -> None:
    def getaddrinfo(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    error = await asked(Network(), f"http://rebinding.example:{canary.port}/")
    assert (error.kind, connected, canary.hits) == ("private", [], 0)


async def test_a_name_is_not_looked_up_for_every_request(served_as_public) -> None:
    async def handler(_: web.BaseRequest) -> web.Response:
        return web.json_response(1, headers={"Connection": "close"})

    names = await served_as_public(handler)
    client = Client(Network(resolver=names))
    assert [await client.get_json(f"http://public.example:{names.port}/") for _ in range(3)] == [1, 1, 1]
    await client.close()
    assert names.asked == ["public.example"]


async def test_a_name_that_nobody_knows_is_unreachable(monkeypatch) -> None:
    def getaddrinfo(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    error = await asked(Network(), "http://nowhere.example/")
    assert (error.kind, "not known" in str(error)) == ("unreachable", True)


async def test_a_name_server_that_hangs_costs_a_bounded_number_of_threads_that_keep_nobody(monkeypatch) -> None:
    answer = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer.wait(30) and [])
    names, before = SystemResolver(most=3), threading.active_count()
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await names.resolve("hangs.example", 80)
    with pytest.raises(OSError, match="unanswered"):
        await names.resolve("hangs.example", 80)
    assert threading.active_count() == before + 3
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "fanin names")
    answer.set()
    async with asyncio.timeout(10):
        while names._lookups:
            await asyncio.sleep(0.01)
    monkeypatch.undo()
    assert await names.resolve("127.0.0.1", 80)


# A proxy connects for fanin, so that no socket can be asked: what it is told has to leave it no choice.


async def test_a_proxy_is_told_the_address_that_was_judged_and_no_name(proxy, names_of) -> None:
    network = Network(resolver=names_of([PUBLIC]), proxy=Secret(f"http://user:w0rd@127.0.0.1:{proxy.port}"))
    error = await asked(network, "https://public.example/x?key=s3cret")
    assert proxy.heard[0].startswith(f"CONNECT {PUBLIC}:443 HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic" in proxy.heard[0]
    assert (error.kind, "s3cret" in proxy.heard[0], "w0rd" in str(error)) == ("proxy", False, False)


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "127.1", "2130706433", "rebinding.example"])
async def test_a_proxy_is_not_asked_for_a_private_address(proxy, names_of, scheme: str, host: str) -> None:
    network = Network(resolver=names_of(["10.1.2.3"]), proxy=f"http://127.0.0.1:{proxy.port}")
    error = await asked(network, f"{scheme}://{host}/")
    assert (error.kind, proxy.heard) == ("private", [])


async def test_without_tls_a_proxy_is_given_no_name_to_look_up(proxy, names_of) -> None:
    network = Network(resolver=names_of([PUBLIC]), proxy=f"http://127.0.0.1:{proxy.port}")
    error = await asked(network, "http://public.example/")
    assert (error.kind, proxy.heard) == ("private", [])
    assert (await asked(network, f"http://{PUBLIC}/")).kind == "http_403"
    assert proxy.heard[0].startswith(f"GET http://{PUBLIC}/ HTTP/1.1\r\n")


async def test_a_source_that_may_reach_private_addresses_lets_the_proxy_choose(proxy, names_of) -> None:
    network = Network(resolver=names_of(["127.0.0.1"]), proxy=f"http://localhost:{proxy.port}")
    client = Client(network, allow_private=True)
    with pytest.raises(SourceError):
        await client.get_json("http://intern.example/")
    await client.close()
    assert proxy.heard[0].startswith("GET http://intern.example/ HTTP/1.1\r\n")


async def test_proxies_of_the_environment_are_not_obeyed(proxy, canary, monkeypatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    client = Client(Network(), allow_private=True)
    assert await client.get_json(canary.url) == "canary"
    await client.close()
    assert proxy.heard == []


@pytest.mark.parametrize("address", ["", "proxy:3128", "socks5://127.0.0.1:1080", "http://", "http://[x"])
def test_a_proxy_without_an_address_is_a_mistake(address: str) -> None:
    with pytest.raises(ConfigError, match="The proxy"):
        Network(proxy=address)


class Fixed(AbstractResolver):
    """A resolver whose every name leads to the same addresses."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0)
            for each in self.addresses
        ]

    async def close(self) -> None:
        return


ADDRESSES = (st.ip_addresses(v=4) | st.ip_addresses(v=6)).map(str) | st.sampled_from(
    [PUBLIC, "8.8.8.8", *(address for answer in PRIVATE for address in answer)]
)


def is_refused(address: str, *, private: bool) -> bool:
    try:
        raise_if_refused((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)), private=private)
    except AddressRefused:
        return True
    return False


@given(st.lists(ADDRESSES, max_size=6))
def test_any_answer_keeps_its_public_addresses_in_their_order_or_is_refused(addresses: list[str]) -> None:
    public = [each for each in addresses if host_refusal_reason(each) is None]
    found = PublicResolver(Fixed(addresses)).resolve("any.example", 443)
    if public == [] != addresses:
        with pytest.raises(AddressRefused):
            asyncio.run(found)
    else:
        assert [each["host"] for each in asyncio.run(found)] == public


@given(ADDRESSES)
def test_a_socket_is_refused_for_the_addresses_that_a_look_up_is_refused_for(address: str) -> None:
    assert is_refused(address, private=False) == (host_refusal_reason(address) is not None)
    assert is_refused(address, private=True) <= is_refused(address, private=False)
