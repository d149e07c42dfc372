"""Whatever an address, a name's answers or a redirect are: nothing goes where it may not."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from unicodedata import normalize

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from fanin.errors import FailureKind, SourceError
from fanin.net.addresses import METADATA, metadata_refusal_reason, refusal_reason
from fanin.net.connections.proxy import ProxyTarget, raise_if_metadata, resolve_target
from fanin.net.request import Request, next_request, parse_address

CLOUD = IPv4Address("169.254.169.254")
NUMBERS = ("127.1", "2130706433", "0177.0.0.1", "127.0.0.01", "1.2.3", "127.0.0.1", "10.0.0.8", "8.8.8.8", "0", "...")
FORMS = (
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "fe80::1",
    "2001:4860:4860::8888",
    "fd00:ec2::254",
)
NAMES = (
    "example.com",
    "localhost",
    "a.internal",
    "xn--bcher-kva.example",
    "bücher.example",
    "0x7f.1",
    "metadata",
    "\uff11.2.3.4",
)
ADDRESSES = st.ip_addresses().map(str) | st.sampled_from(
    ("10.0.0.8", str(CLOUD), "8.8.8.8", "::1", "2001:4860:4860::8888")
)
HOSTS = (
    st.sampled_from((*NUMBERS, *NAMES))
    | st.sampled_from(FORMS).map("[{}]".format)
    | ADDRESSES.map(lambda text: f"[{text}]" if ":" in text else text)
)


class Answers(AbstractResolver):
    """A resolver that gives these addresses for every name."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[Any]:
        if not self.addresses:
            raise OSError(f"{host} is not known")
        return [
            {"hostname": host, "host": each, "port": port, "family": family, "proto": 0, "flags": 0}
            for each in self.addresses
        ]

    async def close(self) -> None:
        pass


def urls(hosts: st.SearchStrategy[str]) -> st.SearchStrategy[URL]:
    """Addresses of these hosts; without those that are no valid ones."""
    ports, paths = st.sampled_from(("", ":443", ":80", ":8443")), st.sampled_from(("", "/a?b=c", "/%2e%2e/x#y"))
    texts = st.builds("{}://{}{}{}".format, st.sampled_from(("http", "https")), hosts, ports, paths)
    return texts.map(parsed).filter(lambda url: url is not None)


def parsed(text: str) -> URL | None:
    try:
        return parse_address(text)
    except SourceError as error:
        if error.kind != FailureKind.ADDRESS:
            raise
        return None


def target(url: URL, addresses: Sequence[str]) -> ProxyTarget | None:
    """Where a proxy is sent; None for nowhere."""
    try:
        return asyncio.run(resolve_target(url, Answers(addresses)))
    except SourceError as error:
        if error.kind not in (FailureKind.PRIVATE, FailureKind.UNREACHABLE):
            raise
        return None


@given(urls(HOSTS), st.lists(ADDRESSES, max_size=3))
@example(URL("https://example.com/"), ["10.0.0.8", "8.8.8.8"])
@example(URL("https://0x7f.1/"), ["127.0.0.1"])
@example(URL("http://[::ffff:127.0.0.1]/"), [])
def test_a_proxy_is_sent_to_a_public_address_or_nowhere(url: URL, addresses: list[str]) -> None:
    found = target(url, addresses)
    if found is None:
        return
    assert refusal_reason(ip_address(str(found.url.raw_host))) is None
    assert found.url.with_host("h.example") == url.with_host("h.example")
    if found.url != url:
        assert found.url.raw_host in {str(ip_address(each)) for each in addresses}
        assert (found.url.scheme, found.server_hostname) == ("https", url.raw_host)
        assert found.headers == {"Host": url.raw_authority}


@given(st.ip_addresses().filter(lambda address: refusal_reason(address) is None))
def test_a_proxy_is_sent_to_every_public_address_as_it_is(address: IPv4Address | IPv6Address) -> None:
    url = URL.build(scheme="http", host=str(address), path="/")
    assert target(url, []) == ProxyTarget(url)
    named = target(URL("https://example.com/a"), [str(address)])
    assert named is not None
    assert ip_address(str(named.url.raw_host)) == address


EMBEDDED = st.sampled_from(
    (
        lambda ours, rest: b"\0" * 10 + b"\xff\xff" + ours,
        lambda ours, rest: rest[:12] + ours,
        lambda ours, rest: b"\x20\x02" + ours + rest[:10],
        lambda ours, rest: rest[:12] + bytes(each ^ 0xFF for each in ours),
        lambda ours, rest: bytes.fromhex("0064ff9b") + ours + rest[:8],
    )
)


@given(EMBEDDED, st.binary(min_size=16, max_size=16))
def test_the_services_of_a_cloud_are_refused_in_every_form_even_through_a_proxy(embed: Any, rest: bytes) -> None:
    address = IPv6Address(embed(CLOUD.packed, rest))
    assert METADATA in str(metadata_refusal_reason(str(address)))
    for url in (URL.build(scheme="http", host=str(address), path="/"), URL("http://name.example/")):
        with pytest.raises(SourceError) as caught:
            asyncio.run(raise_if_metadata(url, Answers([str(address)])))
        assert caught.value.kind == FailureKind.PRIVATE


LOCATIONS = (
    st.text(max_size=40)
    | urls(HOSTS).map(str)
    | st.builds(
        "{}{}".format,
        st.sampled_from(("//", "/\\", "\\\\", "http:", "https:/", "javascript:", "file://", "?", "#")),
        st.text(max_size=20),
    )
    | st.builds("{}://user:secret@{}/".format, st.sampled_from(("http", "https", "ftp")), HOSTS)
)
OWN = {"Authorization": "Bearer key"}


@given(urls(HOSTS), LOCATIONS, st.sampled_from((301, 302, 303, 307, 308)), st.sampled_from((None, b"{}")))
@example(URL("https://example.com/"), "//evil.example/", 302, None)
@example(URL("https://example.com/"), "http://example.com/", 301, None)
@example(URL("https://example.com/"), "https://example.com:8443/", 308, b"{}")
def test_a_redirect_stays_with_http_keeps_encryption_and_takes_no_key_along(
    url: URL, location: str, status: int, body: bytes | None
) -> None:
    request = Request("POST" if body else "GET", url, {"Content-Type": "application/json"}, OWN, body)
    with suppress(SourceError):
        after = next_request(request, status, location)
        if after is None:
            return
        assert after.url.scheme in ({"https"} if url.scheme == "https" else {"http", "https"})
        assert after.url.host
        assert (after.url.user, after.url.password) == (None, None)
        if (after.url.scheme, after.url.raw_host, after.url.port) != (url.scheme, url.raw_host, url.port):
            assert (after.origin_headers, after.body, after.is_declared_origin) == ({}, None, False)


@given(
    st.text(max_size=60)
    | st.builds("{}://{}".format, st.sampled_from(("http", "https", "file", "gopher")), st.text(max_size=40))
)
def test_an_address_is_of_http_and_has_a_host_or_is_refused(text: str) -> None:
    found = parsed(text)
    if found is not None:
        assert found.scheme in ("http", "https")
        assert found.raw_host
        assert normalize("NFKC", found.raw_host) == found.raw_host
